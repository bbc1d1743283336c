"""A finer grid that is given: whose cells its nodes are in, and what may not be split."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from optimizer.districts import Cells, draw_grids, tessellate, units_of_cells

from .drawn_roads import town


def squares(step_m: float, count: int) -> Cells:
    """Squares beside each other, ``column-row``."""
    corners = [(column, row) for column in range(count) for row in range(count)]
    return Cells(
        tuple(f"{column}-{row}" for column, row in corners),
        np.array([shapely.box(c * step_m, r * step_m, (c + 1) * step_m, (r + 1) * step_m)
                  for c, r in corners], dtype=object),
    )  # fmt: skip


def test_a_node_on_a_border_is_in_the_first_of_its_cells() -> None:
    cells = squares(100, 2)
    places = np.array([[50.0, 50.0], [100.0, 50.0], [100.0, 100.0], [300.0, 0.0]])
    assert cells.holding(places).tolist() == [0, 0, 0, -1]


def test_overlaps_are_more_than_slivers() -> None:
    """A cell within another, a neighbour drawn 5 cm too wide, and one drawn 10 m too wide."""
    corners = [(0, 0, 100, 100), (99.95, 0, 200, 100), (10, 10, 20, 20), (190, 0, 300, 100)]
    boxes = np.array([shapely.box(*each) for each in corners], dtype=object)
    cells = Cells(("large", "next", "within", "wide"), boxes)
    assert cells.overlaps().tolist() == [[0, 2], [1, 3]]
    assert squares(100, 3).overlaps().tolist() == []


def test_ids_differ() -> None:
    with pytest.raises(ValueError, match="as many different ids"):
        Cells(("a", "a"), np.array([shapely.box(0, 0, 1, 1)] * 2, dtype=object))


def test_units_are_cells_first_and_then_single_nodes() -> None:
    assert units_of_cells(np.array([3, -1, 3, 0, -1])).tolist() == [1, 2, 1, 0, 3]
    assert units_of_cells(np.array([-1, -1])).tolist() == [0, 1]


def test_no_cell_is_split() -> None:
    """Nine cells over a town of 10 x 10 junctions: each lies in one polygon as a whole."""
    network = town(10)
    cells = squares(300, 3)
    grid_of_cell = np.array([0, 0, 1, 0, 1, 1, 0, 1, 1])
    cell = cells.holding(np.column_stack([network.x_m, network.y_m]))
    grid = grid_of_cell[cell]
    drawn = draw_grids(tessellate(network), grid, np.ones(100, bool), cells)
    assert drawn.grid_of_cell.tolist() == grid_of_cell.tolist()
    for polygon, owner in zip(cells.polygons, grid_of_cell, strict=True):
        lost = shapely.difference(polygon, drawn.polygons[owner])
        assert lost.area < 1e-6
    assert shapely.coverage_is_valid(drawn.polygons)
    assert drawn.astray.tolist() == []


def test_a_cell_without_roads_goes_with_the_ground_around_it() -> None:
    """The cell lies 200 m from the town's edge, whose eastern half is grid 1."""
    network = town(5)
    grid = (network.x_m > 200).astype(int)
    cells = Cells(("east",), np.array([shapely.box(600, 100, 650, 200)], dtype=object))
    drawn = draw_grids(tessellate(network), grid, np.ones(25, bool), cells)
    assert drawn.grid_of_cell.tolist() == [1]
