"""Outlines are compact polygons that keep close to their cells."""

from __future__ import annotations

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
import shapely
from hypothesis import given

from optimizer.demand.outlines import outline


def draw(*rows):
    """Outline of the cells marked x in a picture, 50 m each."""
    marks = np.array([list(row) for row in rows])
    return outline(50.0 * np.argwhere(marks == "x") + 25, 50)


def test_one_cell_becomes_a_rounded_square():
    (polygon,) = draw("x")
    assert 0.8 * 2500 < polygon.area < 2500
    assert polygon.centroid.distance(shapely.Point(25, 25)) < 1


def test_a_strip_keeps_its_length_and_width():
    (polygon,) = draw("xxxxxxxx")
    width, length = sorted(np.diff(np.reshape(polygon.bounds, (2, 2)), axis=0)[0])
    assert (width, length) == pytest.approx((50, 400), abs=1)


def test_a_gap_of_one_cell_is_closed_and_a_yard_filled():
    (polygon,) = draw("xxxx", "x  x", "x  x", "xxxx", " x  ")
    assert len(polygon.interiors) == 0
    (joined,) = draw("xxx xxx", "xxx xxx", "xxx xxx")
    assert joined.area > 19 * 2500


def test_cells_far_apart_are_several_polygons_largest_first():
    polygons = draw("xxx   x", "xxx   x", "xxx    ")
    assert len(polygons) == 2
    assert polygons[0].area > polygons[1].area


@given(arrays.arrays(bool, (6, 6)).filter(np.any))
def test_outlines_are_valid_disjoint_and_hold_the_middle_of_every_cell(marks):
    centres = 50.0 * np.argwhere(marks) + 25
    polygons = outline(centres, 50)
    assert shapely.is_valid(polygons).all()
    assert {polygon.geom_type for polygon in polygons} == {"Polygon"}
    assert shapely.area(polygons).sum() == pytest.approx(shapely.union_all(polygons).area)
    assert shapely.intersects(shapely.union_all(polygons), shapely.points(centres)).all()
