"""From grids and duty to their map and their report: two platforms with a little of everything."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from optimizer.deployment import DutyPlan
from optimizer.errors import InputError
from optimizer.places import project
from optimizer.publishing.deployment_content import MapDeployment, MapVillages
from optimizer.publishing.deployment_map import map_deployment
from optimizer.publishing.deployment_payload import deployment_payload
from optimizer.publishing.deployment_report import SHOWN, duty_report, grid_report
from optimizer.publishing.grid_colours import PALETTE, area_colours
from optimizer.publishing.locale import LANGUAGES, texts
from optimizer.publishing.report import templates
from optimizer.publishing.suppression import Threshold

from .small_force import UTM, X0, duty, grids, roster
from .test_deployment_tables import STUDY

LEAST = Threshold(5, 1.0)
NOTHING = DutyPlan((), None, None, None, None)


@pytest.fixture(scope="module")
def content() -> MapDeployment:
    return map_deployment(grids(), duty(), LEAST, UTM)


def test_a_plan_without_duty_draws_its_grids_alone() -> None:
    alone = map_deployment(grids(), NOTHING, LEAST, UTM)
    assert len(alone.divisions) == 2
    assert [name for name, drawn in alone.drawn() if len(drawn)] == [
        name for name, drawn in MapDeployment(alone.divisions).drawn() if len(drawn)
    ]
    assert (alone.beats, alone.left_out, alone.zones, alone.points) == ((), (), (), ())


def test_both_variants_are_drawn_the_plans_first(content: MapDeployment) -> None:
    balanced, nearest = content.divisions
    assert (balanced.name, nearest.name) == ("balanced", "nearest")
    west, east = balanced.grids
    assert (west.hours_per_day, west.load_share, west.backup_share) == (10.5, 1.05, 0.5)
    assert west.hours_by_shift == {}, "two calls a night are too few to be told"
    assert (nearest.grids[0].hours_per_day, nearest.grids[0].load_share) == (14.0, 1.4)
    assert west.colour != east.colour
    assert [grid.colour for grid in nearest.grids] == [west.colour, east.colour]
    corners = project(*west.polygons[0][0].T, UTM)
    assert max(corners[0]) == pytest.approx(X0 + 1000, abs=0.01)


def test_loads_are_held_against_the_mean_of_their_group() -> None:
    """Where districts are kept apart, each platform here is alone in its own."""
    chosen, other = grids().variants
    apart = replace(other, group=np.array([0, 1], np.int32))
    drawn = map_deployment(replace(grids(), variants=(chosen, apart)), NOTHING, LEAST, UTM)
    assert [grid.load_share for grid in drawn.divisions[1].grids] == [1.0, 1.0]


def test_a_grid_of_too_few_calls_is_drawn_without_its_load() -> None:
    """Neither of its two variants tells the hours."""
    few = replace(grids(), variants=tuple(
        replace(one, calls_per_year=np.array([3.0, 3.0])) for one in grids().variants
    ))  # fmt: skip
    for division in map_deployment(few, NOTHING, LEAST, UTM).divisions:
        assert all(math.isnan(grid.hours_per_day) for grid in division.grids)
        assert all(math.isnan(grid.calls_per_year) for grid in division.grids)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**16))
def test_neighbours_never_have_the_same_colour(width: int, height: int, seed: int) -> None:
    """Boxes in rows that are shifted against each other, as bricks are, in any order."""
    boxes = [
        shapely.box(10 * x + 5 * (y % 2), 10 * y, 10 * x + 5 * (y % 2) + 10, 10 * y + 10)
        for x in range(width)
        for y in range(height)
    ]
    order = np.random.default_rng(seed).permutation(len(boxes))
    areas = [boxes[place] for place in order]
    colours = area_colours(areas)
    assert set(colours) <= set(PALETTE)
    assert len(set(colours)) <= 6
    for one, other in combinations(range(len(areas)), 2):
        if areas[one].intersects(areas[other]):
            assert colours[one] != colours[other]


def test_colours_hold_on_every_layer() -> None:
    """a and c touch on the second layer only."""
    first = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 9, 1), shapely.box(11, 0, 12, 1)]
    second = [shapely.box(0, 0, 9, 1), shapely.box(0, 2.5, 1, 3), shapely.box(9, 0, 12, 1)]
    a, _, c = area_colours(first, second)
    assert a != c


def test_a_beat_tells_when_it_first_meets_each_target(content: MapDeployment) -> None:
    day, night = content.beats
    assert [(stop.target_id, stop.arrive, stop.leave) for stop in day.stops] == [
        ("t1", "08:01", "08:13"), ("t2", "08:13", "08:14"),
    ]  # fmt: skip
    assert [stop.arrive for stop in night.stops] == ["23:54", "00:06"]
    assert (day.vehicle, day.number, day.rounds) == ("response_car", 1, 2)
    assert [(missed.name, missed.reason) for missed in content.left_out] == [
        ("Far farm", "far"), ("Far farm", "no_unit"),
    ]  # fmt: skip


def test_what_beats_share_is_written_once(content: MapDeployment) -> None:
    data = json.loads(json.dumps(deployment_payload(content), allow_nan=False))
    assert (len(data["beats"]), len(data["paths"]), len(data["targets"])) == (2, 1, 2)
    assert data["shifts"] == ["day", "night"]
    assert [unit[:2] for unit in data["units"]] == [["response_car", 1]]
    assert data["leftOut"][0]["shift"] == 1


def test_cars_come_before_motorcycles_and_each_unit_has_its_colour(content: MapDeployment) -> None:
    car, _ = content.beats
    beats = (replace(car, vehicle="motorcycle", number=2), replace(car, number=2), car)
    units = deployment_payload(replace(content, beats=beats))["units"]
    assert [tuple(unit[:2]) for unit in units] == [
        ("response_car", 1), ("response_car", 2), ("motorcycle", 2),
    ]  # fmt: skip
    assert len({unit[2] for unit in units}) == 3


def test_villages_are_lists_and_thousands_stay_small() -> None:
    rng = np.random.default_rng(0)
    count = 3299
    villages = MapVillages(
        name=tuple(f"Village {k}" for k in range(count)),
        at=rng.uniform((111, 26), (112, 28), (count, 2)),
        platform=tuple(f"P{k % 33:02d}" for k in range(count)),
        minutes=tuple(rng.uniform(1, 90, count).tolist()),
        late=tuple((rng.uniform(0, 1, count) < 0.1).tolist()),
    )
    data = deployment_payload(MapDeployment(villages=villages))["villages"]
    assert (len(data["names"]), len(data["platforms"])) == (count, 33)
    assert len(json.dumps(data)) < 150_000
    with pytest.raises(InputError, match="3299, 3298, 3299, 3299, 3299 names, places"):
        replace(villages, at=villages.at[1:])


def test_everything_lies_on_earth_or_is_named(content: MapDeployment) -> None:
    zone = replace(content.zones[0], lon=444.0)
    with pytest.raises(InputError, match=r"zone .Z01. lies at longitude 444\.0"):
        replace(content, zones=(zone,))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_says_what_is_short_and_the_smallest_fix(language: str) -> None:
    words = texts(language)
    report = duty_report(duty(), STUDY, LEAST, words)
    fine, short = report["rosters"]
    assert (fine["fix"], fine["over_line"], fine["needed"], fine["manned"]) == ("", False, 4, 4)
    assert short["over_line"]
    assert short["fix"] == "; ".join([
        words["report"]["short_shifts"].format(count=3),
        words["report"]["fix_officers"].format(count=1),
    ])  # fmt: skip
    day, night = report["shifts"]
    assert (day["name"], day["beats"], day["left_out"]) == (words["map"]["day"], 1, 1)
    assert (night["worst"], night["least_cover"]) == ("G-P01", 0.85)
    assert report["left_out"][0] == ("G-P02", "Far farm", "far", 1)
    assert [post.village_id for post in report["late_villages"]] == ["v2"]


def test_work_is_held_against_the_needed_units_too() -> None:
    """Two shifts of four hours of work; two units of twelve hours are needed in each."""
    fine, _ = duty_report(duty(), STUDY, LEAST, texts("en"))["rosters"]
    assert fine["needed_utilisation"] == pytest.approx(8 / 48)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("is_grouped", [False, True])
def test_the_page_says_what_nearest_means_where_districts_are_kept(
    language: str, is_grouped: bool
) -> None:
    words = texts(language)
    rows = tuple(replace(row, group="West" if is_grouped else "") for row in grids().rows)
    page = templates().get_template("deployment.html.j2").render(
        t=words["report"], grids=grid_report(replace(grids(), rows=rows), LEAST), grids_svg="",
        duty=duty_report(duty(), STUDY, LEAST, words), patrols=STUDY.patrols, suppress_below=5,
        outside="",
    )  # fmt: skip
    assert (words["report"]["groups_text"] in page) == is_grouped
    assert words["report"]["rosters_beyond"] in page
    assert "(16.7 %)" in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("gone", ["", "rosters", "patrols", "zones", "quick_response", "villages"])
def test_the_page_holds_whatever_a_study_asks_for(language: str, gone: str) -> None:
    """Everything once, and each part missing; names that are markup stay text."""
    words = texts(language)
    part = replace(duty(), **({gone: () if gone == "rosters" else None} if gone else {}))
    rows = tuple(replace(row, name="<b>{{ 7 * 7 }}</b>") for row in grids().rows)
    page = templates().get_template("deployment.html.j2").render(
        t=words["report"], grids=grid_report(replace(grids(), rows=rows), LEAST), grids_svg="",
        duty=duty_report(part, STUDY, LEAST, words), patrols=STUDY.patrols, suppress_below=5,
        outside="",
    )  # fmt: skip
    titles = {"rosters": "rosters", "patrols": "patrols", "zones": "patrol_zones",
              "quick_response": "quick_response", "villages": "villages"}  # fmt: skip
    for name, title in titles.items():
        assert (f"<h2>{words['report'][title]}</h2>" in page) == (name != gone)
    assert "&lt;b&gt;{{ 7 * 7 }}" in page
    assert "<b>{{" not in page


def test_a_shift_without_units_is_above_the_line() -> None:
    """Work with nobody on duty is infinite utilisation: the page has no number for it."""
    (row,) = duty_report(
        replace(duty(), rosters=(replace(roster(1), busiest=math.inf),)), STUDY, LEAST, texts("en")
    )["rosters"]
    assert (row["over_line"], row["busiest"]) == (True, None)


def test_lists_of_the_report_end() -> None:
    late: Any = duty().villages
    many = replace(late, posts=tuple(
        replace(late.posts[1], village_id=f"v{k:02d}", backup_s=2000.0 + k) for k in range(30)
    ))  # fmt: skip
    report = duty_report(replace(duty(), villages=many), STUDY, LEAST, texts("en"))
    assert [post.village_id for post in report["late_villages"]] == [
        f"v{k:02d}" for k in range(29, 29 - SHOWN, -1)
    ]


def test_the_report_draws_loads_to_one_scale() -> None:
    report = grid_report(grids(), LEAST)
    assert report["widest"] == 14.0
    assert report["figures"]["balance_costs_s"] == 15.0
    assert len(report["rows"]) == 2
