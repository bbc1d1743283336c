"""Hotspots from calls to a ranked table."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import CRS

from optimizer.calls import Area, CallsSettings, clean_calls, read_calls
from optimizer.demand import CountedPlaces, HotspotSettings, find_hotspots

from .conftest import PLANE, calls_at

WINDOW = (dt.date(2012, 1, 1), dt.date(2015, 1, 1))
X0, Y0 = 500_000.0, 3_000_000.0


def town(n, seed, days=(0, 1096), has_time=True):
    """A square of 4 km: half the calls even, three tenths on a corridor of 600 m, two at a mall."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    places = rng.uniform(0, 4000, (n, 2))
    places[kind == 1] = rng.uniform([1000, 1002], [1600, 1048], ((kind == 1).sum(), 2))
    places[kind == 2] = rng.uniform([3010, 3010], [3090, 3090], ((kind == 2).sum(), 2))
    minute = rng.integers(days[0] * 1440, days[1] * 1440, n)
    minute[kind == 2] = minute[kind == 2] // 1440 * 1440 + 600  # the mall by day
    time = np.datetime64("2012-01-01T00:00") + minute
    return calls_at(X0 + places[:, 0], Y0 + places[:, 1], time, has_time)


def find(calls, shifts, weights=None, later=None, window=WINDOW, suppress_below=0, **settings):
    weights = np.ones(len(calls)) if weights is None else weights
    return find_hotspots(
        calls, weights, settings=HotspotSettings(**settings), shifts=shifts, crs=PLANE,
        window=window, later=later, suppress_below=suppress_below,
    )  # fmt: skip


@pytest.fixture(scope="module")
def calls():
    return town(4000, 1)


@pytest.fixture(scope="module")
def later():
    return town(400, 2, (1096, 1187))


def test_the_corridor_and_the_mall_are_found_and_nothing_else(calls, later, shifts):
    found = find(calls, shifts, later=later)
    corridor, mall = found.table.geometry
    assert corridor.intersects(shapely.box(X0 + 1000, Y0 + 1000, X0 + 1600, Y0 + 1050))
    assert mall.contains(shapely.Point(X0 + 3050, Y0 + 3050))
    assert found.table["hotspot_id"].tolist() == ["H01", "H02"]
    assert found.table["area_km2"].to_numpy() == pytest.approx([0.03, 0.01], rel=0.35)
    assert (found.table["trend_per_year"].abs() < 0.2).all()


def test_every_number_can_be_counted_again_inside_the_outlines(calls, later, shifts):
    """A planner who joins calls and hotspots in a GIS finds the same."""
    found = find(calls, shifts, later=later)
    table, ground = found.table, found.ground_km2
    inside, hits = (
        [shapely.intersects_xy(shape, c.x_m, c.y_m) for shape in table.geometry]
        for c in (calls, later)
    )
    assert table["calls"].tolist() == [mask.sum() for mask in inside]
    pai = [mask.mean() / (area / ground)
           for mask, area in zip(hits, table["area_km2"], strict=True)]  # fmt: skip
    assert table["pai"].to_numpy() == pytest.approx(pai)
    day = shifts.of_times(calls.time, calls.has_time) == 1
    assert table["share_day"].to_numpy() == pytest.approx([day[mask].mean() for mask in inside])
    rating = found.foresight
    assert rating.hits == sum(mask.sum() for mask in hits)
    share = table["area_km2"].sum() / ground
    assert rating.pai == pytest.approx(rating.hits / len(later) / share)
    assert 0 < rating.pei <= 1.05
    assert found.figures()["pai"] == round(rating.pai, 4)


def test_hotspots_foresee_at_least_as_well_as_the_density_grid(calls, later, shifts):
    rating = find(calls, shifts, later=later).foresight
    assert rating.pai >= rating.density_grid_pai


def test_shares_of_shifts_add_up_to_one(calls, shifts):
    table = find(calls, shifts).table
    shares = table[["share_night", "share_day", "share_evening"]]
    assert shares.sum(axis=1).to_numpy() == pytest.approx(1)
    assert table["share_day"][1] > 0.9  # the mall


def test_the_order_of_calls_changes_nothing(calls, later, shifts):
    order = np.random.default_rng(0).permutation(len(calls))
    there = find(calls, shifts, later=later).table
    back = find(calls.take(order), shifts, later=later).table
    assert there.drop(columns="geometry").equals(back.drop(columns="geometry"))
    assert there.geometry.geom_equals(back.geometry).all()


def test_a_call_split_in_two_halves_changes_no_outline(calls, shifts):
    twice = calls.take(np.repeat(np.arange(len(calls)), 2))
    one = find(calls, shifts, min_calls=50).table
    two = find(twice, shifts, np.full(len(twice), 0.5), min_calls=50).table
    assert one.geometry.geom_equals(two.geometry).all()
    assert two["weight"].to_numpy() == pytest.approx(one["weight"].to_numpy())
    assert two["calls"].tolist() == (2 * one["calls"]).tolist()


