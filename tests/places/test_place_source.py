"""Tables of platforms, key sites and stations, however they say where they are."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyproj
import pytest
from pydantic import ValidationError
from shapely import Point, box

from optimizer.errors import InputError
from optimizer.places import PlaceSource, project, read_places

CRS = pyproj.CRS(32649)


def read(folder: Path, text: str, **keys: str) -> gpd.GeoDataFrame:
    (folder / "posts.csv").write_text(text, "utf-8")
    return read_places(PlaceSource(path="posts.csv", **keys), CRS, folder)


def test_a_bare_text_is_the_path() -> None:
    assert PlaceSource.model_validate("a.csv") == PlaceSource(path="a.csv")
    with pytest.raises(ValidationError):
        PlaceSource.model_validate({"path": "a.csv", "lat": "y"})


def test_degrees_plane_and_node_are_found(tmp_path: Path) -> None:
    x_m, y_m = (float(value) for value in project(111.5, 27.2, CRS))
    degrees = read(tmp_path, "编号,名称,经度,纬度\n007,大祥,111.5,27.2\n")
    plane = read(tmp_path, f"编号,名称,x,y\n007,大祥,{x_m},{y_m}\n")
    for frame in (degrees, plane):
        assert frame.crs == CRS
        assert frame.loc[0, ["place_id", "name", "weight", "node"]].tolist() == [
            "007",
            "大祥",
            1.0,
            None,
        ]
        assert frame.geometry[0].distance(Point(x_m, y_m)) < 1e-6
    nodes = read(tmp_path, "id,node\nS-1,0042\n")
    assert nodes.node.tolist() == ["0042"]
    assert nodes.geometry[0] is None


def test_geometry_of_points_and_polygons(tmp_path: Path) -> None:
    shapes = [Point(5e5, 3e6), box(5e5, 3e6, 5e5 + 10, 3e6 + 10)]
    gpd.GeoDataFrame({"site": ["a", "b"]}, geometry=shapes, crs=CRS).to_file(tmp_path / "p.gpkg")
    frame = read_places(PlaceSource(path="p.gpkg"), CRS, tmp_path)
    assert frame.place_id.tolist() == ["a", "b"]
    assert frame.geometry.within(gpd.GeoSeries(shapes, crs=CRS).buffer(1e-6)).all()


@pytest.mark.parametrize(
    ("table", "ids", "names"),
    [
        ("code,name,x,y\n1,A,0,0\n2,,1,1\n", ["1", "2"], ["A", "2"]),
        ("kind,what,x,y\nfire,A,0,0\nfire,B,1,1\n", ["A", "B"], ["A", "B"]),  # first that differs
        ("kind,x,y\nfire,0,0\nfire,0,0\n", ["1", "2"], ["1", "2"]),  # none: counted
    ],
)
def test_ids_and_names_are_guessed(
    tmp_path: Path, table: str, ids: list[str], names: list[str]
) -> None:
    frame = read(tmp_path, table)
    assert (frame.place_id.tolist(), frame.name.tolist()) == (ids, names)


def test_ids_and_names_stay_in_one_line(tmp_path: Path) -> None:
    """A break would split a row of a table in the terminal, an escape sequence would steer it."""
    text = 'id,name,x,y\n"a\nb",\x1b[31mgate,1,2\nc,\u202eetag,3,4\nd,\x07,5,6\n'
    found = read(tmp_path, text)
    assert found["place_id"].tolist() == ["a b", "c", "d"]
    assert found["name"].tolist() == ["[31mgate", "etag", "d"]


def test_weights(tmp_path: Path) -> None:
    frame = read(tmp_path, "id,x,y,calls\na,0,0,7\nb,1,1,\n", weight="calls")
    assert frame.weight.tolist() == [7.0, 0.0]


def test_all_faults_at_once(tmp_path: Path) -> None:
    table = "id,x,y,calls\na,0,0,-1\na,,0,many\nb,far,0,1\n"
    with pytest.raises(InputError) as caught:
        read(tmp_path, table, weight="calls")
    assert caught.value.faults == (
        (
            'posts.csv: data row 2, 3 has no usable place (x "far", y "0"); '
            "fill in its coordinates or node"
        ),
        (
            'posts.csv: data row 1, 2 has a weight that is no number from 0 up (calls "-1"); '
            "correct it"
        ),
        'posts.csv: the id "a" stands in 2 rows; give each place its own',
    )


def test_swapped_degrees_are_told_with_what_stands_there(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "id,lon,lat\na,27.2,111.5\nb,27.3,111.6\n")
    (fault,) = caught.value.faults
    assert fault == (
        'posts.csv: data row 1, 2 has no usable place (lon "27.2", lat "111.5"); longitude and '
        "latitude seem to be swapped"
    )


def test_many_repeated_ids_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"{name},0,0\n{name},1,1\n" for name in "abcde")
    with pytest.raises(InputError) as caught:
        read(tmp_path, f"id,x,y\n{rows}")
    assert len(caught.value.faults) == 4
    assert caught.value.faults[-1] == "posts.csv: so do 2 more of its ids"


def test_faults_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, "id,what\n1\n", weight="calls", name="nom")
    faults = "\n".join(caught.value.faults)
    for part in (
        'column "calls"',
        'column "nom"',
        "1 rows have too few",
        "no rows",
        "no columns of places",
    ):
        assert part in faults
