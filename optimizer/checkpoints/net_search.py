"""Is there a net by a certain time? From the cheapest question to the dearest.

1. Does a way out meet no site that a unit reaches in time? Then there is no net.
2. Does every cut of such sites need more posts than there are units? Then there is no net.
3. Can the cut with the fewest posts be manned, each post by a unit of its own? Then it is a net.
4. If not, some groups are too few for the posts that only they can man. Prices on these shortages
   lead to another cut that can be manned, or prove that none can.
5. What is left is a small integer program.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.bounded_cut import bounded_cut
from optimizer.checkpoints.crossing import Crossing
from optimizer.checkpoints.matching import match_units
from optimizer.checkpoints.net_program import NetProgram
from optimizer.checkpoints.shortages import Shortages

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

ROUNDS = 60
"""Rounds of prices before the integer program is asked; most need one to five."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Whether a net exists by some time: "yes", with its chains (k,), "no" (proven) or "unknown"."""

    outcome: Literal["yes", "no", "unknown"]
    chains: Ints | None = None


NO, UNKNOWN = Answer("no"), Answer("unknown")


class NetSearch:
    """Answers for one incident, by any time; what it learns of shortages it keeps.

    Parameters
    ----------
    crossing
        Between the origins and the exits, with all chains that are ever closed in time.
    timely_s
        When each group has closed each chain of the crossing, if before the fugitive can be there,
        else inf, shape (g, s).
    capacity
        Units of each group, shape (g,).
    deadline
        Reading of ``time.monotonic`` from which on no integer program is asked any more.
    """

    def __init__(
        self, crossing: Crossing, timely_s: Floats, capacity: Longs, deadline: float
    ) -> None:
        self._crossing = crossing
        self._timely_s = timely_s
        self._soonest_s = timely_s.min(axis=0, initial=np.inf)
        self._capacity = capacity
        self._deadline = deadline
        self._short: dict[bytes, Mask] = {}

    @property
    def instants(self) -> Floats:
        """Times at which the first unit closes a site, ascending."""
        return np.unique(self._soonest_s[np.isfinite(self._soonest_s)])

    def arrivals_between(self, after_s: float, until_s: float) -> Floats:
        """List the times at which any group closes a site, ascending."""
        within = (self._timely_s > after_s) & (self._timely_s <= until_s)
        return np.unique(self._timely_s[within])

    def enough_units(self, limit_s: float) -> bool:
        """Ask questions 1 and 2: whether so few posts may separate that there are units for all."""
        crossing = self._crossing.narrow(_by(self._soonest_s, limit_s))
        units = int(self._capacity.sum())
        price = np.ones(0 if crossing is None else len(crossing.chain), dtype=np.int64)
        return crossing is not None and bounded_cut(crossing, price, units) is not None

    def answer(self, limit_s: float, most: int | None = None) -> Answer:
        """Ask all questions of nets that close by ``limit_s`` and have at most ``most`` posts."""
        crossing = self._crossing.narrow(_by(self._soonest_s, limit_s))
        if crossing is None:
            return NO
        timely = _by(self._timely_s[:, crossing.chain], limit_s)
        units = int(self._capacity.sum())
        return self._priced(crossing, timely, units if most is None else min(most, units))

    def _priced(self, crossing: Crossing, timely: Mask, most: int) -> Answer:
        """Ask questions 2 to 4, then 5."""
        shortages = Shortages(timely, self._capacity, most)
        for groups in self._short.values():
            shortages.add(groups)
        weights: Longs | None = shortages.first_weights()
        for _ in range(ROUNDS):
            if weights is None:
                break
            cuts = bounded_cut(crossing, shortages.price(weights), shortages.worth(weights))
            if cuts is None:
                return NO
            is_new = False
            for cut in cuts:
                is_net, learned = self._manned(cut, timely, shortages, most)
                if is_net:
                    return Answer("yes", crossing.chain[cut])
                is_new |= shortages.add_cut(cut) or learned
            weights = shortages.weights() if is_new else None
        return self._programmed(crossing, timely, shortages, most)

    def _manned(
        self, cut: Ints, timely: Mask, shortages: Shortages, most: int
    ) -> tuple[bool, bool]:
        """Tell whether a cut can be manned; if not, whether it taught a new shortage."""
        matching = match_units(timely[:, cut], self._capacity)
        learned = False
        for groups in matching.short:
            self._short[groups.tobytes()] = groups
            learned |= shortages.add(groups)
        return matching.complete and len(cut) <= most, learned

    def _programmed(
        self, crossing: Crossing, timely: Mask, shortages: Shortages, most: int
    ) -> Answer:
        """Ask question 5, adding shortages until the answer can be manned."""
        if time.monotonic() >= self._deadline:
            return UNKNOWN
        program = NetProgram(crossing)
        told = 0
        while time.monotonic() < self._deadline:
            for members, room in zip(shortages.members[told:], shortages.rooms[told:], strict=True):
                program.add(members, room)
            told = len(shortages.rooms)
            outcome, cut = program.solve(self._deadline - time.monotonic())
            if outcome == "infeasible":
                return NO
            if outcome == "unknown":
                return UNKNOWN
            is_net, learned = self._manned(cut, timely, shortages, most)
            if is_net:
                return Answer("yes", crossing.chain[cut])
            if not learned:
                return UNKNOWN
        return UNKNOWN


def _by(arrival_s: Floats, limit_s: float) -> Mask:
    """Mark the arrivals by a time, which may be inf; inf itself is none."""
    return (arrival_s <= limit_s) & np.isfinite(arrival_s)
