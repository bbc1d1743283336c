"""The police stations of the past: near the old offices, none where the city now grows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.example.city import PARTS, City
from optimizer.example.fabric import CODE, Floats, Ints
from optimizer.example.zones import Zone, district_of

STATIONS = (5, 2, 4, 0, 3, 2)  # by district, as many as there will be platforms
APART_M = 650.0


@dataclass(frozen=True, slots=True, eq=False)
class Stations:
    """Today's layout.

    Parameters
    ----------
    x_m, y_m
        At junctions, metres.
    district
        Index into `optimizer.example.zones.DISTRICTS`.
    """

    x_m: Floats
    y_m: Floats
    district: Ints


def found_stations(city: City, zones: tuple[Zone, ...], seed: int = 0) -> Stations:
    """Found stations where towns were built first, without asking where calls come from."""
    rng = np.random.default_rng([seed, 3])
    ends = np.concatenate([city.tail, city.head])
    narrow = (city.road_class >= CODE["secondary"]) & (city.road_class <= CODE["living_street"])
    built_up = city.part <= PARTS.index("town_b")
    nodes = np.unique(ends[np.tile(narrow & built_up & ~city.bridge, 2)])
    district = district_of(zones, city.x_m[nodes], city.y_m[nodes])
    spots = np.column_stack([city.x_m[nodes], city.y_m[nodes]])
    chosen: list[int] = []
    for number, count in enumerate(STATIONS):
        free = district == number
        for _ in range(count):
            if free.any():
                chosen.append(int(rng.choice(np.flatnonzero(free))))
                free &= np.hypot(*(spots - spots[chosen[-1]]).T) > APART_M
    return Stations(city.x_m[nodes[chosen]], city.y_m[nodes[chosen]], district[chosen])
