"""Calls, or counted places, on a grid of square cells."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.calls import Calls
from optimizer.demand.cells import Cells, occupied_cells
from optimizer.demand.counts import CountedPlaces
from optimizer.demand.density import Frame, Grid, frame_around

Floats = NDArray[np.float64]

GROUND_CELLS = 5
"""Edge, in cells, of the squares that make up the study ground: those with a call in them."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CallField:
    """The n places of the planning window on their grid.

    Parameters
    ----------
    x_m, y_m
        Planar metres, shape (n,).
    calls, weight
        Calls at each place (None: one each), and their weight, shape (n,).
    cells, frame
        The occupied cells, and the grid around them.
    ground_cells
        Size of the study ground in cells.
    """

    x_m: Floats
    y_m: Floats
    calls: Floats | None
    weight: Floats
    cells: Cells
    frame: Frame
    ground_cells: float

    @property
    def ground_km2(self) -> float:
        """Size of the study ground."""
        return self.ground_cells * self.frame.cell_km2

    def grid(self, value: Floats | None) -> Grid:
        """Sum a value per place, shape (n,), on the grid; None: the number of places."""
        return self.frame.grid(self.cells, self.cells.sums(value))

    def calls_in(self, member: NDArray[np.int32], groups: int) -> Floats:
        """Count the calls of every group of places, shape (groups,); negative: no group."""
        return _sums(member, self.calls, groups)

    def weight_in(self, member: NDArray[np.int32], groups: int) -> Floats:
        """Sum the weight of every group of places, shape (groups,); negative: no group."""
        return _sums(member, self.weight, groups)


def lay_on_grid(
    places: Calls | CountedPlaces, weight: Floats, cell_m: float, ground_km2: float | None
) -> CallField:
    """Merge places into cells and measure the study ground.

    Parameters
    ----------
    places
        At least one.
    weight
        Of each, shape (n,).
    cell_m
        Edge of a cell, metres.
    ground_km2
        Size of the study ground; None: all squares of five cells that hold a place.

    Raises
    ------
    InputError
        The places lie too far apart for cells of this size.
    """
    cells = occupied_cells(places.x_m, places.y_m, cell_m)
    frame = frame_around(cells)
    if ground_km2 is None:
        squares = np.unique(
            np.column_stack([cells.column // GROUND_CELLS, cells.row // GROUND_CELLS]), axis=0
        )
        ground_cells = float(len(squares) * GROUND_CELLS**2)
    else:
        ground_cells = ground_km2 / frame.cell_km2
    calls = places.weight if isinstance(places, CountedPlaces) else None
    return CallField(places.x_m, places.y_m, calls, weight, cells, frame, ground_cells)


def _sums(member: NDArray[np.int32], value: Floats | None, groups: int) -> Floats:
    inside = member >= 0
    part = None if value is None else value[inside]
    return np.bincount(member[inside], part, minlength=groups).astype(float)
