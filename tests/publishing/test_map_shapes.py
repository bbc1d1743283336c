"""From shapely and points to plain data."""

from __future__ import annotations

from collections import Counter

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from optimizer.publishing.map_shapes import count_cells, polygons_of


def test_polygons_keep_their_holes_and_leave_lines_out() -> None:
    ring = shapely.Point(0, 0).buffer(2).difference(shapely.Point(0, 0).buffer(1))
    line = shapely.LineString([(0, 0), (9, 9)])
    mixed = shapely.GeometryCollection(
        [line, shapely.MultiPolygon([ring, shapely.box(5, 5, 6, 6)])]
    )
    found = polygons_of(mixed)
    assert [len(polygon) for polygon in found] == [2, 1]
    again = shapely.MultiPolygon([shapely.Polygon(p[0], p[1:]) for p in found])
    assert again.equals(shapely.MultiPolygon([ring, shapely.box(5, 5, 6, 6)]))


def test_no_geometry_has_no_polygons() -> None:
    assert polygons_of(None) == polygons_of(shapely.Polygon()) == ()


places = st.lists(
    st.tuples(st.integers(0, 9_000), st.integers(0, 9_000), st.integers(0, 9)),
    min_size=1,
    max_size=40,
)


@given(places, st.integers(0, 12))
def test_cells_agree_with_counting_by_hand_and_never_lose_a_call(
    points: list[tuple[int, int, int]], least: int
) -> None:
    x, y, calls = np.array(points).T
    cells = count_cells(113.0 + x / 1e6, 23.0 + y / 1e6, calls, cell_m=100, suppress_below=least)
    step = round(cells.step_lat * 1e6), round(cells.step_lon * 1e6)
    by_hand: Counter[tuple[int, int]] = Counter()
    for px, py, n in points:
        by_hand[(py - min(y)) // step[0], (px - min(x)) // step[1]] += n
    wanted = {cell: n for cell, n in by_hand.items() if n >= max(least, 1)}
    found = dict(zip(zip(cells.row, cells.col, strict=True), cells.calls, strict=True))
    assert found == wanted


def test_no_points_have_no_cells() -> None:
    assert count_cells(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64)).calls == ()
