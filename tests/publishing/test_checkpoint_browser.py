"""Rings, posts, nets and gates on the map, in a real browser without a network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from optimizer.publishing import MapContent

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def test_every_layer_is_there_and_nothing_is_asked_or_complained_of(
    circled: MapContent, visit: Visit
) -> None:
    seen = visit(circled)
    layers = seen.layers()
    assert layers.items() >= {
        "rings": 2, "posts": 4, "routes": 2, "leaks": 2, "nets": 2, "gates": 2, "standing": 1,
    }.items()  # fmt: skip
    assert seen.shows("posts") == 5, "four posts and the unit on watch"
    assert seen.page.locator(".ring-label").all_inner_texts() == ["core", "city"]
    for name in ("Separate routes (the proof)", "Containment of hotspots"):
        seen.page.get_by_label(name).check()
    assert seen.shows("nets") == 2
    assert seen.requests == [seen.url]
    assert seen.complaints == []


def test_a_map_without_checkpoints_shows_nothing_of_them(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    assert not {"rings", "posts", "routes", "leaks", "nets", "gates"} & seen.layers().keys()
    assert "checkpoints" not in seen.text(".layer-panel")


def test_the_legend_tells_what_was_proved_of_each_ring(circled: MapContent, visit: Visit) -> None:
    core, city = visit(circled).page.locator(".ring-item").all_inner_texts()
    assert core.split("\n") == [
        "core", "Posts: 2, sealed", "Proof: 2 separate routes, so fewer cannot do",
        "25% of its edge lies beyond the road data",
    ]  # fmt: skip
    assert city.split("\n") == [
        "city", "Posts: 1, not sealed", "71% of the escapes meet a post",
        "Posts that would seal it: 3",
    ]  # fmt: skip


def test_a_post_tells_its_ring_street_unit_and_time(circled: MapContent, visit: Visit) -> None:
    seen = visit(circled)
    seen.page.get_by_role("button", name="Post core-01: Mill Street").press("Enter")
    popup = seen.text(".leaflet-popup-content")
    for words in ("core-01", "Ring core · road", "Mill Street", "C1", "4.3 min"):
        assert words in popup
    seen.page.get_by_role("button", name="Post city-02").press("Enter")
    assert "would have to stand here to seal" in seen.text(".leaflet-popup-content")


def test_a_hotspots_net_shows_with_its_popup_and_goes_with_it(
    circled: MapContent, visit: Visit
) -> None:
    seen = visit(circled)
    seen.page.get_by_label("Containment of hotspots").check()
    first = seen.page.get_by_role("button", name="Incident at hotspot 1")
    first.press("Enter")
    assert seen.page.locator(".net-post").all_inner_texts() == ["1", "2"]
    rows = seen.page.locator(".net-table tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["1", "Mill Street", "C1#1", "4.0", "5.5"],
        ["2", "High Street", "C2", "6.5", "7.3"],
    ]
    seen.page.get_by_role("button", name="Incident at hotspot 2").press("Enter")
    assert seen.page.locator(".net-post").count() == 0
    assert "no net closes in time" in seen.text(".leaflet-popup-content")


def test_hotspots_and_leaks_can_both_be_clicked(circled: MapContent, visit: Visit) -> None:
    """They share one canvas: of two, the upper would keep the mouse from the lower."""
    seen = visit(circled)
    for at, words in (((0.01, 0.0035), "Quickest"), ((0.0113, 0.0113), "Hotspot 1")):
        x, y = seen.page.evaluate(
            "at => { const {x, y} = window.map_city.latLngToContainerPoint(at); return [x, y]; }",
            list(at),
        )
        seen.page.mouse.click(x, y)
        assert words.lower() in seen.text(".leaflet-popup-content").lower()


def test_posts_rings_and_gates_are_found_by_name(circled: MapContent, visit: Visit) -> None:
    seen = visit(circled)
    box = seen.page.get_by_role("combobox", name="Search")
    for query, title in (("core-02", "core-02"), ("camera 2", "Camera 2"), ("fair", "Fair ground")):
        box.fill(query)
        box.press("Enter")
        assert seen.text(".leaflet-popup-content h2") == title
    box.fill("city")
    assert "city" in seen.page.get_by_role("option").locator("b").all_inner_texts()


def test_it_speaks_chinese(circled: MapContent, visit: Visit) -> None:
    panel = visit(replace(circled, language="zh")).text(".layer-panel")
    for words in ("卡点圈", "2 个卡点，已封闭", "互不相交的路线", "热点围堵", "电子卡口"):
        assert words in panel


def test_hostile_words_run_nothing(
    renamed: Callable[[str], MapContent], visit: Visit, all_hostile: str
) -> None:
    seen = visit(renamed(all_hostile))
    plain = " ".join(all_hostile.split())
    seen.page.get_by_label("Containment of hotspots").check()
    seen.page.locator(".leaflet-posts-pane .symbol").first.hover()
    for pane in ("posts", "nets"):
        seen.page.locator(f".leaflet-{pane}-pane .symbol").first.press("Enter")
        assert plain in " ".join(seen.page.locator(".popup").text_content().split())
    assert " ".join(seen.page.locator(".ring-label").first.text_content().split()) == plain
    assert seen.page.evaluate("window.__hacked") is None
    assert (
        seen.page.evaluate("document.querySelectorAll('.popup img, .ring-label *, iframe').length")
        == 0
    )
    assert seen.requests == [seen.url]
    assert seen.complaints == []
