"""Who closes which exit: as much as the units can close, the last as early as possible."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left

import numpy as np
import scipy  # its parts are loaded when they are first used
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """One unit to each exit that is closed, and no unit to two; every array is read-only.

    Parameters
    ----------
    unit
        The unit that closes each exit, shape (e,); -1: the exit stays open.
    arrival_s
        When it does, shape (e,); inf: the exit stays open.
    """

    unit: Ints
    arrival_s: Floats

    def __post_init__(self) -> None:
        self.unit.setflags(write=False)
        self.arrival_s.setflags(write=False)

    @property
    def closed(self) -> Mask:
        """Mark the exits that are closed, shape (e,)."""
        return self.unit >= 0

    @property
    def latest_s(self) -> float | None:
        """When the last exit is closed; None where none is."""
        return float(self.arrival_s[self.closed].max()) if self.closed.any() else None

    @property
    def total_s(self) -> float:
        """Sum of the seconds of all exits that are closed."""
        return float(self.arrival_s[self.closed].sum())


def assign_units(arrival_s: Floats, weight: Floats | None = None) -> Assignment:
    """Send units to exits: the most weight closed, then the last soonest, then the least total.

    The sets of exits that units can close together are the independent sets of a transversal
    matroid. Hence the heaviest set that can be closed is also the largest, and depends on the order
    of the weights alone: ranks, which are whole numbers, stand in for weights. The smallest time
    within which so much can still be closed is found by bisection over the times that occur
    (bottleneck assignment), the least total within it by one assignment in which any closed exit
    outweighs all the driving.

    Source: Edmonds & Fulkerson (1965), doi:10.6028/jres.069B.016; Burkard, Dell'Amico & Martello
    (2012), Assignment Problems, chapter 6, doi:10.1137/1.9781611972238.

    Parameters
    ----------
    arrival_s
        Seconds until each unit can close each exit, shape (u, e); inf: it cannot.
    weight
        What closing each exit is worth, from 0 up, shape (e,); None: all the same.
    """
    arrival_s = np.asarray(arrival_s, dtype=np.float64)
    exits = arrival_s.shape[1]
    worth = _ranks(np.ones(exits) if weight is None else weight)
    instants = np.unique(arrival_s[np.isfinite(arrival_s)])
    unit, arrival = np.full(exits, -1, np.int32), np.full(exits, np.inf)
    if len(instants) == 0:
        return Assignment(unit, arrival)
    most = _most_closed(np.isfinite(arrival_s), worth)
    latest = instants[
        bisect_left(
            range(len(instants) - 1), True,
            key=lambda at: _most_closed(arrival_s <= instants[at], worth) == most,
        )
    ]  # fmt: skip
    timely = arrival_s <= latest
    any_drive_s = (exits + 1) * (latest + 1)
    cost = np.where(timely, np.where(timely, arrival_s, 0) - any_drive_s * worth, 0)
    rows, columns = scipy.optimize.linear_sum_assignment(cost)
    sent = timely[rows, columns]
    unit[columns[sent]] = rows[sent]
    arrival[columns[sent]] = arrival_s[rows[sent], columns[sent]]
    return Assignment(unit, arrival)


def _ranks(weight: Floats) -> Longs:
    """Give each weight its place among the distinct ones, 1 for the lightest, shape (e,)."""
    return np.unique(weight, return_inverse=True)[1].astype(np.int64) + 1


def _most_closed(timely: Mask, worth: Longs) -> int:
    """Find how much can be closed by pairs of units and exits that are in time."""
    value = np.where(timely, worth, 0)
    return int(value[scipy.optimize.linear_sum_assignment(value, maximize=True)].sum())
