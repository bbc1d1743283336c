"""Sites to groups of units: everyone a unit, or who stands in whose way.

Source: Hall (1935), doi:10.1112/jlms/s1-10.37.26; augmenting routes as in Kuhn (1955),
doi:10.1002/nav.3800020109.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Matching:
    """As many sites as possible, each with a unit that is there in time.

    Parameters
    ----------
    group
        Group whose unit goes to each site, shape (k,); -1: none is left.
    short
        Sets of groups that are too few, shape (q, g): more of the sites than such a set has units
        can be manned by groups of the set alone.
    """

    group: Ints
    short: Mask

    @property
    def complete(self) -> bool:
        """Whether every site has a unit."""
        return len(self.short) == 0


def match_units(timely: Mask, capacity: Longs) -> Matching:
    """Give sites units of groups that are there in time.

    Parameters
    ----------
    timely
        Which group is in time at which site, shape (g, k).
    capacity
        Units of each group, shape (g,).
    """
    group, short = _match(np.ascontiguousarray(timely), capacity)
    return Matching(group, np.unique(short, axis=0) if len(short) else short)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _match(timely: Mask, capacity: Longs) -> tuple[Ints, Mask]:
    groups, sites = timely.shape
    group = np.full(sites, -1, np.int32)
    left = capacity.copy()
    short = np.empty((sites, groups), np.bool_)
    missed = 0
    came_by = np.empty(groups, np.int32)
    queue = np.empty(sites, np.int32)
    for root in range(sites):
        seen = np.zeros(groups, np.bool_)
        queue[0] = root
        place, size = 0, 1
        free = -1
        while place < size and free < 0:
            site = queue[place]
            place += 1
            for one in range(groups):
                if seen[one] or not timely[one, site]:
                    continue
                seen[one] = True
                came_by[one] = site
                if left[one] > 0:
                    free = one
                    break
                for other in range(sites):
                    if group[other] == one:
                        queue[size] = other
                        size += 1
        if free < 0:
            short[missed] = seen
            missed += 1
            continue
        left[free] -= 1
        while free >= 0:
            site = came_by[free]
            group[site], free = free, group[site]
    return group, short[:missed].copy()
