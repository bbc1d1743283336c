"""The data block of a map page: short, rounded, and the same bytes for the same content."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from optimizer.publishing.checkpoint_payload import checkpoint_payload
from optimizer.publishing.deployment_payload import deployment_payload
from optimizer.publishing.locale import texts
from optimizer.publishing.map_content import (
    MapCells,
    MapContent,
    MapHotspot,
    MapPlatform,
)
from optimizer.publishing.page_values import at, number, numbers, roads_by_class, shape

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
        "share": number(content.covered_share),
        "tiers": [
            {
                "name": t.name,
                "minutes": t.minutes,
                "share": number(t.covered_share),
                "calls": t.calls,
            }
            for t in content.tiers
        ],
        "roads": roads_by_class(content.roads),
        "platforms": [_platform(platform) for platform in content.platforms],
        "hotspots": [_hotspot(hotspot) for hotspot in content.hotspots],
        "ground": [
            {"minutes": ground.minutes, "shape": shape(ground.polygons)}
            for ground in sorted(content.ground, key=lambda ground: -ground.minutes)
        ],
        "demand": _cells(content.demand),
        "uncovered": _cells(content.uncovered),
        "existing": [
            {"name": place.name, "at": at(place.lon, place.lat)} for place in content.existing
        ],
        "keySites": [
            {
                "name": site.name,
                "at": at(site.lon, site.lat),
                "within": bool(site.within_standard),
                "minutes": number(site.minutes),
            }
            for site in content.key_sites
        ],
        "districts": [
            {
                "name": district.name,
                "share": number(district.covered_share),
                "shape": shape(district.polygons),
            }
            for district in content.districts
        ],
        "checkpoints": checkpoint_payload(content.checkpoints),
        "deployment": deployment_payload(content.deployment),
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
        "at": at(platform.lon, platform.lat),
        "district": platform.district,
        "status": platform.status,
        "street": platform.nearest_street,
        "calls": number(platform.calls_per_year, 1),
        "share": number(platform.covered_share),
        "tiers": numbers(platform.tier_shares),
        "hours": number(platform.workload_hours_per_day, 2),
        "crew": numbers(platform.crew),
    }


def _hotspot(hotspot: MapHotspot) -> dict[str, Any]:
    return {
        "rank": hotspot.rank,
        "calls": hotspot.calls,
        "shifts": numbers(hotspot.shift_shares),
        "trend": number(hotspot.trend_per_year),
        "area": number(hotspot.area_km2),
        "shape": shape(hotspot.polygons),
    }
