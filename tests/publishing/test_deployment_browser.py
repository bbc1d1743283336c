"""Grids, beats, zones, points and villages on the map, in a real browser without a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from optimizer.publishing import MapContent
from optimizer.publishing.deployment_content import MapDeployment
from optimizer.publishing.deployment_map import map_deployment
from optimizer.publishing.suppression import Threshold

from .small_force import UTM, duty, grids, place

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


@pytest.fixture
def deployed(town: MapContent) -> MapContent:
    """The platforms of Millbrook, moved to the middles of two grids; nothing else but duty."""
    depot, market = town.platforms
    west, east = place(500, 500), place(1500, 500)
    return MapContent(
        title="Millbrook", language="en", as_of=town.as_of, window_start=town.window_start,
        window_end=town.window_end,
        platforms=(replace(depot, lon=west["lon"], lat=west["lat"]),
                   replace(market, lon=east["lon"], lat=east["lat"])),
        deployment=map_deployment(grids(), duty(), Threshold(5, 1.0), UTM),
    )  # fmt: skip


def click(seen: Any, x_m: float, y_m: float) -> str:
    """Click on a place and return what the page says of it."""
    at = place(x_m, y_m)
    x, y = seen.page.evaluate(
        "at => { const {x, y} = window.map_city.latLngToContainerPoint(at); return [x, y]; }",
        [at["lat"], at["lon"]],
    )
    seen.page.mouse.click(x, y)
    text: str = seen.text(".leaflet-popup-content")
    return text


def painted(seen: Any, pane: str) -> int:
    """Count the pixels of a pane that are not empty."""
    count: int = seen.page.evaluate(
        """pane => [...document.querySelectorAll(`.leaflet-${pane}-pane canvas`)].map(canvas =>
          canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
            .filter((value, at) => at % 4 === 3 && value).length).reduce((a, b) => a + b, 0)""",
        pane,
    )
    return count


def test_every_layer_is_there_and_nothing_is_asked_or_complained_of(
    deployed: MapContent, visit: Visit
) -> None:
    seen = visit(deployed)
    assert seen.layers() == {
        "platforms": 2, "grids": 2, "grids_other": 2, "patrol_zones": 1, "quick_response": 2,
        "beats_0": 2, "beats_1": 2, "villages": 2,
    }  # fmt: skip
    assert seen.page.locator(".grid-label").all_inner_texts() == ["G-P01", "G-P02"]
    for key in seen.layers():
        seen.page.locator(f"[data-layer={key}]").check()
    assert seen.page.locator(".zone-label").all_inner_texts() == ["Z01"]
    assert seen.shows("posts") == 2, "the two points"
    assert painted(seen, "grids") > 10_000
    assert seen.requests == [seen.url]
    assert seen.complaints == []


def test_a_map_without_grids_and_duty_is_as_it_was(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    assert not {"grids", "beats_0", "villages", "patrol_zones"} & seen.layers().keys()
    assert seen.page.get_by_label("Ground reached").is_checked()


def test_the_legend_puts_both_variants_side_by_side(deployed: MapContent, visit: Visit) -> None:
    panel = visit(deployed).text(".layer-panel")
    for words in ("Main grids, equal loads", "5.0%", "1.58 min", "Main grids, nearest platform",
                  "40.0%", "1.33 min", "Beats: Day", "Response car 1",
                  "On no beat (1)"):  # fmt: skip
        assert words in panel


def test_a_click_on_the_ground_tells_of_its_grid(deployed: MapContent, visit: Visit) -> None:
    """At 1050 m the plan has the ground of East; the other variant leaves it to West."""
    seen = visit(deployed)
    told = click(seen, 1050, 300)
    for words in ("G-P02", "P02 · =Market", "9.5", "95%", "50%", "P01", "1.5 min"):
        assert words in told
    seen.page.locator("[data-layer=grids]").uncheck()
    seen.page.locator("[data-layer=grids_other]").check()
    told = click(seen, 1050, 300)
    assert "G-P01" in told
    assert "14.0" in told


def test_beats_tell_stops_and_times_and_what_is_left_out_why(
    deployed: MapContent, visit: Visit
) -> None:
    seen = visit(deployed)
    seen.page.locator("[data-layer=beats_1]").check()
    told = click(seen, 800, 500)
    for words in ("P01-night-car1", "Response car 1 · Night · G-P01", "1.2 km", "25%"):
        assert words in told
    rows = seen.page.locator(".net-table tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["Square t1", "23:54", "00:06"], ["Square t2", "00:06", "00:07"],
    ]  # fmt: skip
    assert "Too far for one round" in click(seen, 1400, 700)


def test_villages_are_painted_and_met_by_a_click_nearby(deployed: MapContent, visit: Visit) -> None:
    seen = visit(deployed)
    assert painted(seen, "villages") == 0
    seen.page.get_by_label("Village posts").check()
    assert painted(seen, "villages") > 20
    told = click(seen, 402, 301)
    for words in ("Upper Mill", "P01", "5.0 min"):
        assert words in told
    assert "Upper Mill" not in click(seen, 600, 700)
    seen.page.get_by_label("Village posts").uncheck()
    assert painted(seen, "villages") == 0
    assert "Upper Mill" not in click(seen, 402, 301)


def test_everything_is_found_by_name(deployed: MapContent, visit: Visit) -> None:
    seen = visit(deployed)
    box = seen.page.get_by_role("combobox", name="Search")
    for query, title in (
        ("g-p02", "G-P02"),
        ("z01", "Z01"),
        ("oak", "Q01"),
        ("far mi", "Far Mill"),
    ):
        box.fill(query)
        box.press("Enter")
        assert seen.text(".leaflet-popup-content h2") == title
    assert seen.page.get_by_label("Village posts").is_checked()


def test_it_speaks_chinese(deployed: MapContent, visit: Visit) -> None:
    panel = visit(replace(deployed, language="zh")).text(".layer-panel")
    for words in ("主网格（工作量均衡）", "主网格（最近平台）", "重点巡区", "快反点", "巡线：夜班",
                  "处警车 1", "村级警务点"):  # fmt: skip
        assert words in panel


def hostile_deployment(content: MapDeployment, text: str) -> MapDeployment:
    """Put one text into every field that holds text."""
    return replace(
        content,
        divisions=tuple(
            replace(division, grids=tuple(
                replace(grid, grid_id=text, name=text, platform_id=text, backup_platform=text,
                        hours_by_shift={text: 1.0})
                for grid in division.grids
            ))
            for division in content.divisions
        ),
        beats=tuple(
            replace(beat, beat_id=text, grid_id=text, shift=text, vehicle=text,
                    stops=tuple(replace(stop, target_id=text, name=text) for stop in beat.stops))
            for beat in content.beats
        ),
        left_out=tuple(replace(row, name=text, grid_id=text, shift=text)
                       for row in content.left_out),
        zones=tuple(replace(zone, zone_id=text, platform=text) for zone in content.zones),
        points=tuple(replace(point, point_id=text, street=text, vehicle=text, platform=text)
                     for point in content.points),
        villages=replace(content.villages, name=(text, text), platform=(text, text)),
    )  # fmt: skip


def test_hostile_words_are_shown_and_run_nothing(
    deployed: MapContent, visit: Visit, all_hostile: str
) -> None:
    deployment = hostile_deployment(deployed.deployment, all_hostile)
    seen = visit(replace(deployed, deployment=deployment))
    plain = " ".join(all_hostile.split())
    for key in seen.layers():
        seen.page.locator(f"[data-layer={key}]").check()
    for pane in ("gridlabels", "posts"):
        seen.page.locator(f".leaflet-{pane}-pane .symbol").first.press("Enter")
        assert plain in " ".join(seen.page.locator(".popup").text_content().split())
    for at in ((1400, 700), (800, 500), (402, 301)):
        click(seen, *at)
        assert plain in " ".join(seen.page.locator(".popup").text_content().split())
    assert seen.page.evaluate("window.__hacked") is None
    inside = "document.querySelectorAll('.popup img, .grid-label *, .name *, iframe').length"
    assert seen.page.evaluate(inside) == 0
    assert seen.requests == [seen.url]
    assert seen.complaints == []
