"""Every location model against brute force, two solvers, itself in a mirror, and liars."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optimizer.errors import InfeasibleError, InputError, SolverError
from optimizer.siting import (
    BackupCovering,
    CapacitatedCovering,
    ExpectedCovering,
    FlooredCovering,
    MaximalCovering,
    Model,
    PCenter,
    PMedian,
    ScenarioCovering,
    SetCovering,
    SitingProblem,
    Step,
    graded_problem,
    greedy_sites,
    reach_within,
    solve,
)
from optimizer.siting.by_formulation import solve_formulation
from optimizer.siting.proof import Proof
from optimizer.solvers import CpSatBackend, HighsBackend, Status

from .liars import Liar
from .small_problems import best_by_brute_force, problem_of, problems
from .small_times import timed, timed_problems

SITES = 6
CLOSE = 5e-6
BOTH_SOLVERS = [HighsBackend, CpSatBackend]


class Case(NamedTuple):
    problem: SitingProblem
    model: Model


def examples(count: int):
    return settings(max_examples=count, suppress_health_check=list(HealthCheck))


# The models, each with problems that suit it.


def plain(model: Model, *, whole: bool = False):
    drawn = problems(most_sites=SITES, whole=whole)
    return drawn.map(lambda problem: Case(problem, model))


def with_times(model: Model):
    return timed_problems().map(lambda problem: Case(problem, model))


@st.composite
def tiered(draw) -> Case:
    """Each point has the standard of its tier; many ways are exactly as long as one."""
    problem = draw(timed_problems())
    standard = st.sampled_from([0.0, 10.0, 30.0, 60.0])
    size = problem.point_count
    standards = np.array(draw(st.lists(standard, min_size=size, max_size=size)))
    indptr, demand = reach_within(
        problem.indptr, problem.demand, problem.travel_s.round(-1), standards
    )
    return Case(problem.replace(indptr=indptr, demand=demand, travel_s=[]), MaximalCovering())


@st.composite
def graded(draw) -> Case:
    """Within 20 s a call counts in full, within 40 s by half."""
    problem = draw(timed_problems())
    fields = {field.name: getattr(problem, field.name) for field in dataclasses.fields(problem)}
    reach = [fields.pop(name) for name in ("indptr", "demand", "travel_s", "weight")]
    split = graded_problem(*reach, [Step(20, 1.0), Step(40, 0.5)], **fields)
    return Case(split.problem, MaximalCovering())


@st.composite
def capacitated(draw) -> Case:
    problem = draw(problems(most_sites=SITES, whole=True))
    n, m = problem.point_count, problem.site_count
    hours = draw(st.lists(st.integers(0, 9), min_size=n, max_size=n))
    capacity = draw(st.lists(st.integers(1, 40), min_size=m, max_size=m))
    return Case(problem, CapacitatedCovering(hours, capacity))


@st.composite
def floored(draw) -> Case:
    problem = draw(problems(most_sites=SITES, whole=True))
    n = problem.point_count
    district = draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n))
    share = st.sampled_from([0.0, 0.25, 0.5])
    return Case(problem, FlooredCovering(district, draw(st.lists(share, min_size=3, max_size=3))))


@st.composite
def in_scenarios(draw, by: str, *, in_shares: bool) -> Case:
    problem = draw(problems(most_sites=SITES))
    n, s = problem.point_count, draw(st.integers(1, 3))
    weights = draw(
        st.lists(st.lists(st.integers(0, 30), min_size=n, max_size=n), min_size=s, max_size=s)
    )
    weights = np.array(weights, dtype=float)
    weights[:, 0] += 1
    return Case(problem, ScenarioCovering(weights, by, in_shares))


CASES = {
    "mclp": plain(MaximalCovering()),
    "mclp tiered": tiered(),
    "mclp graded": graded(),
    "lscp": plain(SetCovering()),
    "bacop1": plain(BackupCovering("bacop1")),
    "bacop2": plain(BackupCovering("bacop2", first_share=0.75)),
    "mexclp": plain(ExpectedCovering(0.4, units_per_site=2)),
    "mexclp shifts": plain(ExpectedCovering(((0.75, 0.25), (0.25, 0.5)), units_per_site=1)),
    "capacitated": capacitated(),
    "floor": floored(),
    "mean share": in_scenarios("mean", in_shares=True),
    "worst share": in_scenarios("worst", in_shares=True),
    "worst weight": in_scenarios("worst", in_shares=False),
    "p-median": with_times(PMedian()),
    "p-center": with_times(PCenter()),
}
every_model = pytest.mark.parametrize("cases", CASES.values(), ids=CASES.keys())


# What is known about them without any method of ours.


def plans_of(case: Case) -> Iterator[tuple[int, ...]]:
    """Every plan that keeps the rules; a site with k units appears k times."""
    problem, model = case
    choose, sizes = itertools.combinations, [problem.count]
    if isinstance(model, SetCovering):
        sizes = list(range(problem.site_count + 1))
    if isinstance(model, (BackupCovering, ExpectedCovering)):
        choose = itertools.combinations_with_replacement
    for size in sizes:
        for sites in choose(range(problem.site_count), size):
            if not model.broken_rules(problem, sites):
                yield sites


def best_of(case: Case) -> float | None:
    """The best value of all plans; None: there is no plan, or none that serves anybody."""
    problem, model = case
    best = max if model.sense == "max" else min
    value = best((model.value(problem, sites) for sites in plans_of(case)), default=math.inf)
    return value if math.isfinite(value) and not model.clashes(problem) else None


def sign_of(model: Model) -> float:
    return 1.0 if model.sense == "max" else -1.0


def close_to(value: float):
    return pytest.approx(value, rel=CLOSE, abs=CLOSE)


def rewritten(case: Case, sites: list[int], source: list[int], share: list[float]) -> Case:
    """The same case with sites in this order; point k is `share[k]` of the old `source[k]`."""
    problem, model = case
    m, n = problem.site_count, problem.point_count
    site = np.repeat(np.arange(m), np.diff(problem.indptr))
    way = np.full((m, n), np.nan)
    way[site, problem.demand] = problem.travel_s if len(problem.travel_s) else 0.0
    way = way[np.ix_(sites, source)]
    there = ~np.isnan(way)
    changed = problem.replace(
        indptr=np.concatenate(([0], np.cumsum(there.sum(axis=1)))),
        demand=np.nonzero(there)[1],
        travel_s=way[there] if len(problem.travel_s) else [],
        weight=problem.weight[source] * share,
        demand_ids=np.arange(len(source)).astype(object),
        **{
            name: getattr(problem, name)[sites]
            for name in ("site_ids", "region", "keep", "forbidden", "previous")
        },
    )
    match model:
        case CapacitatedCovering():
            hours = model.workload_h[source] * share
            model = CapacitatedCovering(hours, model.capacity_h[sites])
        case FlooredCovering():
            model = FlooredCovering(model.district[source], model.least_share)
        case ScenarioCovering():
            model = ScenarioCovering(model.weights[:, source] * share, model.by, model.in_shares)
    return Case(changed, model)


# The properties.


@every_model
@given(data=st.data())
@examples(20)
def test_brute_force_own_methods_and_both_solvers_agree(cases, data):
    """CP-SAT finds the best plan too, but its bound on sums of fractions may stay loose."""
    case = data.draw(cases)
    best = best_of(case)
    assume(best is not None)
    sign = sign_of(case.model)
    for backend in (None, *BOTH_SOLVERS):
        plan = solve(*case, gap=0, backend=backend)
        assert plan.objective == close_to(best), backend
        room = sign * (plan.bound - best) / max(1, abs(best))
        assert room >= -CLOSE, backend
        if backend is not CpSatBackend or case.model.is_whole(case.problem):
            assert (plan.status, room <= CLOSE) == ("optimal", True), backend


@every_model
@given(data=st.data())
@examples(10)
def test_where_no_plan_exists_all_say_so(cases, data):
    """Three in four sites are forbidden, so that few plans are left or none."""
    problem, model = data.draw(cases)
    few = np.arange(problem.site_count) % 4 > 0
    case = Case(problem.replace(forbidden=few, keep=[], max_moves=None), model)
    assume(next(plans_of(case), None) is None)
    for backend in (None, *BOTH_SOLVERS):
        with pytest.raises(InfeasibleError):
            solve(*case, gap=0, backend=backend)


@every_model
@given(data=st.data())
@examples(10)
def test_neither_order_nor_splitting_nor_merging_of_demand_matters(cases, data):
    """Sites and points are shuffled and some points split in a quarter and three; or unsplit."""
    case = data.draw(cases)
    assume(best_of(case) is not None)
    n = case.problem.point_count
    split = data.draw(st.sets(st.integers(0, n - 1), max_size=3))
    pieces = [(j, 1.0) for j in range(n) if j not in split]
    pieces += [(j, part) for j in split for part in (0.25, 0.75)]
    source, share = zip(*data.draw(st.permutations(pieces)), strict=True)
    sites = data.draw(st.permutations(range(case.problem.site_count)))
    changed = rewritten(case, sites, list(source), list(share))
    one, other = solve(*case, gap=0), solve(*changed, gap=0)
    assert other.objective == close_to(one.objective)
    back = [sites[i] for i in other.sites]
    assert case.model.value(case.problem, back) == close_to(one.objective)


@every_model
@given(data=st.data(), factor=st.sampled_from([1e-3, 0.3, 7.0, 1e5]))
@examples(10)
def test_the_unit_of_demand_does_not_matter(cases, data, factor):
    """Weights in another unit leave a plan best; its worth scales, or stays if it is a share."""
    case = data.draw(cases)
    best = best_of(case)
    assume(best is not None)
    every_site, every_point = range(case.problem.site_count), range(case.problem.point_count)
    scaled = rewritten(case, list(every_site), list(every_point), [factor] * len(every_point))
    if isinstance(case.model, CapacitatedCovering):
        scaled = scaled._replace(model=case.model)
    shares = isinstance(case.model, ScenarioCovering) and case.model.in_shares
    stays = shares or isinstance(case.model, (SetCovering, PCenter))
    expected = best if stays else factor * best
    plan = solve(*scaled, gap=0)
    assert plan.objective == pytest.approx(expected, rel=CLOSE, abs=CLOSE * factor)
    assert case.model.value(case.problem, plan.sites) == close_to(best)


@pytest.mark.parametrize("model", [PMedian(), PCenter()], ids=lambda model: model.name)
@given(problem=timed_problems(), factor=st.sampled_from([1e-3, 0.3, 7.0, 1e5]))
@examples(20)
def test_the_unit_of_time_does_not_matter(model, problem, factor):
    best = best_of(Case(problem, model))
    assume(best is not None)
    plan = solve(problem.replace(travel_s=factor * problem.travel_s), model, gap=0)
    assert plan.objective == pytest.approx(factor * best, rel=CLOSE, abs=CLOSE * factor)


@every_model
@given(data=st.data())
@examples(10)
def test_a_further_platform_or_a_rule_less_is_never_worse(cases, data):
    problem, model = case = data.draw(cases)
    assume(best_of(case) is not None)
    usable = np.bincount(problem.region[~problem.forbidden], minlength=len(problem.budgets))
    room = np.flatnonzero(problem.budgets < usable)
    wider = [problem.replace(keep=[], forbidden=[], max_moves=None)]
    if room.size:
        budgets = problem.budgets + (np.arange(len(usable)) == room[0])
        wider.append(problem.replace(budgets=budgets, count=problem.count + 1))
    before = solve(*case, gap=0).objective
    for easier in wider:
        better = sign_of(model) * (solve(easier, model, gap=0).objective - before)
        assert better >= -CLOSE * max(1, abs(before))


@every_model
@given(data=st.data())
@examples(6)
def test_without_time_nothing_false_is_claimed(cases, data):
    """The clock runs out at once: a plan that keeps the rules, and a bound above the best."""
    case = data.draw(cases)
    best = best_of(case)
    assume(best is not None)
    sign = sign_of(case.model)
    try:
        plan = solve(*case, gap=0, time_limit_s=0.0)
    except InfeasibleError as caught:
        assert "allow more time" in str(caught)  # noqa: PT017  whichever of the two it is
        return
    assert case.model.broken_rules(case.problem, plan.sites) == []
    assert sign * plan.objective <= sign * best + CLOSE * max(1, abs(best))
    assert sign * plan.bound >= sign * best - CLOSE * max(1, abs(best))
    assert (plan.status == "optimal") == (plan.gap == 0)


@given(problem=problems(rules=False))
@examples(100)
def test_greed_covers_at_least_1_minus_1_over_e_of_the_best(problem):
    """Nemhauser, Wolsey & Fisher 1978, doi:10.1007/BF01588971."""
    best = best_by_brute_force(problem)
    assert problem.covered_weight(greedy_sites(problem)) >= (1 - 1 / math.e) * best


# Liars: on one small town for each model, where the best plan is known.

TOWN = problem_of([{0, 1}, {1, 2}, {2, 3}, {0, 3}], [5, 4, 6, 3], 2)
TOWN_TIMES = timed(
    [{0: 9, 1: 2, 2: 8, 3: 7}, {0: 6, 1: 3, 2: 4, 3: 9}, {0: 5, 1: 6, 2: 1, 3: 3}],
    [5, 4, 6, 3], 2,
)  # fmt: skip
TOWNS = {
    "mclp": Case(TOWN, MaximalCovering()),
    "lscp": Case(TOWN, SetCovering()),
    "bacop1": Case(TOWN.replace(count=3), BackupCovering("bacop1")),
    "bacop2": Case(TOWN, BackupCovering("bacop2", first_share=0.5)),
    "mexclp": Case(TOWN, ExpectedCovering(0.3, units_per_site=2)),
    "capacitated": Case(TOWN, CapacitatedCovering([2, 2, 2, 2], [3, 2, 4, 2])),
    "floor": Case(TOWN, FlooredCovering([0, 0, 1, 1], [0.4, 0.3])),
    "mean": Case(TOWN, ScenarioCovering([[5, 4, 6, 3], [1, 9, 1, 1]])),
    "worst": Case(TOWN, ScenarioCovering([[5, 4, 6, 3], [1, 9, 1, 1]], "worst")),
    "p-median": Case(TOWN_TIMES, PMedian()),
    "p-center": Case(TOWN_TIMES, PCenter()),
}
every_town = pytest.mark.parametrize("case", TOWNS.values(), ids=TOWNS.keys())


def told_better(told, sign: float) -> float:
    """A claim that is better than what the plan is worth."""
    return told.objective + sign * (1 + abs(told.objective))


def told_worse(told, sign: float) -> float:
    return told.objective - sign * 0.5 * (0.01 + abs(told.objective))


@every_town
@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        ("nothing is possible", "calls a problem infeasible"),
        ("nothing is better", "says that no plan is better"),
        ("the plan is better", "claims to reach"),
        ("everything opens", "breaks the rules|claims to reach"),
        ("nothing opens", "breaks the rules|claims to reach"),
    ],
)
def test_a_lying_solver_is_caught(case, lie, sentence):
    """The best plan is at hand before; the liar solves the model and changes its story."""
    problem, model = case
    sign = sign_of(model)
    changes = {
        "nothing is possible": {"status": Status.INFEASIBLE},
        "nothing is better": {"bound": lambda told: told_worse(told, sign)},
        "the plan is better": {"objective": lambda told: told_better(told, sign)},
        "everything opens": {
            "values": lambda told: dict.fromkeys(told.values, 1.0),
            "objective": lambda told: told_better(told, sign),
        },
        "nothing opens": {
            "values": lambda told: dict.fromkeys(told.values, 0.0),
            "objective": lambda told: told_better(told, sign),
        },
    }[lie]
    proof = Proof(problem, model, 0.0, 60.0, None)
    proof.offer(max(plans_of(case), key=lambda sites: sign * model.value(problem, sites)))
    with pytest.raises(SolverError, match=sentence):
        solve_formulation(proof, 0, Liar(**changes))


@every_town
def test_a_solver_that_contradicts_its_own_plan_is_caught(case):
    """No plan is at hand before: only the liar's own plan can give it away."""
    sign = sign_of(case.model)
    for changes in (
        {"bound": lambda told: told_worse(told, sign)},
        {"objective": lambda told: told_better(told, sign)},
        {
            "values": lambda told: dict.fromkeys(told.values, 0.0),
            "objective": lambda told: told_better(told, sign),
        },
    ):
        with pytest.raises(SolverError):
            solve(*case, gap=0, backend=lambda changes=changes: Liar(**changes))


