"""Tables, layers and figures of grids and duty: two platforms with a little of everything."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.districts import Crosswalk, GridLoad
from optimizer.planning import duty_caveats
from optimizer.publishing.beat_geojson import beat_geojson
from optimizer.publishing.deployment_figures import duty_figures, grid_figures
from optimizer.publishing.deployment_layers import duty_layers, grid_layers
from optimizer.publishing.duty_tables import duty_tables
from optimizer.publishing.grid_tables import TOGETHER, grid_tables, told_loads
from optimizer.publishing.locale import LANGUAGES, texts
from optimizer.publishing.plan_tables import _meaning
from optimizer.publishing.suppression import Threshold
from optimizer.publishing.table_rows import Table, clock
from optimizer.publishing.tables import csv_text
from optimizer.study import StudyFile

from .small_force import UTM, X0, Y0, duty, grids

LEAST = Threshold(5, 1.0)
STUDY = StudyFile.model_validate({
    "study": {"name": "town", "as_of": "2026-01-01"}, "demand": {"path": "counts.csv"},
    "roads": {"path": "roads.gpkg"}, "standards": {"urban": 5},
})  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return grid_tables(grids(), LEAST) | duty_tables(duty(), LEAST, on_earth=True)


def rows(table: Table) -> list[dict[str, str]]:
    """Read a table back as a spreadsheet would."""
    return list(csv.DictReader(io.StringIO(csv_text(*table))))


def test_every_file_is_there_and_every_column_is_explained(tables: dict[str, Table]) -> None:
    assert set(tables) == {
        "grids.csv", "grid_loads.csv", "grid_variants.csv", "crosswalk.csv", "crews.csv",
        "staffing.csv", "roster.csv", "patrols.csv", "patrols_left_out.csv", "patrol_cover.csv",
        "patrol_zones.csv", "quick_response.csv", "villages.csv",
    }  # fmt: skip
    for file, (columns, content) in tables.items():
        assert list(content)
        assert csv_text(columns, content)
        for language in LANGUAGES:
            words = texts(language)["columns"]
            assert all(_meaning(words, file, column) for column in columns)


def test_what_a_study_does_not_ask_for_has_no_file() -> None:
    nothing = replace(duty(), rosters=(), patrols=None, zones=None, quick_response=None,
                      villages=None)  # fmt: skip
    assert duty_tables(nothing, LEAST, on_earth=True) == {}
    assert duty_figures(nothing, STUDY, LEAST) == {}
    assert "crosswalk.csv" not in grid_tables(replace(grids(), crosswalk=()), LEAST)


def test_a_grid_tells_its_load_before_and_after(tables: dict[str, Table]) -> None:
    west, east = rows(tables["grids.csv"])
    assert (west["hours_per_day"], west["nearest_hours_per_day"]) == ("10.5", "14.0")
    assert (west["travel_minutes"], west["load_share"]) == ("1.5", "1.05")
    assert (west["backup_platform"], west["backup_covered_share"]) == ("P02", "0.5")
    assert east["name"] == "'=Market", "a name that a spreadsheet would run is text"
    assert (west["hours_day"], west["hours_night"]) == ("", ""), "two calls a night are too few"
    assert (east["hours_day"], east["hours_night"]) == ("8.5", "1.0")


def test_no_file_tells_the_work_of_too_few_calls() -> None:
    """Three calls a year in the West at present, and two cells: nothing follows from the rest."""
    few = np.array([3.0, 8757.0])
    balanced, nearest = grids().variants
    plan = replace(grids(), variants=(balanced, replace(nearest, calls_per_year=few)))
    tables = grid_tables(plan, LEAST)
    own = rows(tables["grids.csv"])
    assert [row["nearest_hours_per_day"] for row in own] == ["", ""], "one follows from the other"
    assert [row["hours_per_day"] for row in own] == ["10.5", "9.5"]
    both = {row["variant"]: row for row in rows(tables["grid_variants.csv"])}
    assert (both["nearest"]["least_hours"], both["nearest"]["spread"]) == ("", "")
    assert (both["balanced"]["least_hours"], both["balanced"]["spread"]) == ("9.5", "0.05")
    figures = grid_figures(plan, LEAST)
    assert [figures["nearest"][key] for key in ("least_hours", "spread")] == [None, None]
    silent = replace(grids(), variants=(replace(balanced, calls_per_year=few), nearest))
    for row in rows(grid_tables(silent, LEAST)["grids.csv"]):
        told = ("calls_per_year", "hours_per_day", "load_share", "nearest_hours_per_day")
        assert [row[key] for key in told] == [""] * 4


def test_a_grid_from_which_a_small_one_follows_is_silent_in_all_files() -> None:
    loads = tuple(load for load in grids().loads if load.category != "theft")
    small = (GridLoad("G-P01", "fight", "day", 2.0, 0.1), *loads[-2:])
    assert list(told_loads(small, LEAST)) == []
    cells = (Crosswalk("c1", "G-P01", 1, 2.0, 0.1), Crosswalk("c2", "G-P02", 1, 4380.0, 9.5))
    table = grid_tables(replace(grids(), crosswalk=cells), LEAST)["crosswalk.csv"]
    assert [row["calls_per_year"] for row in rows(table)] == ["", ""]


def test_shifts_of_too_few_calls_do_not_tell_their_hours() -> None:
    """Three calls a year by night: the day would tell them too, of the platform's known sum."""
    day, night = duty().rosters[0].needs
    few = replace(duty().rosters[0], needs=(day, replace(night, calls_per_year=3.0)))
    part = replace(duty(), rosters=(few, duty().rosters[1]))
    tables = duty_tables(part, LEAST, on_earth=True)
    told = [(row["hours"], row["utilisation"]) for row in rows(tables["staffing.csv"])]
    assert told == [("", ""), ("", ""), ("4.0", "0.5"), ("4.0", "0.7")]
    west, east = rows(tables["crews.csv"])
    assert (west["busiest"], east["busiest"]) == ("", "0.7")
    assert west["utilisation"], "the whole week has calls enough"
    assert duty_figures(part, STUDY, LEAST)["rosters"]["busiest_shift"] is None


