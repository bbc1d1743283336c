"""What the map shows, as plain data in WGS-84 degrees: no GeoDataFrame, no solver, no settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

import numpy as np

from optimizer.errors import InputError
from optimizer.publishing.checkpoint_content import MapCheckpoints, MapPost
from optimizer.publishing.degrees import (
    Coordinates,
    Named,
    Polygons,
    corners,
    earth_faults,
    point,
)
from optimizer.publishing.deployment_content import MapDeployment

Status: TypeAlias = Literal["new", "kept", "moved"]
STATUSES: tuple[Status, ...] = ("new", "kept", "moved")
LOCAL, COLLECTOR, ARTERIAL, WATERWAY = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class MapRoads:
    """The basemap: `lines[i]` is drawn as `road_class[i]`.

    Classes are LOCAL, COLLECTOR, ARTERIAL and WATERWAY.
    """

    lines: tuple[Coordinates, ...] = ()
    road_class: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if len(self.lines) != len(self.road_class):
            raise InputError(
                f"the map has {len(self.lines)} road lines but {len(self.road_class)} road "
                "classes: give one class for each line"
            )
        unknown = sorted(set(self.road_class) - {LOCAL, COLLECTOR, ARTERIAL, WATERWAY})
        if unknown:
            raise InputError(
                f"the map knows no road class {unknown[0]}: use 0 (local), 1 (collector), "
                "2 (arterial) or 3 (waterway)"
            )


@dataclass(frozen=True, slots=True, eq=False)
class MapPlatform:
    """One platform of the plan; its marker shows its id.

    Shares lie between 0 and 1; NaN where a share is of nothing (a tier without calls).
    `tier_shares` and `crew` keep their order on the map.
    """

    platform_id: str
    name: str
    lon: float
    lat: float
    district: str
    status: Status
    nearest_street: str
    calls_per_year: float
    covered_share: float
    tier_shares: Mapping[str, float] = field(default_factory=dict)
    workload_hours_per_day: float = float("nan")
    crew: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class MapHotspot:
    """One hotspot.

    `trend_per_year` is a relative change (0.1: a tenth more each year), NaN if unknown.
    """

    rank: int
    polygons: Polygons
    calls: int
    shift_shares: Mapping[str, float] = field(default_factory=dict)
    trend_per_year: float = float("nan")
    area_km2: float = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class MapGround:
    """The ground that the nearest platform reaches within `minutes`."""

    minutes: float
    polygons: Polygons


@dataclass(frozen=True, slots=True)
class MapPlace:
    """One place of the existing layout."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class MapKeySite:
    """A school, hospital or square, and whether a platform reaches it in time.

    `minutes` is turnout plus travel of the nearest platform, infinite if none reaches it.
    """

    name: str
    lon: float
    lat: float
    within_standard: bool
    minutes: float = float("nan")


_Place: TypeAlias = MapPlatform | MapPlace | MapKeySite | MapPost


@dataclass(frozen=True, slots=True, eq=False)
class MapDistrict:
    """The outline of a reporting area and the share of its calls that is covered."""

    name: str
    polygons: Polygons
    covered_share: float


@dataclass(frozen=True, slots=True)
class MapTier:
    """A headline figure: the share of a tier's calls that is reached within its standard."""

    name: str
    minutes: float
    covered_share: float
    calls: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class MapCells:
    """Calls counted in the cells of a grid in degrees.

    Cell i spans longitude `lon0 + col[i] * step_lon` to `lon0 + (col[i] + 1) * step_lon`, and
    latitude likewise.
    """

    lon0: float = 0.0
    lat0: float = 0.0
    step_lon: float = 1.0
    step_lat: float = 1.0
    row: tuple[int, ...] = ()
    col: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.row) == len(self.col) == len(self.calls):
            raise InputError(
                f"the map's cells have {len(self.row)} rows, {len(self.col)} columns and "
                f"{len(self.calls)} counts: give one of each for every cell"
            )
        if self.step_lon <= 0 or self.step_lat <= 0:
            raise InputError(
                f"a cell of the map is {self.step_lon} by {self.step_lat} degrees: "
                "both must be above 0"
            )

    def corners(self) -> Coordinates:
        """Return the south-west and north-east corner of every cell, shape (2n, 2)."""
        row, col = np.asarray(self.row, float), np.asarray(self.col, float)
        low = np.column_stack((self.lon0 + col * self.step_lon, self.lat0 + row * self.step_lat))
        return np.concatenate((low, low + np.array((self.step_lon, self.step_lat))))


