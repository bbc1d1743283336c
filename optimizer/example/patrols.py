"""Where patrols must show themselves: streets and places where people crowd."""

from __future__ import annotations

import numpy as np
import shapely

from optimizer.example.city import City
from optimizer.example.fabric import CODE
from optimizer.example.landmarks import KINDS, Landmarks
from optimizer.example.layers import Feature, landmark_names
from optimizer.example.streets import street_lines
from optimizer.example.tables import Row, degrees
from optimizer.example.words import Language
from optimizer.example.zones import Zone

CROWDED = ("night_market", "bar_street", "station", "mall", "market", "square")
LINE_M = (250.0, 1600.0)  # shortest and longest street that is walked as one


def patrol_line_features(
    city: City, landmarks: Landmarks, language: Language = "en", seed: int = 0
) -> list[Feature]:
    """Choose the main street nearest to every crowded place, each once, drawn as it is driven."""
    streets = street_lines(city, language, seed)
    road_class = city.road_class[streets.first]
    length_m = shapely.length(streets.lines)
    fit = (road_class >= CODE["primary"]) & (road_class <= CODE["tertiary"])
    fit &= (length_m > LINE_M[0]) & (length_m < LINE_M[1]) & ~city.bridge[streets.first]
    fitting = np.flatnonzero(fit)
    crowded = np.isin(landmarks.kind, [list(KINDS).index(kind) for kind in CROWDED])
    places = shapely.points(landmarks.x_m[crowded], landmarks.y_m[crowded])
    nearest = fitting[shapely.STRtree(streets.lines[fitting]).nearest(places)]
    features: list[Feature] = []
    for number, street in enumerate(np.unique(nearest).tolist(), start=1):
        against = city.oneway[streets.first[street]] < 0
        line = shapely.reverse(streets.lines[street]) if against else streets.lines[street]
        features.append((line, {"line_id": f"L-{number:02d}", "name": streets.name[street]}))
    return features


def patrol_point_rows(
    landmarks: Landmarks, zones: tuple[Zone, ...], language: Language = "en"
) -> list[Row]:
    """List the well-known places that are no key sites."""
    names = landmark_names(landmarks, zones, language)
    return [
        (f"M-{number:02d}", names[place], *degrees(landmarks.x_m[place], landmarks.y_m[place]))
        for number, place in enumerate(np.flatnonzero(landmarks.key_weight == 0).tolist(), start=1)
    ]
