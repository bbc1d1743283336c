"""The road file: edges joined into named lines that run through their junctions, as in OSM."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from optimizer.example import words
from optimizer.example.city import PARTS, City
from optimizer.example.fabric import CODE, ROAD_CLASSES, Ints
from optimizer.example.terrain import inside
from optimizer.example.words import Language
from optimizer.example.zones import quarter_polygon

NO_LIMIT = 0.12  # share of lanes whose speed limit nobody has entered
BROKEN = 0.08  # share of junctions at which a line ends although the street goes on
BROKEN_OUTSIDE = 0.55  # the same of the bends of country roads: parishes map their own pieces


@dataclass(frozen=True, slots=True, eq=False)
class StreetLines:
    """Lines of the road file.

    Parameters
    ----------
    first, count
        Range of edges that each line consists of, shape (lines,).
    lines
        Geometries in planar coordinates.
    name
        Street names, None where a lane has none.
    maxspeed
        Speed limits in kilometres per hour, None where unknown.
    """

    first: Ints
    count: Ints
    lines: np.ndarray
    name: tuple[str | None, ...]
    maxspeed: tuple[int | None, ...]


def street_lines(city: City, language: Language = "en", seed: int = 0) -> StreetLines:
    """Join the edges of each way into lines as long as nothing about the road changes."""
    rng = np.random.default_rng([seed, 8])
    first = _first_edges(city, rng)
    count = np.diff(np.concatenate([first, [city.tail.size]]))
    line = np.repeat(np.arange(first.size), count + 1)
    step = np.arange(line.size) - np.repeat(np.cumsum(count + 1) - count - 1, count + 1)
    edge = np.minimum(first[line] + step, first[line] + count[line] - 1)
    node = np.where(step == count[line], city.head[edge], city.tail[edge])
    points = np.column_stack([city.x_m[node], city.y_m[node]])
    unknown = (rng.random(first.size) < NO_LIMIT) & (city.road_class[first] >= CODE["residential"])
    limits = np.where(unknown, 0, city.speed_kph[first]).tolist()
    return StreetLines(
        first, count, shapely.linestrings(points, indices=line),
        tuple(_names(city, first, language)), tuple(kph or None for kph in limits),
    )  # fmt: skip


def line_ends(city: City, seed: int = 0) -> Ints:
    """List the nodes at which lines of `street_lines` end: nodes for everybody who reads them."""
    first = _first_edges(city, np.random.default_rng([seed, 8]))
    return np.unique(np.concatenate([city.tail[first], city.head[first - 1]]))


def _first_edges(city: City, rng: np.random.Generator) -> Ints:
    """Find the edges that do not go on the line of the edge before."""
    goes_on = city.head[:-1] == city.tail[1:]
    for values in (city.way, city.road_class, city.oneway, city.speed_kph, city.lanes, city.bridge):
        goes_on &= values[:-1] == values[1:]
    outside = city.part[1:] == PARTS.index("country")
    goes_on &= rng.random(goes_on.size) >= np.where(outside, BROKEN_OUTSIDE, BROKEN)
    return np.flatnonzero(np.concatenate([[True], ~goes_on]))


def _names(city: City, first: Ints, language: Language) -> list[str | None]:
    centre = shapely.buffer(quarter_polygon(city, city.layout.centre), 100)
    inner = inside(centre, city.x_m[city.tail[first]], city.y_m[city.tail[first]])
    facts = zip(
        city.way[first].tolist(), city.road_class[first].tolist(), city.part[first].tolist(),
        inner.tolist(), strict=True,
    )  # fmt: skip
    return [
        _name(way, ROAD_CLASSES[code], PARTS[part], is_inner, language)
        for way, code, part, is_inner in facts
    ]


def _name(way: int, road_class: str, part: str, is_inner: bool, language: Language) -> str | None:
    if part == "expressway":
        return words.EXPRESSWAY_NAME[language]
    if road_class == "trunk":
        return words.RING_NAMES[language][0 if is_inner else 1]
    if part == "country":
        county = words.COUNTY_ROAD_NAME[language].format(number=way % 997)
        return {"primary": words.MAIN_ROAD_NAME[language], "tertiary": county}.get(road_class)
    prefix = words.STREET_PREFIXES[way * 7 % len(words.STREET_PREFIXES)][language == "zh"]
    if road_class in ("primary", "secondary"):
        suffixes = words.STREET_SUFFIXES[language]
        space = " " if language == "en" else ""
        return f"{prefix}{space}{suffixes[way // len(words.STREET_PREFIXES) % len(suffixes)]}"
    is_named = road_class == "tertiary" or way % 5 < 2
    lane = words.LANE_NAME[language].format(prefix=prefix, number=1 + way % 89)
    return lane if is_named else None