def test_small_loads_are_told_together_or_not_at_all(tables: dict[str, Table]) -> None:
    told = [tuple(row.values()) for row in rows(tables["grid_loads.csv"])]
    assert told == [
        ("G-P01", "theft", TOGETHER, "3001.0", "7.25"),
        ("G-P01", "fight", TOGETHER, "1379.0", "3.25"),
        ("G-P02", "theft", "day", "2000.0", "4.0"),
        ("G-P02", "fight", "day", "378.0", "1.0"),
        ("G-P02", TOGETHER, "night", "2002.0", "4.5"),
    ]


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(0, 12))
def test_neither_a_part_nor_the_rest_of_a_known_sum_is_small(calls: list[int], least: int) -> None:
    told = Threshold(least, 2.0).told([number / 2 for number in calls])
    assert all(number >= least for number, is_told in zip(calls, told, strict=True) if is_told)
    rest = sum(number for number, is_told in zip(calls, told, strict=True) if not is_told)
    assert rest == 0 or rest >= least or not any(told)
    assert least > 0 or all(told)


def test_loads_of_all_grids_lose_no_hour_where_grids_are_large() -> None:
    loads = grids().loads
    assert sum(load.hours_per_day for load in told_loads(loads, LEAST)) == pytest.approx(
        sum(load.hours_per_day for load in loads)
    )


def test_a_cell_is_silent_where_the_rest_of_its_grid_would_speak(tables: dict[str, Table]) -> None:
    """One call in c2 would follow from the grid's sum and c1, so c1 is silent too."""
    told = {row["cell_id"]: row["calls_per_year"] for row in rows(tables["crosswalk.csv"])}
    assert told == {"c1": "", "c2": "", "c3": "", "c4": "4380.0"}


def test_the_variants_stand_side_by_side(tables: dict[str, Table]) -> None:
    balanced, nearest = rows(tables["grid_variants.csv"])
    assert (balanced["variant"], balanced["plan"], nearest["plan"]) == ("balanced", "1", "0")
    assert (balanced["spread"], nearest["spread"]) == ("0.05", "0.4")
    assert (nearest["tolerance"], nearest["most_hours"]) == ("", "14.0")


def test_the_roster_names_week_weekday_and_times(tables: dict[str, Table]) -> None:
    on, off, *_ = rows(tables["roster.csv"])
    assert (on["week"], on["weekday"], on["start"], on["end"]) == ("2", "1", "20:00", "08:00")
    assert (off["duty"], off["shift"], off["start"]) == ("off", "", "")


def test_times_of_a_beat_go_on_over_midnight(tables: dict[str, Table]) -> None:
    night = [row for row in rows(tables["patrols.csv"]) if row["shift"] == "night"]
    assert [row["order"] for row in night] == list("123456")
    assert (night[0]["arrive"], night[2]["leave"]) == ("23:53:20", "00:07:40")
    assert (night[2]["leave_s"], night[1]["name"]) == ("86860.0", "Square t1")
    assert (clock(86_400), clock(59.6)) == ("00:00:00", "00:01:00")


def test_what_is_left_out_says_why_and_where(tables: dict[str, Table]) -> None:
    far, unmanned = rows(tables["patrols_left_out.csv"])
    assert (far["reason"], far["x"]) == ("far", repr(round(X0 + 1400, 2)))
    assert (unmanned["reason"], unmanned["y"]) == ("no_unit", repr(round(Y0 + 700, 2)))


def test_a_point_that_closes_little_does_not_say_how_much(tables: dict[str, Table]) -> None:
    first, second = rows(tables["quick_response.csv"])
    assert (first["closes_calls_per_year"], second["closes_calls_per_year"]) == ("120.0", "")


@pytest.mark.parametrize(("least", "told"), [(0, None), (3, 3)])
def test_the_fewest_points_are_told_where_all_is_closed(least: int, told: int | None) -> None:
    plan = duty()
    assert plan.quick_response is not None
    points = replace(plan.quick_response, least_points=least)
    figures = duty_figures(replace(plan, quick_response=points), STUDY, LEAST)
    assert figures["quick_response"]["least_points"] == told


