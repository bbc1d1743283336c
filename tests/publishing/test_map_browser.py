"""The page in a real browser without a network: drawn, found, switched, printed, and not fooled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimizer.publishing import MapContent, MapRoads, MapTier

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def test_it_opens_from_disk_asks_for_nothing_and_complains_of_nothing(
    town: MapContent, visit: Visit
) -> None:
    seen = visit(town)
    assert seen.requests == [seen.url]
    assert seen.complaints == []


def test_every_layer_is_drawn_in_full(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    assert seen.layers() == {
        "platforms": 2, "existing": 1, "key_sites": 2, "hotspots": 1, "uncovered": 1, "ground": 2,
        "demand": 3, "districts": 2, "roads": 6,
    }  # fmt: skip
    assert (seen.shows("platforms"), seen.shows("sites"), seen.shows("existing")) == (2, 2, 1)
    assert seen.page.locator(".district-label:visible").all_inner_texts() == [
        "West\n90%",
        "East\n70%",
    ]


def test_what_is_on_is_painted(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    for pane in ("roads", "ground", "districts", "uncovered", "hotspots"):
        assert seen.ink(pane) > 300, pane


def test_a_layer_is_switched_on_and_off(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    switch = seen.page.get_by_label("Call density")
    assert not switch.is_checked()
    assert seen.ink("demand") == 0
    switch.check()
    assert seen.ink("demand") > 300
    switch.uncheck()
    assert seen.ink("demand") == 0
    seen.page.get_by_label("Platforms").uncheck()
    assert seen.shows("platforms") == 0


def test_what_a_study_lacks_is_not_in_the_legend(town: MapContent, visit: Visit) -> None:
    bare = replace(town, existing=(), key_sites=(), hotspots=(), districts=(), ground=())
    seen = visit(bare)
    assert list(seen.layers()) == ["platforms", "uncovered", "demand", "roads"]
    assert "Key sites" not in seen.text(".layer-panel")


def test_the_title_box_has_dates_and_headline_shares(town: MapContent, visit: Visit) -> None:
    box = visit(town).text(".title-box")
    for words in ("Millbrook", "Two platforms", "Plan of 1 Jan 2015", "1 Jan 2012 to 31 Dec 2014",
                  "83.4%", "within 5 min", "78%", "Lowest: East, 70%"):  # fmt: skip
        assert words in box


def test_nearly_all_is_never_shown_as_all(town: MapContent, visit: Visit) -> None:
    shares = (0.99984, 1.0, 0.0, 0.0002, 0.984)
    tiers = tuple(MapTier(f"t{k}", 1 + k, share) for k, share in enumerate(shares))
    shown = visit(replace(town, tiers=tiers)).page.locator(".tiers b").all_inner_texts()
    assert shown == ["99.9%", "100%", "0%", "0.1%", "98%"]


def test_chinese_is_chinese_throughout(town: MapContent, visit: Visit) -> None:
    seen = visit(replace(town, language="zh"))
    assert "方案日期：2015年1月1日" in seen.text(".title-box")
    assert "警情热点" in seen.text(".layer-panel")
    assert "来源：Town survey" in seen.text(".source")


def test_a_platform_tells_its_crew_and_figures(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    seen.page.locator(".pin", has_text="1").first.click()
    popup = seen.text(".leaflet-popup-content")
    for words in ("Depot", "New · West", "1,234", "90%", "4 Motorcycles", "8 Officers",
                  "6.5 h a day", "Mill Street", "P-01", "0.00500, 0.01000"):  # fmt: skip
        assert words in popup


def test_a_marker_shows_the_id_of_its_platform(town: MapContent, visit: Visit) -> None:
    """The same id as in plan.csv and in the name of the grid, whatever the order; long ones end."""
    ids = ("P13", "S-01", "Gucheng Police Station 1")
    first = town.platforms[0]
    platforms = [replace(first, platform_id=one, lon=0.001 + 0.004 * at, name=f"Post {at}")
                 for at, one in enumerate(ids)]  # fmt: skip
    seen = visit(replace(town, platforms=tuple(platforms)))
    markers = seen.page.locator(".leaflet-platforms-pane .symbol")
    assert markers.locator(".pin").all_inner_texts() == list(ids)
    labels = [marker.get_attribute("aria-label") for marker in markers.all()]
    assert [label.split(":")[0] for label in labels] == [f"Platform {one}" for one in ids]
    for marker, is_short in zip(markers.all(), (True, True, False), strict=True):
        pin, text = marker.locator(".pin").bounding_box(), marker.locator(".pin span")
        assert text.evaluate("one => one.scrollWidth <= one.clientWidth") == is_short
        outer = marker.bounding_box()
        assert pin["width"] <= 84
        assert pin["x"] + pin["width"] / 2 == pytest.approx(outer["x"] + outer["width"] / 2, abs=1)


def test_a_platform_shows_its_name_under_the_mouse(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    seen.page.locator(".leaflet-platforms-pane .symbol").nth(1).hover()
    assert seen.text(".leaflet-tooltip.hint").split() == ["Market", "75%", "reached", "in", "time"]


def test_search_finds_by_name_street_id_and_kind(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    box = seen.page.get_by_role("combobox", name="Search")
    for query, title in (
        ("mark", "Market"),
        ("mill", "Depot"),
        ("p-02", "Market"),
        ("hospital", "Hospital"),
        ("ROAD canal", "Market"),
        ("hotspot", "Hotspot 1"),
        ("old st", "Old station"),
    ):
        box.fill(query)
        box.press("Enter")
        assert seen.text(".leaflet-popup-content h2") == title
        assert box.input_value() == title


def test_search_works_with_keys_alone(town: MapContent, visit: Visit) -> None:
    """Two sites are found by their kind; the arrow goes to the second, Escape closes the list."""
    seen = visit(town)
    box = seen.page.get_by_role("combobox", name="Search")
    box.type("key site")
    options = seen.page.get_by_role("option")
    assert options.locator("b").all_inner_texts() == ["School", "Hospital"]
    assert box.get_attribute("aria-activedescendant") == "result-0"
    box.press("ArrowDown")
    assert options.nth(1).get_attribute("aria-selected") == "true"
    box.press("Escape")
    assert options.count() == 0 or not options.first.is_visible()
    box.fill("nowhere")
    assert seen.text("#search-results") == "Nothing found"


def test_search_shows_a_layer_that_was_off(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    switch = seen.page.get_by_label("Key sites")
    switch.uncheck()
    seen.page.fill("#search", "hospital")
    seen.page.press("#search", "Enter")
    assert switch.is_checked()
    assert "Not within its standard" in seen.text(".leaflet-popup-content")
    assert "not reached" in seen.text(".leaflet-popup-content")


def test_enter_on_a_symbol_opens_it(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    seen.page.get_by_role("button", name="Platform P-02: Market, Kept").press("Enter")
    assert seen.text(".leaflet-popup-content h2") == "Market"


def test_a_click_on_the_ground_tells_of_the_place(town: MapContent, visit: Visit) -> None:
    """At 0.0110, 0.0125: in the cell of row 6, column 5, which has no calls; east of the border."""
    seen = visit(town)
    at = seen.page.evaluate("""() => {
      const {x, y} = window.map_city.latLngToContainerPoint([0.0112, 0.0131]);
      return [x, y];
    }""")
    seen.page.mouse.click(*at)
    popup = seen.text(".leaflet-popup-content")
    assert "Reached within\t5 min" in popup
    assert "Calls in this cell\t9" in popup
    assert "East · 70%" in popup


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (390, 844)])
def test_an_opened_popup_lies_clear_of_the_boxes(
    town: MapContent, visit: Visit, width: int, height: int
) -> None:
    seen = visit(town, width=width, height=height)
    seen.page.fill("#search", "depot")
    seen.page.press("#search", "Enter")
    popup = seen.page.locator(".leaflet-popup").bounding_box()
    title = seen.page.locator(".title-box").bounding_box()
    beside = popup["x"] >= title["x"] + title["width"]
    below = popup["y"] >= title["y"] + title["height"]
    assert beside or below
    assert popup["x"] + popup["width"] <= width
    assert popup["y"] + popup["height"] <= height


def test_a_phone_starts_with_the_legend_closed_and_nothing_sticks_out(
    town: MapContent, visit: Visit
) -> None:
    seen = visit(town, width=390, height=844)
    assert not seen.page.get_by_label("Call density").is_visible()
    seen.page.get_by_text("Layers and legend").click()
    assert seen.page.get_by_label("Call density").is_visible()
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 390


def test_paper_has_map_title_and_legend_but_no_switches(town: MapContent, visit: Visit) -> None:
    seen = visit(town)
    seen.page.emulate_media(media="print")
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    visible = {
        name: seen.page.locator(name).first.is_visible()
        for name in (
            ".title-box h1",
            ".layer-panel summary",
            ".pin",
            ".search",
            ".leaflet-control-zoom",
        )
    }
    assert list(visible.values()) == [True, True, True, False, False]
    assert not seen.page.get_by_text("Call density").is_visible()
    seen.page.emulate_media(media="screen")
    seen.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert seen.page.locator("html.printing").count() == 0


def test_paper_is_drawn_at_once_with_the_map_between_the_boxes(
    town: MapContent, visit: Visit
) -> None:
    """A sheet is 794 px wide before it is turned on its side, and printing waits for no frame."""
    seen = visit(town, width=794, height=1123)
    seen.page.emulate_media(media="print")
    painted = seen.page.evaluate(
        """() => {
          window.dispatchEvent(new Event('beforeprint'));
          const canvas = document.querySelector('.leaflet-roads-pane canvas');
          const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return data.some((value, at) => at % 4 === 3 && value > 0);
        }"""
    )
    assert painted
    title, legend = (seen.page.locator(box).bounding_box() for box in (".title-box", ".layer-box"))
    platforms = [pin.bounding_box() for pin in seen.page.locator(".symbol > .pin").all()]
    assert all(title["x"] + title["width"] <= pin["x"] for pin in platforms)
    assert all(pin["x"] + pin["width"] <= legend["x"] for pin in platforms)


def test_no_layer_wipes_out_another_on_paper(town: MapContent, visit: Visit) -> None:
    """Chromium prints a canvas as drawing steps; clearing one clears the sheet below it as well,
    unless it is blended in as a whole."""
    seen = visit(town)
    seen.page.emulate_media(media="print")
    blended = seen.page.evaluate(
        "[...document.querySelectorAll('canvas')].map(c => Number(getComputedStyle(c).opacity))"
    )
    assert len(blended) > 3
    assert all(0.99 < opacity < 1 for opacity in blended)


def test_hostile_words_are_shown_and_run_nothing(
    renamed: Callable[[str], MapContent], visit: Visit, all_hostile: str
) -> None:
    seen = visit(renamed(all_hostile))
    plain = " ".join(all_hostile.split())
    seen.page.locator(".pin").first.hover()
    seen.page.fill("#search", "1")
    for pane in ("existing", "sites", "platforms"):
        seen.page.locator(f".leaflet-{pane}-pane .symbol").first.press("Enter")
    seen.page.fill("#search", plain[:12])
    for place in ("h1", ".popup h2", ".district-label b", "#search-results b"):
        shown = seen.page.locator(place).first.text_content()
        assert " ".join(shown.split()) == plain
    assert seen.page.title().split() == all_hostile.split()
    assert seen.page.evaluate("window.__hacked") is None
    assert seen.page.evaluate("document.querySelectorAll('h1 *, h2 *, img, iframe').length") == 0
    assert seen.requests == [seen.url]
    assert seen.complaints == []


def test_the_policy_stops_code_that_is_not_the_pages_own(town: MapContent, visit: Visit) -> None:
    """Should a hole ever let markup in, the browser still refuses to run it or to fetch for it."""
    seen = visit(town)
    seen.page.evaluate(
        """document.body.insertAdjacentHTML('beforeend',
        '<img src="https://example.org/x.png" onerror="window.__hacked = 1">')"""
    )
    refused = "Content Security Policy"
    assert seen.waits_for(lambda: any(refused in complaint for complaint in seen.complaints))
    assert seen.page.evaluate("window.__hacked") is None


def test_a_city_of_many_streets_is_drawn_whole(town: MapContent, visit: Visit) -> None:
    """12,000 streets as one path each way: the page counts every one of them."""
    rng = np.random.default_rng(0)
    starts = rng.uniform(0, 0.02, (12_000, 1, 2))
    lines = tuple(starts + np.array([(0.0, 0.0), (0.0004, 0.0001)]))
    seen = visit(replace(town, roads=MapRoads(lines, (0,) * len(lines))))
    assert seen.layers()["roads"] == 12_000
    assert seen.complaints == []
