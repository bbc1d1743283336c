"""Addresses along the roads: how often each one calls, what is there, and if it is growing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from optimizer.example.city import PARTS, City
from optimizer.example.fabric import CODE, Floats, Ints
from optimizer.example.landmarks import KINDS, find_landmarks
from optimizer.example.terrain import inside
from optimizer.example.zones import quarter_polygon, water

USES = ("home", "shop", "night", "transport", "hospital", "school", "works", "village", "road")
ERAS = ("steady", "growing", "fading")

PART_SHARES = (0.755, 0.075, 0.075, 0.08, 0.015, 0.0)  # of all steady calls, by `PARTS`
LANDMARK_SHARES = (0.15, 0.17, 0.15)  # of the calls of each era
USE_SHARES = {  # of plain addresses, in the order of USES
    "old_town": (0.58, 0.33, 0.05, 0, 0, 0, 0, 0, 0.04),
    "works": (0.5, 0.08, 0.01, 0, 0, 0, 0.35, 0, 0.06),
    "city": (0.7, 0.18, 0.015, 0, 0, 0, 0.045, 0, 0.06),
    "village": (0, 0.06, 0, 0, 0, 0, 0, 0.94, 0),
    "country": (0, 0, 0, 0, 0, 0, 0, 0.15, 0.85),
}
LANDMARK_USE = {
    "night_market": "night", "bar_street": "night", "station": "transport",
    "coach_station": "transport", "hospital": "hospital", "school": "school", "mall": "shop",
    "market": "shop", "square": "shop", "government": "shop", "mill": "works",
}  # fmt: skip

SPACING_M = 45.0  # between two addresses in a street
COUNTRY_SPACING_M = 300.0
SHORE_M = 12.0  # nobody lives nearer to the water


@dataclass(frozen=True, slots=True, eq=False)
class Addresses:
    """Every place that may call.

    Parameters
    ----------
    x_m, y_m
        Planar coordinates a few metres beside a road, shape (places,).
    use
        Index into `USES`.
    era
        Index into `ERAS`: what becomes of the place over the years.
    share
        Part of the calls of its era that come from it; adds up to 1 in each era.
    """

    x_m: Floats
    y_m: Floats
    use: Ints
    era: Ints
    share: Floats


def find_addresses(city: City, seed: int = 0) -> Addresses:
    """Line the roads with addresses; a few call very often, most hardly ever."""
    rng = np.random.default_rng([seed, 4])
    edge, x_m, y_m = _along_roads(city, rng)
    part = city.part[edge]
    in_quarter = {
        name: inside(quarter_polygon(city, getattr(city.layout, name)), x_m, y_m)
        for name in ("old_town", "works", "new_zone")
    }
    weight = _density(city, x_m, y_m) * rng.lognormal(0, 1.25, edge.size)
    weight = weight * np.where(city.road_class[edge] <= CODE["secondary"], 1.7, 1.0)
    weight[part > 0] = rng.lognormal(0, 1.25, int((part > 0).sum()))
    totals = np.bincount(part, weight, len(PARTS))
    weight = weight * (np.array(PART_SHARES) / np.maximum(totals, 1e-9))[part]
    era = np.select([in_quarter["new_zone"], in_quarter["works"]], [1, 2], 0)
    ground = np.select(
        [in_quarter["old_town"], in_quarter["works"], part == 3, part == 4], [0, 1, 3, 4], 2
    )
    use = pick(np.array(list(USE_SHARES.values())), ground, rng)

    known = find_landmarks(city, seed)
    known_use = [USES.index(LANDMARK_USE[kind]) for kind in KINDS]
    known_era = _era_of(city, known.x_m, known.y_m)
    share = _shares(weight, era, known.pull, known_era)
    return Addresses(
        np.concatenate([x_m, known.x_m]),
        np.concatenate([y_m, known.y_m]),
        np.concatenate([use, np.array(known_use)[known.kind]]),
        np.concatenate([era, known_era]),
        share,
    )


def _along_roads(city: City, rng: np.random.Generator) -> tuple[Ints, Floats, Floats]:
    """Put addresses beside every road that people live on; none on bridges or the expressway."""
    spacing = np.where(city.part == PARTS.index("country"), COUNTRY_SPACING_M, SPACING_M)
    count = np.ceil(city.length_m / spacing).astype(np.int64)
    count[city.bridge | (city.part == PARTS.index("expressway"))] = 0
    edge = np.repeat(np.arange(city.tail.size), count)
    start_x, start_y = city.x_m[city.tail[edge]], city.y_m[city.tail[edge]]
    dx, dy = city.x_m[city.head[edge]] - start_x, city.y_m[city.head[edge]] - start_y
    along = rng.uniform(0.02, 0.98, edge.size)
    aside = rng.uniform(6, 18, edge.size) * rng.choice([-1.0, 1.0], edge.size)
    aside = aside / np.maximum(city.length_m[edge], 1.0)
    x_m, y_m = start_x + along * dx - aside * dy, start_y + along * dy + aside * dx
    wet = shapely.union_all([shape for _, shape in water(city)]).buffer(SHORE_M)
    dry = ~inside(wet, x_m, y_m)
    return edge[dry], x_m[dry], y_m[dry]


def _density(city: City, x_m: Floats, y_m: Floats) -> Floats:
    """How crowded the city is: the old town, a second centre over the river, a third north."""
    x, y = city.terrain.frame(x_m, y_m)
    half = city.layout.half_m
    centres = ((0.24, 0.02, 0.27, 1.0), (-0.3, -0.05, 0.22, 0.45), (0.55, 0.5, 0.2, 0.3))
    crowd = np.sum(
        [
            size * np.exp(-((x / half - u) ** 2 + (y / half - v) ** 2) / (2 * spread**2))
            for u, v, spread, size in centres
        ],
        axis=0,
    )
    return np.asarray(0.13 + crowd)


def _era_of(city: City, x_m: Floats, y_m: Floats) -> Ints:
    new, works = (
        inside(quarter_polygon(city, quarter), x_m, y_m)
        for quarter in (city.layout.new_zone, city.layout.works)
    )
    return np.select([new, works], [1, 2], 0)


def _shares(weight: Floats, era: Ints, pull: Floats, known_era: Ints) -> Floats:
    """Share the calls of each era out between plain addresses and landmarks."""
    known = np.array(LANDMARK_SHARES) * (np.bincount(known_era, minlength=len(ERAS)) > 0)
    plain_total = np.bincount(era, weight, len(ERAS))
    known_total = np.bincount(known_era, pull, len(ERAS))
    plain = weight * ((1 - known) / plain_total)[era]
    return np.concatenate([plain, pull * (known / np.maximum(known_total, 1e-9))[known_era]])


def pick(shares: Floats, row: Ints, rng: np.random.Generator) -> Ints:
    """Draw a column for each given row of a table of shares."""
    ends = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)
    ends[:, -1] = 1.0
    flat = (ends + np.arange(len(shares))[:, None]).ravel()
    found = np.searchsorted(flat, rng.random(row.size) + row, side="right")
    return np.asarray(np.minimum(found - row * shares.shape[1], shares.shape[1] - 1))
