"""Floors for districts: by hand, against every plan there is, and where they cannot be kept."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optimizer.errors import InfeasibleError, InputError
from optimizer.siting import FlooredCovering, price_of_floors, solve

from ..small_problems import problem_of, problems

FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def plans_of(problem):
    for sites in itertools.combinations(range(problem.site_count), problem.count):
        if not problem.broken_rules(sites):
            yield sites


def best_with(problem, model) -> float | None:
    values = [
        problem.covered_weight(s) for s in plans_of(problem) if not model.broken_rules(problem, s)
    ]
    return max(values, default=None)


def part_reached(problem, model, sites) -> float:
    shares = model.covered_shares(problem, sites)
    asked = model.least_share > 0
    return min(1.0, (shares[asked] / model.least_share[asked]).min(initial=1.0))


@pytest.fixture
def two_towns():
    """A city of 10 + 9 calls and a village of 3; one site each, and two platforms.

    Free: both city sites, 19. The village needs S2, then 13: the floor costs 6.
    """
    return problem_of([{0}, {1}, {2}], [10, 9, 3], 2), FlooredCovering(
        [0, 0, 1], [0, 0.5], ("city", "village")
    )


def test_the_village_costs_six(two_towns):
    problem, model = two_towns
    price = price_of_floors(problem, model, gap=0)
    assert price.free.sites.tolist() == [0, 1]
    assert price.floored.sites.tolist() == [0, 2]
    assert (price.weight, price.proven) == (6, (6, 6))
    assert price.share == pytest.approx(6 / 22)
    assert price.floored.status == "optimal"


def test_a_floor_that_is_kept_anyway_costs_nothing(two_towns):
    problem, _ = two_towns
    price = price_of_floors(problem, FlooredCovering([0, 0, 1], [0.6, 0]), gap=0)
    assert price.weight == 0
    assert price.floored.sites.tolist() == price.free.sites.tolist()


def test_no_floor_is_plain_covering(two_towns):
    problem, _ = two_towns
    assert solve(problem, FlooredCovering([0, 0, -1], [0.0]), gap=0).objective == 19


def test_a_point_exactly_on_the_floor_is_enough():
    """Half of the village is asked for, and half is what its site reaches."""
    problem = problem_of([{0, 1}, {2}], [5, 5, 3, 3], 2)
    plan = solve(problem, FlooredCovering([0, 0, 1, 1], [0.5, 0.5]), gap=0)
    assert plan.objective == 13


def test_what_no_plan_reaches_names_the_most_that_one_does():
    """One platform, two districts of 4 points each: 2 of 4 here leaves 1 of 4 there."""
    problem = problem_of([{0, 1, 4}, {4, 5, 6}], [1] * 8, 1)
    model = FlooredCovering([0] * 4 + [1] * 4, [0.5, 0.5], ("east", "west"))
    with pytest.raises(InfeasibleError) as caught:
        solve(problem, model)
    told = str(caught.value)
    assert "No plan of 1 site keeps every floor: the best reaches 0.5 of every floor" in told
    assert "'west' 25 % of 50 %" in told
    assert solve(problem, FlooredCovering(model.district, [0.25, 0.25])).objective == 3
    with pytest.raises(InfeasibleError):
        solve(problem, FlooredCovering(model.district, [0.255, 0.255]))


def test_a_district_out_of_reach_is_named_with_what_can_be_reached():
    problem = problem_of([{0}, {1}], [2, 2, 6], 2)
    with pytest.raises(
        InfeasibleError, match=r"District 'far' must have 80 % .* lower its floor to 0.25"
    ):
        solve(problem, FlooredCovering([0, 1, 1], [0.5, 0.8], ("near", "far")))


def test_every_fault_is_named_at_once(two_towns):
    with pytest.raises(InputError) as caught:
        solve(two_towns[0], FlooredCovering([0, 7], [1.5, np.nan]))
    told = str(caught.value)
    for sentence in ("district has shape (2,)", "district 7", "'0' is 1.5", "'1' is nan"):
        assert sentence in told
    with pytest.raises(InputError, match="1 names stand beside 2 floors"):
        solve(two_towns[0], FlooredCovering([0, 0, 1], [0, 0], ("one",)))


@st.composite
def floored(draw):
    problem = draw(problems())
    district = draw(
        st.lists(st.integers(-1, 2), min_size=problem.point_count, max_size=problem.point_count)
    )
    share = st.sampled_from([0.0, 0.25, 0.5, 0.8])
    return problem, FlooredCovering(district, draw(st.lists(share, min_size=3, max_size=3)))


@given(case=floored())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_brute_force_agrees_and_the_change_named_is_the_smallest(case):
    problem, model = case
    assume(any(problem.covered_weight(s) > 0 for s in plans_of(problem)))
    best = best_with(problem, model)
    if best is not None:
        plan = solve(problem, model, gap=0)
        assert (plan.objective, plan.status) == (pytest.approx(best), "optimal")
        assert model.broken_rules(problem, plan.sites) == []
        return
    with pytest.raises(InfeasibleError) as caught:
        solve(problem, model, gap=0)
    told = re.search(r"the best reaches ([\d.e-]+) of every floor;", str(caught.value))
    if told is None:
        assert "must have" in str(caught.value)
        return
    most = max(part_reached(problem, model, sites) for sites in plans_of(problem))
    assert most - 2e-4 <= float(told.group(1)) <= most + 2e-5


def test_a_larger_instance_keeps_its_floors(planar):
    problem = planar(1500, 120, 3.5, 8)
    model = FlooredCovering(np.arange(1500) % 5, np.full(5, 0.35))
    plan = solve(problem, model, time_limit_s=10)
    assert model.covered_shares(problem, plan.sites).min() >= 0.35 - 1e-6
    assert plan.objective <= plan.bound <= 1.05 * plan.objective
