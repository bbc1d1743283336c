"""A small town to draw, hostile texts, and a browser that has no network."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.publishing import (
    MapCells,
    MapContent,
    MapDistrict,
    MapGround,
    MapHotspot,
    MapKeySite,
    MapPlace,
    MapPlatform,
    MapRoads,
    MapTier,
    render_map,
)

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

HOSTILE = (
    "{{ 7 * 7 }}",
    "{% raw %}",
    "{# comment",
    "</script><script>window.__hacked = 1</script>",
    "<img src=x onerror='window.__hacked = 2'>",
    "<!--slot:data--><!--slot:policy-->",
    "line\u2028and\u2029paragraph",
    "\"double\" 'single' `back` \\ backslash",
    "\u202eright to left\u202c 🚓 快警平台",
    "&amp; &lt;b&gt; javascript:alert(1)",
    "long " + "name" * 200,
)


def square(lon: float, lat: float, half: float) -> np.ndarray:
    """A closed ring around a place."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return np.array([(lon + x * half, lat + y * half) for x, y in corners])


@pytest.fixture
def town() -> MapContent:
    """Millbrook: a 3 x 3 street grid, two platforms, a hotspot, two districts, a lone hospital."""
    streets = [np.array([(0.01 * k, 0.0), (0.01 * k, 0.02)]) for k in range(3)]
    avenues = [np.array([(0.0, 0.01 * k), (0.01, 0.01 * k), (0.02, 0.01 * k)]) for k in range(3)]
    crew = {"command_vehicles": 1, "response_cars": 2, "motorcycles": 4, "officers": 8}
    depot = MapPlatform(
        "P-01", "Depot", 0.005, 0.01, "West", "new", "Mill Street", 1234.0, 0.9,
        {"key": 1.0, "urban": 0.8}, 6.5, crew,
    )  # fmt: skip
    market = MapPlatform(
        "P-02", "Market", 0.015, 0.01, "East", "kept", "Canal Road", 800.0, 0.75, {"urban": 0.75}
    )
    return MapContent(
        title="Millbrook",
        language="en",
        as_of=date(2015, 1, 1),
        window_start=date(2012, 1, 1),
        window_end=date(2014, 12, 31),
        subtitle=("Two platforms",),
        attribution="Town survey",
        covered_share=0.834,
        tiers=(MapTier("key", 1, 1.0, 10), MapTier("urban", 5, 0.78, 100)),
        roads=MapRoads((*streets, *avenues), (0, 1, 2, 0, 0, 0)),
        platforms=(depot, market),
        hotspots=(MapHotspot(1, ((square(0.01, 0.01, 0.002),),), 77, {"night": 0.4}, 0.1, 0.2),),
        ground=(
            MapGround(1, ((square(0.005, 0.01, 0.003),),)),
            MapGround(5, ((square(0.01, 0.01, 0.009), square(0.01, 0.018, 0.0005)),)),
        ),
        demand=MapCells(0.0, 0.0, 0.002, 0.002, (0, 5, 5), (0, 5, 6), (5, 50, 9)),
        uncovered=MapCells(0.0, 0.0, 0.002, 0.002, (0,), (0,), (5,)),
        existing=(MapPlace("Old station", 0.001, 0.001),),
        key_sites=(
            MapKeySite("School", 0.006, 0.01, True, 0.6),
            MapKeySite("Hospital", 0.019, 0.019, False, float("inf")),
        ),
        districts=(
            MapDistrict("West", ((square(0.005, 0.01, 0.005),),), 0.9),
            MapDistrict("East", ((square(0.015, 0.01, 0.005),),), 0.7),
        ),
    )


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile(request: pytest.FixtureRequest) -> str:
    """One text after the other that some reader of the page could take for its own."""
    text: str = request.param
    return text


@pytest.fixture
def all_hostile() -> str:
    """All of them in one text."""
    return " ".join(HOSTILE)


@pytest.fixture
def renamed(town: MapContent) -> Callable[[str], MapContent]:
    """Put one text into every field of the town that holds text."""
    return lambda text: replace(
        town,
        title=text,
        subtitle=(text, text),
        attribution=text,
        tiers=tuple(replace(tier, name=text) for tier in town.tiers),
        platforms=tuple(
            replace(
                platform,
                platform_id=text,
                name=text,
                district=text,
                nearest_street=text,
                tier_shares={text: 0.5},
                crew={text: 3},
            )
            for platform in town.platforms
        ),
        hotspots=tuple(replace(hotspot, shift_shares={text: 0.5}) for hotspot in town.hotspots),
        existing=tuple(replace(place, name=text) for place in town.existing),
        key_sites=tuple(replace(site, name=text) for site in town.key_sites),
        districts=tuple(replace(district, name=text) for district in town.districts),
    )


@dataclass
class Visit:
    """A page in the browser with what it asked of the network and what it complained about."""

    page: Any
    url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def layers(self) -> dict[str, int]:
        """What the page says it can draw, read whole as an outside script would."""
        report: dict[str, Any] = self.page.evaluate("window.__optimizerMap")
        counts: dict[str, int] = report["layers"]
        return counts

    def text(self, selector: str) -> str:
        """All text a reader sees in the first element that matches."""
        found: str = self.page.inner_text(selector)
        return found

    def shows(self, pane: str) -> int:
        """How many symbols stand in a pane."""
        count: int = self.page.locator(f".leaflet-{pane}-pane .symbol").count()
        return count


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium without a window; where it is not installed the test is skipped, but never in CI."""
    if not CHROMIUM.is_file():
        if os.environ.get("OPTIMIZER_NO_SKIP"):
            pytest.fail(f"no browser at {CHROMIUM}: a skip is a failure here")
        pytest.skip(f"needs Chromium at {CHROMIUM}, which is not installed")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


def wait_until_drawn(page: Any) -> None:
    """Ask from outside: the page's own policy forbids the waiting script that playwright sends."""
    deadline = time.monotonic() + 60
    while not page.evaluate("Boolean(window.__optimizerMap)"):
        assert time.monotonic() < deadline, "the map was not drawn within a minute"
        page.wait_for_timeout(50)


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Write a map to disk, unplug the network, open the file and wait until it is drawn."""
    contexts = []

    def open_map(content: MapContent, *, width: int = 1400, height: int = 900) -> Visit:
        path = tmp_path / "map.html"
        path.write_text(render_map(content), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        context.set_offline(True)
        seen = Visit(context.new_page(), path.as_uri())
        seen.page.on("request", lambda request: seen.requests.append(request.url))
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.goto(seen.url)
        wait_until_drawn(seen.page)
        return seen

    yield open_map
    for context in contexts:
        context.close()
