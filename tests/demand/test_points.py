"""Demand gathered at road nodes: nothing is lost, and key sites are always key."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box

from optimizer.demand import (
    CallWeights,
    CountedPlaces,
    KeySites,
    Layer,
    StandardsSettings,
    ZonesSettings,
    counted_points,
    demand_points,
    read_zones,
)
from optimizer.demand.points import merged_places
from optimizer.errors import InputError

from .conftest import PLANE, calls_at

PARTS = np.array([0.25, 0.5, 0.25])
ONE_DAY = ("night", "day", "evening")
STANDARDS = StandardsSettings.model_validate({"key": 1, "central": 3, "urban": 5})


def ones(n, total=None, shift=1):
    total = np.ones(n) if total is None else np.asarray(total, float)
    return CallWeights(total, np.full(n, shift, np.int8), PARTS, ONE_DAY)


@pytest.fixture
def zones(tmp_path):
    """Central: x up to 150. Urban: from there to 250. The columns x = 300 and 400 are outside."""
    gpd.GeoDataFrame(
        {"tier": ["central", "urban"], "district": ["East", "West"]},
        geometry=[box(-50, -50, 150, 450), box(150, -50, 250, 450)],
        crs=PLANE,
    ).to_file(tmp_path / "zones.gpkg")
    columns = ZonesSettings(path="zones.gpkg", tier="tier", district="district")
    return read_zones(columns, STANDARDS, tmp_path, PLANE)


@pytest.fixture
def plain(tmp_path):
    return read_zones(None, STANDARDS, tmp_path, PLANE)


def test_calls_stand_at_their_nearest_node(network, zones):
    calls = calls_at([10, 10, 110, 290], [20, 20, 0, 400])
    points = demand_points(calls, ones(4, [1, 2, 3, 4]), network, zones)
    assert points.point_id.tolist() == ["0-0", "0-1", "4-3"]
    assert points.node.tolist() == [0, 1, 23]
    assert points.weight.tolist() == [3, 3, 4]
    assert points.calls.tolist() == [2, 1, 1]
    assert points.shift_weight.tolist() == [[0, 3, 0], [0, 3, 0], [0, 4, 0]]
    assert [points.tier_names[t] for t in points.tier] == ["central", "central", "urban"]
    assert points.standard_s.tolist() == [180, 180, 300]
    assert [points.district_names[d] for d in points.district] == ["East", "East", "outside"]


def test_calls_too_far_from_any_road_are_counted_and_left_out(network, plain):
    calls = calls_at([0, 0, -501], [0, -500, 0])
    points = demand_points(calls, ones(3), network, plain)
    assert points.calls.tolist() == [2]
    snap = points.snap
    assert (snap.median_m, snap.p95_m, snap.too_far) == (0, 500, 1)


def test_no_call_near_a_road_is_a_fault(network, plain):
    with pytest.raises(InputError, match="1 calls lie more than 500 m from every road node"):
        demand_points(calls_at([9e5], [0]), ones(1), network, plain)


def test_calls_without_weight_make_no_point(network, plain):
    points = demand_points(calls_at([0, 100], [0, 0]), ones(2, [0, 1]), network, plain)
    assert points.point_id.tolist() == ["0-1"]


def test_key_sites_are_key_whatever_their_zone_says(network, zones):
    calls = calls_at([0, 200], [0, 0])
    sites = KeySites(np.array([2, 7, 8], np.int32), ("hospital", "school", "square"),
                     np.array([0.0, 2.5, 0]))  # fmt: skip
    points = demand_points(calls, ones(2), network, zones, key_sites=sites)
    assert points.point_id.tolist() == ["0-0", "0-2", "1-2"]
    assert [points.tier_names[t] for t in points.tier] == ["central", "key", "key"]
    assert points.standard_s.tolist() == [180, 60, 60]
    assert (points.weight.tolist(), points.calls.tolist()) == ([1, 1, 2.5], [1, 1, 0])
    (warning,) = points.warnings
    assert "Key site square has no calls and no weight" in warning


def test_layers_have_their_stated_share_of_the_whole(network, plain):
    crowd = np.zeros(25)
    crowd[[0, 24]] = [30, 10]
    layers = [Layer("crowd", 0.4, crowd), Layer("even", 0.1, np.ones(25))]
    points = demand_points(calls_at([0] * 5, [0] * 5), ones(5), network, plain, layers=layers)
    assert points.weight.sum() == pytest.approx(10)  # calls 5, crowd 4, even 1
    assert points.weight[0] == pytest.approx(5 + 3 + 0.04)
    assert points.weight[-1] == pytest.approx(1 + 0.04)
    assert points.shift_weight[-1] / points.weight[-1] == pytest.approx(PARTS)
    assert points.calls.sum() == 5


def counts(x_m, y_m, weight, ids=None, distance_m=0.0, node=None):
    n = len(x_m)
    return CountedPlaces(
        None if ids is None else np.array(ids, object),
        np.array(x_m, float),
        np.array(y_m, float),
        np.array(weight, float),
        np.array(np.arange(n) if node is None else node, np.int32),
        np.full(n, distance_m),
    )


def test_counted_places_with_ids_stay_apart_in_their_own_zone(network, zones, shifts):
    places = counts([140, 160, 0], [0, 0, 0], [4, 2.4, 1], ["b", "a", "c"], node=[1, 1, 0])
    points = counted_points(places, shifts, network, zones)
    assert points.point_id.tolist() == ["c", "b", "a"]
    assert points.node.tolist() == [0, 1, 1]
    assert points.calls.tolist() == [1, 4, 2]
    assert [points.tier_names[t] for t in points.tier] == ["central", "central", "urban"]
    assert points.shift_weight[1] == pytest.approx([4 / 3] * 3)


def test_counted_places_without_ids_gather_at_nodes(network, zones, shifts):
    places = counts([140, 160], [0, 0], [4, 2], node=[1, 1])
    points = counted_points(places, shifts, network, zones)
    assert (points.point_id.tolist(), points.weight.tolist()) == (["0-1"], [6])


def test_layers_and_key_sites_beside_counted_places_stand_at_nodes(network, plain, shifts):
    places = counts([140], [0], [4], ["b"], node=[1])
    sites = KeySites(np.array([1, 3], np.int32), ("s", "t"), np.array([0, 2.0]))
    points = counted_points(places, shifts, network, plain, key_sites=sites)
    assert points.point_id.tolist() == ["b", "node:0-3"]
    assert [points.tier_names[t] for t in points.tier] == ["key", "key"]


def test_counted_places_too_far_away_are_counted(network, plain, shifts):
    places = counts([0, 0], [0, 0], [4, 2], ["a", "b"])
    far = dataclasses.replace(places, distance_m=np.array([0, 501.0]))
    assert counted_points(far, shifts, network, plain).snap.too_far == 2


def test_arrays_of_demand_points_are_read_only(network, plain):
    points = demand_points(calls_at([0], [0]), ones(1), network, plain)
    with pytest.raises(ValueError, match="read-only"):
        points.weight[0] = 2


PLACES = arrays.arrays(float, (12, 2), elements=st.sampled_from([0, 33.3, 60, 199, 420]))


@given(PLACES)
def test_merging_finds_exactly_the_distinct_places(places):
    first, place = merged_places(*places.T)
    assert len(first) == len(np.unique(places, axis=0))
    assert np.array_equal(places[first][place], places)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PLACES, st.permutations(range(12)))
def test_order_of_calls_changes_nothing_and_no_weight_is_lost(network, plain, places, order):
    total = np.arange(1.0, 13)
    points = demand_points(calls_at(*places.T), ones(12, total), network, plain)
    assert points.weight.sum() == pytest.approx(total.sum())
    shuffled = demand_points(calls_at(*places[order].T), ones(12, total[order]), network, plain)
    assert np.array_equal(points.node, shuffled.node)
    assert points.weight == pytest.approx(shuffled.weight)
    assert points.shift_weight.sum(axis=1) == pytest.approx(points.weight)
