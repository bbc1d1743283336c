"""Calls follow the day, crowd in few places, move over the years and stay on dry ground."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from optimizer.example import City, SyntheticCalls, find_addresses, synthetic_calls
from optimizer.example.addresses import ERAS, USES, pick
from optimizer.example.rhythm import CATEGORIES, category_shares, day_shares, era_shares
from optimizer.example.zones import quarter_polygon, water

YEAR_ONE, YEAR_FOUR = np.datetime64("2023-01-01"), np.datetime64("2025-01-01")


def inside(shape: shapely.Geometry, calls: SyntheticCalls) -> np.ndarray:
    return shapely.contains_xy(shape, calls.x_m, calls.y_m)


def test_there_are_as_many_as_asked_for_in_order_of_time(calls: SyntheticCalls) -> None:
    assert len(calls) == 200_000
    assert (np.diff(calls.time) >= np.timedelta64(0, "s")).all()
    assert calls.time[0] >= np.datetime64("2022-01-01")
    assert calls.time[-1] < np.datetime64("2025-07-02")


def test_the_city_sleeps_between_three_and_six(calls: SyntheticCalls) -> None:
    hours = np.bincount(calls.time.astype("datetime64[h]").astype(int) % 24, minlength=24)
    assert hours.argmin() in (3, 4, 5)
    assert hours[3:6].sum() < 0.04 * hours.sum()


def test_weekdays_and_seasons_differ_as_their_tables_say() -> None:
    days = np.datetime64("2022-01-01") + np.arange(1461)
    share = day_shares(days)
    weekday = (days.astype(int) + 3) % 7
    month = days.astype("datetime64[M]").astype(int) % 12
    assert share.sum() == pytest.approx(1)
    assert share[weekday == 5].mean() > 1.1 * share[weekday == 1].mean()  # Saturday, Tuesday
    assert share[month == 6].mean() > 1.1 * share[month == 11].mean()  # July, December


def test_fights_happen_at_night_and_fraud_in_office_hours(calls: SyntheticCalls) -> None:
    hour = calls.time.astype("datetime64[h]").astype(int) % 24
    name = np.array([category.en for category in CATEGORIES])[calls.category]
    night = (hour >= 21) | (hour < 3)
    assert night[name == "fight"].mean() > 0.5
    assert night[name == "fraud"].mean() < 0.15


def test_one_address_in_a_hundred_makes_a_sixth_of_the_calls(
    city: City, calls: SyntheticCalls
) -> None:
    places = find_addresses(city).x_m.size
    busiest = np.sort(np.bincount(calls.address, minlength=places))[::-1]
    assert busiest[: places // 100].sum() >= 0.15 * len(calls)
    assert busiest[0] < 0.05 * len(calls)


def test_calls_move_from_the_mills_to_the_new_zone(city: City, calls: SyntheticCalls) -> None:
    first, last = calls.time < YEAR_ONE, calls.time >= YEAR_FOUR
    new = inside(quarter_polygon(city, city.layout.new_zone), calls)
    old = inside(quarter_polygon(city, city.layout.works), calls)
    assert new[last].mean() > 2 * new[first].mean()
    assert old[last].mean() < 0.6 * old[first].mean()


def test_shares_of_eras_add_up_every_day() -> None:
    share = era_shares(np.linspace(0, 4, 100))
    assert share.sum(axis=1) == pytest.approx(np.ones(100))
    assert (share > 0).all()
    assert share.shape[1] == len(ERAS)


def test_every_call_is_in_the_prefecture_and_none_in_the_water(
    city: City, calls: SyntheticCalls
) -> None:
    x, y = city.terrain.frame(calls.x_m, calls.y_m)
    assert shapely.contains_xy(city.land, x, y).all()
    for kind, shape in water(city):
        assert not inside(shape, calls).any(), kind


def test_every_call_is_beside_a_road(city: City, calls: SyntheticCalls) -> None:
    """Checked with shapely's tree on the edges, which the generator does not use."""
    ends = np.stack([city.tail, city.head], axis=1)
    tree = shapely.STRtree(shapely.linestrings(np.stack([city.x_m[ends], city.y_m[ends]], axis=2)))
    _, distance = tree.query_nearest(
        shapely.points(calls.x_m[::20], calls.y_m[::20]), return_distance=True, all_matches=False
    )
    assert distance.max() < 30


def test_villages_call_too(city: City, calls: SyntheticCalls) -> None:
    wells = shapely.buffer(
        shapely.multipoints(np.column_stack([city.x_m, city.y_m])[city.villages]), 500
    )
    assert 0.02 < inside(wells, calls).mean() < 0.25


def test_same_seed_same_calls_whatever_the_addresses_come_from(city: City) -> None:
    first = synthetic_calls(city, 500, 3)
    again = synthetic_calls(city, 500, 3, addresses=find_addresses(city, 3))
    other = synthetic_calls(city, 500, 4)
    assert np.array_equal(first.x_m, again.x_m)
    assert np.array_equal(first.time, again.time)
    assert not np.array_equal(first.time, other.time)


def test_years_bound_the_calls(city: City) -> None:
    calls = synthetic_calls(city, 2000, 0, years=1.0)
    assert calls.time.max() < np.datetime64("2023-01-01")


def test_every_use_has_a_mix_of_categories() -> None:
    table = category_shares()
    assert table.shape == (len(USES), len(CATEGORIES))
    assert (table > 0).all()


@given(st.integers(0, 2**32), st.lists(st.floats(0.01, 10), min_size=2, max_size=6))
def test_pick_draws_columns_of_the_right_row(seed: int, row: list[float]) -> None:
    """Row 0 may give any column, row 1 only its last, row 2 only its first."""
    last, first = np.eye(len(row))[-1], np.eye(len(row))[0]
    rows = np.repeat([0, 1, 2], 200)
    found = pick(np.array([row, last, first]), rows, np.random.default_rng(seed))
    assert ((found >= 0) & (found < len(row))).all()
    assert (found[200:400] == len(row) - 1).all()
    assert (found[400:] == 0).all()


def test_pick_follows_the_shares() -> None:
    found = pick(np.array([[1.0, 3.0, 6.0]]), np.zeros(100_000, int), np.random.default_rng(0))
    assert np.bincount(found) / 100_000 == pytest.approx([0.1, 0.3, 0.6], abs=0.01)
