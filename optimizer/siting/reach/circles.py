"""Circles of one radius round the sites, laid on a grid, so that a point tests only a few of them.

In each row of the grid a circle covers a run of cells wholly and crosses a few cells on either
side. Only a point in a crossed cell needs its distance; cells a circle does not touch know nothing
of it. Margins far above rounding error decide which cells are certain, so the answer for each point
is that of the distance itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.problem import Codes, Indices, Weights

LARGEST = 1e150
"""Of a coordinate and of a radius: beyond it squares overflow."""
DOUBT = 1e-12
MARGIN = 1e-9
FEWEST_CELLS, MOST_CELLS = 2**12, 2**16
TINY = 1e-300


class Reach(NamedTuple):
    """When a point is covered: compared with `radius` only where its square leaves a doubt.

    Within a squared distance below `inner` a point is covered, beyond `outer` it is not; `strict`
    leaves out a point exactly on the circle.
    """

    radius: float
    inner: float
    outer: float
    strict: bool


class Grid(NamedTuple):
    """Square cells, row after row: corner, cells per unit of length, and their numbers."""

    left: float
    bottom: float
    per_unit: float
    rows: int
    columns: int


class Circles(NamedTuple):
    """Which circles each cell of a grid has to do with.

    x, y
        Centre of each circle [m].
    reach, grid
        Kept apart from the arrays: compiled code hands plain numbers around for nothing, while
        every array in a tuple costs a count of its references at each call.
    cell_ptr, entry
        CSR by cell: the circles that cross the cell, ascending, and among them, as -1 - site,
        those that cover it wholly if they were asked for.
    """

    x: Weights
    y: Weights
    reach: Reach
    grid: Grid
    cell_ptr: Indices
    entry: Codes


def circle_faults(sites_xy: npt.ArrayLike, radius: float) -> Iterator[str]:
    """Name what is wrong with centres and radius, one sentence each."""
    sites = np.asarray(sites_xy, dtype=np.float64)
    if not 0 <= radius <= LARGEST:
        yield f"The radius is {radius}: give a number from 0 to {LARGEST:g}."
    if sites.ndim != 2 or sites.shape[1] != 2:
        yield f"The sites have shape {sites.shape}: hand in x and y of each, shape (m, 2)."
        return
    wrong = np.flatnonzero(~(np.abs(sites) <= LARGEST).all(axis=1))
    if wrong.size:
        x, y = sites[wrong[0]].tolist()
        yield (
            f"Site {wrong[0]}, counted from 0, lies at ({x}, {y}) ({wrong.size} such sites): "
            f"coordinates are finite numbers, at most {LARGEST:g} in size."
        )


def circles_round(
    sites_xy: npt.ArrayLike, radius: float, *, strict: bool, whole: bool, cells: int | None = None
) -> Circles:
    """Lay the circles on a grid of about so many cells.

    Parameters
    ----------
    sites_xy
        Centres [m, 2], without faults.
    radius
        Of every circle, in the same units.
    strict
        Leave out points exactly on the circle.
    whole
        List for each cell also the circles that cover it wholly.
    cells
        Wanted; more make fewer tests and more to look up. Left out: so many that about one
        circle crosses each, within limits.
    """
    sites = np.array(sites_xy, dtype=np.float64).reshape(-1, 2)
    size = float(np.abs(sites).max(initial=0.0)) + radius
    slack = 8 * np.finfo(float).eps * size + TINY
    reach = radius * (1 + MARGIN) + slack
    low = sites.min(axis=0, initial=math.inf) - 2 * reach
    spans = sites.max(axis=0, initial=-math.inf) + 2 * reach - low
    if len(sites) == 0:
        low, spans = np.zeros(2), np.full(2, TINY)
    if cells is None:
        crossed = 8 * len(sites) * reach / (np.sqrt(spans[0]) * np.sqrt(spans[1]))
        cells = int(np.clip(crossed**2, FEWEST_CELLS, MOST_CELLS))
    side = float(max(np.sqrt(spans[0]) * np.sqrt(spans[1]) / math.sqrt(cells), spans.max() / cells))
    columns, rows = (np.floor(spans / side).astype(np.int64) + 1).tolist()
    squared = float(radius) ** 2
    grid = Grid(float(low[0]), float(low[1]), 1 / side, rows, columns)
    rule = Reach(
        float(radius), squared * (1 - DOUBT) - TINY, squared * (1 + DOUBT) + TINY, bool(strict)
    )
    x, y = np.array(sites[:, 0]), np.array(sites[:, 1])
    cell_ptr, entry = _cells(x, y, rule, grid, slack + MARGIN * side, whole)
    return Circles(x, y, rule, grid, cell_ptr, entry)


@compiled
def covers(reach: Reach, dx: float, dy: float) -> bool:
    """Whether a point this far away is covered: hypot(dx, dy) <= radius, or < if strict."""
    squared = dx * dx + dy * dy
    if reach.inner <= squared <= reach.outer:
        distance = math.hypot(dx, dy)
        return distance < reach.radius or (distance == reach.radius and not reach.strict)
    return squared < reach.inner


@compiled
def cell_of(grid: Grid, x: float, y: float) -> int:
    """Find the number of a point's cell; -1 off the grid, where no circle is."""
    u = (x - grid.left) * grid.per_unit
    v = (y - grid.bottom) * grid.per_unit
    if not (0 <= u < grid.columns and 0 <= v < grid.rows):
        return -1
    return int(v) * grid.columns + int(u)


