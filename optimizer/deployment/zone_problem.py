"""What key patrol zones may be made of, and which rules they keep; knows no solver."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.zone_search import MOST_HOTSPOTS, shortest_round_s

Floats = NDArray[np.float64]
Zone = tuple[int, ...]

HALF_MS_S = 0.0005


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ZoneProblem:
    """What zones may be made of h hotspots; arrays are copied and made read-only.

    Parameters
    ----------
    preventable
        Calls per year that presence at each hotspot prevents, at least 0, shape (h,).
    travel_s
        Shortest ways from each hotspot to each, seconds, shape (h, h).
    across_s
        No two hotspots of a zone are further apart, whichever way one drives.
    dwell_s, round_s
        Length of a stop, and of a round at most.
    rounds_per_day
        How often each round is made.
    count
        Most zones.
    hours_per_day
        Most patrol hours of all zones together; inf: any.
    """

    preventable: Floats
    travel_s: Floats
    across_s: float
    dwell_s: float
    round_s: float
    rounds_per_day: float
    count: int
    hours_per_day: float

    def __post_init__(self) -> None:
        for name in ("preventable", "travel_s"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @property
    def near(self) -> NDArray[np.bool_]:
        """Which hotspots may share a zone, shape (h, h)."""
        apart_s = np.maximum(self.travel_s, self.travel_s.T)
        close: NDArray[np.bool_] = apart_s <= self.across_s + HALF_MS_S
        return close

    @property
    def most_hours(self) -> float:
        """Patrol hours per day that as many zones can take at most."""
        longest = self.count * self.rounds_per_day * self.round_s / 3600
        return min(self.hours_per_day, longest)

    def zone_round_s(self, zone: Zone) -> float:
        """Time one round: a stop at each hotspot, and the shortest closed way."""
        way_s = shortest_round_s(self.travel_s, np.array(zone, np.int64), len(zone))
        return len(zone) * self.dwell_s + way_s

    def zone_hours(self, zone: Zone) -> float:
        """Patrol hours per day of a zone."""
        return self.rounds_per_day * self.zone_round_s(zone) / 3600

    def prevented(self, zones: Iterable[Zone]) -> float:
        """Add up what presence in some zones prevents in a year."""
        return float(sum(self.preventable[list(zone)].sum() for zone in zones))

    def broken_rules(self, zones: tuple[Zone, ...]) -> list[str]:
        """Sentences naming every rule that these zones would break."""
        used = [hotspot for zone in zones for hotspot in zone]
        broken = ["a hotspot is in two zones"] * (len(set(used)) < len(used))
        if len(zones) > self.count:
            broken.append(f"there are {len(zones)} zones, not {self.count}")
        near = self.near
        for zone in zones:
            if not near[np.ix_(zone, zone)].all():
                broken.append(f"the hotspots {zone} are too far apart")
            if not 0 < len(zone) <= MOST_HOTSPOTS or self.zone_round_s(zone) > self.round_s + 1e-3:
                broken.append(f"no round through the hotspots {zone} is short enough")
        if not broken and sum(map(self.zone_hours, zones)) > self.hours_per_day * (1 + 1e-6):
            broken.append("the zones take too many patrol hours")
        return broken
