"""Layers of crowding laid on the road nodes."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import box

from optimizer.demand import LayerSettings, read_layer
from optimizer.errors import InputError

from .conftest import PLANE


def test_points_give_their_weight_to_the_nearest_node(network, tmp_path):
    (tmp_path / "venues.csv").write_text("x,y,seats\n10,0,30\n0,20,5\n390,400,100\n9999,0,7\n")
    settings = LayerSettings(path="venues.csv", weight="seats", share=0.2)
    layer = read_layer(settings, tmp_path, network)
    assert (layer.name, layer.share) == ("venues", 0.2)
    (warning,) = layer.warnings
    assert warning == (
        "venues.csv: places of the demand layer further than 500 m from every road node: 1; they "
        "are left out, check their coordinates and CRS"
    )
    near = read_layer(settings, tmp_path, network, max_snap_m=10_000)
    assert near.warnings == ()
    assert (layer.node_weight[0], layer.node_weight[24]) == (35, 100)
    assert layer.node_weight.sum() == 135


@pytest.fixture
def people(tmp_path):
    """90 people around the six lower left nodes (edges count), 8 between nodes, 1 nowhere near."""
    squares = [box(0, 0, 200, 100), box(320, 320, 340, 340), box(5000, 0, 5001, 1)]
    frame = gpd.GeoDataFrame({"people": [90, 8, 1]}, geometry=squares, crs=PLANE)
    frame.to_file(tmp_path / "people.gpkg")
    return LayerSettings(path="people.gpkg", weight="people", share=0.5, name="population")


def test_polygons_spread_their_weight_over_the_nodes_inside(network, tmp_path, people):
    layer = read_layer(people, tmp_path, network)
    weight = layer.node_weight.reshape(5, 5)
    assert weight[:2, :3].ravel().tolist() == pytest.approx([15] * 6)
    assert weight[3, 3] == 8
    assert layer.node_weight.sum() == pytest.approx(98)
    assert layer.name == "population"
    assert "from every road node: 1;" in layer.warnings[0]


def test_faults_of_the_polygons_are_told(network, tmp_path, people):
    frame = gpd.read_file(tmp_path / "people.gpkg")
    frame.geometry = [frame.geometry[0], None, None]
    frame.to_file(tmp_path / "people.gpkg")
    (warning,) = read_layer(people, tmp_path, network).warnings
    assert "people.gpkg: features without geometry: 2" in warning


def test_polygons_without_a_weight_column_count_one_each(network, tmp_path, people):
    layer = read_layer(people.model_copy(update={"weight": None}), tmp_path, network)
    assert layer.node_weight.sum() == pytest.approx(2)


def test_weights_that_are_no_numbers_are_a_fault(network, tmp_path, people):
    frame = gpd.read_file(tmp_path / "people.gpkg")
    frame["people"] = ["90", "many", "-1"]
    frame.to_file(tmp_path / "people.gpkg")
    with pytest.raises(InputError, match=r"2 polygons have a people .* 'many' in polygon 2"):
        read_layer(people, tmp_path, network)


def test_a_layer_without_weight_near_roads_is_a_fault(network, tmp_path):
    (tmp_path / "venues.csv").write_text("x,y\n9999,0\n")
    with pytest.raises(InputError, match=r"no weight near any road \(1 of its places"):
        read_layer(LayerSettings(path="venues.csv", share=0.2), tmp_path, network)
