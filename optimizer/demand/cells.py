"""Square cells of the plane, counted in whole numbers."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

LARGEST_TABLE = 20_000_000
"""Cells of the widest ground that is looked up in a table instead of being sorted."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The c occupied cells of n places.

    Parameters
    ----------
    cell_m
        Edge of a cell, metres; cell (0, 0) begins at the origin of the CRS.
    column, row
        Whole-number position of every cell, shape (c,), sorted by column, then row.
    of_place
        Cell of every place, shape (n,), an index into the two.
    """

    cell_m: float
    column: Integers
    row: Integers
    of_place: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.column)

    @property
    def x_m(self) -> Floats:
        """Centre, metres east, shape (c,)."""
        return (self.column + 0.5) * np.float64(self.cell_m)

    @property
    def y_m(self) -> Floats:
        """Centre, metres north, shape (c,)."""
        return (self.row + 0.5) * np.float64(self.cell_m)

    def sums(self, weight: Floats | None = None) -> Floats:
        """Sum a weight of shape (n,) per cell, or count the places; shape (c,)."""
        return np.bincount(self.of_place, weight, minlength=len(self)).astype(float)


def occupied_cells(x_m: Floats, y_m: Floats, cell_m: float) -> Cells:
    """Merge places into square cells; no place is compared with another.

    Parameters
    ----------
    x_m, y_m
        Planar coordinates, metres, shape (n,). A place on the edge of two cells is in the one
        further east or north.
    cell_m
        Edge of a cell, metres.
    """
    if len(x_m) == 0:
        none = np.empty(0, np.int64)
        return Cells(cell_m, none, none, np.empty(0, np.int32))
    key, row = np.floor(x_m / cell_m).astype(np.int64), np.floor(y_m / cell_m).astype(np.int64)
    first_column, first_row = key.min(), row.min()
    columns, rows = key.max() - first_column + 1, row.max() - first_row + 1
    key = (key - first_column) * rows + (row - first_row)
    if columns * rows <= LARGEST_TABLE:
        is_occupied = np.zeros(columns * rows, bool)
        is_occupied[key] = True
        occupied = np.flatnonzero(is_occupied)
        of_place = (np.cumsum(is_occupied, dtype=np.int32) - 1)[key]
    else:
        occupied, inverse = np.unique(key, return_inverse=True)
        of_place = inverse.astype(np.int32)
    return Cells(cell_m, occupied // rows + first_column, occupied % rows + first_row, of_place)
