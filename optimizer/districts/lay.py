"""How the ground of units lies on the map: whose meets whose, and whose lies at the rim.

Roads cross over each other, so units that are next to each other along the roads need not be so on
the map, and the other way round.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Lay:
    """The ground of U units on the map, and what lies around them all.

    Parameters
    ----------
    beside_m
        Metres along which the ground of two units meets, symmetric, shape (U + e, U + e). The last
        e rows are what is nobody's: what lies beyond the rim, and the ground of other groups, each
        connected part of it once; what meets it does so along 0 m.
    unit_count
        Number of units U; one without ground meets nobody.
    """

    beside_m: csr_array
    unit_count: int

    @property
    def has_ground(self) -> Flags:
        """Units with ground, shape (U,)."""
        return np.asarray(np.diff(self.beside_m.indptr)[: self.unit_count] > 0)

    def of(self, unit: Ints) -> Lay:
        """Take some units out; the others are nobody's.

        Parameters
        ----------
        unit
            Ascending, shape (u,).
        """
        pairs = self.beside_m.tocoo()
        rest = np.ones(self.beside_m.shape[0], dtype=bool)
        rest[unit] = False
        number = np.empty(len(rest), dtype=np.int64)
        number[unit] = np.arange(len(unit))
        around = self.beside_m[rest][:, rest]
        number[rest] = len(unit) + connected_components(around, directed=False)[1]
        row, column = number[pairs.row], number[pairs.col]
        kept = (row != column) & (np.minimum(row, column) < len(unit))
        metres = np.where(np.maximum(row, column) < len(unit), pairs.data, 0.0)
        size = int(number.max()) + 1
        beside = coo_array((metres[kept], (row[kept], column[kept])), shape=(size, size)).tocsr()
        return Lay(beside, len(unit))

    def faults(self, labels: Ints) -> int:
        """Count what a map of the grids would have too many: second pieces, and holes in them.

        Parameters
        ----------
        labels
            Grid of each unit, shape (U,).
        """
        grid = np.append(labels, -1 - np.arange(self._beyond)).astype(np.int32)
        part = parts(self.beside_m, grid)
        own = np.append(self.has_ground, np.ones(self._beyond, dtype=bool))
        first = np.unique(part[own], return_index=True)[1]
        grid_of_part = grid[own][first]
        pairs = self.beside_m.tocoo()
        row, column = (np.searchsorted(part[own][first], part[at]) for at in (pairs.row, pairs.col))
        near = coo_array((np.ones(len(row)), (row, column)), (len(first), len(first))).tocsr()
        usual = connected_components(near, directed=False)[0]
        grids = np.unique(labels[self.has_ground])
        holes = 0
        for outside in (grid_of_part != one for one in grids):
            around = connected_components(near[outside][:, outside], directed=False)[0]
            holes += max(around - usual, 0)
        return int((grid_of_part >= 0).sum()) - len(grids) + holes

    @property
    def _beyond(self) -> int:
        return int(self.beside_m.shape[0]) - self.unit_count


def parts(adjacency: csr_array, label: Ints) -> Ints:
    """Tell apart the connected parts of what has one label, by number."""
    pairs = adjacency.tocoo()
    same = label[pairs.row] == label[pairs.col]
    ones = np.ones(same.sum(), dtype=np.int8)
    within = csr_array((ones, (pairs.row[same], pairs.col[same])), adjacency.shape)
    return np.asarray(connected_components(within, directed=False)[1], dtype=np.int32)
