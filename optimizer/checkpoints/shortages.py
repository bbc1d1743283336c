"""Sites that only few units can man, and the prices that follow from them.

A set of posts can be manned if and only if, for every set of groups, at most as many of the posts
as these groups have units depend on them alone (Hall). Such a set of groups is a shortage. Sites
priced by weights on shortages make a proof: where every cut costs more than all the units of the
shortages are worth at those weights, no cut can be manned.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]

PRICE_UNIT = 1000
"""Weights are rounded to this part of their sum: prices are whole numbers, and proofs exact."""
LEAST_EXCESS = 1e-7


class Shortages:
    """The shortages known so far at one instant, and the cuts that ran into them.

    Parameters
    ----------
    timely
        Which group is in time at which node, shape (g, m); sites are nodes where some group is.
    capacity
        Units of each group, shape (g,).
    most
        Units that may be sent in all: the first shortage.
    """

    def __init__(self, timely: Mask, capacity: Longs, most: int) -> None:
        self._timely = timely
        self._capacity = capacity
        self._site: Mask = np.logical_or.reduce(timely, axis=0)
        self._members: list[Mask] = [self._site]
        self._rooms = [most]
        self._known: set[bytes] = set()
        self._cuts: dict[bytes, Ints] = {}

    @property
    def members(self) -> list[Mask]:
        """Mark the sites of each shortage, shape (m,)."""
        return self._members

    @property
    def rooms(self) -> list[int]:
        """Give the units that each shortage has for its sites."""
        return self._rooms

    def add(self, groups: Mask) -> bool:
        """Add the shortage of some groups, shape (g,); tell whether it is new."""
        if groups.tobytes() in self._known:
            return False
        self._known.add(groups.tobytes())
        self._members.append(self._site & ~self._timely[~groups].any(axis=0))
        self._rooms.append(int(self._capacity[groups].sum()))
        return True

    def add_cut(self, cut: Ints) -> bool:
        """Add a cut that cannot be manned; tell whether it is new."""
        is_new = cut.tobytes() not in self._cuts
        self._cuts[cut.tobytes()] = cut
        return is_new

    def first_weights(self) -> Longs:
        """Price every site alike, without further shortages."""
        weights: Longs = np.eye(1, len(self._rooms), dtype=np.int64)[0]
        return weights

    def weights(self) -> Longs | None:
        """Find the weights at which the cuts known so far cost most above what the units are worth.

        None: no weights show that all these cuts cannot be manned, since a blend of them could be.
        """
        excess = np.array([
            [int(members[cut].sum()) - room
             for members, room in zip(self._members, self._rooms, strict=True)]
            for cut in self._cuts.values()
        ], dtype=np.float64)  # fmt: skip
        cuts, shortages = excess.shape
        found = linprog(
            c=np.append(np.zeros(shortages), -1.0),
            A_ub=np.column_stack([-excess, np.ones(cuts)]), b_ub=np.zeros(cuts),
            A_eq=np.append(np.ones(shortages), 0.0)[None], b_eq=[1.0],
            bounds=[(0, None)] * shortages + [(None, None)],
        )  # fmt: skip
        if found.status != 0 or -found.fun < LEAST_EXCESS:
            return None
        weights: Longs = np.rint(PRICE_UNIT * found.x[:-1]).astype(np.int64)
        weights[0] = max(weights[0], 1)
        return weights

    def price(self, weights: Longs) -> Longs:
        """Give the price of each node, shape (m,)."""
        price: Longs = weights @ np.array(self._members, dtype=np.int64)
        return price

    def worth(self, weights: Longs) -> int:
        """Give what the units are worth: no cut that can be manned costs more."""
        return int(weights @ np.array(self._rooms, dtype=np.int64))
