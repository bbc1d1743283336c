"""The villages of the prefecture, each with a post of its own: round wells and along roads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from optimizer.example import words
from optimizer.example.city import PARTS, City
from optimizer.example.fabric import Floats, Ints
from optimizer.example.streets import line_ends
from optimizer.example.tables import Row, degrees
from optimizer.example.terrain import RIVER_HALF_WIDTH_M
from optimizer.example.words import Language

APART_M = 700.0  # between two villages, and from a village to a town
BESIDE_M = (20.0, 160.0)  # from a village to its road ...
FAR_BESIDE_M, FAR = 420.0, 0.06  # ... up to here for this share of those along roads


@dataclass(frozen=True, slots=True, eq=False)
class Villages:
    """Places of villages.

    Parameters
    ----------
    x_m, y_m
        Planar coordinates, metres; never further than `FAR_BESIDE_M` from a junction or the end of
        a line of the road file.
    """

    x_m: Floats
    y_m: Floats


def find_villages(city: City, seed: int = 0) -> Villages:
    """Take every village round a well, and found others beside country roads, well apart."""
    rng = np.random.default_rng([seed, 9])
    wells = np.column_stack([city.x_m[city.villages], city.y_m[city.villages]])
    along = rng.permutation(_roadside(city, seed))
    spots = np.column_stack([city.x_m[along], city.y_m[along]])
    kept = _well_apart(np.concatenate([wells, spots]), len(wells))
    aside = rng.uniform(*BESIDE_M, len(kept))
    aside = np.where(rng.random(len(kept)) < FAR, rng.uniform(300, FAR_BESIDE_M, len(kept)), aside)
    angle = rng.uniform(0, 2 * np.pi, len(kept))
    kept = kept + aside[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    x_m, y_m = np.concatenate([wells, kept]).T
    return Villages(x_m, y_m)


def village_rows(villages: Villages, seed: int = 0, language: Language = "en") -> list[Row]:
    """Give every village a number and a name, as many a province has: Lijiachong, Wangjiaping."""
    rng = np.random.default_rng([seed, 10])
    families, places = words.VILLAGE_FAMILIES, words.VILLAGE_PLACES
    order = rng.permutation(len(families) * len(places)).tolist()
    rows: list[Row] = []
    for number, (x_m, y_m) in enumerate(
        zip(villages.x_m.tolist(), villages.y_m.tolist(), strict=True)
    ):
        family, place = divmod(order[number % len(order)], len(places))
        parts = (families[family], places[place])
        name = words.VILLAGE_NAME[language].format(*(text[language == "zh"] for text in parts))
        rows.append((f"V-{number + 1:04d}", name, *degrees(x_m, y_m)))
    return rows


def _roadside(city: City, seed: int) -> Ints:
    """List junctions of country roads on dry ground, outside the towns."""
    country = city.part == PARTS.index("country")
    ends = np.concatenate([city.tail[country], city.head[country]])
    nodes = np.intersect1d(ends, line_ends(city, seed))
    x, y = city.terrain.frame(city.x_m[nodes], city.y_m[nodes])
    dry = np.abs(x - city.terrain.river(y)) > RIVER_HALF_WIDTH_M + FAR_BESIDE_M
    streets = city.part <= PARTS.index("town_b")
    town = np.unique(np.concatenate([city.tail[streets], city.head[streets]]))
    way_m, _ = KDTree(np.column_stack([city.x_m[town], city.y_m[town]])).query(
        np.column_stack([city.x_m[nodes], city.y_m[nodes]])
    )
    return np.asarray(nodes[dry & (way_m > APART_M)])


def _well_apart(spots: Floats, taken: int) -> Floats:
    """Choose spots, in their order, that keep their distance; the first ``taken`` stay anyway."""
    near = KDTree(spots).query_ball_point(spots, APART_M)
    free = np.ones(len(spots), dtype=bool)
    chosen = []
    for spot, neighbours in enumerate(near):
        if spot < taken or free[spot]:
            free[neighbours] = False
            chosen.append(spot)
    return spots[chosen[taken:]]
