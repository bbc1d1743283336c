"""A finer grid that is given: its cells are never split between grids."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

NO_CELL = -1
OVERLAP_SHARE = 0.001
"""Of the smaller of two cells: what is less comes of drawing, not of two owners."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a finer grid.

    Parameters
    ----------
    ids
        One text per cell, all different.
    polygons
        In the study's CRS, shape (c,); read-only.
    warnings
        Sentences on the file that a planner should read.
    """

    ids: tuple[str, ...]
    polygons: Objects
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        polygons = np.array(self.polygons, dtype=object)
        polygons.setflags(write=False)
        object.__setattr__(self, "polygons", polygons)
        if len(set(self.ids)) != len(polygons):
            message = f"{len(polygons)} cells need as many different ids, not {len(set(self.ids))}"
            raise ValueError(message)

    def __len__(self) -> int:
        return len(self.ids)

    def holding(self, place: Floats) -> Ints:
        """Find the cell of every place of the plane, shape (n,); -1: it lies in none.

        On a border that is the first of its cells in file order.

        Parameters
        ----------
        place
            x and y in the study's CRS, metres, shape (n, 2).
        """
        tree = shapely.STRtree(self.polygons)
        index, cell = tree.query(shapely.points(place), predicate="intersects")
        first = np.full(len(place), len(self), dtype=np.int64)
        np.minimum.at(first, index, cell)
        return np.where(first < len(self), first, NO_CELL).astype(np.int32)

    def overlaps(self) -> Ints:
        """Find the pairs of cells that share more ground than slivers along a border.

        Returns
        -------
        Both cells of each pair, shape (k, 2), in file order, the earlier cell first.
        """
        first, second = shapely.STRtree(self.polygons).query(self.polygons, predicate="intersects")
        once = first < second
        first, second = first[once], second[once]
        area = shapely.area(self.polygons)
        shared = shapely.area(shapely.intersection(self.polygons[first], self.polygons[second]))
        pairs = np.column_stack([first, second])
        pairs = pairs[shared > OVERLAP_SHARE * np.minimum(area[first], area[second])]
        return np.asarray(pairs[np.lexsort(pairs.T[::-1])], dtype=np.int32)


def units_of_cells(cell_of_node: Ints) -> Ints:
    """Make units of nodes: those of a cell are one, and each node outside all cells is one.

    Parameters
    ----------
    cell_of_node
        Cell of every node, shape (n,); -1: none.

    Returns
    -------
    Unit of every node, shape (n,); cells come first, in their order.
    """
    n = len(cell_of_node)
    key = np.where(cell_of_node >= 0, cell_of_node, np.int64(n) + cell_of_node.max() + np.arange(n))
    _, unit = np.unique(key, return_inverse=True)
    return unit.astype(np.int32)