@compiled
def _columns(
    reach: Reach, grid: Grid, x: float, y: float, row: int, slack: float
) -> tuple[int, int, int, int]:
    """Columns of a row that a circle touches, first and last, and covers, first and last."""
    side = 1 / grid.per_unit
    low = grid.bottom + row * side - slack - y
    high = low + side + 2 * slack
    near = max(0.0, low, -high)
    far = max(high, -low)
    outer = reach.radius * (1 + MARGIN) + slack
    inner = reach.radius * (1 - MARGIN) - slack
    if near > outer:
        return 0, -1, 0, -1
    middle = x - grid.left
    half = math.sqrt((outer - near) * (outer + near)) + slack
    first = max(0, math.floor((middle - half) * grid.per_unit))
    last = min(grid.columns - 1, math.floor((middle + half) * grid.per_unit))
    if far >= inner:
        return first, last, last + 1, last
    half = math.sqrt((inner - far) * (inner + far)) - slack
    first_whole = max(first, math.ceil((middle - half) * grid.per_unit))
    last_whole = min(last, math.floor((middle + half) * grid.per_unit) - 1)
    if first_whole > last_whole:
        return first, last, last + 1, last
    return first, last, first_whole, last_whole


@compiled
def _cells(
    x: Weights, y: Weights, reach: Reach, grid: Grid, slack: float, whole: bool
) -> tuple[Indices, Codes]:
    """List the circles of each cell: count them, then write them down."""
    pointer = np.zeros(grid.rows * grid.columns + 1, dtype=np.int64)
    entry = np.empty(0, dtype=np.int32)
    free = pointer[1:]
    for step in range(2):
        for row in range(grid.rows):
            for site in range(len(x)):
                column, last, first_whole, last_whole = _columns(
                    reach, grid, x[site], y[site], row, slack
                )
                while column <= last:
                    covered = first_whole <= column <= last_whole
                    if covered and not whole:
                        column = last_whole + 1
                        continue
                    cell = row * grid.columns + column
                    if step == 1:
                        entry[free[cell]] = -1 - site if covered else site
                    free[cell] += 1
                    column += 1
        if step == 0:
            pointer = np.cumsum(pointer)
            free = pointer[:-1].copy()
            entry = np.empty(pointer[-1], dtype=np.int32)
    return pointer, entry
