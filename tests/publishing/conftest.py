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
    DrillContent,
    DrillMove,
    DrillReach,
    MapCells,
    MapCheckpoints,
    MapContent,
    MapDistrict,
    MapGate,
    MapGround,
    MapHotspot,
    MapKeySite,
    MapNet,
    MapNetPost,
    MapPlace,
    MapPlatform,
    MapPost,
    MapRing,
    MapRoads,
    MapStandingUnit,
    MapTier,
    render_drill,
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


@pytest.fixture
def checkpoints() -> MapCheckpoints:
    """Two rings around Millbrook, the outer one with a hole; a net, a flight, gates, a watch."""
    way = np.array([(0.01, 0.01), (0.01, 0.02)])
    return MapCheckpoints(
        rings=(
            MapRing(
                "core", ((square(0.01, 0.01, 0.003),),), ((square(0.01, 0.01, 0.006),),), 2,
                sealed=True, fewest=True, routes=(way, way[:, ::-1]), beyond_data_share=0.25,
            ),
            MapRing(
                "city", ((square(0.01, 0.01, 0.007),),), ((square(0.01, 0.01, 0.009),),), 1,
                sealed=False, leak=np.array([(0.01, 0.01), (0.0, 0.01)]), intercepted_share=0.71,
                sealing_posts=3,
            ),
        ),
        posts=(
            MapPost("core-01", "core", "road", "junction", 0.01, 0.014, "Mill Street", "C1", 4.25),
            MapPost("core-02", "core", "motorway", "road", 0.014, 0.01),
            MapPost("city-01", "city", "road", "water", 0.002, 0.01, "Old Canal"),
            MapPost("city-02", "city", "road", "junction", 0.01, 0.002, missing=True),
        ),
        nets=(
            MapNet(1, 0.011, 0.012, 6.5, (
                MapNetPost(0.012, 0.014, "Mill Street", "C1#1", 4.0, 5.5),
                MapNetPost(0.008, 0.014, "High Street", "C2", 6.5, 7.25),
            )),
            MapNet(2, 0.018, 0.004, float("inf"), leak=np.array([(0.018, 0.004), (0.02, 0.0)])),
        ),
        contain_minutes=(5, 10),
        contained_shares=(0.0, 0.6),
        gates=(MapGate("Camera 1", 0.016, 0.016), MapGate("Camera 2", 0.004, 0.016, proposed=True)),
        blind_route=np.array([(0.01, 0.01), (0.02, 0.01)]),
        seen_share=0.4,
        standing=(MapStandingUnit("Fair ground", 0.005, 0.005),),
    )  # fmt: skip


@pytest.fixture
def circled(town: MapContent, checkpoints: MapCheckpoints) -> MapContent:
    """Millbrook with its checkpoints."""
    return replace(town, checkpoints=checkpoints)


@pytest.fixture
def drill(town: MapContent, checkpoints: MapCheckpoints) -> DrillContent:
    """Three exits: the north closes at 5 after a minute of setting up, east at 2, west never.

    The unit for the north starts at (0.01, 0.0) at minute 1 and drives straight up until minute 4.
    """
    return DrillContent(
        title="Close the gates: Millbrook",
        language="en",
        subtitle=("Three exits",),
        attribution="Town survey",
        roads=town.roads,
        rings=checkpoints.rings[:1],
        moves=(
            DrillMove(
                "North", 0.01, 0.02, "Mill Street", "C1#1", "Depot", 1.0, 4.0, 5.0,
                np.array([(0.01, 0.0), (0.01, 0.01), (0.01, 0.02)]), np.array([1.0, 2.0, 4.0]),
            ),
            DrillMove("West", 0.0, 0.01),
            DrillMove(
                "East", 0.02, 0.01, "", "C2", "", 0.0, 2.0, 2.0,
                np.array([(0.015, 0.01), (0.02, 0.01)]), np.array([0.0, 2.0]),
            ),
        ),
    )  # fmt: skip


@pytest.fixture
def net(drill: DrillContent) -> DrillContent:
    """The same two units against a fugitive: in the north at 5.5, in the east at 4 at best."""
    north, _, east = drill.moves
    return replace(
        drill,
        title="Containment: Millbrook",
        moves=(replace(north, evader_minutes=5.5), replace(east, evader_minutes=4.0)),
        incidents=(MapPlace("Market square", 0.01, 0.01),),
        reach=DrillReach(
            (np.array([(0.01, 0.01), (0.01, 0.015)]), np.array([(0.01, 0.015), (0.01, 0.02)])),
            (0.0, 3.1),
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
def renamed(town: MapContent, checkpoints: MapCheckpoints) -> Callable[[str], MapContent]:
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
        checkpoints=_renamed_checkpoints(checkpoints, text),
    )


def _renamed_checkpoints(checkpoints: MapCheckpoints, text: str) -> MapCheckpoints:
    """Put one text into every field of the checkpoints; only one ring can have it as its name."""
    return replace(
        checkpoints,
        rings=tuple(replace(ring, name=text) for ring in checkpoints.rings[:1]),
        posts=tuple(
            replace(post, post_id=text, ring=text, kind=text, street=text, unit=text)
            for post in checkpoints.posts
        ),
        nets=tuple(
            replace(net, posts=tuple(replace(p, street=text, unit=text) for p in net.posts))
            for net in checkpoints.nets
        ),
        gates=tuple(replace(gate, name=text) for gate in checkpoints.gates),
        standing=tuple(replace(unit, name=text) for unit in checkpoints.standing),
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

    def ink(self, pane: str) -> int:
        """How many pixels a canvas pane has painted, once what is due on the page is drawn."""
        painted: int = self.page.evaluate(
            """async pane => {
              const frame = () => new Promise(drawn => requestAnimationFrame(drawn));
              await frame().then(frame).then(frame);
              let count = 0;
              for (const canvas of document.querySelectorAll(`.leaflet-${pane}-pane canvas`)) {
                const {width, height} = canvas;
                const {data} = canvas.getContext('2d').getImageData(0, 0, width, height);
                for (let at = 3; at < data.length; at += 4) count += data[at] > 0;
              }
              return count;
            }""",
            pane,
        )
        return painted

    def waits_for(self, condition: Callable[[], bool]) -> bool:
        """Whether something comes true within ten seconds, however busy the machine is."""
        deadline = time.monotonic() + 10
        while not condition():
            if time.monotonic() > deadline:
                return False
            self.page.wait_for_timeout(50)
        return True


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

    def open_map(
        content: MapContent | DrillContent, *, width: int = 1400, height: int = 900
    ) -> Visit:
        path = tmp_path / "map.html"
        page = render_map(content) if isinstance(content, MapContent) else render_drill(content)
        path.write_text(page, encoding="utf-8")
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
