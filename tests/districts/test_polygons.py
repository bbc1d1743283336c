"""Grids as polygons: they tile the served area, and demand lies in the polygon of its own grid."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.districts import draw_grids, tessellate
from optimizer.roads import RoadNetwork

from .drawn_roads import assert_tiled, drawn, town


def drawn_grids(network: RoadNetwork, grid: list[int], held: list[int] | None = None):
    """Draw grids where all nodes, or those listed, have demand."""
    holds = np.zeros(network.node_count, dtype=bool)
    holds[slice(None) if held is None else held] = True
    tessellation = tessellate(network)
    polygons = draw_grids(tessellation, np.array(grid), holds)
    assert_tiled(polygons, tessellation)
    return polygons


def test_the_border_runs_halfway_between_two_streets() -> None:
    """Two streets 200 m apart, joined at one end: each has the ground on its side."""
    places = [(0, 0), (2000, 0), (0, 200), (2000, 200)]
    south, north = drawn_grids(
        drawn(places, [(0, 1), (2, 3), (0, 2)]), [0, 0, 1, 1]
    ).polygons  # fmt: skip
    assert south.area == pytest.approx(north.area, rel=1e-3)
    band = shapely.box(0, 90, 2000, 110)
    assert shapely.difference(south.intersection(north), band.buffer(500)).is_empty
    assert south.contains(shapely.box(100, -250, 1900, 85))
    assert north.contains(shapely.box(100, 115, 1900, 450))


def test_a_road_without_demand_does_not_cut_the_ground_of_others() -> None:
    """A motorway of grid 0 leads through the town of grid 1 to nobody's door."""
    places = [(0, 0), (0, 300), (600, 0), (600, 300), (-500, 150), (150, 150), (1000, 150)]
    streets = [(0, 1), (2, 3), (0, 2), (1, 3), (4, 5), (5, 6), (4, 0)]
    polygons = drawn_grids(drawn(places, streets), [1, 1, 1, 1, 0, 0, 0], [0, 1, 2, 3, 4])
    assert polygons.extra_pieces == 0
    assert polygons.polygons[1].contains(shapely.Point(600, 150))
    assert polygons.astray.tolist() == []


def test_a_bridge_cuts_one_of_two_grids() -> None:
    """Two streets cross without a junction, with demand beside the bridge on both: one is cut."""
    places = [(-900, 0), (-60, 0), (60, 0), (900, 0), (0, -900), (0, -60), (0, 60), (0, 900)]
    streets = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7), (3, 7)]
    polygons = drawn_grids(drawn(places, streets), [0] * 4 + [1] * 4)
    assert polygons.extra_pieces <= 1
    assert polygons.astray.tolist() == []


def test_a_corridor_leads_past_the_end_of_a_street() -> None:
    """Grid 0 has a farm that its road reaches under the last houses of grid 1.

    Nothing of grid 1 lies beyond, so that a strip along the road of grid 0 cuts nobody.
    """
    places = [(0, 0), (1500, 0), (700, -600), (700, -150), (700, 150), (700, 300), (-300, 0)]
    streets = [(6, 0), (0, 1), (2, 3), (3, 4), (4, 5), (6, 2)]
    network = drawn(places, streets)
    polygons = drawn_grids(network, [0, 0, 1, 1, 1, 1, 0], [0, 1, 2, 3, 6])
    assert polygons.extra_pieces == 0
    assert polygons.astray.tolist() == []


def test_an_enclosed_grid_is_a_hole_and_is_counted() -> None:
    network = town(9)
    inner = (np.abs(network.x_m - 400) <= 100) & (np.abs(network.y_m - 400) <= 100)
    polygons = drawn_grids(network, inner.astype(int).tolist())
    assert polygons.holes == 1
    assert polygons.extra_pieces == 0


@settings(max_examples=25)
@given(st.integers(2, 6), st.lists(st.integers(0, 10**6), min_size=6, max_size=6), st.data())
def test_connected_grids_are_tiles_with_their_demand_inside(
    count: int, seeds: list[int], data: st.DataObject
) -> None:
    """Grids grown at random over a town: where streets meet in junctions, each is one piece."""
    network = town(8)
    graph = nx.grid_2d_graph(8, 8)
    number = {(c, r): c + 8 * r for c, r in graph}
    start = list(dict.fromkeys(seed % 64 for seed in seeds))[:count]
    weight = data.draw(st.lists(st.floats(0.5, 2), min_size=112, max_size=112))
    for edge, length in zip(sorted(graph.edges), weight, strict=True):
        graph.edges[edge]["length"] = length
    at = {number[place]: place for place in graph}
    cells = nx.voronoi_cells(graph, {at[node] for node in start}, weight="length")
    grid = np.zeros(64, int)
    for label, node in enumerate(start):
        grid[[number[place] for place in cells[at[node]]]] = label
    polygons = drawn_grids(network, grid.tolist())
    assert polygons.astray.tolist() == []
    assert polygons.extra_pieces == 0


def test_the_same_grids_have_the_same_bytes() -> None:
    network = town(7)
    grid = ((network.x_m + network.y_m) > 600).astype(int).tolist()
    first, second = (drawn_grids(network, grid).polygons for _ in range(2))
    assert shapely.to_wkb(first).tolist() == shapely.to_wkb(second).tolist()