def test_counted_places_make_the_same_hotspots_without_dates(calls, shifts):
    x_m, y_m = np.floor(calls.x_m / 10) * 10 + 5, np.floor(calls.y_m / 10) * 10 + 5
    places, weight = np.unique(np.column_stack([x_m, y_m]), axis=0, return_counts=True)
    none = np.zeros(len(places))
    counts = CountedPlaces(None, *places.T, weight.astype(float), none.astype(np.int32), none)
    rounded = calls_at(x_m, y_m)
    counted = find(counts, shifts, counts.weight, window=None).table
    dated = find(rounded, shifts, window=None).table
    assert len(counted) == 2
    assert counted["calls"].tolist() == dated["calls"].tolist()
    assert counted.geometry.geom_equals(dated.geometry).all()
    assert counted[["share_day", "trend_per_year", "pai"]].isna().all(axis=None)


def test_calls_with_dates_only_have_trends_but_no_shifts(shifts):
    table = find(town(4000, 1, has_time=False), shifts).table
    assert table["share_day"].isna().all()
    assert table["trend_per_year"].notna().all()


def test_the_list_is_capped_and_heaviest_first(calls, shifts):
    assert find(calls, shifts, max_hotspots=1).table["rank"].tolist() == [1]
    weight = find(calls, shifts).table["weight"]
    assert weight.is_monotonic_decreasing


@pytest.mark.parametrize("min_calls", [None, 1])
def test_hotspots_too_small_to_publish_are_not_listed(calls, shifts, min_calls):
    """Neither the chosen nor a stated least number of calls overrules what may be published."""
    every = find(calls, shifts, min_calls=min_calls).table
    fewest = every["calls"].min()
    limited = find(calls, shifts, min_calls=min_calls, suppress_below=int(fewest)).table
    assert limited["calls"].tolist() == every["calls"].tolist()
    fewer = find(calls, shifts, min_calls=min_calls, suppress_below=int(fewest) + 1).table
    assert fewer["calls"].tolist() == every["calls"][every["calls"] > fewest].tolist()
    assert fewer["rank"].tolist() == list(range(1, len(fewer) + 1))


def test_weights_decide_the_order(calls, shifts):
    mall = (calls.x_m > X0 + 3000) & (calls.y_m > Y0 + 3000)
    table = find(calls, shifts, np.where(mall, 10.0, 1.0)).table
    assert table.geometry[0].contains(shapely.Point(X0 + 3050, Y0 + 3050))
    assert table["weight"][0] > table["calls"][0]


def test_chance_makes_no_hotspots(shifts):
    rng = np.random.default_rng(5)
    calls = calls_at(X0 + rng.uniform(0, 4000, 300), Y0 + rng.uniform(0, 4000, 300))
    assert len(find(calls, shifts, window=None)) == 0


@pytest.mark.parametrize("calls", [calls_at([], [], categories=()), calls_at([X0], [Y0])])
def test_hardly_any_calls_make_an_empty_table(calls, shifts, later):
    found = find(calls, shifts, later=later)
    assert len(found) == 0
    assert found.foresight is None
    assert {"hotspot_id", "share_night", "pai", "geometry"} <= set(found.table.columns)
    assert found.figures()["count"] == 0


def test_outlines_can_be_written_and_read(calls, shifts, tmp_path):
    table = find(calls, shifts).table
    table.to_file(tmp_path / "hotspots.gpkg")
    again = gpd.read_file(tmp_path / "hotspots.gpkg")
    assert again.crs == table.crs
    assert again["rank"].tolist() == table["rank"].tolist()


@pytest.mark.realdata
def test_minneapolis_has_tens_of_compact_hotspots(shared, shifts):
    """Downtown leads; Uptown, Lake Street, Cedar-Riverside are there; no blob covers the city."""
    settings = CallsSettings(
        path="police_incidents_2010_2016.csv.gz", longitude="Longitude", latitude="Latitude",
        time="ReportedDate", timezone="America/Chicago", category="Description",
    )  # fmt: skip
    raw = read_calls(settings, shared / "data" / "minneapolis")
    cleaned = clean_calls(
        raw, settings, crs=CRS("EPSG:26915"),
        area=Area(470_000, 4_965_000, 490_000, 4_995_000), as_of=dt.date(2015, 1, 1),
    )  # fmt: skip
    later = cleaned.later.between(np.datetime64("2015-01-01"), np.datetime64("2015-04-01"))
    found = find_hotspots(
        cleaned.planning, np.ones(len(cleaned.planning)), settings=HotspotSettings(),
        shifts=shifts, crs=CRS("EPSG:26915"), window=WINDOW, later=later,
    )  # fmt: skip
    assert 20 <= len(found) <= 50
    assert found.table["area_km2"].max() < 1.5
    assert found.table["area_km2"].sum() / found.ground_km2 < 0.03
    assert found.foresight.pai > 12
    assert found.foresight.pai >= found.foresight.density_grid_pai
    shapes = found.table.geometry
    lon, lat = [-93.2731, -93.2970, -93.2622, -93.2469], [44.9780, 44.9484, 44.9484, 44.9698]
    places = gpd.GeoSeries.from_xy(lon, lat, crs=4326).to_crs(shapes.crs)
    downtown, uptown, lake_street, riverside = places
    assert shapes[0].contains(downtown)
    for place in (uptown, lake_street, riverside):
        assert shapes.distance(place).min() < 150
