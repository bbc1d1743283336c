"""Zones cover the prefecture once; districts have stations, budgets and villages."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from optimizer.example import City, SyntheticCalls
from optimizer.example.landmarks import KINDS, find_landmarks
from optimizer.example.stations import STATIONS, found_stations
from optimizer.example.words import DISTRICT_NAMES
from optimizer.example.zones import DISTRICTS, PLATFORMS, TIERS, district_of, draw_zones, water


def test_zones_cover_the_prefecture_without_overlap(city: City) -> None:
    zones = draw_zones(city)
    land = shapely.area(city.land)
    assert sum(zone.polygon.area for zone in zones) == pytest.approx(land, rel=1e-3)
    joined = shapely.union_all([zone.polygon for zone in zones])
    assert joined.area == pytest.approx(land, rel=1e-3)
    assert all(zone.polygon.is_valid for zone in zones)


def test_every_district_has_town_and_country(city: City) -> None:
    tiers = {(zone.district, zone.tier) for zone in draw_zones(city)}
    for district in range(len(DISTRICTS)):
        assert (district, TIERS.index("urban")) in tiers
        assert (district, TIERS.index("country")) in tiers
    assert any(tier == TIERS.index("central") for _, tier in tiers)


def test_the_centre_is_crowded(city: City, calls: SyntheticCalls) -> None:
    """Calls per square kilometre: far more in the centre than in town, hardly any outside."""
    count, area = np.zeros(len(TIERS)), np.zeros(len(TIERS))
    for zone in draw_zones(city):
        count[zone.tier] += shapely.contains_xy(zone.polygon, calls.x_m, calls.y_m).sum()
        area[zone.tier] += zone.polygon.area / 1e6
    density = count / area
    assert density[0] > 1.5 * density[1] > 20 * density[2]


def test_ten_platforms_for_the_city_and_three_a_county() -> None:
    assert sum(PLATFORMS[:4]) == 10
    assert PLATFORMS[4:] == (3, 3)
    assert len(PLATFORMS) == len(DISTRICTS) == len(STATIONS)
    assert all(len(names) == len(DISTRICTS) for names in DISTRICT_NAMES.values())


def test_villages_belong_to_both_counties(city: City) -> None:
    zones = draw_zones(city)
    district = district_of(zones, city.x_m[city.villages], city.y_m[city.villages])
    assert {4, 5} <= set(district.tolist())


def test_old_stations_stand_where_the_table_says_and_leave_the_new_zone_out(city: City) -> None:
    zones = draw_zones(city)
    stations = found_stations(city, zones)
    found = district_of(zones, stations.x_m, stations.y_m)
    assert np.array_equal(found, stations.district)
    assert tuple(np.bincount(found, minlength=len(DISTRICTS))) == STATIONS
    assert sum(STATIONS) == sum(PLATFORMS)
    for _, shape in water(city):
        assert not shapely.contains_xy(shape, stations.x_m, stations.y_m).any()


def test_landmarks_keep_their_distance_and_are_of_every_kind(city: City) -> None:
    known = find_landmarks(city)
    points = np.column_stack([known.x_m, known.y_m])
    gap = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    np.fill_diagonal(gap, np.inf)
    assert gap.min() > 200
    assert set(known.kind.tolist()) == set(range(len(KINDS)))
    assert district_of(draw_zones(city), known.x_m, known.y_m).min() >= 0
