"""Files of calls: all of them, with all their faults at once."""

from __future__ import annotations

import gzip
from pathlib import Path

import geopandas as gpd
import pytest
from shapely import Point

from optimizer.calls import CallsSettings, read_calls
from optimizer.errors import InputError


def test_several_files_and_a_glob(tmp_path: Path) -> None:
    (tmp_path / "2014.csv").write_text("time,lon,lat\n2014-01-01,111,27\n")
    (tmp_path / "2015.csv.gz").write_bytes(gzip.compress(b"lat,lon,time\n27,111,2015-01-01\n1\n"))
    raw = read_calls(CallsSettings(path="20*", time="time"), tmp_path)
    assert len(raw) == 3
    assert raw.rows_per_file() == {"2014.csv": 1, "2015.csv.gz": 2}
    assert [file.place.names for file in raw.files] == [("lon", "lat")] * 2


def test_a_layer_of_points_needs_no_columns(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"time": ["2015-01-01"]}, geometry=[Point(111, 27)], crs=4326)
    frame.to_file(tmp_path / "calls.gpkg")
    raw = read_calls(CallsSettings(path="calls.gpkg", time="time"), tmp_path)
    assert raw.files[0].place.kind == "geometry"


def test_all_faults_of_all_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("tme,longitude,lat\n")
    (tmp_path / "b.csv").write_text("")
    settings = CallsSettings(
        path=["a.csv", "b.csv"], time="time", longitude="lon", latitude="lat", category="kind"
    )
    with pytest.raises(InputError) as caught:
        read_calls(settings, tmp_path)
    faults = "\n".join(caught.value.faults)
    assert 'a.csv: there is no column "time"; did you mean "tme"?' in faults
    assert 'a.csv: there is no column "kind"' in faults
    assert 'a.csv: there is no column "lon"; did you mean "longitude"?' in faults
    assert "b.csv: the file is empty" in faults


def test_files_without_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("time,lon,lat\n")
    with pytest.raises(InputError, match=r"a\.csv: there is no row of calls"):
        read_calls(CallsSettings(path="a.csv", time="time"), tmp_path)
