"""The page of a drill in a real browser without a network: the clock runs, posts close in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.publishing import DrillContent, DrillMove, render_drill

from .conftest import wait_until_drawn

pytestmark = pytest.mark.browser

Visit = Callable[..., Any]


def set_minute(seen: Any, minute: float) -> None:
    seen.page.evaluate(
        """minute => {
          const slider = document.getElementById('minute');
          slider.value = minute;
          slider.dispatchEvent(new Event('input'));
        }""",
        minute,
    )


def states(seen: Any) -> list[str]:
    """The state of each post, in the order of the list."""
    found: list[str] = seen.page.evaluate(
        "[...document.querySelectorAll('.arrivals tbody tr')].map(row => row.className)"
    )
    return found


def unit_at(seen: Any, number: int) -> tuple[float, float]:
    """Longitude and latitude of a unit's dot on the screen."""
    lat, lon = seen.page.evaluate(
        """number => {
          const units = document.querySelectorAll('.leaflet-units-pane .unit');
          const box = units[number].getBoundingClientRect();
          const {lat, lng} = window.map_city.containerPointToLatLng(
            [(box.left + box.right) / 2, (box.top + box.bottom) / 2]);
          return [lat, lng];
        }""",
        number,
    )
    return lon, lat


def test_it_opens_from_disk_asks_for_nothing_and_complains_of_nothing(
    drill: DrillContent, visit: Visit
) -> None:
    seen = visit(drill)
    assert seen.requests == [seen.url]
    assert seen.complaints == []
    assert seen.layers() == {
        "drills": 1, "posts": 3, "units": 2, "rings": 1, "incidents": 0, "reach": 0, "roads": 6,
        "minutes": 6,
    }  # fmt: skip


def test_posts_turn_from_open_to_closed_in_the_order_of_the_list(
    drill: DrillContent, visit: Visit
) -> None:
    """East: there and closed at 2. North: leaves at 1, there at 4, set up at 5. West: never."""
    seen = visit(drill)
    assert seen.page.locator(".arrivals .find").all_inner_texts() == ["East", "North", "West"]
    expected = {
        0: ["moving", "waiting", "open"],
        1.5: ["moving", "moving", "open"],
        2.0: ["closed", "moving", "open"],
        4.5: ["closed", "setting", "open"],
        5.0: ["closed", "closed", "open"],
    }
    for minute, states_then in expected.items():
        set_minute(seen, minute)
        assert states(seen) == states_then, minute
        shown = seen.page.locator(".leaflet-posts-pane .gatepost").evaluate_all(
            "posts => posts.map(post => post.classList[1])"
        )
        assert shown == states_then, minute
    assert "2 of 3 closed" in seen.text(".progress")
    assert "Posts that stay open: 1" in seen.text(".overall")


def test_a_unit_drives_along_its_route_and_is_gone_once_it_is_there(
    drill: DrillContent, visit: Visit
) -> None:
    """North's unit: one minute for the first half of the way, two for the second."""
    seen = visit(drill)
    for minute, lat in ((0.5, 0.0), (1.0, 0.0), (1.5, 0.005), (2.0, 0.01), (3.0, 0.015)):
        set_minute(seen, minute)
        assert unit_at(seen, 1) == pytest.approx((0.01, lat), abs=2e-4), minute
    set_minute(seen, 4.0)
    assert seen.page.locator(".leaflet-units-pane .unit:visible").count() == 0


def test_it_plays_and_stops_at_the_end(drill: DrillContent, visit: Visit) -> None:
    seen = visit(drill)
    seen.page.get_by_label("Speed").select_option("4")
    seen.page.get_by_role("button", name="Play").click()
    seen.page.wait_for_timeout(400)
    seen.page.get_by_role("button", name="Pause").click()
    minute = float(seen.page.locator("#minute").input_value())
    assert 0 < minute < 6
    seen.page.wait_for_timeout(150)
    assert float(seen.page.locator("#minute").input_value()) == minute
    set_minute(seen, 5.9)
    seen.page.get_by_role("button", name="Play").click()
    assert seen.waits_for(lambda: float(seen.page.locator("#minute").input_value()) == 6)
    assert seen.page.get_by_role("button", name="Play").is_visible()


def test_the_clock_steps_from_closing_to_closing_and_by_keys(
    drill: DrillContent, visit: Visit
) -> None:
    seen = visit(drill)
    following = seen.page.get_by_role("button", name="Next post to close")
    shown = []
    for _ in range(3):
        following.click()
        shown.append(seen.text(".readout"))
    assert shown == ["2.0 min", "5.0 min", "6.0 min"]
    seen.page.get_by_role("button", name="Post that closed before").click()
    assert seen.text(".readout") == "5.0 min"
    seen.page.locator("#minute").press("PageDown")
    seen.page.locator("#minute").press("ArrowRight")
    assert seen.text(".readout") == "4.1 min"
    assert seen.page.locator("#minute").get_attribute("aria-valuetext") == "4.1 min, 1 of 3 closed"


def test_a_row_leads_to_its_post(drill: DrillContent, visit: Visit) -> None:
    seen = visit(drill)
    seen.page.get_by_role("button", name="North", exact=True).click()
    popup = seen.text(".leaflet-popup-content")
    for words in ("North", "Mill Street", "C1#1", "Depot", "1.0 min", "4.0 min", "5.0 min"):
        assert words in popup
    seen.page.get_by_role("button", name="West", exact=True).click()
    assert "it stays open" in seen.text(".leaflet-popup-content")


