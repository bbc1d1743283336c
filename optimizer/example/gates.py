"""What closing the gates of the invented city needs: waters, quays, cameras, exits, units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from optimizer.example.city import PARTS, City
from optimizer.example.fabric import CODE, Ints
from optimizer.example.landmarks import KINDS, Landmarks
from optimizer.example.layers import Feature
from optimizer.example.stations import Stations
from optimizer.example.tables import Row, degrees
from optimizer.example.terrain import RIVER_HALF_WIDTH_M
from optimizer.example.words import BOAT_NAME, EXIT_NAME, GATE_NAME, QUAY_NAME, RIVER_NAME, Language

QUAYS_AT = (-2.6, -1.4, -0.7, -0.25, 0.25, 0.7, 1.4, 2.6)
"""Where quays are looked for along the river, in half sides of the city."""
NEAR_RIVER_M = 400.0
CAMERAS, CAMERAS_APART_M = 24, 700.0
UNITS_PER_STATION, BOATS_PER_QUAY = 3, 2


def waterway_features(city: City, language: Language = "en") -> list[Feature]:
    """Draw the middle of the river, where boats go, through the whole prefecture."""
    reach_m = 4.6 * city.layout.half_m
    y = np.linspace(-reach_m, reach_m, 400 + int(city.layout.half_m / 20))
    middle = shapely.LineString(np.column_stack([city.terrain.river(y), y]))
    inside = max(
        shapely.get_parts(middle.intersection(city.land)).tolist(), key=lambda part: part.length
    )
    turned = shapely.transform(
        inside, lambda places: np.column_stack(city.terrain.turned(places[:, 0], places[:, 1]))
    )
    return [(turned, {"name": RIVER_NAME[language], "waterway": "river"})]


def quay_rows(city: City, language: Language = "en") -> list[Row]:
    """Found quays where a road runs along the river."""
    dry = _dry_junctions(city)
    x, y = city.terrain.frame(city.x_m[dry], city.y_m[dry])
    rows: list[Row] = []
    for share in QUAYS_AT:
        at = share * city.layout.half_m
        way_m = np.hypot(x - city.terrain.river(at), y - at)
        nearest = int(way_m.argmin())
        if way_m[nearest] < NEAR_RIVER_M:
            middle = float(city.terrain.river(y[nearest]))
            bank = middle + np.sign(x[nearest] - middle) * RIVER_HALF_WIDTH_M
            number = len(rows) + 1
            place = degrees(*city.terrain.turned(bank, y[nearest]))
            rows.append((f"Q-{number}", QUAY_NAME[language].format(number=number), *place))
    return rows


def boat_rows(quays: Sequence[Row], language: Language = "en") -> list[Row]:
    """Keep police boats at every quay."""
    return [
        (f"B-{number}", BOAT_NAME[language].format(number=number), lon, lat, BOATS_PER_QUAY, "boat")
        for number, (_, _, lon, lat) in enumerate(quays, start=1)
    ]


def camera_rows(city: City, seed: int = 0, language: Language = "en") -> list[Row]:
    """Hang electronic gates over junctions of main streets, well apart."""
    rng = np.random.default_rng([seed, 4])
    ends = np.concatenate([city.tail, city.head])
    wide = (city.road_class <= CODE["secondary"]) & (city.part == PARTS.index("city"))
    legs = np.bincount(ends[np.tile(wide, 2)], minlength=city.x_m.size)
    rows: list[Row] = []
    taken = np.zeros((0, 2))
    for node in rng.permutation(np.flatnonzero(legs >= 3)).tolist():
        spot = np.array([city.x_m[node], city.y_m[node]])
        if len(rows) < CAMERAS and (np.hypot(*(taken - spot).T) > CAMERAS_APART_M).all():
            taken = np.concatenate([taken, spot[None]])
            number = len(rows) + 1
            name = GATE_NAME[language].format(number=number)
            rows.append((f"G-{number:02d}", name, *degrees(*spot)))
    return rows


def post_rows(landmarks: Landmarks) -> list[Row]:
    """Forbid posts in front of hospitals: ambulances must not queue."""
    hospitals = np.flatnonzero(landmarks.kind == list(KINDS).index("hospital"))
    return [
        (f"N-{number}", *degrees(landmarks.x_m[place], landmarks.y_m[place]), "forbidden")
        for number, place in enumerate(hospitals.tolist(), start=1)
    ]


def exit_rows(city: City, language: Language = "en") -> list[Row]:
    """List where roads leave the city."""
    inside, outside = (
        np.unique(np.concatenate([city.tail[part], city.head[part]]))
        for part in (city.part == PARTS.index("city"), city.part > PARTS.index("town_b"))
    )
    return [
        (f"E-{number:02d}", EXIT_NAME[language].format(number=number),
         *degrees(city.x_m[node], city.y_m[node]))
        for number, node in enumerate(np.intersect1d(inside, outside).tolist(), start=1)
    ]  # fmt: skip


def unit_rows(stations: Stations, names: Sequence[str]) -> list[Row]:
    """Let every station of today send units."""
    return [
        (f"U-{place + 1:02d}", name, *degrees(x_m, y_m), UNITS_PER_STATION)
        for place, (name, x_m, y_m) in enumerate(
            zip(names, stations.x_m.tolist(), stations.y_m.tolist(), strict=True)
        )
    ]


def _dry_junctions(city: City) -> Ints:
    """List nodes of roads, none of them on a bridge or the expressway."""
    closed = city.bridge | (city.part == PARTS.index("expressway"))
    wet = np.unique(np.concatenate([city.tail[closed], city.head[closed]]))
    return np.setdiff1d(np.arange(city.x_m.size), wet)
