"""Which columns are the place, what their numbers mean, and how they reach the plane."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyproj
import pytest

from optimizer.errors import InputError
from optimizer.places import LOCAL_CRS, PlaceSource, SourceTable, from_wgs84, project
from optimizer.places.coordinates import (
    CoordinateColumns,
    Coordinates,
    choose_columns,
    read_coordinates,
    unique_places,
)

CRS = pyproj.CRS(32649)


def read(keys: dict[str, Any], crs: pyproj.CRS = CRS, **columns: list[str]) -> Coordinates:
    source = SourceTable(Path("a.csv"), pa.table(columns))
    settings = PlaceSource(path="a.csv", **keys)
    chosen = choose_columns(settings, list(columns), has_geometry=False, file="a.csv")
    return read_coordinates(source, chosen, settings, crs)


@pytest.mark.parametrize(
    ("keys", "columns", "geometry", "chosen"),
    [
        ({}, ["Lon", "LAT", "x", "y"], False, CoordinateColumns("degrees", ("Lon", "LAT"))),
        (
            {"x": "x", "y": "y"},
            ["lon", "lat", "x", "y"],
            True,
            CoordinateColumns("plane", ("x", "y")),
        ),
        ({}, ["lon", "lat"], True, CoordinateColumns("geometry", ())),
        ({}, ["Y", "X"], False, CoordinateColumns("plane", ("X", "Y"))),
        ({}, ["node"], False, CoordinateColumns("node", ("node",))),
        ({"node": "at"}, ["at", "lon", "lat"], False, CoordinateColumns("node", ("at",))),
    ],
)
def test_settings_come_before_geometry_and_that_before_guesses(
    keys: dict[str, str], columns: list[str], geometry: bool, chosen: CoordinateColumns
) -> None:
    assert choose_columns(PlaceSource(path="a", **keys), columns, geometry, "a") == chosen


def test_faults_name_every_missing_column() -> None:
    with pytest.raises(InputError) as caught:
        choose_columns(
            PlaceSource(path="a", longitude="lo", latitude="la"), ["lon", "lat"], False, "a"
        )
    assert len(caught.value.faults) == 2
    with pytest.raises(InputError, match="no columns of places were found"):
        choose_columns(PlaceSource(path="a"), ["name"], False, "a")


def test_degrees_datum_and_feet_reach_the_same_spot() -> None:
    lon, lat = 113.2644, 23.1291
    crs = pyproj.CRS(32649)
    want = project(lon, lat, crs)
    gcj = [[repr(float(v))] for v in from_wgs84(lon, lat, "gcj02")]
    feet = pyproj.Transformer.from_crs(4326, 2236, always_xy=True)  # Florida East, US feet
    florida = feet.transform(-80.2, 25.8)
    for coordinates, expected in [
        (read({}, lon=[str(lon)], lat=[str(lat)]), want),
        (read({"datum": "gcj02"}, lon=gcj[0], lat=gcj[1]), want),
        (read({}, x=[repr(float(want[0]))], y=[repr(float(want[1]))]), want),
    ]:
        np.testing.assert_allclose(np.ravel(coordinates.to_plane(crs)), expected, atol=1e-6)
    utm = pyproj.CRS(32617)
    in_feet = read({"crs": "EPSG:2236"}, utm, x=[repr(florida[0])], y=[repr(florida[1])])
    np.testing.assert_allclose(
        np.ravel(in_feet.to_plane(utm)), project(-80.2, 25.8, utm), atol=0.01
    )


def test_missing_bad_and_impossible_are_told_apart() -> None:
    coordinates = read({}, lon=["1", "", "x", "200", "1"], lat=["2", "2", "", "2", "-91"])
    assert coordinates.missing.tolist() == [False, True, False, False, False]
    assert coordinates.bad.tolist() == [False, False, True, False, False]
    assert coordinates.on_earth().tolist() == [True, False, False, False, False]
    assert np.isfinite(coordinates.to_plane(CRS)[0]).tolist() == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("keys", "crs", "fault"),
    [
        ({"longitude": "a", "latitude": "b", "crs": "EPSG:26915"}, CRS, "is not in degrees"),
        ({"x": "a", "y": "b", "datum": "gcj02"}, CRS, "is for longitude and latitude"),
        ({"longitude": "a", "latitude": "b"}, LOCAL_CRS, "the road network has no CRS"),
        ({"x": "a", "y": "b", "crs": "EPSG:0"}, CRS, "is not a coordinate reference system"),
    ],
)
def test_contradictions_are_faults(keys: dict[str, Any], crs: pyproj.CRS, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        read(keys, crs, a=["1"], b=["2"])


def test_merging_equal_places_loses_none() -> None:
    rng = np.random.default_rng(0)
    places = rng.integers(0, 5, (200, 2)).astype(float)
    unique, inverse = unique_places(places)
    np.testing.assert_array_equal(unique[inverse], places)
    assert len(unique) == len(np.unique(places, axis=0))
    assert unique_places(np.empty((0, 2)))[0].shape == (0, 2)
