"""Where the data end: the ground that roads cover, and the roads that run on beyond it.

A grid of 21 x 21 junctions, 100 m apart, from (0, 0) to (2000, 2000).
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from optimizer.checkpoints import DataGround, data_ground, edge_nodes, graph_of_arcs, road_ends
from optimizer.checkpoints.streets.exits import CELL_M

STEP, SIDE = 100.0, 21


def grid_lines() -> list[shapely.LineString]:
    last = STEP * (SIDE - 1)
    ticks = [STEP * i for i in range(SIDE)]
    return [shapely.LineString(ends) for t in ticks
            for ends in (((0, t), (last, t)), ((t, 0), (t, last)))]  # fmt: skip


@pytest.fixture(scope="module")
def ground() -> DataGround:
    return data_ground(np.array(grid_lines(), dtype=object))


def test_the_ground_is_what_the_roads_cover(ground: DataGround) -> None:
    x_m, y_m = np.array([1000.0, 1050.0, 2300.0, -300.0, 9e6]), np.array([1000.0, 1050.0, 5, 5, 5])
    depth_m = ground.depth_at(x_m, y_m)
    assert depth_m[:2].min() > 900
    assert (depth_m[2:] == 0).all()


@pytest.mark.parametrize(("x_m", "share"), [(1000.0, 0.0), (0.0, 0.5), (9000.0, 1.0)])
def test_the_share_of_a_circle_beyond_the_data(
    ground: DataGround, x_m: float, share: float
) -> None:
    """A circle inside the grid, one whose middle lies on its edge, one far away."""
    circle = shapely.Point(x_m, 1000).buffer(500)
    assert ground.share_beyond(circle) == pytest.approx(share, abs=2 * CELL_M / 500)


def test_several_polygons_have_one_circumference(ground: DataGround) -> None:
    both = shapely.union_all([shapely.box(500, 500, 700, 700), shapely.box(5000, 0, 5200, 200)])
    assert ground.share_beyond(both) == pytest.approx(0.5, abs=0.05)


def test_a_lake_between_roads_belongs_to_the_ground() -> None:
    ring = np.array([shapely.box(0, 0, 4000, 4000).exterior], dtype=object)
    assert data_ground(ring).depth_at(np.array([2000.0]), np.array([2000.0]))[0] > 1500


def test_a_road_ends_where_nothing_leads_on() -> None:
    """0 - 1 - 2 with a one-way from 1 to 3, a pair of one-ways 2 -> 4 -> 2, and 5 on its own."""
    arcs = np.array([(0, 1), (1, 0), (1, 2), (2, 1), (1, 3), (2, 4), (4, 2)])
    graph = graph_of_arcs(6, arcs[:, 0], arcs[:, 1], np.ones(len(arcs)))
    assert np.flatnonzero(road_ends(graph)).tolist() == [0, 3, 4]


def test_a_node_that_nobody_can_reach_is_no_end() -> None:
    graph = graph_of_arcs(3, np.array([0, 1, 2]), np.array([1, 2, 1]), np.ones(3))
    assert np.flatnonzero(road_ends(graph)).tolist() == [2]


def test_roads_leave_the_data_at_its_edge_and_nowhere_else(ground: DataGround) -> None:
    """Four junctions: a dead end in the middle of the city, and one at its edge."""
    x_m = np.array([1000.0, 1000.0, 1000.0, 1000.0])
    y_m = np.array([1040.0, 1000.0, 1900.0, 2000.0])
    arcs = np.array([(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)])
    graph = graph_of_arcs(4, arcs[:, 0], arcs[:, 1], np.ones(len(arcs)))
    assert np.flatnonzero(road_ends(graph)).tolist() == [0, 3]
    assert edge_nodes(graph, x_m, y_m, ground).tolist() == [3]
