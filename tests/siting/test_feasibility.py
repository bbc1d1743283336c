"""Where no plan exists, the message names the clashing rules, their values and the way out."""

import numpy as np
import pytest
from hypothesis import given, settings

from optimizer.errors import InfeasibleError
from optimizer.siting import solve
from optimizer.siting.feasibility import check_feasible

from .small_problems import best_by_brute_force, flags, problem_of, problems


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        (
            {"keep": flags(3, 1), "forbidden": flags(3, 1)},
            ["'S1' is both kept and forbidden"],
        ),
        (
            {"keep": flags(3, 0, 1), "count": 1},
            ["2 sites are kept, but its number of platforms is 1", "raise the number to 2"],
        ),
        (
            {"forbidden": flags(3, 0, 1), "count": 2},
            ["2 platforms", "only 1 candidate site may", "lower the number to 1", "allow 1 more"],
        ),
        (
            {
                "region": [0, 0, 1],
                "budgets": [0, 2],
                "region_names": ("city", "Shaodong"),
            },
            ["2 platforms are asked for in region 'Shaodong'", "only 1 candidate"],
        ),
        (
            {"previous": flags(3, 0, 1, 2), "max_moves": 0},
            ["max_moves = 0", "at most 2 can stay", "raise max_moves to 1"],
        ),
        (
            {"previous": flags(3, 0, 1), "forbidden": flags(3, 0), "max_moves": 0},
            ["max_moves = 0", "raise max_moves to 1"],
        ),
        ({"weight": [0, 0, 0, 0]}, ["None of the 3 sites", "reaches any of the 0 demand points"]),
    ],
)
def test_the_clash_is_named(riverside, changes, sentences):
    with pytest.raises(InfeasibleError) as caught:
        solve(riverside.replace(**changes))
    for sentence in sentences:
        assert sentence in str(caught.value)


def test_two_clashes_are_two_sentences(riverside):
    clashing = riverside.replace(keep=flags(3, 1), forbidden=flags(3, 0, 1))
    with pytest.raises(InfeasibleError) as caught:
        check_feasible(clashing)
    assert len(str(caught.value).splitlines()) == 2


def test_no_site_reaches_anybody():
    with pytest.raises(InfeasibleError, match="lengthen the standards"):
        check_feasible(problem_of([set(), set()], [1, 2], 1))


def somebody_is_in_reach(problem) -> bool:
    return any(problem.covered_weight([i]) > 0 for i in np.flatnonzero(~problem.forbidden))


@given(problem=problems())
@settings(deadline=None)
def test_a_clash_is_claimed_exactly_where_there_is_no_plan_worth_having(problem):
    if best_by_brute_force(problem) is None or not somebody_is_in_reach(problem):
        with pytest.raises(InfeasibleError):
            check_feasible(problem)
    else:
        assert check_feasible(problem) is None
