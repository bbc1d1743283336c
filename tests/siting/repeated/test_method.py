"""Backup and expected cover: by hand, by brute force, by two solvers, in a mirror, and lied to."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings

from optimizer.errors import InfeasibleError, InputError
from optimizer.siting import BackupCovering, ExpectedCovering, MaximalCovering, solve
from optimizer.solvers import HighsBackend, Status

from ..small_problems import flags, problem_of, problems

TWO_SHIFTS = ((0.75, 0.25), (0.25, 0.5))
MODELS = [
    BackupCovering("bacop1"),
    BackupCovering("bacop2", first_share=0.75),
    BackupCovering("bacop2", first_share=0.25),
    ExpectedCovering(0.4),
    ExpectedCovering(TWO_SHIFTS, units_per_site=2),
    ExpectedCovering(0.0, units_per_site=1),
]
NAMES = ["bacop1", "bacop2", "second first", "mexclp", "two shifts", "never out"]
all_models = pytest.mark.parametrize("model", MODELS, ids=NAMES)


def best_by_brute_force(problem, model) -> float | None:
    """The best value of every multiset of sites that keeps the rules; None: there is none."""
    reach = [set(row.tolist()) for row in np.split(problem.demand, problem.indptr[1:-1])]
    best = None
    for sites in itertools.combinations_with_replacement(range(problem.site_count), problem.count):
        if model.broken_rules(problem, list(sites)):
            continue
        value = sum(
            weight * worth_by_hand(model, sum(j in reach[i] for i in sites))
            for j, weight in enumerate(problem.weight)
        )
        best = value if best is None else max(best, value)
    return best


def worth_by_hand(model, times: int) -> float:
    """What a call is worth that so many units reach, written down once more."""
    if isinstance(model, ExpectedCovering):
        return sum(share * (1 - busy**times) for share, busy in model.shifts())
    if model.kind == "bacop1":
        return float(times >= 2)
    return model.first_share * (times >= 1) + (1 - model.first_share) * (times >= 2)


def test_backup_by_hand(riverside):
    """S0 and S2 reach everybody once, nobody twice; S1 beside S0 reaches D1 (4) twice."""
    first = solve(riverside, BackupCovering("bacop1"), gap=0)
    assert (first.sites.tolist(), first.objective, first.status) == ([0, 2], 0, "optimal")
    shares = solve(riverside, BackupCovering("bacop2", first_share=0.4), gap=0)
    assert shares.sites.tolist() == [1, 2]  # 13 once and D2 (6) twice
    assert shares.objective == pytest.approx(0.4 * 13 + 0.6 * 6)
    three = solve(riverside.replace(count=3), BackupCovering("bacop1"), gap=0)
    assert three.objective == 10


def test_all_of_the_first_share_is_maximal_covering(riverside):
    plan = solve(riverside, BackupCovering("bacop2", first_share=1.0), gap=0)
    assert plan.objective == solve(riverside, MaximalCovering(), gap=0).objective == 18


def test_expected_cover_by_hand():
    """Units out half of the time: a second one in town (20 / 4) beats a first one outside (4 / 2).

    With three, the third would add 20 / 8 = 2.5 in town, still more than outside.
    """
    towns = problem_of([{0}, {1}], [20, 4], 2)
    plan = solve(towns, ExpectedCovering(0.5), gap=0)
    assert (plan.sites.tolist(), plan.objective, plan.status) == ([0, 0], 15, "optimal")
    assert solve(towns.replace(count=3), ExpectedCovering(0.5), gap=0).sites.tolist() == [0, 0, 0]
    one_each = solve(towns, ExpectedCovering(0.5, units_per_site=1), gap=0)
    assert (one_each.sites.tolist(), one_each.objective) == ([0, 1], 12)
    assert plan.covered_weight() == 20


def test_shifts_are_averaged_not_their_busy_shares():
    """Two units: 1 - (1/2) (0 + 0.8 ** 2) = 0.68, where the mean busy share 0.4 would give 0.84."""
    plan = solve(problem_of([{0}], [100], 2), ExpectedCovering(((0.5, 0.0), (0.5, 0.8))), gap=0)
    assert plan.objective == pytest.approx(68)


def test_units_never_out_is_maximal_covering(riverside):
    plan = solve(riverside, ExpectedCovering(0.0), gap=0)
    assert (plan.objective, plan.bound, plan.sites.tolist()) == (18, 18, [0, 2])


def test_rules_count_units():
    """A kept site has one unit at least, a region as many units as its budget says."""
    problem = problem_of(
        [{0}, {1}, {2}], [9, 5, 1], 4, region=[0, 0, 1], budgets=[3, 1], region_names=("a", "b")
    )
    assert solve(problem, ExpectedCovering(0.5), gap=0).sites.tolist() == [0, 0, 1, 2]
    kept = problem.replace(keep=flags(3, 1), forbidden=flags(3, 0))
    assert solve(kept, ExpectedCovering(0.5), gap=0).sites.tolist() == [1, 1, 1, 2]


def test_previous_sites_stay():
    problem = problem_of([{0}, {1}], [20, 4], 2, previous=flags(2, 1), max_moves=0)
    assert solve(problem, ExpectedCovering(0.5), gap=0).sites.tolist() == [0, 1]


def test_too_few_platforms_for_bacop1_name_the_smallest_number_that_does():
    problem = problem_of([{0, 1}, {2}, {3}, {4}], np.ones(5), 2)
    with pytest.raises(InfeasibleError, match=r"platforms, 2, is too small .* raise it to 4,"):
        solve(problem, BackupCovering("bacop1"))
    assert solve(problem.replace(count=4), BackupCovering("bacop1"), gap=0).objective == 0


def test_points_out_of_reach_are_named():
    problem = problem_of([{0}, {0}], [1, 1], 2)
    with pytest.raises(InfeasibleError, match=r"1 of 2 demand points .*'D1'.* leave out 1"):
        solve(problem, BackupCovering("bacop1"))
    assert solve(problem, BackupCovering("bacop2"), gap=0).objective == 1


def test_regions_that_leave_somebody_out_are_found_by_the_solver():
    """Two platforms would do, but both must stand where they reach the same."""
    problem = problem_of(
        [{0}, {0}, {1}], [1, 1], 2, region=[0, 0, 1], budgets=[2, 0], region_names=("a", "b")
    )
    with pytest.raises(InfeasibleError, match="No plan keeps every rule of backup"):
        solve(problem, BackupCovering("bacop1"))


def test_too_many_units_for_the_sites_are_a_clash(riverside):
    with pytest.raises(
        InfeasibleError, match=r"only 3 candidate sites, with 2 units each.* to 6 or allow 1 more"
    ):
        solve(riverside.replace(count=7), ExpectedCovering(0.5, units_per_site=2))


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (ExpectedCovering(1.0), "busy_share = 1 is no share"),
        (ExpectedCovering(-0.1), "busy_share = -0.1 is no share"),
        (ExpectedCovering(float("nan")), "busy_share = nan is no share"),
        (ExpectedCovering(((0.5, 0.2), (0.6, 0.2))), r"shares \[0.5, 0.6\] of the calls"),
        (ExpectedCovering(0.5, units_per_site=0), "units_per_site = 0"),
        (BackupCovering("bacop2", first_share=1.5), "first_share = 1.5"),
        (BackupCovering("bacop3"), "kind = 'bacop3'"),
    ],
)
def test_senseless_parameters_are_named(riverside, model, sentence):
    with pytest.raises(InputError, match=sentence):
        solve(riverside, model)


@all_models
@given(problem=problems())
@settings(max_examples=25)
def test_brute_force_agrees(model, problem):
    if problem.count > 5:
        problem = problem.replace(
            count=2, region=[], budgets=[2], region_names=(), keep=[], max_moves=None
        )
    best = best_by_brute_force(problem, model)
    if (
        best is None
        or not problem.weight[problem.covered_by(np.flatnonzero(~problem.forbidden))].any()
    ):
        return
    plan = solve(problem, model, gap=0)
    assert plan.objective == pytest.approx(best, abs=1e-9)
    assert plan.status == "optimal"
    assert plan.bound == pytest.approx(best, abs=1e-6, rel=1e-6)


@all_models
def test_search_and_bound_settle_a_middling_instance(planar, model):
    problem = planar(300, 30, 8.0, 9)
    everybody = problem.covered_by(np.arange(problem.site_count))
    problem = problem.replace(weight=problem.weight * everybody)
    plan = solve(problem, model, gap=0.0, time_limit_s=60)
    alone = HighsBackend()
    model.formulate(problem, alone)
    told = alone.solve(gap=1e-9, time_limit_s=100.0, seed=0)
    assert told.status is Status.OPTIMAL
    assert plan.objective == pytest.approx(told.objective)
    assert plan.bound == pytest.approx(told.objective)


def test_the_same_seed_gives_the_same_plan_and_a_time_limit_a_plan(planar):
    problem = planar(1500, 200, 3.5, 8)
    first, again = (solve(problem, ExpectedCovering(0.3), seed=3) for _ in range(2))
    assert first.sites.tolist() == again.sites.tolist()
    assert first.bound == again.bound
    hurried = solve(problem, ExpectedCovering(0.3), time_limit_s=0.0)
    assert hurried.objective <= first.bound <= hurried.bound
