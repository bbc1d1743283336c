"""Cells are counted in whole numbers, and small ones are not published."""

from __future__ import annotations

from collections import Counter
from math import floor

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.demand import cells as module
from optimizer.demand.cells import occupied_cells

PLACES = arrays.arrays(float, (30, 2), elements=st.floats(-1e4, 1e4))


@given(PLACES, st.sampled_from([10, 50, 250]))
def test_cells_hold_what_plain_counting_finds(places, cell_m):
    cells = occupied_cells(*places.T, cell_m)
    expected = Counter((floor(x / cell_m), floor(y / cell_m)) for x, y in places)
    keys = zip(cells.column.tolist(), cells.row.tolist(), strict=True)
    assert dict(zip(keys, cells.sums().tolist(), strict=True)) == expected
    assert cells.column[cells.of_place].tolist() == [floor(x / cell_m) for x, _ in places]


@given(PLACES)
def test_a_table_and_sorting_find_the_same_cells(places):
    table = occupied_cells(*places.T, 50)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LARGEST_TABLE", 0)
        ordered = occupied_cells(*places.T, 50)
    for name in ("column", "row", "of_place"):
        assert np.array_equal(getattr(table, name), getattr(ordered, name))


def test_an_edge_belongs_to_the_cell_east_or_north_of_it():
    cells = occupied_cells(np.array([0.0, 50, 99.9, 100]), np.array([-50.0, -50, -0.1, 0]), 50)
    assert cells.column.tolist() == [0, 1, 2]
    assert cells.row.tolist() == [-1, -1, 0]
    assert (cells.x_m[0], cells.y_m[0]) == (25, -25)


def test_no_places_have_no_cells():
    assert len(occupied_cells(np.empty(0), np.empty(0), 50)) == 0
