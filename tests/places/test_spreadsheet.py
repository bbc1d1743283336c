"""Spreadsheets give what their CSV export would: text, ISO dates, ids with their zeros."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.errors import InputError
from optimizer.places.spreadsheet import read_spreadsheet


def test_cells_become_the_text_of_a_csv_export(tmp_path: Path, write_xlsx) -> None:
    rows = [
        ["编号", "时间", "x", "note"],
        ["0012", ("date", 42370.5), 7, None],
        ["13", None, 1.5, "=1+1"],
    ]
    source = read_spreadsheet(write_xlsx(tmp_path / "calls.xlsx", rows))
    assert source.table.to_pylist() == [
        {"编号": "0012", "时间": "2016-01-01T12:00:00", "x": "7", "note": None},
        {"编号": "13", "时间": None, "x": "1.5", "note": "=1+1"},
    ]


def test_blank_rows_are_no_rows_and_a_header_alone_is_a_table(tmp_path: Path, write_xlsx) -> None:
    source = read_spreadsheet(write_xlsx(tmp_path / "a.xlsx", [[None, None], ["a", "b"]]))
    assert source.table.column_names == ["a", "b"]
    assert source.table.num_rows == 0


def test_faults_name_the_sheet(tmp_path: Path, write_xlsx) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [["a"], ["1"]])
    assert read_spreadsheet(path, "接警").table.num_rows == 1
    with pytest.raises(InputError, match='there is no sheet "接处警"; did you mean "接警"'):
        read_spreadsheet(path, "接处警")
    with pytest.raises(InputError, match="the sheet is empty"):
        read_spreadsheet(write_xlsx(tmp_path / "b.xlsx", []))
    (tmp_path / "c.xlsx").write_text("a,b")
    with pytest.raises(InputError, match="is not a spreadsheet"):
        read_spreadsheet(tmp_path / "c.xlsx")
