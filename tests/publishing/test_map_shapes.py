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
    st.tuples(
        st.integers(0, 9_000), st.integers(0, 9_000), st.integers(0, 9), st.booleans()
    ),  # east, north, calls, and whether they are late
    min_size=1,
    max_size=40,
)


@given(places, st.integers(0, 12))
def test_cells_agree_with_counting_by_hand_and_never_lose_a_call(
    points: list[tuple[int, int, int, bool]], least: int
) -> None:
    x, y, calls, is_late = np.array(points).T
    cells, missed = count_cells(
        113.0 + x / 1e6, 23.0 + y / 1e6, calls, calls * is_late, cell_m=100, suppress_below=least
    )
    step = round(cells.step_lat * 1e6), round(cells.step_lon * 1e6)
    by_hand: Counter[tuple[int, int]] = Counter()
    late_by_hand: Counter[tuple[int, int]] = Counter()
    for px, py, n, late in points:
        by_hand[(py - min(y)) // step[0], (px - min(x)) // step[1]] += n
        late_by_hand[(py - min(y)) // step[0], (px - min(x)) // step[1]] += n * late
    wanted = {cell: n for cell, n in by_hand.items() if n >= max(least, 1)}
    found = dict(zip(zip(cells.row, cells.col, strict=True), cells.calls, strict=True))
    assert found == wanted
    found_late = dict(zip(zip(missed.row, missed.col, strict=True), missed.calls, strict=True))
    assert found_late == {
        cell: n
        for cell, n in late_by_hand.items()
        if n >= max(least, 1) and (by_hand[cell] == n or by_hand[cell] - n >= max(least, 1))
    }


def test_a_difference_of_two_counts_tells_no_small_one() -> None:
    """Of 10 calls in a cell 8 are late: to print both would tell that 2 are not."""
    at, calls = np.zeros(1), np.array([10])
    for late, shown in ((8, ()), (5, (5,)), (10, (10,)), (4, ())):
        cells, missed = count_cells(at, at, calls, np.array([late]), suppress_below=5)
        assert (cells.calls, missed.calls) == ((10,), shown)


def test_no_points_have_no_cells() -> None:
    none = np.empty(0, dtype=np.int64)
    assert [cells.calls for cells in count_cells(np.empty(0), np.empty(0), none, none)] == [(), ()]
