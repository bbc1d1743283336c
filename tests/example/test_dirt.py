"""The faults in the files are those that the truth tells: recounted with the csv module alone."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pyproj
import pytest

from optimizer.calls import Area, CallsSettings, clean_calls, read_calls
from optimizer.example import City, ExampleTruth, example_truth
from optimizer.example.records import FILES
from optimizer.example.terrain import CRS
from optimizer.example.words import HOSTILE_DESCRIPTIONS
from optimizer.study import read_study

from .conftest import SMALL

Row = tuple[str, ...]


def rows_of(path: Path, encoding: str) -> list[Row]:
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    text = io.StringIO(content.decode(encoding), newline="")
    return [tuple(row) for row in csv.reader(text)]


@pytest.fixture(scope="module")
def truth() -> ExampleTruth:
    return example_truth(0, SMALL["scale"], SMALL["calls"])


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[Row]:
    """Every row of every file, headings left out."""
    return [
        row
        for name, encoding, _ in FILES.values()
        for row in rows_of(folder / name, encoding)[1:]
    ]  # fmt: skip


def test_every_file_has_the_rows_that_the_truth_tells(folder: Path, truth: ExampleTruth) -> None:
    for name, encoding, _ in FILES.values():
        assert len(rows_of(folder / name, encoding)) - 1 == truth.rows_by_file[name]
    assert sum(truth.rows_by_file.values()) == truth.rows
    told_twice = truth.planted["duplicate"] + truth.planted["repeat_report"]
    assert truth.rows == truth.calls + told_twice + truth.planted["before_window"]


def test_faults_in_cells_are_counted(rows: list[Row], truth: ExampleTruth) -> None:
    planted = truth.planted
    assert sum(row[2] == "" and row[3] == "" for row in rows) == planted["no_coordinates"]
    assert (
        sum(row[2] in ("0", "0.0") and row[3] == row[2] for row in rows)
        == (planted["zero_coordinates"])
    )
    assert sum(row[2] == "未知" for row in rows) == planted["bad_coordinates"]
    placed = [
        (float(row[2]), float(row[3])) for row in rows if row[2] not in ("", "0", "0.0", "未知")
    ]
    assert sum(lat > 90 for _, lat in placed) == planted["swapped_coordinates"]
    near = [abs(lon - 111.9) < 1 and abs(lat - 27.9) < 1 for lon, lat in placed]
    assert near.count(False) == planted["out_of_area"] + planted["swapped_coordinates"]
    assert sum(row[1] == "" for row in rows) == planted["no_time"]
    assert sum(row[1] == "待补录" for row in rows) == planted["bad_time"]
    assert sum(row[4] == "" for row in rows) == planted["missing_category"]
    in_day = [row[1] for row in rows if row[1] not in ("", "待补录")]
    assert sum(":" not in time and "时" not in time for time in in_day) == planted["date_only"]


def test_duplicates_are_whole_rows(rows: list[Row], truth: ExampleTruth) -> None:
    assert len(rows) - len(set(rows)) == truth.planted["duplicate"]
    assert len(rows) - len({row[0] for row in rows}) == truth.planted["duplicate"]


def test_calls_after_as_of_and_officers_own_finds_are_counted(
    rows: list[Row], truth: ExampleTruth
) -> None:
    late = [row for row in rows if row[1].startswith("2025")]
    own = sum(row[4] == "officer initiated" for row in rows)
    assert len(late) == truth.after_as_of
    assert sum(row[4] == "officer initiated" for row in late) == truth.excluded_later
    assert own == truth.excluded + truth.excluded_later
    assert sum(row[1].startswith("2021") for row in rows) == truth.planted["before_window"]


def test_times_are_written_in_several_ways_in_every_file(folder: Path) -> None:
    marks = {"T": "T", "/": "/", "年": "年", "-": " "}
    for name, encoding, _ in FILES.values():
        times = [row[1] for row in rows_of(folder / name, encoding)[1:]]
        habits = Counter(next((m for m in marks if m in time), "") for time in times if time)
        assert sum(count > 10 for count in habits.values()) >= 3, habits


def test_free_text_has_commas_quotes_line_ends_and_traps(rows: list[Row]) -> None:
    texts = {row[5] for row in rows}
    assert all(any(mark in text for text in texts) for mark in (",", '"', "\n"))
    assert texts >= set(HOSTILE_DESCRIPTIONS)


def test_the_cleaner_finds_what_was_planted(folder: Path, city: City, truth: ExampleTruth) -> None:
    """The counts of the real cleaner are those of the truth, row for row."""
    settings = read_study(folder / "study.toml").settings.calls
    assert isinstance(settings, CallsSettings)
    cleaned = clean_calls(
        read_calls(settings, folder), settings, crs=pyproj.CRS(CRS),
        area=Area.around(city.x_m, city.y_m, 500), as_of=dt.date(2025, 1, 1),
    )  # fmt: skip
    quality, planted = cleaned.quality, truth.planted
    assert quality.read == truth.rows
    exact = (
        "duplicate", "no_coordinates", "zero_coordinates", "bad_coordinates", "out_of_area",
        "no_time", "bad_time", "before_window",
    )  # fmt: skip
    assert {name: quality.dropped[name] for name in exact} == {n: planted[n] for n in exact}
    own = truth.excluded + truth.excluded_later
    assert quality.dropped["excluded_category"] == own
    assert quality.dropped["after_as_of"] >= 0.98 * (truth.after_as_of - truth.excluded_later)
    assert quality.dropped["repeat_report"] >= 0.95 * planted["repeat_report"]
    assert len(cleaned.later) > 0.1 * quality.used
    hours = np.bincount(
        cleaned.planning.time[cleaned.planning.has_time].astype("datetime64[h]").astype(int) % 24
    )
    assert hours.argmin() in (3, 4, 5)