def test_a_net_shows_margins_and_where_the_fugitive_could_be(
    net: DrillContent, visit: Visit
) -> None:
    seen = visit(net)
    assert seen.text(".overall").split("\n") == ["5.0 min after the incident the net is closed"]
    rows = [row.split("\t") for row in seen.page.locator(".arrivals tbody tr").all_inner_texts()]
    assert [row[-1].strip() for row in rows] == ["2.0", "0.5"], "minutes between unit and fugitive"
    assert seen.page.locator(".leaflet-platforms-pane .incident").count() == 1

    early = seen.ink("rings")
    set_minute(seen, 3.5)
    late = seen.ink("rings")
    set_minute(seen, 0)
    assert early > 100
    assert late > 1.5 * early
    assert seen.ink("rings") == early


def test_who_gets_away_is_told_with_the_way(net: DrillContent, visit: Visit) -> None:
    away = replace(net, moves=(), leak=np.array([(0.01, 0.01), (0.0, 0.01)]), leak_minutes=7.25)
    seen = visit(away)
    assert "No net closes in time. The quickest way out takes 7.3 min." in seen.text(".overall")
    assert seen.layers()["minutes"] == 8
    assert seen.complaints == []


def test_one_drill_gives_way_to_another(
    drill: DrillContent, net: DrillContent, tmp_path: Path, browser: Any
) -> None:
    """The first is left at minute 5; the second starts at 0 with its own posts, and back again."""
    path = tmp_path / "drills.html"
    path.write_text(render_drill(replace(drill, name="core"), replace(net, name="city")), "utf-8")
    page = browser.new_page(offline=True)
    page.goto(path.as_uri())
    wait_until_drawn(page)
    page.locator("#minute").press("End")
    page.get_by_label("Ring").select_option(label="city")
    assert page.locator(".arrivals .find").all_inner_texts() == ["East", "North"]
    assert page.locator(".leaflet-posts-pane .gatepost").count() == 2
    assert page.locator(".incident").count() == 2, "on the map and in the legend"
    assert page.inner_text(".readout") == "0.0 min"
    page.get_by_label("Ring").select_option(label="core")
    assert page.locator(".arrivals .find").all_inner_texts() == ["East", "North", "West"]
    assert page.locator(".leaflet-platforms-pane .incident").count() == 0
    page.close()


def test_it_speaks_chinese(net: DrillContent, visit: Visit) -> None:
    seen = visit(replace(net, language="zh"))
    assert "到位顺序" in seen.text(".layer-panel")
    assert "后合围完成" in seen.text(".overall")
    assert seen.text(".readout") == "0.0 分钟"


def test_a_phone_has_title_clock_and_a_closed_list_and_nothing_sticks_out(
    drill: DrillContent, visit: Visit
) -> None:
    seen = visit(drill, width=390, height=844)
    assert seen.page.evaluate("document.documentElement.scrollWidth") == 390
    assert not seen.page.locator(".arrivals").is_visible()
    seen.page.get_by_text("Order of arrival").click()
    assert seen.page.locator(".arrivals").is_visible()
    clock = seen.page.locator(".clock").bounding_box()
    table = seen.page.locator(".layer-box").bounding_box()
    assert table["y"] + table["height"] <= clock["y"]
    assert clock["y"] + clock["height"] <= 844


def test_paper_shows_the_end_and_no_clock(drill: DrillContent, visit: Visit) -> None:
    seen = visit(drill)
    seen.page.emulate_media(media="print")
    seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert states(seen) == ["closed", "closed", "open"]
    assert not seen.page.locator(".clock").is_visible()
    assert seen.page.locator(".arrivals").is_visible()


def test_hostile_words_are_shown_and_run_nothing(
    net: DrillContent, visit: Visit, all_hostile: str
) -> None:
    renamed = replace(
        net,
        title=all_hostile,
        subtitle=(all_hostile,),
        attribution=all_hostile,
        moves=tuple(
            replace(move, post=all_hostile, street=all_hostile, unit=all_hostile, start=all_hostile)
            for move in net.moves
        ),
        incidents=tuple(replace(place, name=all_hostile) for place in net.incidents),
        rings=tuple(replace(ring, name=all_hostile) for ring in net.rings),
    )
    seen = visit(renamed)
    plain = " ".join(all_hostile.split())
    seen.page.locator(".find").first.press("Enter")
    seen.page.locator(".leaflet-posts-pane .symbol").first.hover()
    for place in ("h1", ".popup h2", ".arrivals .find"):
        shown = seen.page.locator(place).first.text_content()
        assert " ".join(shown.split()) == plain
    assert seen.page.evaluate("window.__hacked") is None
    assert (
        seen.page.evaluate("document.querySelectorAll('h1 *, h2 *, .find *, img, iframe').length")
        == 0
    )
    assert seen.requests == [seen.url]
    assert seen.complaints == []


def test_a_drill_of_many_posts_is_drawn_whole(drill: DrillContent, visit: Visit) -> None:
    """150 posts with routes of 200 places: the page counts every one and closes all of them."""
    rng = np.random.default_rng(0)
    ends = rng.uniform(0, 0.02, (150, 2))
    share = np.linspace(0, 1, 200)
    moves = tuple(
        DrillMove(
            f"P{k}", x, y, "", f"C{k}", "", 0.0, 1 + k / 10, 1 + k / 10,
            np.column_stack([x * share, y * share]), share * (1 + k / 10),
        )
        for k, (x, y) in enumerate(ends.tolist())
    )  # fmt: skip
    seen = visit(replace(drill, moves=moves))
    assert (seen.layers()["posts"], seen.layers()["units"]) == (150, 150)
    set_minute(seen, 20)
    assert set(states(seen)) == {"closed"}
    assert seen.complaints == []
