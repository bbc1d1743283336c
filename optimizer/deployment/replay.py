"""Drives beats again over the roads, knowing no solver, and tells what does not hold."""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.grid_demand import GridDemand
from optimizer.deployment.patrol_plan import Beat, PatrolStop
from optimizer.deployment.settings import PatrolSettings
from optimizer.roads import RoadNetwork, travel_times

Floats = NDArray[np.float64]

TOLERANCE_S = 0.001
"""Times on the roads are whole hundredths of a millisecond, added up."""
ROUNDING_S = 1.0
"""Ways are planned in whole seconds, rounded up."""
LOOK_S = 30.0
"""The cover is looked at so often, a second past: between junctions, not just at them."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """What driving the beats of one grid and shift again showed.

    Parameters
    ----------
    faults
        What does not hold, a sentence each.
    least_cover
        Smallest share of its cover from the platform that the grid kept, looked at twice a minute.
    """

    faults: tuple[str, ...]
    least_cover: float


class Replayer:
    """Drives beats again, stop by stop and twice a minute, on times found anew."""

    def __init__(self, network: RoadNetwork, settings: PatrolSettings) -> None:
        self._network = network
        self._settings = settings
        pairs = zip(network.tail.tolist(), network.head.tolist(), strict=True)
        self._arc_s = dict(zip(pairs, (network.travel_ms / 1000).tolist(), strict=True))

    def replay(
        self,
        beats: Sequence[Beat],
        hours_s: tuple[float, float],
        demand: GridDemand,
        present: int,
    ) -> Replay:
        """Drive the beats of one grid and shift again.

        Parameters
        ----------
        hours_s
            Begin and end of the shift, seconds after midnight.
        demand
            Of the grid.
        present
            Response units manned; those without a beat stand at the platform.
        """
        faults = [fault for beat in beats for fault in self._faults(beat, hours_s)]
        faults += self._gaps(beats, hours_s)
        if len({beat.unit for beat in beats}) < len(beats) or len(beats) > present:
            faults.append(f"{len(beats)} beats for {present} units")
        if faults or not beats:
            return Replay(tuple(faults), 1.0)
        least = self._least_cover(beats, hours_s, demand, present)
        floor = self._settings.cover_floor
        if least < floor - 1e-9:
            faults.append(f"{beats[0].grid_id} {beats[0].shift}: the cover falls to {least:.4f}, "
                          f"below {floor:g}")  # fmt: skip
        return Replay(tuple(faults), least)

    def _faults(self, beat: Beat, hours_s: tuple[float, float]) -> Iterator[str]:
        stops, settings = beat.stops, self._settings
        home = stops[0].node
        if (stops[0].kind, stops[0].arrive_s) != ("start", hours_s[0]):
            yield f"{beat.beat_id} does not begin with its shift"
        if (stops[-1].kind, stops[-1].leave_s, stops[-1].node) != ("end", hours_s[1], home):
            yield f"{beat.beat_id} does not end at its platform with its shift"
        real_s = self._travel_s(stops)
        for before, stop, real in zip(stops, stops[1:], real_s, strict=False):
            where = f"{beat.beat_id}: {stop.kind} {stop.target_id}"
            if stop.arrive_s != before.leave_s + stop.travel_s or stop.leave_s < stop.arrive_s:
                yield f"{where}: its times do not add up"
            if not -TOLERANCE_S <= stop.travel_s - real < ROUNDING_S + TOLERANCE_S:
                yield f"{where}: the way takes {real:.3f} s, not {stop.travel_s:g}"
            if abs(self._drive_s(stop.way) - real) > TOLERANCE_S:
                yield f"{where}: its way is not a quickest one"
            needed_s = 60 * settings.dwell_minutes if stop.kind == "point" else 0.0
            if stop.kind == "line":
                needed_s = self._drive_s(stop.along)
            if stop.leave_s - stop.arrive_s < needed_s - ROUNDING_S / 2:
                yield f"{where}: {needed_s:.0f} s are needed there"
        yield from self._too_busy(beat)

    def _too_busy(self, beat: Beat) -> Iterator[str]:
        """Hold each round, from one return to the platform to the next, to its share."""
        since, busy = beat.stops[0].arrive_s, 0.0
        for stop in beat.stops[1:]:
            busy += stop.travel_s
            if stop.kind in ("standby", "end"):
                if busy > self._settings.patrol_share * (stop.leave_s - since):
                    yield f"{beat.beat_id}: a round takes {busy:g} of {stop.leave_s - since:g} s"
                since, busy = stop.leave_s, 0.0
            else:
                busy += stop.leave_s - stop.arrive_s

    def _gaps(self, beats: Iterable[Beat], hours_s: tuple[float, float]) -> Iterator[str]:
        """Find targets that nobody passes for too long."""
        passes: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for beat in beats:
            for stop in beat.stops:
                if stop.target_id:
                    passes[stop.target_id].append((stop.arrive_s, stop.leave_s))
        for target_id, seen in passes.items():
            edges = [(hours_s[0], hours_s[0]), *sorted(seen), (hours_s[1], hours_s[1])]
            longest = max(after[0] - before[1] for before, after in pairwise(edges))
            if longest > 60 * self._settings.every_minutes:
                yield f"{target_id} is not passed for {longest:g} s"

    def _travel_s(self, stops: Sequence[PatrolStop]) -> list[float]:
        """Time the way to each stop but the first on the roads."""
        leave = [stop.end_node for stop in stops[:-1]]
        enter = [stop.node for stop in stops[1:]]
        sources, row = np.unique(leave, return_inverse=True)
        targets, column = np.unique(enter, return_inverse=True)
        limit_s = max(stop.travel_s for stop in stops) + ROUNDING_S
        found: list[float] = self._table_s(sources, targets, limit_s)[row, column].tolist()
        return found

    def _table_s(
        self, sources: NDArray[np.int64], targets: NDArray[np.integer], limit_s: float
    ) -> Floats:
        """Time all ways within a limit; inf beyond."""
        return travel_times(self._network, sources, targets, limit_s).table(len(targets))

    def _drive_s(self, nodes: Sequence[int]) -> float:
        """Time a way arc by arc; inf where it leaves the roads."""
        return math.fsum(self._arc_s.get(pair, math.inf) for pair in pairwise(nodes))

    def _least_cover(
        self,
        beats: Sequence[Beat],
        hours_s: tuple[float, float],
        demand: GridDemand,
        present: int,
    ) -> float:
        drive_s, weight = demand.drive_s, demand.weight
        moments = np.arange(hours_s[0] + 1, hours_s[1], LOOK_S)
        home = beats[0].stops[0].node
        where = [self._positions(beat, moments) for beat in beats]
        nodes = np.unique(np.concatenate([[home], *(at for at, _ in where)]))
        table = self._table_s(nodes, demand.node, demand.longest_s)
        at_home = table[np.searchsorted(nodes, home)] <= drive_s + TOLERANCE_S
        whole = float(weight[at_home].sum())
        if whole <= 0:
            return 1.0
        reached = np.zeros((len(moments), len(weight)), dtype=bool)
        reached[:] = at_home if len(beats) < present else False
        for at, ahead_s in where:
            rows = table[np.searchsorted(nodes, at)]
            reached |= rows + ahead_s[:, None] <= drive_s + TOLERANCE_S
        return float((reached @ weight).min()) / whole

    def _positions(self, beat: Beat, moments: Floats) -> tuple[NDArray[np.int64], Floats]:
        """Find the junction that a unit reaches next at each moment, and in how many seconds."""
        at: list[int] = []
        when: list[float] = []
        for stop in beat.stops:
            self._drive(at, when, stop.way, stop.arrive_s - stop.travel_s)
            at.append(stop.node)
            when.append(stop.arrive_s)
            self._drive(at, when, stop.along, stop.arrive_s)
            at.append(stop.end_node)
            when.append(stop.leave_s)
        node, reached_s = np.array(at, dtype=np.int64), np.maximum.accumulate(when)
        following = np.minimum(np.searchsorted(reached_s, moments), len(at) - 1)
        standing = node[np.maximum(following - 1, 0)] == node[following]
        ahead_s = np.where(standing, 0.0, np.maximum(reached_s[following] - moments, 0.0))
        return node[following], ahead_s

    def _drive(self, at: list[int], when: list[float], way: Sequence[int], start_s: float) -> None:
        clock = start_s
        for pair in pairwise(way):
            clock += self._arc_s[pair]
            at.append(pair[1])
            when.append(clock)
