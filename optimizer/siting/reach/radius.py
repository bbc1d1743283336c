"""From places to coverage: which points lie within a radius of which sites, never all pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from optimizer.errors import InputError
from optimizer.siting.compiled import compiled
from optimizer.siting.problem import Codes, Indices, Weights
from optimizer.siting.reach.circles import (
    MOST_CELLS,
    Circles,
    cell_of,
    circle_faults,
    circles_round,
    covers,
)

BLOCK = 2**16
POINTS_PER_CELL = 16
Work = TypeVar("Work")
Done = TypeVar("Done")


def points_within(
    sites_xy: npt.ArrayLike,
    points_xy: npt.ArrayLike,
    radius: float,
    *,
    strict: bool = False,
    workers: int = 2,
) -> tuple[Indices, Codes]:
    """List the points within a radius of each site; a point exactly on the circle is covered.

    A point is listed where `np.hypot(dx, dy) <= radius` in double precision, or `< radius` where
    `strict`, and nowhere else: 3-4-5 triangles of whole numbers are exact; coordinates such as 0.1,
    which binary fractions miss, are compared as they are stored.

    Parameters
    ----------
    sites_xy, points_xy
        Planar coordinates, [m, 2] and [n, 2].
    radius
        In the same units.
    strict
        Leave out the points exactly on the circle.
    workers
        Threads; the result does not depend on them.

    Returns
    -------
    CSR of the reach: indptr [m + 1] and the points of each site, ascending.

    Raises
    ------
    InputError
        Naming every fault of the coordinates and the radius.
    """
    points = np.asarray(points_xy, dtype=np.float64)
    faults = [*circle_faults(sites_xy, radius), *_point_faults(points)]
    if faults:
        raise InputError(faults)
    cells = min(MOST_CELLS, max(1, len(points) // POINTS_PER_CELL))
    circles = circles_round(sites_xy, radius, strict=strict, whole=True, cells=cells)
    starts = range(0, len(points), BLOCK)
    sizes = np.zeros((len(starts), len(circles.x)), dtype=np.int64)

    def count(block: int) -> None:
        _count(circles, *_block(points, block), sizes[block])

    in_threads(count, range(len(starts)), workers)
    indptr = np.concatenate(([0], np.cumsum(sizes.sum(axis=0))))
    free = indptr[:-1] + np.cumsum(sizes, axis=0) - sizes
    demand = np.empty(indptr[-1], dtype=np.int32)

    def fill(block: int) -> None:
        _fill(circles, *_block(points, block), block * BLOCK, free[block], demand)

    in_threads(fill, range(len(starts)), workers)
    return indptr, demand


def in_threads(function: Callable[[Work], Done], works: Iterable[Work], workers: int) -> list[Done]:
    """Apply a function that lets go of the interpreter's lock to each piece of work, in order."""
    if workers <= 1:
        return [function(work) for work in works]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(function, works))


def _point_faults(points: Weights) -> list[str]:
    if points.ndim != 2 or points.shape[1] != 2:
        return [
            f"The points have shape {points.shape}: hand in x and y of each, shape (points, 2)."
        ]
    wrong = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if not wrong.size:
        return []
    x, y = points[wrong[0]].tolist()
    where = f"Point {wrong[0]}, counted from 0, lies at ({x}, {y}) ({wrong.size} such points)"
    return [f"{where}: coordinates are finite numbers."]


def _block(points: Weights, block: int) -> tuple[Weights, Weights]:
    """Copy out x and y of a block of points, as compiled code likes them."""
    some = points[block * BLOCK : (block + 1) * BLOCK]
    return np.array(some[:, 0]), np.array(some[:, 1])


@compiled
def _count(circles: Circles, x: Weights, y: Weights, sizes: Indices) -> None:
    """Count the points of each site."""
    for j in range(len(x)):
        cell = cell_of(circles.grid, x[j], y[j])
        if cell < 0:
            continue
        for k in range(circles.cell_ptr[cell], circles.cell_ptr[cell + 1]):
            entry = circles.entry[k]
            if entry < 0:
                sizes[-1 - entry] += 1
            elif covers(circles.reach, x[j] - circles.x[entry], y[j] - circles.y[entry]):
                sizes[entry] += 1


@compiled
def _fill(
    circles: Circles, x: Weights, y: Weights, number: int, free: Indices, demand: Codes
) -> None:
    """Write the numbers of the points, from `number` on, where each site's are due."""
    for j in range(len(x)):
        cell = cell_of(circles.grid, x[j], y[j])
        if cell < 0:
            continue
        for k in range(circles.cell_ptr[cell], circles.cell_ptr[cell + 1]):
            site = circles.entry[k]
            if site < 0:
                site = -1 - site
            elif not covers(circles.reach, x[j] - circles.x[site], y[j] - circles.y[site]):
                continue
            demand[free[site]] = number + j
            free[site] += 1
