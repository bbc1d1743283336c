"""Plans that differ: by hand, against every plan there is, and where there are no more."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.errors import InfeasibleError, InputError, SolverError
from optimizer.siting import DistinctCovering, diverse_plans, solve
from optimizer.siting.by_formulation import solve_formulation
from optimizer.siting.proof import Proof
from optimizer.solvers import CpSatBackend, HighsBackend, Status

from .liars import Liar
from .small_problems import best_by_brute_force, flags, problem_of, problems


def test_the_next_best_by_hand(riverside):
    """Two platforms: S0 S2 cover 18, then S1 S2 with 13 and S0 S1 with 15, one site new each."""
    found = diverse_plans(riverside, 3, within=0.5, gap=0)
    assert [plan.sites.tolist() for plan in found.plans] == [[0, 2], [0, 1], [1, 2]]
    assert [plan.objective for plan in found.plans] == [18, 15, 13]
    assert [plan.bound for plan in found.plans] == [18, 15, 13]
    assert found.ended == "complete"


def test_too_far_from_the_best_is_ruled_out_by_proof(riverside):
    found = diverse_plans(riverside, 3, within=0.1, gap=0)
    assert (len(found.plans), found.ended) == (1, "exhausted")


def test_a_site_with_nearly_the_same_reach_is_no_new_place():
    """S0 and S1 share 9 of 11: alike from 0.8 on; only S2 is another place then."""
    problem = problem_of([{0, 1}, {0, 2}, {3}], [9, 1, 1, 5], 1)
    loose = diverse_plans(problem, 2, within=0.9, gap=0)
    strict = diverse_plans(problem, 2, within=0.9, alike=0.8, gap=0)
    assert [plan.objective for plan in loose.plans] == [10, 10]
    assert [plan.objective for plan in strict.plans] == [10, 5]


def test_kept_sites_leave_too_few_to_be_new(riverside):
    held = riverside.replace(keep=flags(3, 0, 2))
    assert diverse_plans(held, 2, within=0.9).ended == "exhausted"
    model = DistinctCovering(np.array([flags(3, 0, 2)]), 1)
    with pytest.raises(InfeasibleError, match="at most 0 sites can be new, not 1"):
        solve(held, model)


def test_every_fault_is_named_at_once(riverside):
    with pytest.raises(InputError) as caught:
        diverse_plans(riverside, 0, within=1.0, least_moved=3, alike=0.0)
    for sentence in ("k = 0", "within = 1.0", "least_moved = 3", "alike = 0.0"):
        assert sentence in str(caught.value)
    with pytest.raises(InputError, match=r"places has shape \(1, 2\)"):
        solve(riverside, DistinctCovering(np.zeros((1, 2), dtype=bool), 1))
    with pytest.raises(InputError, match="3 sites are to be new, but 2 open"):
        solve(riverside, DistinctCovering(np.zeros((1, 3), dtype=bool), 3))


def brute_force_next(problem, known, least_moved) -> float | None:
    values = [
        problem.covered_weight(sites)
        for sites in itertools.combinations(range(problem.site_count), problem.count)
        if not problem.broken_rules(sites)
        and all(len(set(sites) - places) >= least_moved for places in known)
    ]
    return max(values, default=None)


def alike_to(problem, sites) -> set[int]:
    reach = [set(row.tolist()) for row in np.split(problem.demand, problem.indptr[1:-1])]
    heavy = [{j for j in row if problem.weight[j] > 0} for row in reach]
    same = {i for i, row in enumerate(heavy) for s in sites if row and row == heavy[s]}
    return same | set(map(int, sites))


@given(problem=problems(), moved=st.integers(1, 2))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_each_plan_is_the_best_that_differs_from_those_before(problem, moved):
    best = best_by_brute_force(problem)
    if not best or moved > problem.count:
        return
    found = diverse_plans(problem, 3, within=0.99, least_moved=moved, gap=0)
    known: list[set[int]] = []
    for plan in found.plans:
        if known:
            best = brute_force_next(problem, known, moved)
        assert plan.objective == pytest.approx(best)
        assert plan.bound == pytest.approx(best)
        known.append(alike_to(problem, plan.sites))
    if found.ended == "exhausted":
        after = brute_force_next(problem, known, moved)
        assert after is None or after < 0.0100001 * found.plans[0].objective


@pytest.mark.parametrize("backend", [HighsBackend, CpSatBackend])
def test_both_solvers_agree_on_the_formulation(riverside, backend):
    model = DistinctCovering(np.array([flags(3, 0, 2)]), 1)
    plan = solve(riverside, model, gap=0, backend=backend)
    assert (plan.sites.tolist(), plan.objective, plan.bound) == ([0, 1], 15, 15)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"status": Status.INFEASIBLE}, "calls a problem infeasible"),
        ({"bound": lambda told: 0.5 * told.bound}, "says that no plan is better"),
        ({"values": {"y0": 1.0, "y2": 1.0}}, "breaks the rules"),
    ],
)
def test_a_lying_solver_is_caught(riverside, changes, sentence):
    proof = Proof(riverside, DistinctCovering(np.array([flags(3, 0, 2)]), 1), 0.0, 60.0, None)
    proof.offer(np.array([0, 1]))
    with pytest.raises(SolverError, match=sentence):
        solve_formulation(proof, 0, Liar(**changes))


def test_a_larger_instance_yields_plans_that_keep_their_distance(planar):
    problem = planar(1500, 120, 3.5, 8)
    found = diverse_plans(problem, 3, within=0.05, least_moved=3, alike=0.6, time_limit_s=15)
    assert len(found.plans) == 3
    for earlier, later in itertools.combinations(found.plans, 2):
        assert len(set(later.sites) - set(earlier.sites)) >= 3
        assert later.objective >= 0.95 * found.plans[0].objective
        assert later.bound >= later.objective
