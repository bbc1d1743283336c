"""Invalid GeoJSON is refused with the feature and the reason; valid GeoJSON never is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import MultiPoint, Point, Polygon, to_geojson

from optimizer.errors import InputError
from optimizer.places.geojson import check_geojson

SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 0]]]


def collection(*geometries: Any) -> dict[str, Any]:
    features = [{"type": "Feature", "properties": None, "geometry": one} for one in geometries]
    return {"type": "FeatureCollection", "features": features}


def check(folder: Path, document: Any) -> None:
    path = folder / "zones.geojson"
    path.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    check_geojson(path)


@pytest.mark.parametrize(
    "document",
    [
        collection(),
        collection(None, {"type": "Polygon", "coordinates": SQUARE}),
        collection({"type": "Polygon", "coordinates": []}),
        collection({"type": "Point", "coordinates": [1, 2, 3]}),
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Feature", "properties": {}, "geometry": None},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
        {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}
        | collection(),
        "\ufeff" + json.dumps(collection()),
    ],
)
def test_valid_files_pass(tmp_path: Path, document: Any) -> None:
    check(tmp_path, document)


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ('{"type": "Point", "coordinates": [NaN, 0]}', "NaN is not a number"),
        ([], '"type" is None'),
        ({"type": "Topology"}, "\"type\" is 'Topology'"),
        ({"type": "FeatureCollection"}, 'no list "features"'),
        ({"type": "FeatureCollection", "features": [1]}, "feature 1 is not an object"),
        ({"type": "FeatureCollection", "features": [{"type": "feature"}]}, "feature 1 is not an"),
        ({"type": "Feature"}, 'has no "geometry"'),
        ({"type": "Feature", "geometry": None, "properties": []}, '"properties" that are not'),
        ({"crs": {"properties": {"name": "EPSG:999999"}}} | collection(), "'EPSG:999999', which"),
        ({"crs": 7} | collection(), "names None"),
        (collection([1, 2]), "geometry of type None"),
        (collection({"type": "point", "coordinates": [1, 2]}), "type 'point'"),
        (collection({"type": "Point"}), "None where a list belongs"),
        (collection({"type": "Point", "coordinates": ["1", "2"]}), "not two or three finite"),
        (collection({"type": "Point", "coordinates": [1]}), "not two or three finite"),
        (collection({"type": "Point", "coordinates": [True, False]}), "not two or three finite"),
        (collection({"type": "Point", "coordinates": [[1, 2]]}), "not two or three finite"),
        (collection({"type": "LineString", "coordinates": [[1, 2]]}), "a line needs two"),
        (collection({"type": "Polygon", "coordinates": SQUARE[0]}), "0 where a list belongs"),
        (collection({"type": "Polygon", "coordinates": [SQUARE[0][:3]]}), "a ring needs four"),
        (collection({"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1], [0, 1]]]]}),
         "does not end where it starts"),
        (collection({"type": "GeometryCollection"}), "without geometries"),
    ],
)  # fmt: skip
def test_invalid_files_are_refused(tmp_path: Path, document: Any, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        check(tmp_path, document)


def test_all_faults_are_told_but_not_a_thousand(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        check(tmp_path, collection(*[{"type": "Point"}] * 1000))
    assert len(caught.value.faults) == 11
    assert "990 more features" in caught.value.faults[-1]


POINTS = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(points=st.lists(POINTS, min_size=3, max_size=8))
def test_what_shapely_writes_passes(tmp_path: Path, points: list[tuple[float, float]]) -> None:
    for shape in (Polygon(points), MultiPoint(points), Point(points[0])):
        check(tmp_path, to_geojson(shape))