@dataclass(frozen=True, slots=True, eq=False)
class MapContent:
    """Everything on one map.

    Parameters
    ----------
    language
        "en" or "zh".
    as_of
        The plan uses what was known before this day.
    window_start, window_end
        First and last day of the calls that were used.
    covered_share
        Share of all weighted calls within their standard; the largest figure of the title box.
    attribution
        Where roads and calls come from, in the user's own words.

    Raises
    ------
    InputError
        With every place that lies outside the world and every status the map does not know.
    """

    title: str
    language: str
    as_of: date
    window_start: date
    window_end: date
    subtitle: tuple[str, ...] = ()
    attribution: str = ""
    covered_share: float = float("nan")
    tiers: tuple[MapTier, ...] = ()
    roads: MapRoads = field(default_factory=MapRoads)
    platforms: tuple[MapPlatform, ...] = ()
    hotspots: tuple[MapHotspot, ...] = ()
    ground: tuple[MapGround, ...] = ()
    demand: MapCells = field(default_factory=MapCells)
    uncovered: MapCells = field(default_factory=MapCells)
    existing: tuple[MapPlace, ...] = ()
    key_sites: tuple[MapKeySite, ...] = ()
    districts: tuple[MapDistrict, ...] = ()
    checkpoints: MapCheckpoints = field(default_factory=MapCheckpoints)
    deployment: MapDeployment = field(default_factory=MapDeployment)

    def __post_init__(self) -> None:
        faults = [*_status_faults(self.platforms), *earth_faults(_all_coordinates(self))]
        if faults:
            raise InputError(faults)

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of platforms, demand and posts, or of what there is.

        Raises
        ------
        InputError
            If the map is empty.
        """
        places: tuple[_Place, ...] = (*self.platforms, *self.checkpoints.posts)
        points = [*(point(place.lon, place.lat) for place in places), *_corners(self.demand)]
        points = points or [coordinates for _, coordinates in _all_coordinates(self)]
        if not points:
            raise InputError(
                "the map has neither roads nor platforms nor calls: nothing can be drawn"
            )
        every = np.concatenate(points)
        (west, south), (east, north) = every.min(axis=0).tolist(), every.max(axis=0).tolist()
        return west, south, east, north


def _corners(cells: MapCells) -> list[Coordinates]:
    return [cells.corners()] if cells.row else []


def _all_coordinates(content: MapContent) -> Iterator[Named]:
    """Yield what is drawn, by name, with its coordinates of shape (k, 2)."""
    for index, line in enumerate(content.roads.lines):
        yield f"road line {index}", line
    named: tuple[tuple[str, tuple[MapPlatform | MapPlace | MapKeySite, ...]], ...] = (
        ("platform", content.platforms),
        ("existing place", content.existing),
        ("key site", content.key_sites),
    )
    for kind, places in named:
        yield from ((f"{kind} {place.name!r}", point(place.lon, place.lat)) for place in places)
    for hotspot in content.hotspots:
        yield from corners(f"hotspot {hotspot.rank}", hotspot.polygons)
    for ground in content.ground:
        yield from corners(f"the {ground.minutes:g} minute ground", ground.polygons)
    for district in content.districts:
        yield from corners(f"district {district.name!r}", district.polygons)
    for name, cells in (("demand cell", content.demand), ("uncovered cell", content.uncovered)):
        yield from ((name, squares) for squares in _corners(cells))


def _status_faults(platforms: tuple[MapPlatform, ...]) -> list[str]:
    return [
        f"platform {platform.name!r} has the status {platform.status!r}: "
        f"use one of {', '.join(STATUSES)}"
        for platform in platforms
        if platform.status not in STATUSES
    ]
