"""The map layers of the example as GeoJSON: roads, zones, water, key sites, stations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import shapely

from optimizer.example import words
from optimizer.example.city import City
from optimizer.example.fabric import ROAD_CLASSES
from optimizer.example.landmarks import KINDS, Landmarks
from optimizer.example.stations import Stations
from optimizer.example.streets import street_lines
from optimizer.example.terrain import to_lonlat
from optimizer.example.words import Language
from optimizer.example.zones import TIERS, Zone, district_of, quarter_polygon, water

Feature = tuple[shapely.Geometry, Mapping[str, object]]


def geojson(features: Iterable[Feature]) -> bytes:
    """Write planar geometries with their properties as GeoJSON in longitude and latitude."""
    geometries, properties = zip(*features, strict=True)
    turned = shapely.transform(
        np.array(geometries), lambda points: np.column_stack(to_lonlat(points[:, 0], points[:, 1]))
    )
    described = (json.dumps(facts, ensure_ascii=False) for facts in properties)
    rows = [
        f'{{"type":"Feature","properties":{facts},"geometry":{geometry}}}'
        for facts, geometry in zip(described, shapely.to_geojson(turned).tolist(), strict=True)
    ]
    return ('{"type":"FeatureCollection","features":[\n' + ",\n".join(rows) + "\n]}\n").encode()


def road_features(city: City, language: Language = "en", seed: int = 0) -> list[Feature]:
    """Describe every road as OpenStreetMap would; footpaths round the lakes are among them."""
    streets = street_lines(city, language, seed)
    first = streets.first
    code = [ROAD_CLASSES[c] for c in city.road_class[first].tolist()]
    oneway = [{0: "no", 1: "yes", -1: "-1"}[way] for way in city.oneway[first].tolist()]
    bridge = ["yes" if over else "no" for over in city.bridge[first].tolist()]
    facts = zip(
        streets.name,
        code,
        oneway,
        streets.maxspeed,
        city.lanes[first].tolist(),
        bridge,
        strict=True,
    )
    keys = ("name", "highway", "oneway", "maxspeed", "lanes", "bridge")
    roads = [
        (line, dict(zip(keys, row, strict=True)))
        for line, row in zip(streets.lines.tolist(), facts, strict=True)
    ]
    path = dict(zip(keys, (None, "footway", "no", None, None, "no"), strict=True))
    shores = (quarter_polygon(city, city.layout.lake(lake)) for lake in city.layout.lakes)
    return [*roads, *((shapely.LineString(shore.buffer(8).exterior), path) for shore in shores)]


def zone_features(zones: Iterable[Zone], language: Language = "en") -> list[Feature]:
    """Name the tier and the district of every zone."""
    names = words.DISTRICT_NAMES[language]
    return [
        (zone.polygon, {"tier": TIERS[zone.tier], "district": names[zone.district]})
        for zone in zones
    ]


def water_features(city: City) -> list[Feature]:
    """Draw the river and the lakes."""
    return [(shape, {"kind": kind}) for kind, shape in water(city)]


def landmark_names(
    landmarks: Landmarks, zones: tuple[Zone, ...], language: Language = "en"
) -> list[str]:
    """Name every landmark after its district, those of one kind by number."""
    kinds = list(KINDS)
    district = district_of(zones, landmarks.x_m, landmarks.y_m)
    names = []
    alike: Counter[tuple[str, str]] = Counter()
    for code, number in zip(landmarks.kind.tolist(), district.tolist(), strict=True):
        area, kind = words.DISTRICT_NAMES[language][number], kinds[code]
        alike[area, kind] += 1
        count, label = alike[area, kind], words.LANDMARK_NAMES[kind][language == "zh"]
        names.append(f"{area} {label} {count}" if language == "en" else f"{area}第{count}{label}")
    return names


def key_site_features(
    landmarks: Landmarks, zones: tuple[Zone, ...], language: Language = "en"
) -> list[Feature]:
    """Describe every key site, with its weight in calls."""
    kinds, names = list(KINDS), landmark_names(landmarks, zones, language)
    features: list[Feature] = []
    for place in np.flatnonzero(landmarks.key_weight > 0).tolist():
        facts = {
            "site_id": f"K-{len(features) + 1:03d}",
            "name": names[place],
            "kind": kinds[landmarks.kind[place]],
            "weight": float(landmarks.key_weight[place]),
        }
        features.append((shapely.Point(landmarks.x_m[place], landmarks.y_m[place]), facts))
    return features


def station_features(stations: Stations, language: Language = "en") -> list[Feature]:
    """Give each station of today its number."""
    features: list[Feature] = []
    for place, district in enumerate(stations.district.tolist()):
        number = 1 + int((stations.district[:place] == district).sum())
        name = words.STATION_NAMES[language].format(
            district=words.DISTRICT_NAMES[language][district], number=number
        )
        point = shapely.Point(stations.x_m[place], stations.y_m[place])
        features.append((point, {"station_id": f"S-{place + 1:02d}", "name": name}))
    return features
