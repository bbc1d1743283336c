"""Where more units should stand by, so that most flights are contained within a time.

Plans are found by bundles: for each flight not yet contained, a net in which further units stand
wherever they like tells how many of them it lacks, and where. The bundle that gains most weight for
each unit is placed, until all are; then each unit in turn is taken away and placed anew. Every plan
is evaluated flight by flight by the exact search. The bound lets each flight have all further units
to itself, wherever suits it best: no plan contains more.
"""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from optimizer.checkpoints.containment.evader import Evader
from optimizer.checkpoints.containment.net_search import NO, Answer, NetSearch
from optimizer.checkpoints.containment.pursuit import Chase, Pursuit
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

WORKERS = 2


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StandingPlan:
    """Places for further units.

    Parameters
    ----------
    chosen
        Candidates with one further unit each, in the order in which they were placed; at most as
        many as asked for, fewer where more would gain nothing.
    contained_before, contained
        Flights contained in time without and with them, shape (h,).
    weight_before, weight, bound
        Their weight, and what no choice of as many candidates exceeds.
    status
        "optimal": the bound is reached.
    """

    chosen: Ints
    contained_before: Mask
    contained: Mask
    weight_before: float
    weight: float
    bound: float
    status: Literal["optimal", "feasible"]

    @property
    def gap(self) -> float:
        """How much more than the plan the bound allows, as a part of the bound."""
        return 0.0 if self.bound == 0 else (self.bound - self.weight) / self.bound


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Standby:
    """Who stands by already, and where more may.

    Parameters
    ----------
    arrival_s, capacity
        As for :func:`contain`: of the units there are.
    candidate_arrival_s
        Seconds from the order until a unit that stands at each candidate has closed each node,
        shape (p, n).
    """

    arrival_s: Floats
    capacity: NDArray[np.integer]
    candidate_arrival_s: Floats


def place_standing(  # noqa: PLR0913
    graph: StreetGraph,
    origins: NDArray[np.integer],
    weight: Floats,
    exits: NDArray[np.integer],
    standby: Standby,
    evader: Evader,
    *,
    count: int,
    within_s: float,
    time_limit_s: float = 20.0,
) -> StandingPlan:
    """Choose candidates for ``count`` more units, so that most weight is contained in time.

    Parameters
    ----------
    origins, weight
        Where flights start and what each is worth, shapes (h,).
    within_s
        Seconds after the incident by which a net must be closed.
    time_limit_s
        After this the plan is improved no further.
    """
    deadline = time.monotonic() + time_limit_s
    present = np.asarray(standby.capacity, dtype=np.int64)
    further = np.ones(len(standby.candidate_arrival_s), dtype=np.int64)
    pursuit = Pursuit.of(
        graph, exits, np.concatenate([standby.arrival_s, standby.candidate_arrival_s]),
        np.concatenate([present, further]), evader,
    )  # fmt: skip
    flights = [
        _Flight(pursuit.chase(np.array([origin], dtype=np.int32)), present, within_s, deadline)
        for origin in origins
    ]
    worth = np.asarray(weight, dtype=np.float64)
    before = _contained(flights, ())
    possible = before | np.array([flight.may_be(count) for flight in flights], dtype=bool)
    placing = _Placing(flights, np.where(possible, worth, 0.0), count, deadline)
    chosen = placing.improved(placing.filled(()))
    contained = before | _contained(flights, chosen)
    bound, reached = float(worth[possible].sum()), float(worth[contained].sum())
    return StandingPlan(
        np.array(chosen, dtype=np.int32), before, contained, float(worth[before].sum()), reached,
        bound, "optimal" if reached >= bound else "feasible",
    )  # fmt: skip


