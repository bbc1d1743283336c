"""What a map shows of grids and duty, as plain data in WGS-84 degrees.

Grids, beats, zones, points and villages are all empty by default: a map without them is as it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from optimizer.deployment.patrol_plan import Reason
from optimizer.errors import InputError
from optimizer.publishing.degrees import (
    Coordinates,
    Named,
    Polygons,
    corners,
    earth_faults,
    no_line,
    point,
)


@dataclass(frozen=True, slots=True, eq=False)
class MapGrid:
    """The ground of one platform.

    Parameters
    ----------
    colour
        "#rrggbb", another one than that of its neighbours.
    hours_per_day, calls_per_year
        Its work; NaN where it is not told.
    load_share
        Hours over the mean: 1 is the mean.
    covered_share, backup_share
        Share of its demand reached within the standard by its own platform, and by others while
        that is busy.
    """

    grid_id: str
    name: str
    platform_id: str
    colour: str
    polygons: Polygons
    hours_per_day: float = math.nan
    load_share: float = math.nan
    calls_per_year: float = math.nan
    hours_by_shift: Mapping[str, float] = field(default_factory=dict)
    travel_minutes: float = math.nan
    covered_share: float = math.nan
    backup_platform: str = ""
    backup_share: float = math.nan
    safety_index: float = math.nan


@dataclass(frozen=True, slots=True, eq=False)
class MapDivision:
    """One way to divide the ground.

    Parameters
    ----------
    spread
        Largest relative difference of a load from the mean.
    travel_minutes
        Mean over the calls.
    """

    name: Literal["balanced", "nearest"]
    grids: tuple[MapGrid, ...]
    spread: float = math.nan
    travel_minutes: float = math.nan


@dataclass(frozen=True, slots=True)
class MapStop:
    """A must-patrol point or line of a beat; times as a clock shows them, in the first round."""

    target_id: str
    name: str
    lon: float
    lat: float
    arrive: str
    leave: str


@dataclass(frozen=True, slots=True, eq=False)
class MapBeat:
    """The patrol of one unit in one shift.

    Parameters
    ----------
    vehicle, number
        What drives, and its number at the platform.
    path
        The way of one round.
    """

    beat_id: str
    grid_id: str
    shift: str
    vehicle: str
    number: int
    path: Coordinates
    stops: tuple[MapStop, ...] = ()
    rounds: int = 1
    driven_km: float = math.nan
    patrol_share: float = math.nan


@dataclass(frozen=True, slots=True)
class MapLeftOut:
    """A must-patrol point or line that no beat of its grid has in a shift."""

    name: str
    grid_id: str
    shift: str
    reason: Reason
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, eq=False)
class MapPatrolZone:
    """One key patrol zone with the platform that reacts."""

    zone_id: str
    lon: float
    lat: float
    polygons: Polygons
    hotspots: tuple[int, ...]
    preventable_per_year: float
    patrol_hours_per_day: float
    platform: str
    reaction_minutes: float


@dataclass(frozen=True, slots=True)
class MapResponsePoint:
    """A standing point of a single vehicle; ``closes`` is NaN where it is not told."""

    point_id: str
    lon: float
    lat: float
    street: str
    vehicle: str
    closes: float
    platform: str


@dataclass(frozen=True, slots=True, eq=False)
class MapVillages:
    """Village posts, one entry of each field for each.

    Parameters
    ----------
    at
        Degrees, shape (v, 2).
    platform, minutes
        The nearest platform and its minutes; infinite if it cannot come.
    late
        Later than the study allows.

    Raises
    ------
    InputError
        The fields have different numbers of entries.
    """

    name: tuple[str, ...] = ()
    at: Coordinates = field(default_factory=no_line)
    platform: tuple[str, ...] = ()
    minutes: tuple[float, ...] = ()
    late: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        lengths = [len(self.name), len(self.at), len(self.platform), len(self.minutes),
                   len(self.late)]  # fmt: skip
        if len(set(lengths)) > 1:
            raise InputError(
                "the map's villages have "
                f"{', '.join(map(str, lengths))} names, places, platforms, minutes and marks of "
                "lateness: give one of each for every village"
            )


@dataclass(frozen=True, slots=True, eq=False)
class MapDeployment:
    """Everything about grids and duty on one map.

    Parameters
    ----------
    divisions
        The plan's first.

    Raises
    ------
    InputError
        With everything that lies outside the world.
    """

    divisions: tuple[MapDivision, ...] = ()
    beats: tuple[MapBeat, ...] = ()
    left_out: tuple[MapLeftOut, ...] = ()
    zones: tuple[MapPatrolZone, ...] = ()
    points: tuple[MapResponsePoint, ...] = ()
    villages: MapVillages = field(default_factory=MapVillages)

    def __post_init__(self) -> None:
        faults = earth_faults(self.drawn())
        if faults:
            raise InputError(faults)

    def drawn(self) -> Iterator[Named]:
        """Yield what is drawn, by name, with its coordinates of shape (k, 2)."""
        for division in self.divisions:
            for grid in division.grids:
                yield from corners(f"grid {grid.grid_id!r}", grid.polygons)
        for beat in self.beats:
            yield f"beat {beat.beat_id!r}", beat.path
            yield from ((f"stop {stop.name!r}", point(stop.lon, stop.lat)) for stop in beat.stops)
        for row in self.left_out:
            yield f"target {row.name!r}", point(row.lon, row.lat)
        for zone in self.zones:
            yield from corners(f"zone {zone.zone_id!r}", zone.polygons)
            yield f"zone {zone.zone_id!r}", point(zone.lon, zone.lat)
        for place in self.points:
            yield f"point {place.point_id!r}", point(place.lon, place.lat)
        yield "a village", self.villages.at
