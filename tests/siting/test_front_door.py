"""The front door against brute force, published optima, lying solvers and itself in a mirror."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import assume, given, settings

from optimizer.siting import solve
from optimizer.solvers import Status

from .liars import Liar
from .small_problems import best_by_brute_force, flags, problem_of, problems, sjc


def test_riverside_by_hand(riverside):
    plan = solve(riverside)
    assert plan.sites.tolist() == [0, 2]
    assert (plan.objective, plan.bound, plan.gap, plan.status) == (18, 18, 0, "optimal")


def test_keep_forbid_and_moves_by_hand(riverside):
    assert solve(riverside.replace(keep=flags(3, 1))).sites.tolist() == [0, 1]
    assert solve(riverside.replace(forbidden=flags(3, 0))).sites.tolist() == [1, 2]
    settled = riverside.replace(previous=flags(3, 0, 1), max_moves=0)
    assert solve(settled).sites.tolist() == [0, 1]


def test_regions_by_hand():
    """The city has one platform and the county one, though two in the city would cover more."""
    problem = problem_of(
        [{0}, {1}, {2}], [5, 4, 1], 2, region=[0, 0, 1], budgets=[1, 1], region_names=("c", "x")
    )
    assert solve(problem).sites.tolist() == [0, 2]


def test_everything_kept_needs_no_solver(riverside):
    plan = solve(riverside.replace(keep=flags(3, 0, 1)))
    assert (plan.sites.tolist(), plan.objective, plan.gap) == ([0, 1], 15, 0)


@given(problem=problems())
@settings(max_examples=60, deadline=None)
def test_brute_force_agrees(problem):
    best = best_by_brute_force(problem)
    assume(best)
    plan = solve(problem, gap=0.0)
    assert np.isclose(plan.objective, best)
    assert plan.status == "optimal"
    assert plan.objective <= plan.bound <= best * (1 + 1e-6)


def test_the_same_seed_gives_the_same_plan_and_proof(planar):
    problem = planar(1500, 120, 3.5, 8)
    first, again = (solve(problem, seed=5) for _ in range(2))
    assert first.sites.tolist() == again.sites.tolist()
    assert (first.bound, first.gap, first.solver) == (again.bound, again.gap, again.solver)


def test_a_time_limit_still_gives_a_plan_and_never_claims_too_much(planar):
    problem = planar(4000, 300, 3.5, 15)
    plan = solve(problem, time_limit_s=0.001)
    assert problem.broken_rules(plan.sites) == []
    assert plan.status == "feasible"
    assert plan.gap == pytest.approx((plan.bound - plan.objective) / plan.objective)
    assert plan.gap > 0.001


def test_progress_is_told_in_sentences(planar):
    told: list[str] = []
    solve(planar(500, 50, 3.5, 5), progress=told.append)
    assert told
    assert all("better possible" in sentence for sentence in told)


def test_the_hard_planar_instance_is_solved_well():
    """10,000 x 500, R = 3.5, p = 20: the best plan known covers 415,675."""
    rng = np.random.default_rng(1)
    sites, points = rng.uniform(0, 30, (500, 2)), rng.uniform(0, 30, (10_000, 2))
    weight = rng.integers(1, 101, 10_000)
    near = [set(np.flatnonzero(np.hypot(*(points - site).T) <= 3.5)) for site in sites]
    plan = solve(problem_of(near, weight, 20), gap=0.015, time_limit_s=60)
    assert plan.objective >= 415_000
    assert 419_000 <= plan.bound <= 1.015 * plan.objective


def test_a_solver_without_an_answer_leaves_the_plan_as_it_was(planar):
    silent = {"status": Status.UNKNOWN, "objective": None, "bound": None, "gap": None, "values": {}}
    problem = planar(400, 30, 4.0, 5)
    plan = solve(problem, backend=lambda: Liar(**silent))
    assert plan.status == "feasible"
    assert problem.broken_rules(plan.sites) == []


@pytest.mark.realdata
def test_published_optima_of_sao_jose_dos_campos(shared):
    with (shared / "benchmarks" / "sjc" / "optima.csv").open() as file:
        rows = list(csv.reader(file))[1:]
    assert len(rows) == 19
    for name, _, radius, count, _, optimum, *_ in rows:
        plan = solve(sjc(shared, name, float(radius), int(count)), gap=0.0)
        assert (plan.objective, plan.status) == (float(optimum), "optimal"), (name, count)
        assert plan.gap == 0


def test_gap_zero_is_reached_with_fractions_too(planar):
    """A recency weight is a fraction; sums of fractions are off by rounding, proofs are not."""
    whole = planar(400, 60, 4.0, 6)
    problem = whole.replace(weight=whole.weight * 0.1234567 ** np.linspace(0, 1, 400))
    plan = solve(problem, gap=0.0)
    assert (plan.status, plan.gap) == ("optimal", 0.0)
