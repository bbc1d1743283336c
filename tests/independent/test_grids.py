"""The grids of a plan of Minneapolis, read from its layers and worked out again.

Nothing of the package is imported: Shapely reads the polygons, networkx finds ways and parts.
Polygons promise the grid of every junction with calls; one without any may lie beside its grid.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from .city import MINUTES, City, Demand
from .published import Row, column, read_rows
from .workload import DAYS, SHIFTS, YEAR, hours_of

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis")]

VARIANTS = {"grids": "balanced", "grids_nearest": "nearest"}
TOLERANCE = 0.1
Layers = dict[str, gpd.GeoDataFrame]
Owners = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def rows(minneapolis_plan: Path) -> list[Row]:
    return read_rows(minneapolis_plan, "grids.csv")


@pytest.fixture(scope="module")
def hours(work: pd.DataFrame, owners: Owners, away_s: np.ndarray) -> dict[str, np.ndarray]:
    """Hours a day of every platform, in both divisions."""
    return {
        layer: np.bincount(owner[work["node"]], hours_of(work, owner, away_s), len(away_s)) / DAYS
        for layer, owner in owners.items()
    }


@pytest.mark.parametrize("layer", VARIANTS)
def test_polygons_tile_the_ground(layers: Layers, layer: str) -> None:
    """No overlap, no gap, no hole in the whole; ten grids, and none is a sliver."""
    polygons = layers[layer].geometry.to_numpy()
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    whole = shapely.union_all(polygons)
    assert (whole.geom_type, len(whole.interiors)) == ("Polygon", 0)
    assert shapely.area(polygons).sum() == pytest.approx(whole.area, abs=1)
    pieces = shapely.get_parts(polygons)
    assert (shapely.area(shapely.buffer(pieces, -15)) > 0).all(), "a piece narrower than a street"


def test_each_grid_of_the_plan_is_one_piece_without_holes(layers: Layers, summary: dict) -> None:
    """Promised of equal loads only: nearest means nearest, also beyond a motorway."""
    pieces = [shapely.get_parts(polygon) for polygon in layers["grids"].geometry]
    assert [len(own) for own in pieces] == [1] * 10
    assert [len(piece.interiors) for own in pieces for piece in own] == [0] * 10
    told = summary["grids"]
    assert (told["extra_pieces"], told["holes"], told["astray"]) == (0, 0, 0)


@pytest.mark.parametrize("layer", VARIANTS)
def test_the_calls_of_each_piece_are_joined_by_roads(
    layers: Layers, owners: Owners, town: City, planned: Demand, platforms: np.ndarray, layer: str
) -> None:
    """One connected part of the roads for each grid, with its platform and all that it must reach.

    Every node with calls is in the grid of its polygon; the others are given to where they join
    parts, each to one grid.
    """
    owner, roads = owners[layer].copy(), town.graph.to_undirected()
    assert (owner[platforms] == np.arange(len(platforms))).all()
    held = planned.calls > 0
    held[platforms] = True
    joined = join_parts(roads, owner, held, platforms)
    assert joined <= 0.005 * len(owner)
    for grid, seat in enumerate(platforms.tolist()):
        ground = np.flatnonzero(owner == grid).tolist()
        reached = nx.node_connected_component(roads.subgraph(ground), seat)
        assert set(np.flatnonzero((owner == grid) & held).tolist()) <= reached
    for polygon, own in zip(layers[layer].geometry, range(len(platforms)), strict=True):
        places = shapely.points(town.places[held & (owners[layer] == own)])
        assert all(shapely.contains(piece, places).any() for piece in shapely.get_parts(polygon))


def join_parts(roads: nx.Graph, owner: np.ndarray, held: np.ndarray, seats: np.ndarray) -> int:
    """Give nodes that nobody holds to grids whose parts they join; tell how many."""
    free = ~held
    given = 0
    stray = True
    while stray:
        stray = False
        for grid, seat in enumerate(seats.tolist()):
            own = set(np.flatnonzero(owner == grid).tolist())
            main = nx.node_connected_component(roads.subgraph(own), seat)
            lost = [node for node in own - main if held[node]]
            if lost:
                stray = True
                ground = roads.subgraph(own | set(np.flatnonzero(free).tolist()))
                way = [n for n in nx.shortest_path(ground, lost[0], seat) if free[n]]
                given += int((owner[way] != grid).sum())
                owner[way], free[way] = grid, False
    return given


@pytest.mark.parametrize("layer", VARIANTS)
def test_loads_and_travel_of_both_divisions(
    summary: dict, hours: dict, planned: Demand, owners: Owners, away_s: np.ndarray, layer: str
) -> None:
    told = summary["grids"][VARIANTS[layer]]
    load = hours[layer]
    assert told["spread"] == pytest.approx(np.abs(load / load.mean() - 1).max(), abs=2e-6)
    assert [told["least_hours"], told["most_hours"]] == pytest.approx(
        [load.min(), load.max()], abs=0.001
    )
    way_s = away_s[owners[layer], np.arange(away_s.shape[1])]
    assert told["travel_s"] == pytest.approx(np.average(way_s, weights=planned.calls), abs=0.002)
    within = way_s <= [60 * MINUTES[tier] for tier in planned.tier]
    share = planned.weight[within].sum() / planned.weight.sum()
    assert told["covered_share"] == pytest.approx(share, abs=2e-6)
    assert told["bound_s"] <= told["travel_s"]
    assert told["gap"] == pytest.approx(1 - told["bound_s"] / told["travel_s"], abs=2e-5)


def test_balance_keeps_its_tolerance_and_costs_what_is_said(
    summary: dict, hours: dict, minneapolis_plan: Path
) -> None:
    grids = summary["grids"]
    assert (grids["chosen"], grids["asked_tolerance"]) == ("balanced", TOLERANCE)
    assert np.abs(hours["grids"] / hours["grids"].mean() - 1).max() <= TOLERANCE + 1e-6
    cost_s = grids["balanced"]["travel_s"] - grids["nearest"]["travel_s"]
    assert grids["balance_costs_s"] == pytest.approx(cost_s, abs=0.002)
    assert grids["nearest"]["bound_s"] <= grids["balanced"]["bound_s"]
    variants = {row["variant"]: row for row in read_rows(minneapolis_plan, "grid_variants.csv")}
    for name, row in variants.items():
        for key in ("spread", "least_hours", "most_hours", "status"):
            assert row[key] == str(grids[name][key])
        assert float(row["travel_minutes"]) == pytest.approx(
            grids[name]["travel_s"] / 60, abs=0.001
        )
        assert row["plan"] == str(int(name == "balanced"))


def test_nearest_means_nearest(
    summary: dict, planned: Demand, owners: Owners, away_s: np.ndarray
) -> None:
    """It is told to be optimal, so that every call goes to who is there first."""
    held = np.flatnonzero(planned.calls)
    own_s = away_s[owners["grids_nearest"][held], held]
    assert summary["grids"]["nearest"]["status"] == "optimal"
    assert own_s == pytest.approx(away_s[:, held].min(axis=0), abs=0.001)


def test_rows_of_grids(
    rows: list[Row],
    layers: Layers,
    hours: dict,
    work: pd.DataFrame,
    owners: Owners,
    plan_rows: list[Row],
) -> None:
    assert [row["platform_id"] for row in rows] == [row["platform_id"] for row in plan_rows]
    load, polygons = hours["grids"], layers["grids"].geometry
    count = np.bincount(owners["grids"][work["node"]], minlength=len(rows))
    assert column(rows, "calls_per_year") == pytest.approx(count * YEAR / DAYS, abs=0.051)
    assert column(rows, "hours_per_day") == pytest.approx(load, abs=0.001)
    assert column(rows, "load_share") == pytest.approx(load / load.mean(), abs=1e-4)
    nearest = hours["grids_nearest"]
    assert column(rows, "nearest_hours_per_day") == pytest.approx(nearest, abs=0.001)
    assert column(rows, "area_km2") == pytest.approx(polygons.area / 1e6, abs=1e-4)
    round_ = 4 * np.pi * polygons.area / polygons.length**2
    assert column(rows, "compactness") == pytest.approx(round_, abs=0.001)
    assert sum(column(rows, "nodes")) == len(owners["grids"])
    assert layers["grids"]["grid_id"].tolist() == [row["grid_id"] for row in rows]
    assert layers["grids"]["hours_per_day"].tolist() == column(rows, "hours_per_day")


def test_cover_by_grid_and_of_the_others_when_its_platform_is_busy(
    rows: list[Row], planned: Demand, owners: Owners, away_s: np.ndarray
) -> None:
    standard = np.array([60 * MINUTES[tier] for tier in planned.tier])
    for grid, row in enumerate(rows):
        own = np.flatnonzero((owners["grids"] == grid) & (planned.weight > 0))
        weight = planned.weight[own]
        share = np.average(away_s[grid, own] <= standard[own], weights=weight)
        assert float(row["covered_share"]) == pytest.approx(share, abs=1e-4)
        others_s = np.delete(away_s, grid, axis=0)[:, own]
        share = np.average(others_s.min(axis=0) <= standard[own], weights=weight)
        assert float(row["backup_covered_share"]) == pytest.approx(share, abs=1e-4)
        first = np.bincount(others_s.argmin(axis=0), weight).argmax()
        assert row["backup_platform"] == rows[first + (first >= grid)]["platform_id"]


def test_loads_by_category_and_shift(
    minneapolis_plan: Path, rows: list[Row], work: pd.DataFrame, owners: Owners, away_s: np.ndarray
) -> None:
    """Each category that is told, and with "*", what too few calls were of, the whole shift."""
    spent = hours_of(work, owners["grids"], away_s)
    grid = owners["grids"][work["node"]]
    told = pd.DataFrame(read_rows(minneapolis_plan, "grid_loads.csv"))
    for number, row in enumerate(rows):
        own = work[grid == number]
        for shift in SHIFTS:
            hours = own[shift] * spent[own.index] / DAYS
            assert float(row[f"hours_{shift}"]) == pytest.approx(hours.sum(), abs=0.001)
            part = told[(told["grid_id"] == row["grid_id"]) & (told["shift"] == shift)]
            published = part.set_index("category")["hours_per_day"].astype(float)
            assert published.sum() == pytest.approx(hours.sum(), abs=0.001 * len(part))
            each = hours.groupby(own["category"]).sum()
            count = own[shift].groupby(own["category"]).sum()
            named = published.index.drop("*", errors="ignore")
            assert published[named].to_numpy() == pytest.approx(each[named].to_numpy(), abs=0.001)
            assert count[named].min() >= 4.5, "fewer than five calls were told"
            assert "*" not in published or count.drop(named).sum() >= 4.5
