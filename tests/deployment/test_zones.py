"""Key patrol zones against hands, trying everything out, and a second solver."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from optimizer.deployment.zone_problem import Zone, ZoneProblem
from optimizer.deployment.zone_program import HOURS_SHARE
from optimizer.deployment.zone_search import MOST_HOTSPOTS
from optimizer.deployment.zones import GAP, choose_zones
from optimizer.errors import SolverError
from optimizer.solvers import HighsBackend
from tests.siting.liars import Liar

MINUTE = 60.0


def row_of(minutes: list[float], preventable: list[float], **rules: float) -> ZoneProblem:
    """Hotspots along one street, at these minutes from its beginning.

    A stop takes 12 minutes, a round 96, twelve rounds are made a day, and hotspots of a zone are at
    most 5 minutes apart.
    """
    at = np.array(minutes)
    defaults = {"count": 1, "across_s": 5 * MINUTE, "dwell_s": 12 * MINUTE, "round_s": 96 * MINUTE,
                "rounds_per_day": 12.0, "hours_per_day": np.inf}  # fmt: skip
    ways_s = MINUTE * np.abs(at[:, None] - at[None, :])
    return ZoneProblem(np.array(preventable), ways_s, **(defaults | rules))  # type: ignore[arg-type]


def every_zone(problem: ZoneProblem) -> list[Zone]:
    """List all sets that may be a zone; their rounds by trying every order."""
    near = np.maximum(problem.travel_s, problem.travel_s.T) <= problem.across_s
    return [
        zone
        for size in range(1, min(MOST_HOTSPOTS, len(problem.preventable)) + 1)
        for zone in itertools.combinations(range(len(problem.preventable)), size)
        if near[np.ix_(zone, zone)].all() and round_s(problem, zone) <= problem.round_s
    ]


def round_s(problem: ZoneProblem, zone: Zone) -> float:
    way_s = min(
        sum(problem.travel_s[a, b] for a, b in itertools.pairwise((zone[0], *rest, zone[0])))
        for rest in itertools.permutations(zone[1:])
    )
    return len(zone) * problem.dwell_s + (way_s if len(zone) > 1 else 0.0)


def best_by_trying(problem: ZoneProblem) -> float:
    """What zones can prevent at most, by trying every choice of them."""
    zones = every_zone(problem)
    hours = [problem.rounds_per_day * round_s(problem, zone) / 3600 for zone in zones]

    def most(start: int, used: frozenset[int], left: int, hours_left: float) -> float:
        found = 0.0
        for at in range(start, len(zones)) if left else ():
            if used.isdisjoint(zones[at]) and hours[at] <= hours_left * (1 + 1e-9):
                more = most(at + 1, used | set(zones[at]), left - 1, hours_left - hours[at])
                found = max(found, float(problem.preventable[list(zones[at])].sum()) + more)
        return found

    return most(0, frozenset(), problem.count, problem.hours_per_day)


@st.composite
def problems(draw: st.DrawFn) -> ZoneProblem:
    """Up to seven hotspots in a small town whose streets are partly one way round."""
    count = draw(st.integers(0, 7))
    whole = st.integers(0, 12)
    east, north = (np.array(draw(st.lists(whole, min_size=count, max_size=count)), float)
                   for _ in range(2))  # fmt: skip
    ways = np.abs(east[:, None] - east) + np.abs(north[:, None] - north)
    detour = draw(st.sampled_from([0.0, 0.5, 1.0]))
    ways += detour * np.maximum(0.0, east - east[:, None])  # eastward is the longer way
    value = draw(st.lists(st.integers(0, 60), min_size=count, max_size=count))
    return ZoneProblem(
        np.array(value, float), MINUTE * ways, across_s=MINUTE * draw(st.sampled_from([3, 5, 9])),
        dwell_s=MINUTE * draw(st.sampled_from([5, 12])), round_s=MINUTE * 48, rounds_per_day=24.0,
        count=draw(st.integers(1, 3)),
        hours_per_day=draw(st.sampled_from([np.inf, 3.0, 9.0, 20.0])),
    )  # fmt: skip


def test_the_street_with_most_is_the_zone() -> None:
    """Two crowds, ten minutes from each other; the one with the larger sum is taken whole."""
    problem = row_of([0, 1, 2, 12, 13], [30, 30, 30, 50, 35])
    choice = choose_zones(problem)
    assert choice.zones == ((0, 1, 2),)
    assert choice.prevented == 90
    assert choice.status == "optimal"
    assert problem.zone_hours((0, 1, 2)) == pytest.approx(12 * (3 * 12 + 4) / 60)
    both = choose_zones(row_of([0, 1, 2, 12, 13], [30, 30, 30, 50, 35], count=2))
    assert both.zones == ((0, 1, 2), (3, 4))


def test_no_two_hotspots_of_a_zone_are_too_far_apart() -> None:
    """Each is five minutes from the next one, which is as far as it may be, and no further."""
    exactly = row_of([0, 5, 10], [10, 10, 10])
    assert len(choose_zones(exactly).zones[0]) == 2
    beyond = row_of([0, 5.01, 10.02], [10, 11, 10])
    assert choose_zones(beyond).zones == ((1,),)


def test_both_ways_of_a_one_way_street_count() -> None:
    problem = row_of([0, 1], [10, 10])
    there = problem.travel_s.copy()
    there[1, 0] = 6 * MINUTE
    one_way = ZoneProblem(problem.preventable, there, 300.0, 720.0, 5760.0, 12.0, 1, np.inf)
    assert len(choose_zones(one_way).zones[0]) == 1


def test_a_round_must_fit_into_its_time() -> None:
    """Seven stops of 12 minutes leave 12 minutes of 96 for the way; eight leave none."""
    seven = row_of([0, 1, 2, 3, 4, 5, 5], [1] * 7)
    assert len(choose_zones(seven).zones[0]) == 7
    eight = row_of([0, 1, 2, 3, 4, 5, 5, 5], [1] * 8)
    assert len(choose_zones(eight).zones[0]) == 7
    assert len(choose_zones(row_of([0] * 8, [1] * 8)).zones[0]) == 8


def test_short_rounds_settle_ties() -> None:
    """All four can be had in two zones; neighbours belong together."""
    choice = choose_zones(row_of([0, 4, 1, 5], [10, 10, 10, 10], count=2, round_s=30 * MINUTE))
    assert sorted(choice.zones) == [(0, 2), (1, 3)]


def test_hours_limit_the_zones() -> None:
    """A single hotspot takes 2.4 hours a day: with 5 hours two, and not the pair further apart."""
    problem = row_of([0, 30, 34], [10, 9, 8], count=3, hours_per_day=5.0)
    choice = choose_zones(problem)
    assert choice.prevented == 19
    assert sum(map(problem.zone_hours, choice.zones)) <= 5.0


@pytest.mark.parametrize(
    ("minutes", "preventable", "rules"),
    [([], [], {}), ([0, 1], [0, 0], {}), ([0], [5], {"hours_per_day": 2.3}),
     ([0], [5], {"dwell_s": 97 * MINUTE})],
    ids=["no hotspot", "nothing to prevent", "too few hours", "no round is short enough"],
)  # fmt: skip
def test_nothing_to_gather(
    minutes: list[float], preventable: list[float], rules: dict[str, float]
) -> None:
    choice = choose_zones(row_of(minutes, preventable, **rules))
    assert (choice.zones, choice.prevented, choice.bound) == ((), 0.0, 0.0)
    assert choice.status == "optimal"


@given(problems())
@settings(max_examples=150)
def test_nothing_better_is_found_by_trying(problem: ZoneProblem) -> None:
    choice = choose_zones(problem)
    best = best_by_trying(problem)
    assert problem.broken_rules(choice.zones) == []
    assert best * (1 - HOURS_SHARE) - 1e-9 <= choice.prevented <= best + 1e-9
    assert choice.bound >= best - 1e-6
    assert choice.status == "optimal"
    for zone in choice.zones:
        assert problem.zone_round_s(zone) == pytest.approx(round_s(problem, zone))


def town(seed: int, hotspots: int, **rules: float) -> ZoneProblem:
    """Hotspots strewn over 4 by 4 km, a few of them far heavier than the others."""
    rng = np.random.default_rng(seed)
    x_m, y_m = rng.uniform(0, 4000, (2, hotspots))
    ways_s = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m) / 8.0
    value = np.rint(40 * rng.pareto(1.5, hotspots) + 5)
    defaults = {"count": 4, "across_s": 240.0, "dwell_s": 720.0, "round_s": 5760.0,
                "rounds_per_day": 12.0, "hours_per_day": np.inf}  # fmt: skip
    return ZoneProblem(value, ways_s, **(defaults | rules))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
def test_a_second_solver_agrees(seed: int) -> None:
    """CP-SAT on all zones of fourteen hotspots, written down here once more."""
    problem = town(seed, 14, across_s=150.0, count=3, hours_per_day=25.0 if seed % 2 else np.inf)
    zones = every_zone(problem)
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in zones]
    for hotspot in range(14):
        model.add_at_most_one(
            one for one, zone in zip(taken, zones, strict=True) if hotspot in zone
        )
    model.add(sum(taken) <= problem.count)
    if np.isfinite(problem.hours_per_day):
        seconds = [int(np.ceil(1000 * problem.zone_hours(zone))) for zone in zones]
        most = int(1000 * problem.hours_per_day)
        model.add(sum(s * one for s, one in zip(seconds, taken, strict=True)) <= most)
    model.maximize(sum(int(problem.prevented([zone])) * one
                       for zone, one in zip(zones, taken, strict=True)))  # fmt: skip
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    assert solver.solve(model) == cp_model.OPTIMAL
    choice = choose_zones(problem)
    assert choice.prevented == pytest.approx(solver.objective_value, rel=HOURS_SHARE)
    assert choice.bound >= solver.objective_value - 1e-6


def test_more_zones_or_hours_never_prevent_less() -> None:
    by_count = [choose_zones(town(1, 30, count=count)) for count in (1, 2, 4, 8, 16)]
    by_hours = [choose_zones(town(1, 30, hours_per_day=hours)) for hours in (3.0, 8.0, 20.0, 60.0)]
    for choices in (by_count, by_hours):
        for less, more in itertools.pairwise(choices):
            assert more.bound >= less.prevented
            assert more.prevented >= less.prevented * (1 - GAP)


def test_many_hotspots_are_settled_all_the_same() -> None:
    """Eighty hotspots have too many zones to list; prices find those that matter."""
    choice = choose_zones(town(5, 80, count=6))
    assert choice.status == "optimal"
    assert choice.bound >= choice.prevented >= (1 - GAP) * choice.bound
    assert choose_zones(town(5, 80, count=6)) == choice, "the same question, the same answer"


def test_the_best_zone_comes_first() -> None:
    problem = town(2, 30)
    held = [problem.prevented([zone]) for zone in choose_zones(problem).zones]
    assert held == sorted(held, reverse=True)


def test_a_lying_solver_is_found_out() -> None:
    """It opens every zone that was looked at, whatever overlaps."""
    everything = Liar(values=lambda outcome: dict.fromkeys(outcome.values, 1.0))
    with pytest.raises(SolverError, match="in two zones"):
        choose_zones(town(3, 12), backend=lambda: everything)


def test_the_default_solver_is_highs() -> None:
    assert choose_zones(town(3, 12)) == choose_zones(town(3, 12), backend=HighsBackend)