@every_town
def test_a_silent_solver_leaves_the_plan_as_it_was(case):
    problem, model = case
    silent = {"status": Status.UNKNOWN, "objective": None, "bound": None, "gap": None, "values": {}}
    plan = next(plans_of(case))
    proof = Proof(problem, model, 0.0, 60.0, None)
    proof.offer(plan)
    solve_formulation(proof, 0, Liar(**silent))
    assert (proof.sites.tolist(), proof.found, proof.is_good()) == ([*plan], True, False)


# What makes no sense is told at the door, by every model and in the same words.


@every_town
def test_every_model_refuses_a_problem_without_demand(case):
    nobody = case.problem.replace(
        indptr=np.zeros_like(case.problem.indptr), demand=[], travel_s=[], weight=[], demand_ids=[]
    )
    with pytest.raises((InputError, InfeasibleError), match="no demand point"):
        solve(nobody, case.model)


@every_town
def test_every_model_refuses_demand_that_is_all_zero_or_out_of_reach(case):
    """Scenarios bring weights of their own, so only their reach can be wrong."""
    problem, model = case
    unreached = problem.replace(indptr=np.zeros_like(problem.indptr), demand=[], travel_s=[])
    with pytest.raises((InputError, InfeasibleError)) as caught:
        solve(unreached, model)
    assert any(
        way_out in str(caught.value)
        for way_out in (
            "lengthen",
            "add candidate sites",
            "hand in",
            "lower its floor",
            "leave out",
        )
    )
    if not isinstance(model, ScenarioCovering):
        with pytest.raises((InputError, InfeasibleError), match="weight"):
            solve(problem.replace(weight=np.zeros(problem.point_count)), model)


@every_town
@pytest.mark.parametrize("weight", [np.nan, -1.0, np.inf])
def test_every_model_refuses_senseless_weights_and_times(case, weight):
    problem = case.problem
    with pytest.raises(InputError, match=f"'D1' has weight {weight}.*finite and at least 0"):
        problem.replace(weight=[1, weight, 1, 1])
    if len(problem.travel_s):
        times = problem.travel_s.copy()
        times[1] = weight
        with pytest.raises(InputError, match=f"'S0' to demand point 'D1' takes {weight} s"):
            problem.replace(travel_s=times)


@every_town
def test_every_model_refuses_no_platform_and_more_than_there_are_sites(case):
    problem, model = case
    if isinstance(model, SetCovering):  # here the number is the answer
        return
    with pytest.raises(InputError, match="count = 0 is no number of platforms: give 1 or more"):
        solve(problem.replace(count=0), model)
    with pytest.raises(InfeasibleError, match=r"99 platforms .* lower the number to"):
        solve(problem.replace(count=99), model)
