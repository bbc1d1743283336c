"""Places in polygons, settled by whole cells where that is possible."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from optimizer.demand.cells import occupied_cells
from optimizer.demand.members import polygon_of_places

DISC = shapely.Point(400, 400).buffer(260)
WITH_HOLE = shapely.box(500, 0, 900, 400).difference(shapely.box(600, 100, 700, 300))
POLYGONS = np.array([DISC, WITH_HOLE], object)  # they overlap


def one_by_one(places, polygons):
    inside = shapely.intersects(polygons[:, None], shapely.points(places)[None])
    return np.where(inside.any(axis=0), inside.argmax(axis=0), -1)


@given(st.integers(0, 10_000), st.sampled_from([20, 50, 300]))
def test_members_are_those_that_testing_every_place_finds(seed, cell_m):
    places = np.random.default_rng(seed).integers(-10, 100, (300, 2)) * 10.0
    cells = occupied_cells(*places.T, cell_m)
    found = polygon_of_places(cells, *places.T, POLYGONS)
    assert np.array_equal(found, one_by_one(places, POLYGONS))


def test_a_place_on_an_outline_is_inside():
    places = np.array([[900.0, 200], [600, 200], [650, 200]])
    cells = occupied_cells(*places.T, 50)
    assert polygon_of_places(cells, *places.T, POLYGONS).tolist() == [1, 1, -1]


def test_without_polygons_every_place_is_nowhere():
    places = np.zeros((3, 2))
    cells = occupied_cells(*places.T, 50)
    assert polygon_of_places(cells, *places.T, np.empty(0, object)).tolist() == [-1, -1, -1]
