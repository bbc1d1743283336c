"""Prices of units that lead to a net that can be manned, or prove that there is none.

Let a unit of group g cost u_g, and every post v more. A net with at most M posts, each manned by a
unit of its own, costs at most M v + sum_g capacity_g u_g; and at least as much as a cut in which
each post costs v and the cheapest unit that is in time. So if even the cheapest such cut costs
more, there is no net. This is Lagrangian duality, and with the best prices it proves whatever the
linear relaxation does; they are found by cutting planes (Kelley 1960, doi:10.1137/0108053).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import scipy  # its parts are loaded when they are first used
from numpy.typing import NDArray
from scipy.sparse import coo_array

from optimizer.errors import SolverError

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FINENESS = 200
"""Prices are whole numbers, so that proofs are exact; the dearest is about this."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What a post costs, from 1 up, and a unit of each group, shape (g,)."""

    post: int
    unit: Longs

    @classmethod
    def alike(cls, groups: int) -> Prices:
        """Count posts, and nothing else."""
        return cls(1, np.zeros(groups, dtype=np.int64))

    @classmethod
    def rounded(cls, prices: Floats) -> Prices:
        """Round real prices, that of a post first, shape (g + 1,)."""
        whole = np.rint(FINENESS / prices.max() * prices).astype(np.int64)
        return cls(max(int(whole[0]), 1), whole[1:])

    @property
    def key(self) -> tuple[int, ...]:
        """The prices themselves, to tell whether they were asked before."""
        return (self.post, *self.unit.tolist())

    def of_posts(self, timely: Mask) -> Longs:
        """Give the price of a post at each place, by who is in time there, shape (g, m) -> (m,)."""
        dear = np.iinfo(np.int64).max // 2
        unit = np.where(timely, self.unit[:, None], dear).min(axis=0, initial=dear)
        price: Longs = self.post + unit
        return price

    def real(self, worth: int) -> Floats:
        """Scale to a worth of 1; that of a post first, shape (g + 1,)."""
        return np.append(self.post, self.unit) / worth

    def worth(self, capacity: Longs, most: int) -> int:
        """Give the most that a manned net of at most ``most`` posts costs."""
        return most * self.post + int(self.unit @ capacity)


def best_prices(cuts: Sequence[Mask], capacity: Longs, most: int) -> tuple[Floats, float]:
    """Find prices at which the cheapest of some cuts is dearest, where a manned net costs 1.

    Parameters
    ----------
    cuts
        Who is in time at which post of each cut, shapes (g, k).
    capacity, most
        Units of each group, shape (g,), and of all that may be sent.

    Returns
    -------
    Prices, that of a post first, shape (g + 1,), and what the cheapest of the cuts then costs; at
    most 1: these cuts leave it open whether there is a net.
    """
    groups = len(capacity)
    kinds = [np.unique(cut, axis=1, return_counts=True) for cut in cuts]
    sizes = [kind.shape[1] for kind, _ in kinds]
    first = groups + 1 + np.concatenate([[0], np.cumsum(sizes)])  # column of each cut's first kind
    dearest = int(first[-1])
    rows, columns, values = [], [], []
    for row, (_, count) in enumerate(kinds):
        columns.append(np.concatenate([[dearest, 0], first[row] + np.arange(len(count))]))
        values.append(np.concatenate([[1.0, -count.sum()], -count]))
        rows.append(np.full(len(count) + 2, row))
    total = len(cuts)
    for at, (kind, _) in enumerate(kinds):
        group, which = np.nonzero(kind)
        pairs = total + np.arange(len(group))
        rows += [pairs, pairs]
        columns += [first[at] + which, 1 + group]
        values += [np.ones(len(group)), -np.ones(len(group))]
        total += len(group)
    entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
    matrix = coo_array(entries, shape=(total, dearest + 1))
    found = scipy.optimize.linprog(
        c=np.append(np.zeros(dearest), -1.0),
        A_ub=matrix.tocsr(), b_ub=np.zeros(total),
        A_eq=np.concatenate([[most], capacity, np.zeros(dearest - groups)])[None], b_eq=[1.0],
        bounds=[(0, None)] * (dearest + 1),
    )  # fmt: skip
    if found.x is None:
        raise SolverError(f"HiGHS found no prices for units: {found.message}")
    return found.x[: groups + 1], float(found.x[dearest])
