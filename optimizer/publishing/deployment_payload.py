"""The part of a map's data block that tells of grids and duty.

What many beats have in common is written once: ways, must-patrol points, kinds of units, shifts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, Generic, TypeVar

from optimizer.publishing.deployment_content import (
    MapBeat,
    MapDeployment,
    MapDivision,
    MapGrid,
    MapLeftOut,
    MapPatrolZone,
    MapResponsePoint,
    MapVillages,
)
from optimizer.publishing.page_values import at, line, number, numbers, shape

UNIT_COLOURS = (
    "#1f5fa8", "#d95f0e", "#3d8b37", "#8c3ba0", "#0e9aa7", "#c2185b", "#7a5a00", "#4a525d",
)  # fmt: skip

Entry = TypeVar("Entry", bound=Hashable)


class _Once(Generic[Entry]):
    """A list in which every entry stands once, found again by its index."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._index: dict[Entry, int] = {}
        for entry in entries:
            self.index(entry)

    def index(self, entry: Entry) -> int:
        return self._index.setdefault(entry, len(self._index))

    def listed(self) -> list[Entry]:
        return list(self._index)


def deployment_payload(content: MapDeployment) -> dict[str, Any]:
    """Return what the page's scripts read of grids and duty, empty where there are none."""
    shifts = _Once(beat.shift for beat in content.beats)
    return {
        "divisions": [_division(division) for division in content.divisions],
        **_beats(content.beats, shifts),
        "leftOut": [_left_out(row, shifts) for row in content.left_out],
        "shifts": shifts.listed(),
        "zones": [_zone(zone) for zone in content.zones],
        "points": [_point(place) for place in content.points],
        "villages": _villages(content.villages),
    }


def _division(division: MapDivision) -> dict[str, Any]:
    return {
        "name": division.name,
        "spread": number(division.spread),
        "minutes": number(division.travel_minutes, 3),
        "grids": [_grid(grid) for grid in division.grids],
    }


def _grid(grid: MapGrid) -> dict[str, Any]:
    return {
        "id": grid.grid_id,
        "name": grid.name,
        "platform": grid.platform_id,
        "colour": grid.colour,
        "shape": shape(grid.polygons),
        "hours": number(grid.hours_per_day, 2),
        "load": number(grid.load_share, 4),
        "calls": number(grid.calls_per_year, 1),
        "shifts": numbers(grid.hours_by_shift),
        "minutes": number(grid.travel_minutes, 2),
        "share": number(grid.covered_share),
        "backup": grid.backup_platform,
        "backupShare": number(grid.backup_share),
        "safety": number(grid.safety_index, 1),
    }


def _beats(beats: tuple[MapBeat, ...], shifts: _Once[str]) -> dict[str, Any]:
    """Return beats with what they have in common; units are coloured by vehicle and number."""
    units = _Once(sorted({(beat.vehicle, beat.number) for beat in beats}, key=_cars_first))
    paths: _Once[str] = _Once()
    targets: _Once[tuple[str, str, tuple[float, ...]]] = _Once()
    rows = [
        {
            "id": beat.beat_id,
            "grid": beat.grid_id,
            "shift": shifts.index(beat.shift),
            "unit": units.index((beat.vehicle, beat.number)),
            "path": paths.index(line(beat.path)),
            "rounds": beat.rounds,
            "km": number(beat.driven_km, 1),
            "share": number(beat.patrol_share, 3),
            "stops": [
                [
                    targets.index((stop.target_id, stop.name, tuple(at(stop.lon, stop.lat)))),
                    stop.arrive,
                    stop.leave,
                ]
                for stop in beat.stops
            ],
        }
        for beat in beats
    ]
    return {
        "beats": rows,
        "units": [
            [vehicle, place, UNIT_COLOURS[index % len(UNIT_COLOURS)]]
            for index, (vehicle, place) in enumerate(units.listed())
        ],
        "paths": paths.listed(),
        "targets": [[name, place] for _, name, place in targets.listed()],
    }


def _cars_first(unit: tuple[str, int]) -> tuple[bool, str, int]:
    vehicle, number_of_unit = unit
    return vehicle != "response_car", vehicle, number_of_unit


def _left_out(row: MapLeftOut, shifts: _Once[str]) -> dict[str, Any]:
    return {
        "name": row.name,
        "grid": row.grid_id,
        "shift": shifts.index(row.shift),
        "reason": row.reason,
        "at": at(row.lon, row.lat),
    }


def _zone(zone: MapPatrolZone) -> dict[str, Any]:
    return {
        "id": zone.zone_id,
        "at": at(zone.lon, zone.lat),
        "shape": shape(zone.polygons),
        "hotspots": list(zone.hotspots),
        "calls": number(zone.preventable_per_year, 1),
        "hours": number(zone.patrol_hours_per_day, 2),
        "platform": zone.platform,
        "minutes": number(zone.reaction_minutes, 2),
    }


def _point(place: MapResponsePoint) -> dict[str, Any]:
    return {
        "id": place.point_id,
        "at": at(place.lon, place.lat),
        "street": place.street,
        "vehicle": place.vehicle,
        "calls": number(place.closes, 1),
        "platform": place.platform,
    }


def _villages(villages: MapVillages) -> dict[str, Any]:
    """Return one list for each field, not an object for each village: there may be thousands."""
    platforms = _Once(villages.platform)
    return {
        "names": list(villages.name),
        "at": line(villages.at),
        "platforms": platforms.listed(),
        "platform": [platforms.index(name) for name in villages.platform],
        "minutes": [number(minutes, 1) for minutes in villages.minutes],
        "late": [index for index, late in enumerate(villages.late) if late],
    }
