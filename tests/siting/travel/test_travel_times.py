"""p-median and p-center: by hand, brute force, published optima, mirrors and lying solvers."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given, settings

from optimizer.errors import InfeasibleError, InputError, SolverError
from optimizer.siting import PCenter, PMedian, SitingProblem, solve
from optimizer.siting.travel.reach_all import reach_of
from optimizer.solvers import HighsBackend, Status

from ..liars import Liar
from ..small_problems import flags, problem_of
from ..small_times import best_times_by_brute_force, or_library, timed, timed_problems

MODELS = [PMedian(), PCenter()]
both_models = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)


@pytest.fixture
def valley() -> SitingProblem:
    """Three villages along a valley; it is quicker down (left) than up.

    Alone, S1 in the middle makes 2 x 10 + 1 x 0 + 3 x 30 = 110 with 30 s at worst; S2 at the top
    makes 2 x 25 + 15 = 65 with 25 s at worst. Two platforms: S0 and S2 leave 1 x 15 = 15, while S1
    and S2 leave 2 x 10 = 20 but nobody waits longer than 10 s.
    """
    times = [{0: 0, 1: 20, 2: 60}, {0: 10, 1: 0, 2: 30}, {0: 25, 1: 15, 2: 0}]
    return timed(times, [2, 1, 3], 1)


def test_the_valley_by_hand(valley):
    one, two = solve(valley, PMedian()), solve(valley.replace(count=2), PMedian())
    assert (one.sites.tolist(), one.objective, one.bound, one.gap) == ([2], 65, 65, 0)
    assert (two.sites.tolist(), two.objective, two.status) == ([0, 2], 15, "optimal")
    one, two = solve(valley, PCenter()), solve(valley.replace(count=2), PCenter())
    assert (one.sites.tolist(), one.objective, one.bound, one.gap) == ([2], 25, 25, 0)
    assert (two.sites.tolist(), two.objective, two.status) == ([1, 2], 10, "optimal")


def test_rules_by_hand(valley):
    two = valley.replace(count=2)
    assert solve(two.replace(keep=flags(3, 1)), PMedian()).sites.tolist() == [1, 2]
    assert solve(two.replace(keep=flags(3, 0)), PCenter()).objective == 15
    assert solve(two.replace(forbidden=flags(3, 2)), PMedian()).objective == 90
    settled = two.replace(previous=flags(3, 0, 1), max_moves=0)
    assert solve(settled, PMedian()).sites.tolist() == [0, 1]
    assert solve(settled, PCenter()).sites.tolist() == [0, 1]
    parted = two.replace(region=[0, 0, 1], budgets=[2, 0], region_names=("a", "b"))
    assert solve(parted, PMedian()).sites.tolist() == [0, 1]


@both_models
def test_a_point_of_weight_0_asks_for_nothing(model):
    problem = timed([{0: 5}, {1: 1}], [1, 0], 1)
    plan = solve(problem, model, gap=0)
    assert (plan.sites.tolist(), plan.objective) == ([0], 5)


@both_models
def test_nobody_has_to_travel(model):
    plan = solve(timed([{0: 0}, {1: 0}, {0: 0.5}], [1.5, 2.5], 2), model, gap=0)
    assert (plan.sites.tolist(), plan.objective, plan.gap) == ([0, 1], 0, 0)


@both_models
def test_a_missing_way_cannot_be_used(model):
    """S0 is near D0 and D1 but does not reach D2, so S1 opens, though it is far from all."""
    problem = timed([{0: 1, 1: 1}, {0: 90, 1: 90, 2: 90}], [1, 1, 1], 1)
    assert solve(problem, model).sites.tolist() == [1]


@both_models
def test_a_village_nobody_reaches_is_named(model):
    problem = timed([{0: 1}, {0: 2}], [1, 1], 1)
    with pytest.raises(InfeasibleError, match=r"1 of 2 demand points .*'D1'"):
        solve(problem, model)


@both_models
def test_too_few_platforms_to_reach_everybody_names_how_many_it_takes(model):
    problem = timed([{0: 1}, {1: 1}, {2: 1}, {0: 2, 1: 2}], [1, 1, 1], 1)
    with pytest.raises(InfeasibleError, match=r"No plan of 1 platform .* at least 2 platforms"):
        solve(problem, model)
    assert solve(problem.replace(count=2), model).sites.tolist() == [2, 3]


@both_models
def test_regions_that_leave_somebody_out_are_named(model):
    """Two platforms would do, but not both in the first region."""
    problem = timed([{0: 1}, {0: 2}, {1: 1}], [1, 1], 2, region=[0, 0, 1], budgets=[2, 0])
    with pytest.raises(InfeasibleError, match="could do without the budgets of regions"):
        solve(problem, model)


@both_models
def test_all_faults_are_told_at_once(model):
    with pytest.raises(InputError) as caught:
        solve(problem_of([{0}], [0], 0), model)
    assert len(caught.value.faults) == 3
    assert "travel_s" in str(caught.value)


@both_models
@given(problem=timed_problems())
@settings(max_examples=80, deadline=None)
def test_brute_force_agrees(model, problem):
    best = best_times_by_brute_force(problem)
    if best is None:
        with pytest.raises(InfeasibleError):
            solve(problem, model, gap=0.0)
        return
    plan = solve(problem, model, gap=0.0)
    value = best[MODELS.index(model)]
    assert np.isclose(plan.objective, value, rtol=2e-6, atol=1e-12)
    assert (plan.status, plan.gap) == ("optimal", 0)
    assert plan.bound <= plan.objective


def town(points: int, sites: int, count: int, longest: float, seed: int = 3) -> SitingProblem:
    """A windy plain: ways against the wind take half as long again; none beyond `longest`."""
    rng = np.random.default_rng(seed)
    at, homes = rng.uniform(0, 30, (sites, 2)), rng.uniform(0, 30, (points, 2))
    east = homes[None, :, 0] - at[:, None, 0]
    way = np.hypot(east, homes[None, :, 1] - at[:, None, 1]) + 0.5 * np.maximum(east, 0)
    near = [dict(zip(*(np.flatnonzero(row <= longest), row[row <= longest]), strict=True))
            for row in way]  # fmt: skip
    return timed(near, rng.uniform(0.1, 9, points), count)


@both_models
def test_a_windy_plain_is_proven_with_weights_cut_offs_and_one_ways(model):
    problem = town(300, 80, 12, 12.0) if model.name == "pmedian" else town(60, 20, 5, 25.0)
    plan = solve(problem, model, gap=0)
    other = solve(problem, model, gap=0, backend=HighsBackend)
    assert (plan.status, plan.gap) == ("optimal", 0)
    assert plan.objective == pytest.approx(other.objective, rel=1e-5)


@both_models
def test_the_same_seed_gives_the_same_plan_and_proof(model):
    first, again = (solve(town(200, 60, 8, 20.0), model, seed=5) for _ in range(2))
    assert first.sites.tolist() == again.sites.tolist()
    assert (first.bound, first.gap, first.solver) == (again.bound, again.gap, again.solver)


@both_models
def test_a_time_limit_still_gives_a_plan_and_never_claims_too_much(model):
    problem = town(200, 60, 8, 50.0)
    plan = solve(problem, model, gap=0, time_limit_s=0.001)
    assert problem.broken_rules(plan.sites) == []
    assert plan.status == "feasible"
    assert plan.gap == pytest.approx((plan.objective - plan.bound) / plan.objective)
    assert plan.bound <= solve(problem, model, gap=0).objective


@both_models
def test_progress_is_told_in_sentences(model):
    told: list[str] = []
    solve(town(100, 30, 5, 40.0), model, progress=told.append)
    assert told
    assert all("better possible" in sentence for sentence in told)


@pytest.fixture
def two_banks() -> SitingProblem:
    """One platform on each bank: only S2 reaches D2 soon, and S3 alone reaches D0 and D1."""
    return timed(
        [{0: 1}, {1: 1}, {2: 1}, {0: 2, 1: 2}, {2: 5}], [1, 1, 1], 2,
        region=[0, 0, 1, 0, 1], budgets=[1, 1],
    )  # fmt: skip


@both_models
def test_each_bank_has_its_platform(two_banks, model):
    assert solve(two_banks, model).sites.tolist() == [2, 3]


def test_who_can_be_reached_under_rules_is_asked_of_a_solver_and_doubted(two_banks):
    limits = {"seed": 0, "time_limit_s": 10.0}
    answer = reach_of(two_banks, 2.0).plan(backend=HighsBackend, **limits)
    assert (answer.plan.tolist(), answer.decided) == ([2, 3], True)
    assert reach_of(two_banks, 1.0).plan(backend=HighsBackend, **limits) == (None, True)
    silent = {"status": Status.UNKNOWN, "values": {}}
    unknown = reach_of(two_banks, 2.0).plan(backend=lambda: Liar(**silent), **limits)
    assert unknown == (None, False)
    lie = {"values": {"y0": 1.0, "y2": 1.0}}
    with pytest.raises(SolverError, match="1 points are not reached"):
        reach_of(two_banks, 2.0).plan(backend=lambda: Liar(**lie), **limits)


@pytest.mark.realdata
@pytest.mark.parametrize("number", range(1, 21))
def test_published_optima_of_the_or_library(shared, number):
    with (shared / "benchmarks" / "pmed" / "optima.csv").open() as file:
        optima = {row["instance"]: row for row in csv.DictReader(file)}[f"pmed{number}"]
    problem = or_library(shared, f"pmed{number}")
    for model, column in zip(MODELS, ("p_median", "p_center"), strict=True):
        plan = solve(problem, model, gap=0.0)
        assert (plan.objective, plan.status) == (float(optima[column]), "optimal")
        assert (plan.gap, plan.bound) == (0, plan.objective)
