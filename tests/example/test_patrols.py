"""Streets that must be patrolled are streets of the road file; points are places people know."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely

from optimizer.example import City
from optimizer.example.landmarks import find_landmarks
from optimizer.example.layers import key_site_features
from optimizer.example.patrols import LINE_M, patrol_line_features, patrol_point_rows
from optimizer.example.streets import street_lines
from optimizer.example.zones import draw_zones


@pytest.mark.parametrize("seed", [0, 1])
def test_lines_are_named_streets_of_the_road_file_as_they_are_driven(city: City, seed: int) -> None:
    landmarks = find_landmarks(city, seed)
    features = patrol_line_features(city, landmarks, seed=seed)
    streets = street_lines(city, seed=seed)
    by_wkb = {line.wkb: street for street, line in enumerate(streets.lines)}
    assert 3 <= len(features) <= landmarks.kind.size
    assert len({facts["line_id"] for _, facts in features}) == len(features)
    for line, facts in features:
        against = line.wkb not in by_wkb
        street = by_wkb[shapely.reverse(line).wkb if against else line.wkb]
        assert (city.oneway[streets.first[street]] < 0) == against
        assert facts["name"] == streets.name[street] is not None
        assert LINE_M[0] < line.length < LINE_M[1]
        assert not city.bridge[streets.first[street]]


def test_a_street_that_is_one_way_against_its_line_is_turned_round(city: City) -> None:
    landmarks = find_landmarks(city)
    both = dataclasses.replace(city, oneway=np.zeros_like(city.oneway))
    against = dataclasses.replace(city, oneway=np.full_like(city.oneway, -1))
    pairs = zip(
        patrol_line_features(both, landmarks), patrol_line_features(against, landmarks), strict=True
    )
    for (line, facts), (back, again) in pairs:
        assert facts == again
        assert list(line.coords) == list(back.coords)[::-1]


def test_points_are_the_landmarks_that_are_no_key_sites(city: City) -> None:
    landmarks, zones = find_landmarks(city), draw_zones(city)
    rows = patrol_point_rows(landmarks, zones)
    sites = key_site_features(landmarks, zones)
    assert len(rows) + len(sites) == landmarks.kind.size
    names = [row[1] for row in rows] + [facts["name"] for _, facts in sites]
    assert len(set(names)) == len(names)
    assert len({row[0] for row in rows}) == len(rows)
    chinese = patrol_point_rows(landmarks, zones, "zh")
    assert [row[2:] for row in chinese] == [row[2:] for row in rows]
    assert not any(str(row[1]).isascii() for row in chinese)
    assert np.isfinite(np.array([row[2:] for row in rows], dtype=float)).all()
