"""The data block of a map page: short, rounded, and the same bytes for the same content."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from optimizer.publishing.locale import texts
from optimizer.publishing.map_content import (
    Coordinates,
    MapCells,
    MapContent,
    MapHotspot,
    MapPlatform,
    MapRoads,
    Polygons,
)
from optimizer.publishing.polyline import encode

_CLASS_EDGES = (0.4, 0.7, 0.9, 0.98)
_NICE = (1, 2, 3, 5)


def map_payload(content: MapContent) -> dict[str, Any]:
    """Return what the page's scripts read, ready to be written as JSON."""
    west, south, east, north = content.bounds()
    return {
        "language": content.language,
        "texts": dict(texts(content.language)["map"]),
        "title": content.title,
        "subtitle": list(content.subtitle),
        "attribution": content.attribution,
        "asOf": content.as_of.isoformat(),
        "window": [content.window_start.isoformat(), content.window_end.isoformat()],
        "bounds": [[south, west], [north, east]],
        "share": _number(content.covered_share),
        "tiers": [
            {
                "name": t.name,
                "minutes": t.minutes,
                "share": _number(t.covered_share),
                "calls": t.calls,
            }
            for t in content.tiers
        ],
        "roads": _roads(content.roads),
        "platforms": [_platform(platform) for platform in content.platforms],
        "hotspots": [_hotspot(hotspot) for hotspot in content.hotspots],
        "ground": [
            {"minutes": ground.minutes, "shape": _shape(ground.polygons)}
            for ground in sorted(content.ground, key=lambda ground: -ground.minutes)
        ],
        "demand": _cells(content.demand),
        "uncovered": _cells(content.uncovered),
        "existing": [
            {"name": place.name, "at": _at(place.lon, place.lat)} for place in content.existing
        ],
        "keySites": [
            {
                "name": site.name,
                "at": _at(site.lon, site.lat),
                "within": bool(site.within_standard),
                "minutes": _number(site.minutes),
            }
            for site in content.key_sites
        ],
        "districts": [
            {
                "name": district.name,
                "share": _number(district.covered_share),
                "shape": _shape(district.polygons),
            }
            for district in content.districts
        ],
    }


def class_breaks(counts: Sequence[int]) -> list[int]:
    """Return the lower bound of every class but the first: round numbers near the quantiles.

    Counts of calls are so skewed that equal steps would leave one class with nearly every cell;
    the last class is the fiftieth part with the most calls.
    """
    if not counts:
        return []
    wanted = np.quantile(counts, _CLASS_EDGES)
    lowest, highest = min(counts), max(counts)
    return sorted({nice for value in wanted if lowest < (nice := _nice(float(value))) <= highest})


def _nice(value: float) -> int:
    """Return the nearest of 1, 2, 3, 5, 10, 20, 30, 50, ... on a logarithmic scale."""
    power = int(10 ** math.floor(math.log10(max(value, 1.0))))
    choices = [step * power for step in (*_NICE, 10)]
    return min(choices, key=lambda choice: abs(math.log(choice / max(value, 1.0))))


def _number(value: float, digits: int = 6) -> float | None:
    """Round for the page; what is not a number, or endless, is absent."""
    return round(float(value), digits) if math.isfinite(value) else None


def _numbers(values: Mapping[str, float]) -> list[list[Any]]:
    return [[name, _number(value)] for name, value in values.items()]


def _at(lon: float, lat: float) -> list[float]:
    return [round(float(lat), 6), round(float(lon), 6)]


def _shape(polygons: Polygons) -> list[list[str]]:
    return [encode(polygon) for polygon in polygons]


def _roads(roads: MapRoads) -> list[list[str]]:
    """Return encoded lines by class, local roads first."""
    by_class: list[list[Coordinates]] = [[], [], []]
    for line, road_class in zip(roads.lines, roads.road_class, strict=True):
        by_class[road_class].append(line)
    return [encode(lines) for lines in by_class]


def _cells(cells: MapCells) -> dict[str, Any]:
    return {
        "origin": [cells.lat0, cells.lon0],
        "step": [cells.step_lat, cells.step_lon],
        "row": list(cells.row),
        "col": list(cells.col),
        "calls": list(cells.calls),
        "breaks": class_breaks(cells.calls),
    }


def _platform(platform: MapPlatform) -> dict[str, Any]:
    return {
        "id": platform.platform_id,
        "name": platform.name,
        "at": _at(platform.lon, platform.lat),
        "district": platform.district,
        "status": platform.status,
        "street": platform.nearest_street,
        "calls": _number(platform.calls_per_year, 1),
        "share": _number(platform.covered_share),
        "tiers": _numbers(platform.tier_shares),
        "hours": _number(platform.workload_hours_per_day, 2),
        "crew": _numbers(platform.crew),
    }


def _hotspot(hotspot: MapHotspot) -> dict[str, Any]:
    return {
        "rank": hotspot.rank,
        "calls": hotspot.calls,
        "shifts": _numbers(hotspot.shift_shares),
        "trend": _number(hotspot.trend_per_year),
        "area": _number(hotspot.area_km2),
        "shape": _shape(hotspot.polygons),
    }
