"""One door for all tables, and what it says when there is nothing behind it."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from shapely import Point

from optimizer.errors import InputError
from optimizer.places.tables import expand_paths, read_source, read_table


def test_every_kind_of_file_comes_through_the_same_door(tmp_path: Path, write_xlsx) -> None:
    (tmp_path / "a.csv").write_text("id,n\n01,2\n")
    (tmp_path / "a.tsv").write_text("id\tn\n01\t2\n")
    pq.write_table(pa.table({"id": ["01"], "n": ["2"]}), tmp_path / "a.parquet")
    write_xlsx(tmp_path / "a.xlsx", [["id", "n"], ["01", 2]])
    for name in ("a.csv", "a.tsv", "a.parquet", "a.xlsx"):
        assert read_table(tmp_path / name).to_pylist() == [{"id": "01", "n": "2"}]


def test_points_give_columns_x_and_y(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"id": ["a"]}, geometry=[Point(1, 2)], crs="EPSG:32649").to_file(path)
    assert read_table(path).to_pylist() == [{"id": "a", "x": 1.0, "y": 2.0}]


def test_a_table_must_be_whole_and_have_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text("from,to,length_m\n1,2,3\n1,2\n")
    with pytest.raises(InputError) as caught:
        read_table(path, columns=["from", "length"])
    assert len(caught.value.faults) == 2
    assert 'did you mean "length_m"' in caught.value.faults[0]
    assert "1 rows do not have the 3 cells" in caught.value.faults[1]
    path.write_text("from,to,length_m\n1,2,3\n")
    assert read_table(path, columns=["to", "from"]).column_names == ["to", "from"]


def test_unknown_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file; check its name"):
        read_source(tmp_path / "a.csv")
    with pytest.raises(InputError, match="there is no such file; nor is there the folder"):
        read_source(tmp_path / "b" / "a.csv")
    with pytest.raises(InputError, match="this is a folder; name a file in it"):
        read_source(tmp_path)
    (tmp_path / "villages.csv").write_text("x")
    with pytest.raises(InputError, match=r"there is no such file; did you mean villages\.csv\?"):
        read_source(tmp_path / "vilages.csv")
    (tmp_path / "a.pdf").write_text("x")
    with pytest.raises(InputError, match=r'files ending in "\.pdf" are not known'):
        read_source(tmp_path / "a.pdf")


def test_paths_lists_and_globs(tmp_path: Path) -> None:
    for name in ("2014.csv", "2013.csv", "old/2012.csv", "odd[1].csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a")

    def names(spec: str | list[str]) -> list[str]:
        return [path.name for path in expand_paths(spec, tmp_path)]

    assert names("2013.csv") == ["2013.csv"]
    assert names("20*.csv") == ["2013.csv", "2014.csv"]
    assert names(["2014.csv", "201?.csv"]) == ["2014.csv", "2013.csv"]
    assert names("**/2012.csv") == ["2012.csv"]
    assert names("odd[1].csv") == ["odd[1].csv"]  # a file of this very name comes before the glob
    assert names(str(tmp_path / "*4.csv")) == ["2014.csv"]
    with pytest.raises(InputError) as caught:
        expand_paths(["none.csv", "2013.csv", "x*.csv"], tmp_path)
    assert len(caught.value.faults) == 2
