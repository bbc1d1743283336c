"""Numbers, places and shapes as the scripts of a page read them: short and rounded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from optimizer.publishing.degrees import Coordinates, Polygons
from optimizer.publishing.map_content import MapRoads
from optimizer.publishing.polyline import encode


def number(value: float, digits: int = 6) -> float | None:
    """Round for the page; what is not a number, or endless, is absent."""
    return round(float(value), digits) if math.isfinite(value) else None


def numbers(values: Mapping[str, float]) -> list[list[Any]]:
    """Return names with their rounded numbers, in order."""
    return [[name, number(value)] for name, value in values.items()]


def at(lon: float, lat: float) -> list[float]:
    """Return latitude and longitude, the order of the page."""
    return [round(float(lat), 6), round(float(lon), 6)]


def shape(polygons: Polygons) -> list[list[str]]:
    """Return every ring of every polygon as polyline text."""
    return [encode(polygon) for polygon in polygons]


def line(coordinates: Coordinates) -> str:
    """Return one line as polyline text; a line without a vertex is no text."""
    (text,) = encode([coordinates])
    return text


def roads_by_class(roads: MapRoads) -> list[list[str]]:
    """Return encoded lines by class: local roads, collectors, arterials, waterways."""
    by_class: list[list[Coordinates]] = [[], [], [], []]
    for vertices, road_class in zip(roads.lines, roads.road_class, strict=True):
        by_class[road_class].append(vertices)
    return [encode(lines) for lines in by_class]
