"""Capacities: who serves what is exact for given sites, and the best sites are found."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from ortools.graph.python import max_flow

from optimizer.errors import InfeasibleError, InputError, SolverError
from optimizer.siting import CapacitatedCovering, solve
from optimizer.siting.capacity.bound import Knapsacks, bound_at
from optimizer.siting.capacity.workload import work_of
from optimizer.solvers import CpSatBackend

from ..small_problems import problem_of, problems

FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


def plans_of(problem):
    for sites in itertools.combinations(range(problem.site_count), problem.count):
        if not problem.broken_rules(sites):
            yield sites


@pytest.fixture
def full_station():
    """S0 reaches everybody but has 4 hours for the 10 of them; S1 reaches the last, with 9 hours.

    D0 is worth 8 for 4 hours, D1 6 for 6: alone S0 serves D0, 8; with S1, which takes D1, 14.
    """
    problem = problem_of([{0, 1}, {1}, {0}], [8, 6], 1)
    return problem, CapacitatedCovering([4, 6], [4, 9, 2])


def test_the_hours_decide(full_station):
    problem, model = full_station
    assert model.value(problem, [0]) == pytest.approx(8)
    assert model.value(problem, [1]) == pytest.approx(6)
    assert model.value(problem, [2]) == pytest.approx(4)  # half of D0: demand is divided
    assert model.value(problem, [0, 1]) == pytest.approx(14)
    assert solve(problem, model, gap=0).sites.tolist() == [0]
    both = solve(problem.replace(count=2), model, gap=0)
    assert (both.sites.tolist(), both.status) == ([0, 1], "optimal")


def test_points_without_work_are_served_by_reach_alone():
    problem = problem_of([{0, 1}, {1}], [3, 4], 1)
    assert CapacitatedCovering([0, 2], [0, 2]).value(problem, [0]) == pytest.approx(3)
    assert solve(problem, CapacitatedCovering([0, 0], [1, 1]), gap=0).objective == pytest.approx(7)


def test_ample_capacity_is_plain_covering(riverside):
    model = CapacitatedCovering(np.ones(4), np.full(3, 100.0))
    assert solve(riverside, model, gap=0).objective == pytest.approx(18)


def test_plain_covering_is_not_solved_in_full_where_hours_are_short(riverside):
    """Its bound would say nothing there, and takes long on a city."""
    said: list[str] = []
    short = CapacitatedCovering(np.ones(4), np.full(3, 0.5))
    solve(riverside, short, gap=0, progress=said.append)
    assert said
    assert not any("to the end" in line for line in said)


def test_without_time_there_is_a_plan_and_a_bound_above_the_best(full_station):
    problem, model = full_station
    hurried = solve(problem, model, gap=0, time_limit_s=1e-9)
    assert len(hurried.sites) == problem.count
    assert hurried.objective <= 8 <= hurried.bound


def test_every_fault_is_named_at_once(full_station):
    with pytest.raises(InputError) as caught:
        solve(full_station[0], CapacitatedCovering([np.nan, -1], [1, -2, np.inf]))
    told = str(caught.value)
    assert "'D0' has workload_h nan (2 such)" in told
    assert "'S1' has capacity_h -2.0 (2 such)" in told
    with pytest.raises(InputError, match=r"capacity_h has shape \(1,\), but there are 3 sites"):
        solve(full_station[0], CapacitatedCovering([1, 1], [1]))


def test_no_hours_anywhere_is_a_clash(full_station):
    with pytest.raises(InfeasibleError, match="No site that may open has any hours"):
        solve(full_station[0], CapacitatedCovering([4, 6], [0, 0, 0]))


@st.composite
def capacitated(draw):
    """Weights are whole; hours are whole too, and either in proportion to weight or at will."""
    problem = draw(problems())
    assume(problem.has_whole_weights)
    n, m = problem.point_count, problem.site_count
    hours = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    if draw(st.booleans()):
        hours = (2 * problem.weight).tolist()
    capacity = draw(st.lists(st.integers(0, 40), min_size=m, max_size=m))
    capacity[int(np.flatnonzero(~problem.forbidden)[0])] += 1
    return problem, CapacitatedCovering(hours, capacity)


def served_by_max_flow(problem, model, sites) -> float:
    """Whole hours from points, dearest first, to sites: each further unit of flow as it comes.

    Hours that can be sent form a polymatroid, so the greedy order over worth is optimal.
    """
    reach = np.split(problem.demand, problem.indptr[1:-1])
    worth = [
        problem.weight[j] / model.workload_h[j] if model.workload_h[j] else 0.0
        for j in range(problem.point_count)
    ]
    reached = set().union(*(reach[i].tolist() for i in sites))
    total = sum(problem.weight[j] for j in reached if model.workload_h[j] == 0)
    order = sorted((j for j in reached if model.workload_h[j] > 0), key=lambda j: -worth[j])
    sent_before = 0
    n = problem.point_count
    for last in range(len(order)):
        flow = max_flow.SimpleMaxFlow()
        for j in order[: last + 1]:
            flow.add_arc_with_capacity(0, 1 + j, int(model.workload_h[j]))
            for i in sites:
                if j in reach[i]:
                    flow.add_arc_with_capacity(1 + j, 1 + n + i, int(model.workload_h[j]))
        for i in sites:
            flow.add_arc_with_capacity(
                1 + n + i, 1 + n + problem.site_count, int(model.capacity_h[i])
            )
        assert flow.solve(0, 1 + n + problem.site_count) == flow.OPTIMAL
        total += worth[order[last]] * (flow.optimal_flow() - sent_before)
        sent_before = flow.optimal_flow()
    return total


@given(case=capacitated())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_worth_of_a_plan_is_what_a_maximum_flow_says(case):
    problem, model = case
    for sites in itertools.islice(plans_of(problem), 4):
        assert model.value(problem, sites) == pytest.approx(
            served_by_max_flow(problem, model, sites)
        )


def best_of(problem, model) -> float:
    assume(any(problem.covered_weight(s) > 0 for s in plans_of(problem)))
    return max(model.value(problem, sites) for sites in plans_of(problem))


@given(case=capacitated())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_brute_force_agrees(case):
    problem, model = case
    best = best_of(problem, model)
    plan = solve(problem, model, gap=0)
    assert plan.objective == pytest.approx(best)
    assert plan.status == "optimal"
    assert plan.objective <= plan.bound <= best * (1 + 1e-6) + 1e-6


@given(case=capacitated(), data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_bound_holds_at_any_prices(case, data):
    problem, model = case
    best = best_of(problem, model)
    work = work_of(problem, model.workload_h, ~problem.forbidden)
    sacks = Knapsacks(
        work.rows.indptr.astype(np.int64),
        work.rows.indices.astype(np.int32),
        work.hours,
        work.weight,
        model.capacity_h,
        problem.region,
        problem.budgets,
        problem.keep,
        problem.forbidden,
    )
    part = st.floats(0, 1)
    parts = data.draw(st.lists(part, min_size=len(work.hours), max_size=len(work.hours)))
    assert bound_at(sacks, work.weight * parts).value >= best * (1 - 1e-9)


def test_hours_in_fractions_are_no_work_for_whole_numbers(riverside):
    with pytest.raises(SolverError, match=r"may be up to 0\.5: use HiGHS"):
        CapacitatedCovering(np.full(4, 0.5), np.ones(3)).formulate(riverside, CpSatBackend())


@given(case=capacitated(), part=st.floats(0.1, 0.9))
@FEW
def test_splitting_a_point_with_its_hours_changes_nothing(case, part):
    problem, model = case
    best_of(problem, model)
    reach = np.split(problem.demand, problem.indptr[1:-1])
    twin = problem.point_count
    rows = [[*row.tolist(), twin] if 0 in row else row.tolist() for row in reach]
    shares = np.append(np.ones(twin), part)
    shares[0] = 1 - part
    source = np.append(np.arange(twin), 0)
    halves = problem.replace(
        demand=np.concatenate(rows),
        indptr=np.concatenate(([0], np.cumsum([len(row) for row in rows]))),
        weight=problem.weight[source] * shares,
        demand_ids=np.append(problem.demand_ids, "twin"),
    )
    doubled = CapacitatedCovering(model.workload_h[source] * shares, model.capacity_h)
    for sites in itertools.islice(plans_of(problem), 5):
        assert doubled.value(halves, sites) == pytest.approx(model.value(problem, sites), abs=1e-6)


@given(case=capacitated())
@FEW
def test_more_hours_and_more_platforms_never_serve_less(case):
    problem, model = case
    before = best_of(problem, model)
    more_hours = CapacitatedCovering(model.workload_h, model.capacity_h + 1)
    assert solve(problem, more_hours, gap=0).objective >= before * (1 - 1e-6)
    free = len(problem.budgets) == 1 and not problem.forbidden.any()
    if free and problem.count < problem.site_count:
        more = problem.replace(count=problem.count + 1)
        assert solve(more, model, gap=0).objective >= before * (1 - 1e-6)
