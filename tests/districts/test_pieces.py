"""Pieces that lie off from their grid go to the neighbour around them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from optimizer.districts.pieces import absorb_pieces, shared_borders


def boxes(*bounds: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([shapely.box(*bound) for bound in bounds], dtype=object)


def test_common_borders_are_measured() -> None:
    """Two squares share an edge; a third one touches them in corners only."""
    faces = boxes((0, 0, 1, 1), (1, 0, 2, 1), (2, 1, 3, 2))
    assert shared_borders(faces) == ([0], [1], [1.0])


def test_a_hole_shares_its_whole_rim() -> None:
    ring = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 3, 3)
    first, second, length_m = shared_borders(np.array([ring, shapely.box(1, 1, 3, 3)], object))
    assert (first, second) == ([0], [1])
    assert length_m == pytest.approx([8.0])


def test_the_longest_common_border_decides() -> None:
    """The piece in the middle shares 3 with the left grid and 1 with the right one."""
    left = shapely.Polygon([(0, 0), (1, 0), (2, 0), (2, -1), (0, -1)])
    piece, right = shapely.box(1, 0, 2, 1), shapely.box(2, 0, 3, 1)
    above = shapely.Polygon([(0, 0), (0, 2), (2, 2), (2, 1), (1, 1), (1, 0)])
    faces = np.array([left, piece, right, above], dtype=object)
    label = absorb_pieces(faces, np.array([0, 9, 1, 0]), np.array([True, False, True, True]))
    assert label.tolist() == [0, 0, 1, 0]


def test_small_pieces_go_first_and_take_their_new_grid_along() -> None:
    """A row of squares: the small one joins its larger neighbour, and both join the grid."""
    faces = boxes((0, 0, 10, 10), (10, 0, 13, 10), (13, 0, 14, 10))
    label = absorb_pieces(faces, np.array([0, 1, 2]), np.array([True, False, False]))
    assert label.tolist() == [0, 0, 0]


def test_an_island_stays_what_it_is() -> None:
    faces = boxes((0, 0, 1, 1), (5, 5, 6, 6))
    label = absorb_pieces(faces, np.array([0, 1]), np.array([True, False]))
    assert label.tolist() == [0, 1]
