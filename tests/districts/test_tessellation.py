"""Which road point is the nearest, and how far the served area goes."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
import shapely
from scipy.spatial import Voronoi

from optimizer.districts import tessellate
from optimizer.districts.tessellation import REACH_M, filled

from .drawn_roads import drawn, town


def test_a_street_is_shared_in_its_middle() -> None:
    """The points along a street go with the nearer of its two nodes, and none stands between."""
    tessellation = tessellate(drawn([(0, 0), (400, 0)], [(0, 1)]))
    x_m = tessellation.point[:, 0]
    assert np.array_equal(tessellation.node, np.where(x_m < 200, 0, 1))
    assert len(x_m) % 2 == 0
    assert np.diff(np.sort(x_m)).max() <= 40
    assert x_m[tessellation.at_node].tolist() == [0, 400]


def test_the_served_area_is_what_lies_within_reach() -> None:
    """Around a straight street: a rectangle and two half discs, by less than their roundness."""
    outline = tessellate(drawn([(0, 0), (3000, 0)], [(0, 1)])).outline
    exact = shapely.LineString([(0, 0), (3000, 0)]).buffer(REACH_M, quad_segs=64)
    assert outline.symmetric_difference(exact).area < 0.03 * exact.area


def test_what_roads_enclose_is_served_too() -> None:
    """A square of roads 4 km wide: its middle is far from every road, but inside the city."""
    corners = [(0, 0), (4000, 0), (4000, 4000), (0, 4000)]
    outline = tessellate(drawn(corners, [(0, 1), (1, 2), (2, 3), (3, 0)])).outline
    assert outline.geom_type == "Polygon"
    assert len(outline.interiors) == 0
    assert outline.contains(shapely.Point(2000, 2000))
    assert not outline.contains(shapely.Point(-400, 2000))


def test_borders_are_those_of_voronoi_cells() -> None:
    """Qhull's Voronoi diagram has the same borders, found another way."""
    rng = np.random.default_rng(3)
    places = rng.uniform(0, 2000, (40, 2)).round(2)
    network = drawn(places.tolist(), [(i, i + 1) for i in range(39)])
    tessellation = tessellate(network)
    cells = Voronoi(tessellation.point)
    length_m = np.hypot(*np.diff(tessellation.border, axis=1)[:, 0].T)
    found = dict(zip(map(tuple, tessellation.pair.tolist()), length_m, strict=True))
    apart = [
        abs(np.hypot(*np.diff(cells.vertices[ridge], axis=0)[0]) - found.get((a, b), 0.0))
        for (a, b), ridge in zip(np.sort(cells.ridge_points).tolist(), cells.ridge_vertices,
                                 strict=True)
        if -1 not in ridge and (np.abs(cells.vertices[ridge] - 1000) < 1000).all()
    ]  # fmt: skip
    assert len(apart) > 300
    assert max(apart) < 0.03  # coordinates are rounded to a centimetre


def test_ground_along_a_lone_road_hangs_together() -> None:
    """Borders across such a road begin and end beyond what is served, and are passed all the same.

    All along it the ground meets that of the next point.
    """
    tessellation = tessellate(drawn([(0, 0), (6000, 0)], [(0, 1)]))
    assert (np.abs(tessellation.border[:, :, 1]).min(axis=1) > REACH_M).any()
    assert tessellation.is_wide.all()
    assert tessellation.at_rim.all()
    lay = tessellation.lay(tessellation.node, 2)
    assert lay.faults(np.array([0, 0])) == lay.faults(np.array([0, 1])) == 0


def test_what_a_road_cuts_off_goes_to_who_is_beside_it() -> None:
    """The street from 0 to 1 leads over that from 2 to 3, whose points stand closer at the bridge.

    Beyond it, before its middle, the street still is nearest to its western end.
    """
    places = [(-100, 0), (500, 0), (0, -40), (0, 60), (-100, 60)]
    tessellation = tessellate(drawn(places, [(0, 1), (2, 3), (3, 4), (4, 0)]))
    holder = tessellation.holder(np.ones(5, dtype=bool))
    beyond = (tessellation.point[:, 0] > 60) & (tessellation.node == 0)
    assert beyond.any()
    assert (holder[beyond] != 0).all()
    same = holder[tessellation.pair[:, 0]] == holder[tessellation.pair[:, 1]]
    pairs = tessellation.pair[same & tessellation.is_wide]
    parts = nx.Graph(pairs.tolist())
    parts.add_nodes_from(range(len(holder)))
    assert nx.number_connected_components(parts) == 5
    assert sorted(holder[tessellation.at_node].tolist()) == [0, 1, 2, 3, 4]


def test_two_nodes_at_one_place_have_one_point() -> None:
    tessellation = tessellate(drawn([(0, 0), (200, 0), (200, 0)], [(0, 1), (1, 2), (0, 2)]))
    assert tessellation.at_node[1] == tessellation.at_node[2]
    assert len(np.unique(tessellation.point, axis=0)) == len(tessellation.point)


def test_a_town_of_equal_squares_has_no_crossed_borders() -> None:
    """Four points on one circle everywhere: the borders still meet in their ends only."""
    tessellation = tessellate(town(6))
    lines = shapely.linestrings(tessellation.border)
    crossing = shapely.STRtree(lines).query(lines, predicate="crosses")
    assert crossing.shape[1] == 0
    assert tessellation.outline.area == pytest.approx(
        shapely.box(0, 0, 500, 500).buffer(REACH_M).area, rel=0.03
    )


def test_filled_has_no_holes() -> None:
    ring = shapely.box(0, 0, 10, 10) - shapely.box(4, 4, 6, 6)
    assert filled(ring).equals(shapely.box(0, 0, 10, 10))