class _Flight:
    """One flight, by a fixed time, against the present groups and some of the candidates."""

    def __init__(self, chase: Chase, present: Longs, within_s: float, deadline: float) -> None:
        self._crossing = chase.crossing
        self._groups = len(present)
        self._present = present
        self._timely_s = np.where(chase.timely_s <= within_s, chase.timely_s, np.inf)
        self._deadline = deadline

    def is_contained(self, chosen: Sequence[int]) -> bool:
        """Tell whether a net is found with a unit at each chosen candidate."""
        return self._answer(chosen, 0).outcome == "yes"

    def may_be(self, count: int) -> bool:
        """Tell whether it is open, or true, that as many units contain it wherever they stand."""
        return self._answer((), count).outcome != "no"

    def bundle(self, chosen: Sequence[int], most: int) -> list[list[int]]:
        """For each unit that is lacking: candidates one of which would do; empty if none help."""
        low, high = 1, most
        chains = self._answer(chosen, high).chains
        if chains is None:
            return []
        while low < high:
            wild = (low + high) // 2
            fewer = self._answer(chosen, wild).chains
            if fewer is None:
                low = wild + 1
            else:
                chains, high = fewer, wild
        return self._lacking(chains, chosen, high)

    def _answer(self, chosen: Sequence[int], wild: int) -> Answer:
        if self._crossing is None:
            return NO
        timely_s, capacity = self._force(chosen, wild)
        return NetSearch(self._crossing, timely_s, capacity, self._deadline).answer(np.inf)

    def _force(self, chosen: Sequence[int], wild: int) -> tuple[Floats, Longs]:
        """Stack the present groups, the chosen candidates, and units that stand anywhere."""
        candidates = self._timely_s[self._groups :]
        anywhere = candidates.min(axis=0, initial=np.inf)[None]
        parts = [self._timely_s[: self._groups], candidates[list(chosen)], anywhere]
        capacity = np.concatenate([self._present, np.ones(len(chosen), np.int64), [wild]])
        timely_s = np.concatenate(parts)
        timely_s[capacity == 0] = np.inf
        return timely_s, capacity

    def _lacking(self, chains: Ints, chosen: Sequence[int], wild: int) -> list[list[int]]:
        timely_s, capacity = self._force(chosen, wild)
        row = np.repeat(np.arange(len(capacity)), np.minimum(capacity, len(chains)))
        late = ~np.isfinite(timely_s[np.ix_(row, chains)])
        cost = np.where(late, len(chains) + 1.0, (row == len(capacity) - 1)[:, None])
        unit, at = linear_sum_assignment(cost)
        needed = chains[at[row[unit] == len(capacity) - 1]]
        return [
            np.flatnonzero(np.isfinite(self._timely_s[self._groups :, chain])).tolist()
            for chain in needed
        ]


def _contained(flights: Sequence[_Flight], chosen: Sequence[int]) -> Mask:
    with ThreadPoolExecutor(WORKERS) as pool:
        return np.array(list(pool.map(lambda one: one.is_contained(chosen), flights)), dtype=bool)


class _Placing:
    """Plans, each a tuple of candidates in the order in which they were placed."""

    def __init__(
        self, flights: Sequence[_Flight], worth: Floats, count: int, deadline: float
    ) -> None:
        self._flights = flights
        self._worth = worth
        self._count = count
        self._deadline = deadline

    def filled(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """Add bundles, each the one that gains most for a unit, until nothing is gained."""
        while len(chosen) < self._count:
            left = self._count - len(chosen)
            missing = np.flatnonzero(~_contained(self._flights, chosen)).tolist()
            bundles = {
                at: bundle
                for at in missing
                if self._worth[at] > 0 and (bundle := self._flights[at].bundle(chosen, left))
            }
            if not bundles:
                break
            best = max(bundles, key=lambda at: (self._worth[at] / len(bundles[at]), -at))
            more = self._places(bundles[best], bundles, chosen)
            if not more:
                break
            chosen = (*chosen, *more)
        return chosen

    def _places(
        self, bundle: list[list[int]], bundles: dict[int, list[list[int]]], chosen: tuple[int, ...]
    ) -> list[int]:
        """Choose a candidate for each unit of a bundle, with what is of use to most flights."""
        use: Counter[int] = Counter()
        for at, others in bundles.items():
            for candidate in {one for lack in others for one in lack}:
                use[candidate] += self._worth[at] / len(others)
        places: list[int] = []
        for lack in bundle:
            free = [one for one in lack if one not in chosen and one not in places]
            if free:
                places.append(max(free, key=lambda one: (use[one], -one)))
        return places

    def improved(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """Take each unit away in turn and place it anew, as long as that gains."""
        best = self._weight(chosen)
        place = 0
        while place < len(chosen) and time.monotonic() < self._deadline:
            trial = self.filled(chosen[:place] + chosen[place + 1 :])
            weight = self._weight(trial)
            if weight > best:
                chosen, best, place = trial, weight, 0
            else:
                place += 1
        return chosen

    def _weight(self, chosen: tuple[int, ...]) -> float:
        return float(self._worth[_contained(self._flights, chosen)].sum())
