"""Zones and forbidden ground: whole, on the plane, and nothing lost without a count."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pyproj
import pytest
from shapely import Point, Polygon, box

from optimizer.errors import InputError
from optimizer.places import LOCAL_CRS, read_polygons

CRS = pyproj.CRS(26915)
BOWTIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])


def test_null_geometry_is_told_and_bowties_are_mended(tmp_path: Path) -> None:
    shapes = [box(0, 0, 10, 10), None, BOWTIE]
    gpd.GeoDataFrame({"tier": ["a", "b", None]}, geometry=shapes, crs=CRS).to_file(
        tmp_path / "z.gpkg"
    )
    frame = read_polygons(tmp_path / "z.gpkg", CRS, columns=["tier"])
    assert frame.tier.tolist() == ["a", None]
    assert frame.attrs["warnings"] == (
        "z.gpkg: features without geometry: 1; they are left out, draw or delete them",
        "z.gpkg: polygons that cross themselves: 1; they were mended, check how",
    )
    assert frame.is_valid.all()
    assert frame.area.tolist() == [100.0, 50.0]


def test_degrees_are_projected(tmp_path: Path) -> None:
    degrees = gpd.GeoDataFrame({"n": [1]}, geometry=[box(-93.3, 44.9, -93.2, 45.0)], crs=4326)
    degrees.to_file(tmp_path / "z.geojson")
    frame = read_polygons(tmp_path / "z.geojson", CRS, columns=["n"])
    assert frame.crs == CRS
    assert frame.n.tolist() == ["1"]
    assert frame.geometry.iloc[0].equals_exact(degrees.to_crs(CRS).geometry.iloc[0], 1e-6)


def test_faults_come_together(tmp_path: Path) -> None:
    path = tmp_path / "z.gpkg"
    gpd.GeoDataFrame({"tier": ["a"]}, geometry=[Point(0, 0)], crs=CRS).to_file(path)
    with pytest.raises(InputError) as caught:
        read_polygons(path, CRS, columns=["teir"])
    assert len(caught.value.faults) == 2
    assert "did you mean" in caught.value.faults[0]
    assert "holds Point; give polygons only" in caught.value.faults[1]


def test_planar_numbers_in_a_geojson_are_no_degrees(tmp_path: Path) -> None:
    ring = [[478000, 4979000], [479000, 4979000], [479000, 4980000], [478000, 4979000]]
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (tmp_path / "z.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]})
    )
    with pytest.raises(InputError, match="which are no degrees"):
        read_polygons(tmp_path / "z.geojson", CRS)


def test_latitude_before_longitude_is_told(tmp_path: Path) -> None:
    square = box(27.2, 111.5, 27.3, 111.6)
    gpd.GeoDataFrame(geometry=[square], crs=4326).to_file(tmp_path / "z.geojson")
    with pytest.raises(InputError, match="are no degrees; write longitude before latitude"):
        read_polygons(tmp_path / "z.geojson", CRS)


def test_no_polygons_at_all(tmp_path: Path) -> None:
    (tmp_path / "z.csv").write_text("a\n1\n")
    with pytest.raises(InputError, match="has no geometry"):
        read_polygons(tmp_path / "z.csv", CRS)
    gpd.GeoDataFrame({"a": [1]}, geometry=[None], crs=CRS).to_file(tmp_path / "z.gpkg")
    with pytest.raises(InputError, match="no feature has a geometry"):
        read_polygons(tmp_path / "z.gpkg", CRS)
    gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=CRS).to_file(tmp_path / "y.gpkg")
    with pytest.raises(InputError, match=r"set study\.crs"):
        read_polygons(tmp_path / "y.gpkg", LOCAL_CRS)


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "polygons", "without"),
    [("zones", 87, 0), ("precincts", 5, 0), ("water", 89, 0), ("parks", 895, 148)],
)
def test_real_layers(shared: Path, name: str, polygons: int, without: int) -> None:
    """1,043 parks, of which 148 have no geometry."""
    frame = read_polygons(shared / "data" / "minneapolis" / f"{name}.gpkg", CRS)
    assert len(frame) == polygons
    told = f"{name}.gpkg: features without geometry: {without};"
    assert any(sentence.startswith(told) for sentence in frame.attrs["warnings"]) == (without > 0)
    assert frame.is_valid.all()
