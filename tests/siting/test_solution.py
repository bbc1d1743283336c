"""A solution knows its own numbers and refuses to be one that the data contradict."""

import numpy as np
import pytest

from optimizer.errors import SolverError
from optimizer.siting import MaximalCovering, SitingSolution


def solution(problem, sites, bound):
    return SitingSolution(
        problem, MaximalCovering(), np.array(sites), "optimal", bound, 0.0, 0.1, 0, "by hand"
    )


def test_numbers_come_from_the_data(riverside):
    plan = solution(riverside, [2, 0], 18.0)
    assert plan.sites.tolist() == [0, 2]
    assert plan.objective == plan.covered_weight() == 18
    assert plan.covered_share() == 1
    assert plan.covered().all()


def test_more_than_the_bound_is_a_contradiction(riverside):
    with pytest.raises(SolverError, match="better than the bound"):
        solution(riverside, [0, 2], 17.0)


def test_a_plan_that_breaks_the_rules_is_refused(riverside):
    with pytest.raises(SolverError, match="has 1 site, not 2"):
        solution(riverside, [0], 18.0)
