"""Real calls: what is known to be wrong with them is found, exactly."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import pytest

from optimizer.calls import Area, CallsSettings, CleanedCalls, clean_calls, read_calls

CRS = pyproj.CRS(26915)
CITY = Area(467_000.0, 4_968_000.0, 490_000.0, 4_990_000.0)


def clean(shared: Path, as_of: dt.date, **keys: Any) -> CleanedCalls:
    settings = CallsSettings(timezone="America/Chicago", **keys)
    raw = read_calls(settings, shared / "data" / "minneapolis")
    return clean_calls(raw, settings, crs=CRS, area=CITY, as_of=as_of)


@pytest.fixture(scope="module")
def police(shared: Path) -> CleanedCalls:
    """124,868 police incidents of 2010 to 2016, all of them in the window."""
    return clean(
        shared,
        dt.date(2017, 1, 1),
        path="police_incidents_2010_2016.csv.gz",
        longitude="Longitude",
        latitude="Latitude",
        time="ReportedDate",
        category="Description",
        years=10,
    )


@pytest.mark.realdata
def test_known_dirt_of_the_police_file(police: CleanedCalls) -> None:
    quality = police.quality
    assert quality.read == 124_868
    assert quality.dropped == {"duplicate": 83, "zero_coordinates": 1, "out_of_area": 8}
    assert quality.used == len(police.planning) == 124_776


@pytest.mark.realdata
def test_the_year_2013_has_days_but_no_times(police: CleanedCalls) -> None:
    """20,156 rows, of which some are duplicates; each keeps its day."""
    days_only = police.planning.take(~police.planning.has_time)
    assert police.quality.kept_but_marked["date_only"] == len(days_only)
    assert 20_000 < len(days_only) <= 20_156
    assert set(days_only.time.astype("M8[Y]").astype(str)) == {"2013"}
    assert len(np.unique(days_only.time)) == 365
    rest = police.planning.take(police.planning.has_time)
    assert "2013" not in set(rest.time.astype("M8[Y]").astype(str))


@pytest.mark.realdata
def test_stamps_that_end_in_z_are_local_time(police: CleanedCalls) -> None:
    timed = police.planning.take(police.planning.has_time)
    hours = np.bincount((timed.time - timed.time.astype("M8[D]")).astype(int) // 60, minlength=24)
    assert hours.argmin() == 6
    assert any("are local time" in sentence for sentence in police.quality.warnings)


@pytest.mark.realdata
def test_pandas_finds_the_same_duplicates_and_times(police: CleanedCalls, shared: Path) -> None:
    path = shared / "data" / "minneapolis" / "police_incidents_2010_2016.csv.gz"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert frame.duplicated().sum() == 83
    kept = frame[~frame.duplicated()]
    lon, lat = kept["Longitude"].astype(float), kept["Latitude"].astype(float)
    kept = kept[(lon > -93.4) & (lon < -93.1) & (lat > 44.8) & (lat < 45.1)]
    short = kept["ReportedDate"].str.contains("/")
    want = pd.concat(
        [
            pd.to_datetime(kept["ReportedDate"][short], format="%m/%d/%y"),
            pd.to_datetime(kept["ReportedDate"][~short].str.slice(0, 16), format="%Y-%m-%dT%H:%M"),
        ]
    ).sort_index()
    np.testing.assert_array_equal(police.planning.time, want.to_numpy().astype("M8[m]"))


@pytest.mark.realdata
def test_fire_and_ems_runs(shared: Path) -> None:
    """36,987 runs stamped like "Mar  1 2012  7:21PM", of which 8 repeat a number."""
    keys = {
        "path": "fire_ems_runs_2012.csv.gz",
        "time": "StartDate",
        "category": "descript",
        "id": "inci_no",
        "years": 1,
    }
    cleaned = clean(shared, dt.date(2012, 10, 1), **keys)
    quality = cleaned.quality
    assert (quality.read, quality.dropped["duplicate"]) == (36_987, 8)
    assert "bad_time" not in quality.dropped
    assert cleaned.planning.has_time.all()
    assert quality.used + quality.dropped["after_as_of"] + 8 + 3 == 36_987  # 3 lie out of the area
    assert len(cleaned.later) == quality.dropped["after_as_of"]
