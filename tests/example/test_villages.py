"""Villages lie beside roads, apart from each other, some far from any town."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import shapely
from scipy.spatial import KDTree

from optimizer.example import City, synthetic_city
from optimizer.example.city import PARTS
from optimizer.example.streets import line_ends, street_lines
from optimizer.example.villages import APART_M, FAR_BESIDE_M, find_villages, village_rows
from optimizer.example.zones import COUNTIES, district_of, draw_zones, water


def test_the_whole_prefecture_has_several_hundred_villages_most_in_the_counties() -> None:
    city = synthetic_city(0, 1.0)
    villages = find_villages(city)
    assert 400 < villages.x_m.size < 900
    district = district_of(draw_zones(city), villages.x_m, villages.y_m)
    assert district.min() >= 0
    assert np.isin(district, COUNTIES).mean() > 0.9
    town = city.part <= PARTS.index("town_b")
    streets = np.unique(np.concatenate([city.tail[town], city.head[town]]))
    way_m, _ = KDTree(np.column_stack([city.x_m[streets], city.y_m[streets]])).query(
        np.column_stack([villages.x_m, villages.y_m])
    )
    assert way_m.min() > APART_M - FAR_BESIDE_M
    assert (way_m > 8000).any()


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_village_is_near_the_end_of_a_line_of_the_road_file(seed: int) -> None:
    city = synthetic_city(seed, 0.3)
    villages = find_villages(city, seed)
    lines = street_lines(city, seed=seed).lines
    ends = np.array([point for line in lines for point in (line.coords[0], line.coords[-1])])
    spots = np.column_stack([villages.x_m, villages.y_m])
    assert KDTree(ends).query(spots)[0].max() <= FAR_BESIDE_M
    apart = KDTree(spots).query(spots, k=2)[0][:, 1]
    assert apart.min() > 0
    assert np.median(apart) > APART_M


def test_the_wells_come_first_and_nobody_lives_in_the_river(city: City) -> None:
    villages = find_villages(city)
    wells = city.villages
    assert np.array_equal(villages.x_m[: wells.size], city.x_m[wells])
    assert villages.x_m.size > wells.size
    for _, shape in water(city):
        assert not shapely.contains_xy(shape, villages.x_m, villages.y_m).any()


def test_line_ends_are_the_ends_of_the_lines(city: City) -> None:
    streets = street_lines(city, seed=3)
    ends = {point for line in streets.lines for point in (line.coords[0], line.coords[-1])}
    nodes = line_ends(city, 3)
    assert ends == set(zip(city.x_m[nodes].tolist(), city.y_m[nodes].tolist(), strict=True))


def test_rows_have_ids_of_their_own_and_names_in_both_languages(city: City) -> None:
    villages = find_villages(city)
    english, chinese = (village_rows(villages, 0, language) for language in ("en", "zh"))
    ids = [row[0] for row in english]
    assert len(set(ids)) == len(ids) == villages.x_m.size
    assert [row[0] for row in chinese] == ids
    assert [row[2:] for row in chinese] == [row[2:] for row in english]
    assert all(str(row[1]).isascii() for row in english)
    assert all(str(row[1]).endswith("村") for row in chinese)
    assert Counter(row[1] for row in english).most_common(1)[0][1] == 1