def test_a_network_nowhere_on_earth_has_no_degrees() -> None:
    for _, content in duty_tables(duty(), LEAST, on_earth=False).values():
        assert all("lon" not in row for row in content)


def test_the_layers_lie_where_the_plan_says(tmp_path: Any) -> None:
    layers = grid_layers(grids(), LEAST, UTM) | duty_layers(duty(), LEAST, UTM, on_earth=True)
    assert {name: len(frame) for name, frame in layers.items()} == {
        "grids": 2, "grids_nearest": 2, "patrol_stops": 12, "patrols_left_out": 2, "beats": 2,
        "patrol_zones": 1, "quick_response": 2, "villages": 2,
    }  # fmt: skip
    assert layers["grids"].geometry[0].bounds[2] == X0 + 1000
    for name, frame in layers.items():
        pyogrio.write_dataframe(frame, tmp_path / "plan.gpkg", layer=name, driver="GPKG")
    back = pyogrio.read_dataframe(tmp_path / "plan.gpkg", layer="patrols_left_out")
    farm = (round(X0 + 1400, 2), round(Y0 + 700, 2))
    assert [(shape.x, shape.y) for shape in back.geometry] == [farm, farm]


def test_each_beat_is_a_feature_with_its_times() -> None:
    beats = duty().patrols.beats  # type: ignore[union-attr]
    text = beat_geojson(beats, UTM)
    assert text == beat_geojson(beats, UTM)
    day, night = json.loads(text)["features"]
    assert day["geometry"]["coordinates"][0] == pytest.approx([3.00698, 50.0045], abs=1e-3)
    assert day["properties"]["beat_id"] == "P01-day-car1"
    assert [stop["arrive"] for stop in night["properties"]["stops"]][:2] == ["23:53:20", "23:54:20"]
    assert json.loads(beat_geojson((), UTM))["features"] == []


def test_the_figures_are_those_of_the_plan_and_plain_json() -> None:
    figures = json.loads(json.dumps(grid_figures(grids(), LEAST), allow_nan=False))
    assert figures["balanced"]["spread"] == 0.05
    assert (figures["tolerance"], figures["asked_tolerance"]) == (0.1, 0.05)
    assert (figures["extra_pieces"], figures["holes"], figures["astray"]) == (1, 0, 2)
    assert figures["loosened"] == {"": {"tolerance": 0.1, "impossible_below": 0.0625}}
    assert (figures["nearest"]["tolerance"], figures["balance_costs_s"]) == (None, 15.0)
    told = json.loads(json.dumps(duty_figures(duty(), STUDY, LEAST), allow_nan=False))
    assert told["rosters"]["shifts_over_line"] == 1
    assert told["rosters"]["status"] == {"infeasible": 1, "optimal": 1}
    assert told["rosters"]["short_officers"] == 1
    assert told["patrols"]["reasons"] == {"far": 1, "no_unit": 1}
    assert (told["patrols"]["left_out"], told["patrols"]["left_out_targets"]) == (2, 1)
    assert told["patrols"]["least_cover"] == 0.85
    assert (told["villages"]["people"], told["villages"]["late"]) == (6, 1)
    assert told["villages"]["median_s"] == 1350.0
    assert told["quick_response"]["points"] == 2


def test_a_fix_that_is_not_known_is_no_fix_of_nobody() -> None:
    plan = duty()
    whole, short = plan.rosters
    lost = replace(plan, rosters=(whole, replace(short, short_officers=None)))
    assert duty_figures(plan, STUDY, LEAST)["rosters"]["short_officers"] == 1
    assert duty_figures(lost, STUDY, LEAST)["rosters"]["short_officers"] is None
    told = {caveat.key: caveat.values for caveat in duty_caveats(grids(), lost)}
    assert told["roster_fix_unknown"] == {"platforms": "P02"}
    assert "roster_short" not in told
    assert "roster_short" in {caveat.key for caveat in duty_caveats(grids(), plan)}


def test_people_without_a_sunday_are_counted_and_told() -> None:
    """One officer is on duty on all four Sundays, another one on three."""
    plan = duty()
    first, second = plan.rosters
    days = [("P01-O1", 7), ("P01-O1", 14), ("P01-O1", 21), ("P01-O1", 28),
            ("P01-O2", 7), ("P01-O2", 14), ("P01-O2", 21)]  # fmt: skip
    rows = tuple(replace(first.rows[0], person=person, day=day) for person, day in days)
    tied = replace(plan, rosters=(replace(first, rows=rows), second))
    crews = duty_tables(tied, LEAST, on_earth=True)["crews.csv"][1]
    assert [row["without_free_sunday"] for row in crews] == [1, 0]
    assert duty_figures(tied, STUDY, LEAST)["rosters"]["without_free_sunday"] == 1
    told = {caveat.key: caveat.values for caveat in duty_caveats(grids(), tied)}
    assert told["roster_sundays"] == {"people": 1, "platforms": "P01"}
    assert "roster_sundays" not in {caveat.key for caveat in duty_caveats(grids(), plan)}
