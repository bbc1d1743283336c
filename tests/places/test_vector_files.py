"""Layers of geometry: the right layer, its CRS, and attributes as they were written."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from shapely import Point, box

from optimizer.errors import InputError
from optimizer.places.vector_files import read_parquet, read_vector


@pytest.fixture
def calls() -> gpd.GeoDataFrame:
    """Two calls, of which one has no place."""
    data = {"id": ["0012", "13"], "when": ["2016/01/02 03:04", "2016-01-03"]}
    return gpd.GeoDataFrame(data, geometry=[Point(111.5, 27.2), None], crs="EPSG:4326")


@pytest.mark.parametrize("name", ["calls.gpkg", "calls.geojson", "calls.shp", "calls.parquet"])
def test_formats_give_the_same_table(tmp_path: Path, calls: gpd.GeoDataFrame, name: str) -> None:
    path = tmp_path / name
    calls.to_parquet(path) if name.endswith("parquet") else calls.to_file(path)
    source = read_parquet(path) if name.endswith("parquet") else read_vector(path)
    assert source.table["id"].to_pylist() == ["0012", "13"]
    assert source.table["when"].to_pylist() == ["2016/01/02 03:04", "2016-01-03"]
    assert source.crs is not None
    assert source.crs.is_geographic
    east, north = source.points()
    np.testing.assert_array_equal(east, [111.5, np.nan])
    np.testing.assert_array_equal(north, [27.2, np.nan])


def test_a_point_within_stands_for_larger_shapes(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    shapes = [box(0, 0, 2, 2), Point(5, 5)]
    gpd.GeoDataFrame(geometry=shapes, crs="EPSG:32649").to_file(path)
    east, north = read_vector(path).points()
    assert shapes[0].contains(Point(east[0], north[0]))
    assert (east[1], north[1]) == (5, 5)


def test_the_layer_is_chosen_or_asked_for(tmp_path: Path, calls: gpd.GeoDataFrame) -> None:
    path = tmp_path / "city.gpkg"
    calls.to_file(path, layer="calls")
    calls.head(1).to_file(path, layer="posts")
    with pytest.raises(InputError, match=r"has 2 layers \(calls, posts\)"):
        read_vector(path)
    assert read_vector(path, "posts").table.num_rows == 1
    with pytest.raises(InputError, match='no layer "post"; did you mean "posts"'):
        read_vector(path, "post")
    calls.head(1).to_file(path, layer="city")
    assert read_vector(path).table.num_rows == 1


def test_a_layer_without_crs_is_a_fault(tmp_path: Path, calls: gpd.GeoDataFrame) -> None:
    path = tmp_path / "a.shp"
    calls.to_file(path)
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match=r"needs its \.prj"):
        read_vector(path)


def test_geojson_in_feet_keeps_its_crs(tmp_path: Path) -> None:
    """Files older than RFC 7946 may name a CRS."""
    document = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26915"}},
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {"type": "Point", "coordinates": [5e5, 5e6]},
            }
        ],
    }
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(document))
    assert read_vector(path).crs == "EPSG:26915"


def test_categories_of_a_data_frame_are_text(tmp_path: Path) -> None:
    frame = pd.DataFrame({"kind": pd.Categorical(["theft", None, "theft"])})
    frame.to_parquet(tmp_path / "a.parquet")
    table = read_parquet(tmp_path / "a.parquet").table
    assert table["kind"].to_pylist() == ["theft", None, "theft"]
    assert not pa.types.is_dictionary(table.schema.field("kind").type)


def test_other_files_are_faults(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_text("a,b")
    with pytest.raises(InputError, match="cannot be read as a layer"):
        read_vector(path)
    with pytest.raises(InputError, match="not Parquet"):
        read_parquet(path)
