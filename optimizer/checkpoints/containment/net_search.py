"""Is there a net by a certain time? From the cheapest question to the dearest.

1. Does a way out meet no site that a unit reaches in time? Then there is no net.
2. Does every cut of such sites need more posts than there are units? Then there is no net.
3. Can the cut with the fewest posts be manned, each post by a unit of its own? Then it is a net.
4. If not, some groups are too few for the posts that only they can man. Prices for their units lead
   to another cut that can be manned, or prove that none can.
5. What is left is an integer program, if it is small enough.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from optimizer.checkpoints.containment.bounded_cut import bounded_cut
from optimizer.checkpoints.containment.crossing import Crossing
from optimizer.checkpoints.containment.net_program import manned_cut
from optimizer.checkpoints.containment.prices import Prices, best_prices

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

ROUNDS = 12
"""Rounds of prices; most answers need one to five."""
SEARCH_ROUNDS = 4
"""Rounds of prices that no longer can prove anything, for the sake of the cuts they lead to."""
EFFORT = 40
"""Rounds of prices for one incident, where a count of them and not a clock ends the search."""
MOST_CUTS = 60
"""Cuts that are remembered from one time for the next."""
MOST_NODES = 1500
"""Nodes of the largest crossing that the integer program is asked of; larger ones take hours."""
LEAST_EXCESS = 1e-7


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Whether a net exists by some time: "yes" with its chains (k,), "no" (proven), "unknown"."""

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
        Reading of ``time.monotonic`` from which on no integer program is asked any more. None: none
        is asked at all, and ``EFFORT`` rounds of prices are enough: the same answer everywhere.
    """

    def __init__(
        self, crossing: Crossing, timely_s: Floats, capacity: Longs, deadline: float | None
    ) -> None:
        self._crossing = crossing
        self._timely_s = timely_s
        self._soonest_s = timely_s.min(axis=0, initial=np.inf)
        self._capacity = capacity
        self._deadline = deadline
        self._proofs: list[Prices] = []
        self._cuts: list[Ints] = []
        self._rounds = 0
        self._has_net = False

    @property
    def is_late(self) -> bool:
        """Whether the deadline is past, or the effort spent where there is none."""
        if self._deadline is None:
            return self._rounds >= EFFORT
        return time.monotonic() >= self._deadline

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
        answer = self._answer(limit_s, most)
        self._has_net |= answer.chains is not None
        return answer

    def _answer(self, limit_s: float, most: int | None) -> Answer:
        closable = _by(self._soonest_s, limit_s)
        crossing = self._crossing.narrow(closable)
        if crossing is None:
            return NO
        if len(crossing.chain) == 0:
            return Answer("yes", crossing.chain)
        timely = _by(self._timely_s[:, crossing.chain], limit_s)
        units = int(self._capacity.sum())
        most = units if most is None else min(most, units)
        cuts = self._known_cuts(crossing, closable)
        for cut in cuts:
            if self._is_net(cut, timely, most):
                return Answer("yes", crossing.chain[cut])
        return self._priced(crossing, timely, most, cuts)

    def _priced(self, crossing: Crossing, timely: Mask, most: int, cuts: list[Ints]) -> Answer:
        """Ask questions 2 to 4, then 5."""
        trials = [Prices.alike(len(self._capacity)), *self._proofs[-1:]]
        best: tuple[float, Floats] | None = None
        tried, in_vain = set(), 0
        for turn in range(ROUNDS):
            if self._has_net and self._deadline is not None and self.is_late:
                return UNKNOWN
            self._rounds += 1
            if not trials:
                real, cost = best_prices([timely[:, cut] for cut in cuts], self._capacity, most)
                in_vain += cost <= 1 + LEAST_EXCESS
                if in_vain > SEARCH_ROUNDS:
                    break
                halfway = real if best is None or turn % 2 else (real + best[1]) / 2
                trials = [Prices.rounded(halfway)]
            prices = trials.pop(0)
            if prices.key in tried:
                continue
            tried.add(prices.key)
            price, worth = prices.of_posts(timely), prices.worth(self._capacity, most)
            found = bounded_cut(crossing, price, worth)
            if found is None:
                self._proofs = [prices]
                return NO
            for cut in found:
                if self._is_net(cut, timely, most):
                    return Answer("yes", crossing.chain[cut])
                cuts.append(cut)
                self._cuts.append(crossing.chain[cut])
            cost = float(price[found[0]].sum() / worth)
            if best is None or cost > best[0]:
                best = cost, prices.real(worth)
        return self._programmed(crossing, timely, most)

    def _known_cuts(self, crossing: Crossing, closable: Mask) -> list[Ints]:
        """List the cuts of earlier answers that are cuts here too, by the nodes of a crossing.

        A chain that can be closed, but is no longer on a way out, need not be closed.
        """
        del self._cuts[:-MOST_CUTS]
        place = np.full(len(self._soonest_s), -1, dtype=np.int32)
        place[crossing.chain] = np.arange(len(crossing.chain))
        return [place[cut][place[cut] >= 0] for cut in self._cuts if closable[cut].all()]

    def _is_net(self, cut: Ints, timely: Mask, most: int) -> bool:
        """Tell whether each post of a cut can have a unit of its own."""
        if len(cut) > most:
            return False
        unit = np.repeat(timely[:, cut], np.minimum(self._capacity, len(cut)), axis=0)
        matching = maximum_bipartite_matching(csr_array(unit.T), perm_type="column")
        return bool((matching >= 0).all())

    def _programmed(self, crossing: Crossing, timely: Mask, most: int) -> Answer:
        """Ask question 5, of a small crossing."""
        if self._deadline is None or self.is_late or len(crossing.chain) > MOST_NODES:
            return UNKNOWN
        left_s = self._deadline - time.monotonic()
        outcome, cut = manned_cut(crossing, timely, self._capacity, most, left_s)
        if outcome != "yes":
            return Answer(outcome)
        is_net = self._is_net(cut, timely, most)
        return Answer("yes", crossing.chain[cut]) if is_net else UNKNOWN


def _by(arrival_s: Floats, limit_s: float) -> Mask:
    """Mark the arrivals by a time, which may be inf; inf itself is none."""
    return (arrival_s <= limit_s) & np.isfinite(arrival_s)
