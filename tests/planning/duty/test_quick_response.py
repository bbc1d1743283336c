"""Points between the platforms: by hand, by trying everything out, and by a second solver."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from optimizer.errors import InputError, SolverError
from optimizer.planning import input_hashes, plan_quick_response, read_inputs, site_rules
from optimizer.planning.duty import quick_response
from optimizer.planning.duty.standing_places import that_differ
from optimizer.roads import TravelTimes
from optimizer.study import read_study

from .conftest import Town


def plan_of(town: Town, count: int | str, platforms: str, candidates: str = "roads"):
    asked = town.with_sections(quick_response={"count": count, "candidates": candidates})
    found = plan_quick_response(asked.study, asked.inputs, asked.rules, *asked.force(platforms))
    assert found is not None
    return found


def holes_and_sites(town: Town, platforms: str) -> tuple[np.ndarray, np.ndarray, float]:
    """Which holes each road node closes, their weights, and what the platforms cover."""
    inside = town.reached(town.nodes(platforms)).any(axis=0)
    weight = town.inputs.demand.weight
    everywhere = np.arange(town.inputs.network.node_count)
    return town.reached(everywhere)[:, ~inside], weight[~inside], float(weight[inside].sum())


def fewest(closes: np.ndarray) -> int:
    """Fewest sites that close all that any site closes, by trying."""
    closable = closes[:, closes.any(axis=0)]
    sizes = range(len(closes) + 1)
    return next(size for size in sizes for some in itertools.combinations(closable, size)
                if np.logical_or.reduce(some, axis=0, initial=False).all())  # fmt: skip


def test_one_point_closes_the_heaviest_hole(town: Town) -> None:
    """The platform at b4 reaches 10 + 11 + 12 calls of 78; b1 closes the next 7 + 8 + 9."""
    plan = plan_of(town, 1, "b4")
    (point,) = plan.points
    assert town.inputs.network.node_ids[point.node] == "b1"
    assert (point.point_id, point.closes_weight, point.closes_calls_per_year) == ("Q01", 24, 24)
    assert point.parent_platform == "P01"
    assert plan.before_share == pytest.approx(33 / 78)
    assert plan.after_share == plan.bound_share == pytest.approx(57 / 78)
    assert plan.closable_share == 1.0
    assert (plan.status, plan.vehicle, plan.least_points) == ("optimal", "motorcycle", 0)


def test_all_is_the_fewest_points_heaviest_first(town: Town) -> None:
    """The three holes b0-b2, a3-a5 and a0-a2 of three junctions each take three points."""
    plan = plan_of(town, "all", "b4")
    closes = [point.closes_weight for point in plan.points]
    assert closes == [24, 15, 6]
    assert plan.after_share == plan.bound_share == 1.0
    assert (plan.status, plan.least_points) == ("optimal", 3)


def test_no_more_points_than_are_needed(town: Town) -> None:
    """Nine are asked for, three close everything."""
    assert [p.node for p in plan_of(town, 9, "b4").points] == [
        p.node for p in plan_of(town, "all", "b4").points
    ]


def test_no_hole_takes_no_point(town: Town) -> None:
    for count in (3, "all"):
        plan = plan_of(town, count, "a1 a4 b1 b4")
        assert plan.points == ()
        assert plan.before_share == plan.after_share == plan.bound_share == 1.0
        assert plan.status == "optimal"


def test_a_hole_that_no_place_closes_stays_open(town: Town) -> None:
    """Points are to stand where platforms may: here nowhere but at a0."""
    only = town.rules.sites.node == town.nodes("a0")[0]
    closed = dataclasses.replace(town, rules=dataclasses.replace(town.rules, forbidden=~only))
    plan = plan_of(closed, "all", "b4", candidates="platforms")
    assert [closed.inputs.network.node_ids[p.node] for p in plan.points] == ["a0"]
    assert plan.closable_share == plan.after_share == pytest.approx((33 + 3) / 78)
    assert plan_of(closed, "all", "b4").after_share == 1.0
    nowhere = dataclasses.replace(
        town, rules=dataclasses.replace(town.rules, forbidden=np.ones(len(only), dtype=bool))
    )
    plan = plan_of(nowhere, "all", "b4", candidates="platforms")
    assert (plan.points, plan.after_share) == ((), plan.before_share)


def read_town(path: Path) -> Town:
    study = read_study(path)
    inputs = read_inputs(study)
    return Town(study, inputs, site_rules(study, inputs))


@pytest.fixture
def listing(write_town: Callable[[str], Path]) -> Callable[[list[str]], Path]:
    """Write a town whose points may stand at the places of a table."""

    def write(rows: list[str]) -> Path:
        path = write_town('[quick_response]\ncount = "all"\ncandidates = "stands.csv"\n')
        (path.parent / "stands.csv").write_text("\n".join(["id,x,y", *rows]), encoding="utf-8")
        return path

    return write


def test_points_stand_at_the_listed_places(listing: Callable[[list[str]], Path]) -> None:
    """S and T stand for one junction, a1; no other place is listed."""
    town = read_town(listing(["S,600,10", "T,610,0"]))
    plan = plan_quick_response(town.study, town.inputs, town.rules, *town.force("b4"))
    assert plan is not None
    assert [town.inputs.network.node_ids[p.node] for p in plan.points] == ["a1"]
    assert plan.after_share == plan.closable_share == pytest.approx((33 + 1 + 2 + 3) / 78)
    assert town.study.path.with_name("stands.csv").name in input_hashes(town.study)


def test_listed_places_far_from_the_roads_are_a_fault(
    listing: Callable[[list[str]], Path],
) -> None:
    with pytest.raises(InputError, match=r"stands\.csv: 1 standing place lies more than .*Z "):
        read_inputs(read_study(listing(["S,600,10", "Z,9000,9000"])))


@pytest.fixture
def city(small_study: Path) -> Town:
    return read_town(small_study)


def heart_of(city: Town) -> str:
    """The junction with the most demand."""
    demand = city.inputs.demand
    return str(city.inputs.network.node_ids[demand.node[demand.weight.argmax()]])


@pytest.mark.xdist_group("small-study")
def test_forbidden_ground_holds_for_points_too(city: Town, tmp_path: Path) -> None:
    """The western half of the small city is closed to platforms and points alike."""
    network, heart = city.inputs.network, heart_of(city)
    middle = float(np.median(network.x_m))
    west = shapely.box(network.x_m.min() - 9, network.y_m.min() - 9, middle, network.y_m.max() + 9)
    gpd.GeoDataFrame(geometry=[west], crs=network.crs).to_file(tmp_path / "west.gpkg")
    assert city.study.settings.platforms is not None
    platforms = city.study.settings.platforms.model_dump()
    closed = city.with_sections(platforms=platforms | {"forbid": str(tmp_path / "west.gpkg")})
    free, east = (plan_of(town, 6, heart) for town in (city, closed))
    assert min(network.x_m[p.node] for p in east.points) > middle
    assert min(network.x_m[p.node] for p in free.points) < middle
    assert east.after_share < free.after_share


def test_an_unknown_kind_of_place_is_one_fault(write_town: Callable[[str], Path]) -> None:
    with pytest.raises(InputError, match="candidates 5: ") as error:
        read_study(write_town("[quick_response]\ncount = 1\ncandidates = 5\n"))
    assert len(error.value.faults) == 1


TIMES = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=3, max_size=3),
    min_size=1, max_size=8,
)  # fmt: skip


@given(rows=TIMES, standards=st.lists(st.integers(1, 3), min_size=3, max_size=3))
def test_of_places_that_close_the_same_the_soonest_is_kept(
    rows: list[list[int | None]], standards: list[int]
) -> None:
    """Every set of holes that some place closes is closed by exactly one that is kept."""
    listed = [[(hole, s) for hole, s in enumerate(row) if s is not None] for row in rows]
    times = TravelTimes(
        np.cumsum([0, *map(len, listed)]),
        np.array([hole for row in listed for hole, _ in row], np.int32),
        np.array([s for row in listed for _, s in row], np.float32),
    )
    weight = np.array([1.0, 10.0, 100.0])
    kept, indptr, hole = that_differ(times, weight, np.array(standards, float), 0.0)

    def closes(row: list[tuple[int, int]]) -> tuple[int, ...]:
        return tuple(hole for hole, s in row if s <= standards[hole])

    def waits(row: list[tuple[int, int]]) -> float:
        return sum(weight[hole] * s for hole, s in row if s <= standards[hole])

    found = [tuple(hole[a:b].tolist()) for a, b in itertools.pairwise(indptr)]
    assert found == [closes(listed[place]) for place in kept]
    assert sorted(found) == sorted({closes(row) for row in listed} - {()})
    for place in kept:
        same = [row for row in listed if closes(row) == closes(listed[place])]
        assert waits(listed[place]) == min(map(waits, same))


def test_nothing_is_planned_unasked(town: Town) -> None:
    platforms = town.force("b4")
    assert plan_quick_response(town.study, town.inputs, town.rules, *platforms) is None


def test_platforms_that_stand_elsewhere_than_was_said_are_found_out(town: Town) -> None:
    """The coverage is that of b4, the platforms stand at a0: the roads tell."""
    asked = town.with_sections(quick_response={"count": 1})
    platforms, coverage = asked.force("a0")[0], asked.force("b4")[1]
    with pytest.raises(SolverError, match="were said to cover"):
        plan_quick_response(asked.study, asked.inputs, asked.rules, platforms, coverage)


WEIGHTS = st.lists(st.integers(1, 9), min_size=12, max_size=12)
STANDARDS = st.lists(st.sampled_from([30, 60, 90, 150, 151, 210]), min_size=12, max_size=12)


@given(weights=WEIGHTS, standards=STANDARDS, platforms=st.sampled_from(["b4", "a0", "a2 b2"]))
@settings(max_examples=20)
def test_nothing_better_is_found_by_trying(
    town: Town, weights: list[int], standards: list[int], platforms: str
) -> None:
    other = town.with_demand(weight=np.array(weights, float), standard_s=np.array(standards, float))
    closes, weight, before = holes_and_sites(other, platforms)
    total = float(sum(weights))
    shares = []
    for count in (1, 2, 3):
        plan = plan_of(other, count, platforms)
        best = max(
            float(weight[np.logical_or.reduce(some, axis=0)].sum())
            for some in itertools.combinations(closes, count)
        )
        assert plan.after_share == pytest.approx((before + best) / total)
        assert plan.bound_share >= plan.after_share
        assert len(plan.points) <= count
        stands = np.append(other.nodes(platforms), [p.node for p in plan.points]).astype(np.int32)
        assert other.share(stands) == pytest.approx(plan.after_share)
        shares.append(plan.after_share)
    assert shares == sorted(shares)
    everything = plan_of(other, "all", platforms)
    assert len(everything.points) == fewest(closes)
    assert everything.after_share == pytest.approx(everything.closable_share)
    gained = sum(point.closes_weight for point in everything.points)
    assert gained == pytest.approx((everything.after_share - everything.before_share) * total)


def test_a_proof_that_ends_early_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped by the clock, the three points are no longer called the fewest."""
    asked: list[float] = []

    def cut_short(problem, model, *, time_limit_s, **rest):
        asked.append(time_limit_s)
        found = solve(problem, model, time_limit_s=time_limit_s, **rest)
        return dataclasses.replace(found, bound=1.2, status="feasible")

    solve = quick_response.solve
    monkeypatch.setattr(quick_response, "solve", cut_short)
    plan = plan_of(town, "all", "b4")
    assert (len(plan.points), plan.least_points, plan.status) == (3, 2, "feasible")
    assert asked == [20.0]


@pytest.mark.xdist_group("small-study")
def test_a_second_solver_finds_no_fewer_points(city: Town) -> None:
    """The small city with one platform: CP-SAT on reaches found by another library."""
    heart = heart_of(city)
    closes, weight, before = holes_and_sites(city, heart)
    closable = closes.any(axis=0)
    different = np.unique(closes[:, closable], axis=0)
    model = cp_model.CpModel()
    opened = [model.new_bool_var("") for _ in different]
    for row in np.unique(different.T, axis=0):
        model.add_bool_or(opened[site] for site in np.flatnonzero(row))
    model.minimize(sum(opened))
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False
    solver.parameters.max_time_in_seconds = 60
    assert solver.solve(model) == cp_model.OPTIMAL
    plan = plan_of(city, "all", heart)
    assert plan.status == "optimal"
    assert len(plan.points) == solver.objective_value > 3
    total = float(city.inputs.demand.weight.sum())
    assert plan.after_share == pytest.approx((before + weight[closable].sum()) / total)
    few = [plan_of(city, count, heart).after_share for count in (1, 2, 4, 8)]
    assert few == sorted(few)
    assert few[-1] <= plan.after_share
