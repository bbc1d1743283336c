"""Call density on a grid of square cells."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from optimizer.demand.cells import Cells
from optimizer.errors import InputError

Floats = NDArray[np.float64]
Grid = NDArray[np.float32]

SPREAD_PER_RADIUS = 7**-0.5
"""Standard deviation of a quartic kernel as a part of its search radius."""

MARGIN_CELLS = 12
LARGEST_GRID = 40_000_000


@dataclasses.dataclass(frozen=True, slots=True)
class Frame:
    """The rectangle of cells around all calls, with a margin.

    Parameters
    ----------
    cell_m
        Edge of a cell, metres.
    column, row
        Position of the first cell.
    columns, rows
        Size in cells.
    """

    cell_m: float
    column: int
    row: int
    columns: int
    rows: int

    @property
    def cell_km2(self) -> float:
        """Area of a cell."""
        return self.cell_m**2 / 1e6

    def grid(self, cells: Cells, value: Floats) -> Grid:
        """Lay values of cells out, shape (columns, rows); cells outside are left out."""
        column, row = cells.column - self.column, cells.row - self.row
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        grid = np.zeros((self.columns, self.rows), np.float32)
        grid[column[inside], row[inside]] = value[inside]
        return grid

    def centres(self, index: NDArray[np.int64]) -> Floats:
        """Centres of cells of the flattened grid, metres, shape (k, 2)."""
        column, row = np.divmod(index, self.rows)
        return (np.column_stack([column + self.column, row + self.row]) + 0.5) * self.cell_m


def frame_around(cells: Cells) -> Frame:
    """Frame the occupied cells.

    Raises
    ------
    InputError
        The calls lie so far apart that the grid would not fit into memory.
    """
    column, row = int(cells.column.min()), int(cells.row.min())
    columns = int(cells.column.max()) - column + 1 + 2 * MARGIN_CELLS
    rows = int(cells.row.max()) - row + 1 + 2 * MARGIN_CELLS
    if columns * rows > LARGEST_GRID:
        needed = cells.cell_m * (columns * rows / LARGEST_GRID) ** 0.5
        raise InputError(
            f"The calls span {columns * cells.cell_m / 1000:.0f} x {rows * cells.cell_m / 1000:.0f}"
            f" km, too wide for hotspot cells of {cells.cell_m:g} m; set [hotspots] cell_m to "
            f"{np.ceil(needed / 10) * 10:.0f} or more, or split the study."
        )
    return Frame(cells.cell_m, column - MARGIN_CELLS, row - MARGIN_CELLS, columns, rows)


def smooth(grid: Grid, radius_m: float, cell_m: float) -> Grid:
    """Spread every cell's value over its neighbourhood.

    The kernel is a Gaussian as wide as the quartic kernel of this search radius that mapping
    programs use (equal standard deviation).

    Parameters
    ----------
    grid
        Values per cell.
    radius_m
        Search radius, metres.
    """
    deviation = radius_m * SPREAD_PER_RADIUS / cell_m
    spread: Grid = gaussian_filter(grid, deviation, mode="constant", truncate=3.0)
    return spread


def own_part(radius_m: float, cell_m: float) -> float:
    """Part of a cell's value that `smooth` leaves in the cell itself."""
    reach = int(np.ceil(3 * radius_m / cell_m)) + 1
    alone = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    alone[reach, reach] = 1
    return float(smooth(alone, radius_m, cell_m)[reach, reach])
