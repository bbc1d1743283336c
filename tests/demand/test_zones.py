"""Tiers and districts by polygon: boundaries, ground outside, and standards that are missing."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely import box

from optimizer.demand import StandardsSettings, ZonesSettings, read_zones
from optimizer.errors import InputError
from optimizer.roads import RoadsSettings, read_network

from .conftest import PLANE

SETTINGS = ZonesSettings(path="zones.gpkg", tier="tier", district="district")


def standards(**minutes):
    return StandardsSettings.model_validate(minutes)


@pytest.fixture
def root(tmp_path):
    """A central square and an urban one beside it; they share the line x = 500,100."""
    frame = gpd.GeoDataFrame(
        {"tier": ["central", "urban"], "district": ["East", "West"]},
        geometry=[box(500_000, 0, 500_100, 100), box(500_100, 0, 500_200, 100)],
        crs=PLANE,
    )
    frame.to_file(tmp_path / "zones.gpkg")
    return tmp_path


def assign(zones, *places):
    x_m, y_m = np.array(places, float).T
    codes = zones.assign(500_000 + x_m, y_m)
    return [(zones.tier_names[t], zones.district_names[d])
            for t, d in zip(codes.tier, codes.district, strict=True)]  # fmt: skip


def test_places_take_tier_and_district_of_their_polygon(root):
    zones = read_zones(SETTINGS, standards(urban=5, key=1, central=3), root, PLANE)
    assert zones.tier_names == ("key", "central", "urban")
    assert zones.standard_s.tolist() == [60, 180, 300]
    assert zones.tier_names[zones.key_tier] == "key"
    assert assign(zones, (50, 50), (150, 50)) == [("central", "East"), ("urban", "West")]


def test_faults_of_the_polygons_are_told(root):
    """A zone that nobody drew would else turn into ground outside without a word."""
    assert read_zones(SETTINGS, standards(central=3, urban=5), root, PLANE).warnings == ()
    frame = gpd.read_file(root / "zones.gpkg")
    frame.geometry = [frame.geometry[0], None]
    frame.to_file(root / "zones.gpkg")
    (warning,) = read_zones(SETTINGS, standards(central=3, urban=5), root, PLANE).warnings
    assert warning.startswith("zones.gpkg: features without geometry: 1;")


def test_a_place_on_a_boundary_belongs_to_the_first_polygon(root):
    zones = read_zones(SETTINGS, standards(central=3, urban=5), root, PLANE)
    assert assign(zones, (100, 50), (0, 0), (200, 100)) == [
        ("central", "East"), ("central", "East"), ("urban", "West"),
    ]  # fmt: skip


def test_ground_outside_has_the_longest_standard(root):
    zones = read_zones(SETTINGS, standards(central=3, urban=5, village=10), root, PLANE)
    assert assign(zones, (300, 50)) == [("village", "outside")]


def test_one_standard_holds_everywhere(root):
    zones = read_zones(SETTINGS, standards(fast=4), root, PLANE, has_key_sites=True)
    assert assign(zones, (50, 50), (150, 50)) == [("fast", "East"), ("fast", "West")]
    assert zones.key_tier == 0


def test_without_zones_the_longest_standard_holds(tmp_path):
    zones = read_zones(None, standards(urban=5, key=1), tmp_path, PLANE)
    assert assign(zones, (7, 7)) == [("urban", "all")]
    assert zones.outlines().empty


def test_zones_without_tier_or_district_columns(root):
    zones = read_zones(ZonesSettings(path="zones.gpkg"), standards(a=3, b=5), root, PLANE)
    assert assign(zones, (50, 50), (300, 50)) == [("b", "all"), ("b", "outside")]


def test_districts_are_dissolved(root):
    outlines = read_zones(SETTINGS, standards(central=3, urban=5), root, PLANE).outlines()
    assert outlines["district"].tolist() == ["East", "West"]
    assert outlines.area.tolist() == pytest.approx([10_000, 10_000])


def test_all_tiers_without_a_standard_are_named_at_once(root):
    with pytest.raises(InputError) as error:
        read_zones(SETTINGS, standards(rural=9, far=12), root, PLANE, has_key_sites=True)
    key, central, urban = error.value.faults
    assert "no minutes for the tier key" in key
    assert "'central' in column tier" in central
    assert "'urban' in column tier" in urban


def test_missing_columns_are_faults(root):
    settings = ZonesSettings(path="zones.gpkg", tier="teir", district="area")
    with pytest.raises(InputError, match="tier") as error:
        read_zones(settings, standards(central=3, urban=5), root, PLANE)
    assert len(error.value.faults) == 2


def test_polygons_without_a_tier_are_faults(root):
    frame = gpd.read_file(root / "zones.gpkg")
    frame.loc[1, "tier"] = None
    frame.to_file(root / "zones.gpkg")
    with pytest.raises(InputError, match="1 polygons have no tier in column tier, the first is"):
        read_zones(SETTINGS, standards(central=3, urban=5), root, PLANE)


@pytest.mark.realdata
def test_every_junction_of_minneapolis_has_a_tier(shared):
    folder = shared / "data" / "minneapolis"
    roads = RoadsSettings(path="street_centerline.gpkg", speed="SPEED_LIM", speed_unit="mph")
    network = read_network(roads, folder, "EPSG:26915")
    zones = read_zones(SETTINGS, standards(key=1, central=3, urban=5), folder, network.crs)
    assert len(zones.polygons) == 87
    codes = zones.assign(network.x_m, network.y_m)
    names = np.array(zones.district_names)[codes.district]
    assert set(names) == {f"Precinct {number}" for number in range(1, 6)} | {"outside"}
    assert (names == "outside").mean() < 0.03
    assert 0.1 < (codes.tier == zones.tier_names.index("central")).mean() < 0.25
    assert not (codes.tier == zones.key_tier).any()
