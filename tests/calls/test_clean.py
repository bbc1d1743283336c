"""Every row is used or dropped for one reason, and what is used is right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point

from optimizer.calls import (
    NO_CATEGORY,
    REASONS,
    Area,
    CallsSettings,
    clean_calls,
    planning_window,
    read_calls,
)
from optimizer.errors import InputError
from optimizer.places import from_wgs84, project

from .conftest import CITY_CRS

HEADER = "no,time,kind,lon,lat,text\n"
GOOD = "1,2015-05-05 10:00,theft,111.47,27.24,x\n"


def test_one_row_of_every_reason(clean) -> None:
    cleaned = clean(
        HEADER
        + GOOD
        + GOOD  # duplicate
        + "2,2015-05-05 10:00,theft\n"  # broken_row
        + "3,2015-05-05 10:00,theft,,27.24,x\n"  # no_coordinates
        + "4,2015-05-05 10:00,theft,abc,27.24,x\n"  # bad_coordinates
        + "5,2015-05-05 10:00,theft,0,0,x\n"  # zero_coordinates
        + "6,2015-05-05 10:00,theft,113.0,28.2,x\n"  # out_of_area
        + "7,,theft,111.47,27.24,x\n"  # no_time
        + "8,2015-02-30,theft,111.47,27.24,x\n"  # bad_time
        + "9,2015-05-05 10:00,patrol,111.47,27.24,x\n"  # excluded_category
        + "10,2012-12-31 23:59,theft,111.47,27.24,x\n"  # before_window
        + "11,2016-01-01 00:00,theft,111.47,27.24,x\n"  # after_as_of
        + "12,2015-05-05 10:05,theft,111.4701,27.24,x\n"  # repeat_report
        + "13,2015-05-05,,27.24,111.47,x\n",  # used: swapped, day only, no category
        category="kind",
        exclude=["patrol"],
        repeat_minutes=10,
    )
    quality = cleaned.quality
    elsewhere = {"unknown_node", "too_far_from_road"}
    assert quality.dropped == {reason: 1 for reason in REASONS if reason not in elsewhere}
    assert (quality.read, quality.used) == (14, 2)
    assert quality.repaired == {"swapped_coordinates": 1}
    assert quality.kept_but_marked == {"date_only": 1, "missing_category": 1}
    planning = cleaned.planning
    assert [planning.categories[code] for code in planning.category] == ["theft", NO_CATEGORY]
    assert planning.time.astype(str).tolist() == ["2015-05-05T10:00", "2015-05-05T00:00"]
    assert planning.has_time.tolist() == [True, False]
    np.testing.assert_allclose(planning.x_m, project(111.47, 27.24, CITY_CRS)[0])
    assert len(cleaned.later) == 1


def test_a_row_under_several_reasons_counts_once(clean) -> None:
    """No place and no time; far away and long ago: the first reason in order."""
    cleaned = clean(HEADER + GOOD + "2,,theft,,,x\n3,1999-01-01,theft,10,50,x\n")
    assert cleaned.quality.dropped == {"no_coordinates": 1, "out_of_area": 1}


CELLS = st.tuples(
    st.sampled_from(["1", "2", ""]),
    st.sampled_from(["2015-05-05 10:00", "5/6/15", "2011-01-01", "2016-06-06", "", "soon"]),
    st.sampled_from(["theft", "", "patrol", "<b>"]),
    st.sampled_from(["111.47", "27.24", "0", "", "abc", "113"]),
    st.sampled_from(["27.24", "111.47", "0", "", "95"]),
    st.sampled_from(["x", '"a\nb"', '"=1+1"', "y,z", ""]),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(rows=st.lists(CELLS, max_size=25), minutes=st.sampled_from([0, 10]))
def test_the_account_is_exact_whatever_comes(clean, rows, minutes: int) -> None:
    text = HEADER + GOOD + "".join(",".join(row) + "\n" for row in rows)
    cleaned = clean(text, category="kind", exclude=["patrol"], repeat_minutes=minutes)
    quality = cleaned.quality
    assert quality.read == len(rows) + 1
    assert quality.used == len(cleaned.planning)
    assert quality.read == quality.used + sum(quality.dropped.values())
    assert len(cleaned.later) == quality.dropped.get("after_as_of", 0)
    assert (cleaned.planning.time < np.datetime64("2016-01-01")).all()


def test_overlapping_exports_count_once(clean) -> None:
    cleaned = clean(HEADER + GOOD, HEADER + GOOD + GOOD.replace("1,", "2,", 1))
    assert cleaned.quality.dropped == {"duplicate": 1}
    assert cleaned.quality.files == {"calls0.csv": 1, "calls1.csv": 2}


def test_an_id_makes_updates_of_one_call_duplicates(clean) -> None:
    rows = HEADER + GOOD + GOOD.replace("theft", "robbery") + GOOD.replace("1,", "01,", 1)
    assert clean(rows).quality.used == 3
    assert clean(rows, id="no").quality.dropped == {"duplicate": 1}  # 01 is not 1


def test_suspected_repeats_are_marked_even_if_nobody_asked(clean) -> None:
    again = "2,2015-05-05 10:09,theft,111.4701,27.24,other words\n"
    quality = clean(HEADER + GOOD + again, category="kind").quality
    assert quality.used == 2
    assert quality.kept_but_marked == {"suspected_repeat_reports": 1}


def test_gcj02_lands_where_the_street_is(clean) -> None:
    lon, lat = (float(value) for value in from_wgs84(111.47, 27.24, "gcj02"))
    cleaned = clean(f"time,lon,lat\n2015-05-05,{lon!r},{lat!r}\n", datum="gcj02")
    place = [cleaned.planning.x_m[0], cleaned.planning.y_m[0]]
    np.testing.assert_allclose(place, project(111.47, 27.24, CITY_CRS), atol=1e-6)


def test_x_and_y_without_crs_are_the_study_plane(clean) -> None:
    x_m, y_m = (float(value) for value in project(111.47, 27.24, CITY_CRS))
    cleaned = clean(f"time,x,y\n2015-05-05,{x_m},{y_m}\n")
    np.testing.assert_allclose(cleaned.planning.x_m, [x_m])


def test_nodes_are_looked_up(tmp_path: Path, area: Area) -> None:
    (tmp_path / "calls.csv").write_text("time,node\n2015-05-05,0042\n2015-05-05,43\n")
    keys = CallsSettings(path="calls.csv", time="time")
    raw = read_calls(keys, tmp_path)

    def find(nodes):
        known = nodes == "0042"
        return np.where(known, 5.0, np.nan), np.where(known, 6.0, np.nan)

    as_of = dt.date(2016, 1, 1)
    cleaned = clean_calls(raw, keys, crs=CITY_CRS, area=area, as_of=as_of, find_nodes=find)
    assert (cleaned.planning.x_m[0], cleaned.quality.dropped) == (5.0, {"unknown_node": 1})
    with pytest.raises(InputError, match="placed by road node"):
        clean_calls(raw, keys, crs=CITY_CRS, area=area, as_of=as_of)


def test_a_layer_with_null_geometry(tmp_path: Path, area: Area) -> None:
    data = {"time": ["2015/05/05 10:00", "2015-05-06"]}
    frame = gpd.GeoDataFrame(data, geometry=[Point(111.47, 27.24), None], crs=4326)
    frame.to_file(tmp_path / "calls.geojson")
    keys = CallsSettings(path="calls.geojson", time="time")
    raw = read_calls(keys, tmp_path)
    cleaned = clean_calls(raw, keys, crs=CITY_CRS, area=area, as_of=dt.date(2016, 1, 1))
    assert (cleaned.quality.used, cleaned.quality.dropped) == (1, {"no_coordinates": 1})


def test_nothing_left_is_a_fault_that_says_why(clean) -> None:
    with pytest.raises(InputError, match=r"none of the 2 rows .* \(2 out_of_area\)"):
        clean("time,lon,lat\n2015-05-05,10,50\n2015-05-06,10,50\n")


@pytest.mark.parametrize(
    ("as_of", "years", "start"),
    [
        (dt.date(2016, 1, 1), 3.0, dt.date(2013, 1, 1)),
        (dt.date(2016, 2, 29), 3.0, dt.date(2013, 2, 28)),
        (dt.date(2016, 3, 31), 0.5, dt.date(2015, 9, 30)),
        (dt.date(2016, 3, 31), 1e6, dt.date(1, 4, 30)),
    ],
)
def test_the_window(as_of: dt.date, years: float, start: dt.date) -> None:
    assert planning_window(as_of, years)[1] == as_of
    if years < 1e6:
        assert planning_window(as_of, years)[0] == start
    else:
        assert planning_window(as_of, years)[0].year == 1


def test_a_file_with_a_million_empty_years_is_no_crash(clean) -> None:
    assert clean(HEADER + GOOD, years=5000).quality.used == 1
