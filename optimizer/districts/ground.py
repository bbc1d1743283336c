"""The problem: whose ground is each unit to be, a unit being a road node or a cell of many."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

SECONDS_PER_HOUR = 3600.0


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """U units to be divided among p platforms; every array is read-only.

    A division gives each unit to one platform of its group. A platform's hours of work per day are
    the calls of its units times handling and travel, from that platform, so they depend on who
    owns what.

    Parameters
    ----------
    calls
        Calls per day at each unit, shape (U,).
    handling_s
        Mean seconds at the scene of its calls, shape (U,).
    travel_s
        Seconds from each platform to the calls of each unit, on average; to the unit itself where
        it has none; shape (p, U).
    indptr, neighbour
        Units that are next to each other: those of unit u are
        ``neighbour[indptr[u]:indptr[u + 1]]``, shapes (U + 1,) and (k,); symmetric.
    seed
        Unit on which each platform stands, shape (p,).
    group_of_unit, group_of_platform
        Loads are balanced within groups 0..g-1, and a unit goes to a platform of its own, shapes
        (U,) and (p,).

    Raises
    ------
    ValueError
        Shapes differ, a number is out of range, two platforms share a unit, a group has no
        platform or another one's unit under a platform, or a unit is cut off from all platforms.
    """

    calls: Floats
    handling_s: Floats
    travel_s: Floats
    indptr: Longs
    neighbour: Ints
    seed: Ints
    group_of_unit: Ints
    group_of_platform: Ints

    def __post_init__(self) -> None:
        for name, kind in _KINDS.items():
            array: NDArray[Any] = np.array(getattr(self, name), dtype=kind, order="C")
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        faults = self._faults_of_shape() or self._faults_of_values() or self._faults_of_place()
        if faults:
            raise ValueError("; ".join(faults))

    @property
    def unit_count(self) -> int:
        """Number of units U."""
        return len(self.calls)

    @property
    def platform_count(self) -> int:
        """Number of platforms p."""
        return len(self.seed)

    @property
    def group_count(self) -> int:
        """Number of groups g."""
        return int(self.group_of_platform.max(initial=-1)) + 1

    @property
    def adjacency(self) -> csr_array:
        """Which units are next to each other, shape (U, U)."""
        ones = np.ones(len(self.neighbour), dtype=np.int8)
        return csr_array((ones, self.neighbour, self.indptr), (self.unit_count, self.unit_count))

    def _faults_of_shape(self) -> list[str]:
        u, p = self.unit_count, self.platform_count
        shapes = {"handling_s": (u,), "travel_s": (p, u), "indptr": (u + 1,),
                  "group_of_unit": (u,), "group_of_platform": (p,)}  # fmt: skip
        return [
            f"{name} has shape {getattr(self, name).shape}, not {shape}"
            for name, shape in shapes.items()
            if getattr(self, name).shape != shape
        ]

    def _faults_of_values(self) -> list[str]:
        faults = [
            f"{name} must be finite and not negative"
            for name in ("calls", "handling_s", "travel_s")
            if not (np.isfinite(getattr(self, name)) & (getattr(self, name) >= 0)).all()
        ]
        ends = self.indptr[[0, -1]].tolist()
        if ends != [0, len(self.neighbour)] or (np.diff(self.indptr) < 0).any():
            faults.append("indptr must ascend from 0 to the number of neighbours")
        for name in ("neighbour", "seed"):
            index = getattr(self, name)
            if len(index) and not (index.min() >= 0 and index.max() < self.unit_count):
                faults.append(f"{name} must name units 0 to {self.unit_count - 1}")
        return faults

    def _faults_of_place(self) -> list[str]:
        faults = []
        if len(np.unique(self.seed)) < self.platform_count:
            faults.append("two platforms stand on one unit")
        groups = np.unique(np.concatenate([self.group_of_unit, self.group_of_platform]))
        if not np.array_equal(groups, np.unique(self.group_of_platform)) or not np.array_equal(
            groups, np.arange(len(groups))
        ):
            faults.append("groups must be numbered from 0, each with a platform")
        elif (self.group_of_unit[self.seed] != self.group_of_platform).any():
            faults.append("a platform stands on a unit of another group")
        adjacency = self.adjacency
        if (adjacency != adjacency.T).nnz:
            faults.append("being neighbours must be mutual")
        part = connected_components(adjacency, directed=False)[1]
        if not np.isin(part, part[self.seed]).all():
            faults.append("a unit is cut off from all platforms")
        return faults


def group_ground(ground: Ground, group: int) -> tuple[Ground, Ints, Ints]:
    """Take one group's ground out.

    Returns
    -------
    It, and which units and platforms of the whole its own are.
    """
    unit = np.flatnonzero(ground.group_of_unit == group).astype(np.int32)
    platform = np.flatnonzero(ground.group_of_platform == group).astype(np.int32)
    near = ground.adjacency[unit][:, unit].tocsr()
    own = Ground(
        ground.calls[unit],
        ground.handling_s[unit],
        ground.travel_s[np.ix_(platform, unit)],
        near.indptr,
        near.indices,
        np.searchsorted(unit, ground.seed[platform]).astype(np.int32),
        np.zeros(len(unit), dtype=np.int32),
        np.zeros(len(platform), dtype=np.int32),
    )
    return own, unit, platform


_KINDS = {"calls": np.float64, "handling_s": np.float64, "travel_s": np.float64,
          "indptr": np.int64, "neighbour": np.int32, "seed": np.int32, "group_of_unit": np.int32,
          "group_of_platform": np.int32}  # fmt: skip
