"""Beats: the rounds of a grid's units, laid over the hours of a shift."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.patrol_plan import Beat, PatrolStop, StopKind
from optimizer.deployment.rounds import Call, Round
from optimizer.deployment.settings import PatrolSettings, Vehicle
from optimizer.deployment.street_ways import StreetWays
from optimizer.deployment.targets import Target
from optimizer.places import unproject
from optimizer.roads import RoadNetwork


@dataclasses.dataclass(frozen=True, slots=True)
class PatrolShift:
    """One shift of one grid.

    Parameters
    ----------
    start_s, end_s
        Whole seconds after midnight of the day on which it begins.
    units
        Response units manned, those that stay at the platform last: name and vehicle.
    """

    grid_id: str
    platform_id: str
    platform_node: int
    shift: str
    start_s: int
    end_s: int
    units: tuple[tuple[str, Vehicle], ...]

    def round_starts(self, settings: PatrolSettings) -> list[int]:
        """Divide the shift into equal rounds, the fewest that pass each target often enough."""
        length = self.end_s - self.start_s
        count = math.ceil(length / math.floor(60 * settings.every_minutes))
        return [self.start_s + number * length // count for number in range(count)]

    def limit_s(self, settings: PatrolSettings) -> int:
        """Longest time from the platform to the platform in one round."""
        rounds = len(self.round_starts(settings))
        return math.floor(settings.patrol_share * ((self.end_s - self.start_s) // rounds))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Places:
    """What is printed of some road nodes; arrays and list have an entry for each node asked for."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    street: list[str]
    _row: dict[int, int]

    @classmethod
    def of(cls, network: RoadNetwork, nodes: Iterable[int]) -> Places:
        """Look up some nodes."""
        asked = np.array(sorted(set(nodes)), dtype=np.int64)
        x_m, y_m = network.x_m[asked], network.y_m[asked]
        lon, lat = unproject(x_m, y_m, network.crs)
        rows = {node: row for row, node in enumerate(asked.tolist())}
        return cls(lon, lat, x_m, y_m, network.streets_at(asked), rows)

    def row(self, node: int) -> int:
        """Find the entry of a node."""
        return self._row[node]


class BeatWriter:
    """Writes the rounds of a grid's units out as beats with times."""

    def __init__(
        self,
        ways: StreetWays,
        places: Places,
        targets: Sequence[Target],
        settings: PatrolSettings,
    ) -> None:
        self._ways = ways
        self._places = places
        self._targets = targets
        self._settings = settings

    def write(self, shift: PatrolShift, rounds: Sequence[Round]) -> list[Beat]:
        """Give each round to a unit, the longest to the first."""
        return [
            self._beat(shift, walk, *unit) for walk, unit in zip(rounds, shift.units, strict=False)
        ]

    def _beat(self, shift: PatrolShift, walk: Round, unit: str, vehicle: Vehicle) -> Beat:
        starts = shift.round_starts(self._settings)
        nodes = walk.nodes()
        length_s = shift.end_s - shift.start_s
        return Beat(
            beat_id=f"{shift.platform_id}-{shift.shift}-{unit.removeprefix(f'{shift.platform_id}-')}",
            platform_id=shift.platform_id,
            grid_id=shift.grid_id,
            shift=shift.shift,
            unit=unit,
            vehicle=vehicle,
            stops=tuple(self._stops(shift, walk, starts)),
            rounds=len(starts),
            path=self._ways.line(nodes),
            driven_km=len(starts) * self._ways.length_m(nodes) / 1000,
            patrol_share=len(starts) * walk.duration_s / length_s,
            round_s=walk.duration_s,
            round_bound_s=walk.bound_s,
        )

    def _stops(
        self, shift: PatrolShift, walk: Round, starts: Sequence[int]
    ) -> Iterator[PatrolStop]:
        home = shift.platform_node
        yield self._stop("start", home, shift.start_s, shift.start_s)
        for start, following in zip(starts, [*starts[1:], shift.end_s], strict=True):
            clock = start
            for call in walk.calls:
                arrive = clock + call.travel_s
                clock = arrive + call.visit.service_s
                yield self._served(call, arrive, clock)
            kind: StopKind = "standby" if following < shift.end_s else "end"
            back = clock + walk.home_s
            yield self._stop(kind, home, back, following, travel_s=walk.home_s, way=walk.home)

    def _served(self, call: Call, arrive_s: int, leave_s: int) -> PatrolStop:
        target, nodes = self._targets[call.target], call.visit.nodes
        return dataclasses.replace(
            self._stop(target.kind, nodes[0], arrive_s, leave_s, call.travel_s, call.way),
            target_id=target.target_id,
            name=target.name,
            along=nodes if target.kind == "line" else (),
        )

    def _stop(
        self,
        kind: StopKind,
        node: int,
        arrive_s: int,
        leave_s: int,
        travel_s: int = 0,
        way: tuple[int, ...] = (),
    ) -> PatrolStop:
        row, places = self._places.row(node), self._places
        return PatrolStop(
            kind=kind, target_id="", name="", node=node,
            lon=float(places.lon[row]), lat=float(places.lat[row]),
            x_m=float(places.x_m[row]), y_m=float(places.y_m[row]), street=places.street[row],
            arrive_s=float(arrive_s), leave_s=float(leave_s), travel_s=float(travel_s), way=way,
        )  # fmt: skip
