"""Places that everybody knows: where calls pile up, and the key sites among them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.example.city import PARTS, City
from optimizer.example.fabric import CODE, Floats, Ints
from optimizer.example.terrain import inside
from optimizer.example.zones import quarter_polygon

# kind: (pull on calls, weight as a key site in calls; 0: no key site)
KINDS: dict[str, tuple[float, float]] = {
    "night_market": (10.0, 0.0),
    "station": (9.0, 600.0),
    "bar_street": (7.0, 0.0),
    "hospital": (5.0, 400.0),
    "coach_station": (4.0, 0.0),
    "mall": (4.0, 0.0),
    "market": (3.5, 0.0),
    "square": (3.0, 400.0),
    "mill": (3.0, 0.0),
    "government": (1.2, 200.0),
    "school": (0.8, 200.0),
}

# where: how many of each kind at scale 1
FOUND: dict[str, dict[str, int]] = {
    "old_town": {
        "night_market": 1, "bar_street": 1, "hospital": 1, "square": 1, "market": 1, "school": 2,
    },
    "centre": {"station": 1, "mall": 2, "hospital": 1, "government": 1, "school": 3, "square": 1},
    "city": {"coach_station": 2, "hospital": 2, "market": 1, "school": 6, "government": 1},
    "new_zone": {"mall": 2, "night_market": 1, "hospital": 1, "school": 1, "square": 1},
    "works": {"mill": 3, "market": 1, "school": 1},
    "town_a": {"hospital": 1, "market": 1, "square": 1, "school": 2, "government": 1},
    "town_b": {"hospital": 1, "market": 1, "square": 1, "school": 2, "government": 1},
}  # fmt: skip

APART_M = 260.0
TRIES = 60


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Well-known places.

    Parameters
    ----------
    kind
        Index into `KINDS`, shape (places,).
    x_m, y_m
        Planar coordinates beside a junction, metres.
    pull
        Relative number of calls.
    key_weight
        Weight as a key site, in calls; 0 where it is none.
    """

    kind: Ints
    x_m: Floats
    y_m: Floats
    pull: Floats
    key_weight: Floats


def find_landmarks(city: City, seed: int = 0) -> Landmarks:
    """Place every landmark at a junction of its quarter, well apart from the others."""
    rng = np.random.default_rng([seed, 2])
    growth = (city.layout.half_m / 6200) ** 1.6
    busy = _busy_junctions(city)
    taken = np.zeros((0, 2))
    kinds: list[int] = []
    for where, found in FOUND.items():
        nodes = busy[_inside(city, where, busy)]
        wanted = [
            kind for kind, count in found.items() for _ in range(max(1, round(count * growth)))
        ]
        for kind in wanted:
            tried = rng.choice(nodes, min(TRIES, nodes.size))
            spots = np.column_stack([city.x_m[tried], city.y_m[tried]])
            gap = np.hypot(*(spots[:, None, :] - taken[None, :, :]).T).min(axis=0, initial=np.inf)
            if (gap > APART_M).any():
                taken = np.concatenate([taken, spots[[np.argmax(gap > APART_M)]]])
                kinds.append(list(KINDS).index(kind))
    kind_code = np.array(kinds, dtype=np.int64)
    pull, key_weight = np.array(list(KINDS.values()))[kind_code].T
    beside = rng.uniform(-9, 9, taken.shape)
    x_m, y_m = (taken + beside).T
    return Landmarks(kind_code, x_m, y_m, pull * rng.lognormal(0, 0.35, pull.size), key_weight)


def _busy_junctions(city: City) -> Ints:
    """List junctions of three or more streets, one of them more than a lane, on dry ground."""
    ends = np.concatenate([city.tail, city.head])
    legs = np.bincount(ends, minlength=city.x_m.size)
    street = (city.road_class >= CODE["primary"]) & (city.road_class <= CODE["tertiary"])
    on_street = np.zeros(city.x_m.size, dtype=bool)
    on_street[ends[np.tile(street, 2)]] = True
    on_street[ends[np.tile(city.bridge, 2)]] = False
    return np.flatnonzero(on_street & (legs >= 3))


def _inside(city: City, where: str, nodes: Ints) -> NDArray[np.bool_]:
    if where in PARTS[1:]:
        town = city.towns[PARTS.index(where) - 1]
        x, y = city.terrain.frame(city.x_m[nodes], city.y_m[nodes])
        return inside(town, x, y)
    polygon = quarter_polygon(city, getattr(city.layout, where))
    return inside(polygon, city.x_m[nodes], city.y_m[nodes])
