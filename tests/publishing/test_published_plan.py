"""A whole plan, published in Chinese from hostile names, seen in a real browser with no network."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from optimizer.pipeline import run_study

from .conftest import HOSTILE, wait_until_drawn

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("small-study")]


ENDLESS = "<script>window.__hacked=4</script>" + 3 * "withoutaplacetobreak"


def renamed(path: Path, column: str, texts: list[str]) -> None:
    """Put hostile texts into one property of a GeoJSON layer, the same text for the same value."""
    layer = json.loads(path.read_text(encoding="utf-8"))
    values = list(dict.fromkeys(feature["properties"][column] for feature in layer["features"]))
    new = {value: texts[number % len(texts)] for number, value in enumerate(values)}
    for feature in layer["features"]:
        feature["properties"][column] = new[feature["properties"][column]]
    path.write_text(json.dumps(layer), encoding="utf-8")


def renamed_table(path: Path, column: str, texts: list[str]) -> None:
    """Put hostile texts into one column of a CSV table, one after the other."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow({**row, column: texts[number % len(texts)]})


@pytest.fixture(scope="module")
def hostile_plan(small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study in Chinese, with hostile names wherever a study may hold names."""
    folder = tmp_path_factory.mktemp("hostile") / "study"
    shutil.copytree(small_study.parent, folder)
    texts = [*HOSTILE, "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0"]
    renamed(folder / "stations.geojson", "name", texts)
    renamed(folder / "key_sites.geojson", "name", texts)
    renamed(folder / "zones.geojson", "district", texts)
    renamed(folder / "roads.geojson", "name", texts)
    renamed(folder / "patrol_lines.geojson", "name", texts)
    renamed_table(folder / "villages.csv", "name", texts)
    renamed_table(folder / "patrol_points.csv", "name", texts)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    class_of = f"class_of = {{ {json.dumps(HOSTILE[0])} = {json.dumps(ENDLESS)} }}"
    text = re.sub(r"^class_of = .*$", lambda _: class_of, text, flags=re.MULTILINE)
    text = re.sub(r"^(city|night)(?= = )", json.dumps(ENDLESS), text, flags=re.MULTILINE)
    areas = f'areas = {{ "{{{{ 7 * 7 }}}} <b>" = [{json.dumps(HOSTILE[0])}] }}'
    text = re.sub(r"^areas = .*$", lambda _: areas, text, flags=re.MULTILINE)
    text = re.sub(r"^per_district = .*$", "count = 6", text, flags=re.MULTILINE)
    text = text.replace('language = "en"', 'language = "zh"')
    title = json.dumps("快警平台 {{ 7 * 7 }} <img src=x onerror='window.__hacked = 3'>")
    text = re.sub(r"^title = .*$", lambda _: f"title = {title}", text, flags=re.MULTILINE)
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return run_study(folder / "study.toml", out=folder.parent / "plan")


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[[Path], Any]]:
    """Open a file with the network unplugged; the page keeps what it asked and complained."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)

    def open_file(path: Path) -> Any:
        page = context.new_page()
        page.asked, page.complained = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complained.append(message.text))
        page.on("pageerror", lambda error: page.complained.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield open_file
    context.close()


def test_the_map_is_whole_silent_and_not_fooled(
    hostile_plan: Path, opened: Callable[[Path], Any]
) -> None:
    page = opened(hostile_plan / "map.html")
    wait_until_drawn(page)
    layers = page.evaluate("window.__optimizerMap")["layers"]
    assert layers["platforms"] == 6
    assert min(layers[name] for name in ("roads", "ground", "key_sites", "existing", "demand")) > 0
    assert min(layers[name] for name in ("rings", "posts", "routes")) > 0
    assert min(layers[name] for name in ("grids", "grids_other", "beats_0", "villages")) > 0
    assert page.asked == [page.url]
    assert page.complained == []
    assert page.evaluate("window.__hacked") is None
    assert "快警平台 {{ 7 * 7 }} <img" in page.inner_text("body")


def test_the_drill_is_whole_silent_and_not_fooled(
    hostile_plan: Path, opened: Callable[[Path], Any]
) -> None:
    page = opened(hostile_plan / "drill.html")
    wait_until_drawn(page)
    drawn = page.evaluate("window.__optimizerMap")["layers"]
    assert min(drawn[name] for name in ("drills", "posts", "units", "rings", "roads")) > 0
    page.locator("#minute").press("End")
    assert page.locator(".arrivals tr.closed").count() == drawn["units"]
    assert page.asked == [page.url]
    assert page.complained == []
    assert page.evaluate("window.__hacked") is None
    assert "快警平台 {{ 7 * 7 }} <img" in page.inner_text("h1")


def test_the_report_is_whole_silent_and_not_fooled(
    hostile_plan: Path, opened: Callable[[Path], Any]
) -> None:
    page = opened(hostile_plan / "report.html")
    text = page.inner_text("body")
    assert page.asked == [page.url]
    assert page.complained == []
    assert page.evaluate("window.__hacked") is None
    assert "快警平台 {{ 7 * 7 }} <img" in text
    assert "{{ 7 * 7 }}" in text
    assert "49" not in page.inner_text("h1")
    assert page.locator("svg").count() == 4, "the map, the curve, the grids and the rings"
    assert page.locator("script").count() == 0


def cut_off(page: Any) -> list[str]:
    """What a sheet of A4 would not show: the page itself, or what could be scrolled on a screen."""
    page.set_viewport_size({"width": 718, "height": 1000})
    page.emulate_media(media="print")
    found: list[str] = page.evaluate(
        """[document.documentElement, ...document.querySelectorAll('.scroll')]
        .filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText.slice(0, 99))"""
    )
    return found


def test_the_report_fits_the_paper(hostile_plan: Path, opened: Callable[[Path], Any]) -> None:
    """At the width of A4 nothing is cut off on the right, however long a name is."""
    page = opened(hostile_plan / "report.html")
    assert cut_off(page) == []
    assert page.locator("td", has_text=ENDLESS).count() > 1, "a class of crews and a shift"


def test_an_english_report_fits_too(
    small_study: Path, tmp_path: Path, opened: Callable[[Path], Any]
) -> None:
    """Its words are longer than Chinese ones; ids of stations may be names."""
    page = opened(run_study(small_study, out=tmp_path / "plan") / "report.html")
    assert cut_off(page) == []
    ids = page.locator("td.id").all()
    assert len(ids) > 4
    for one in ids:
        one.evaluate("(cell, text) => { cell.textContent = text; }", ENDLESS)
    assert cut_off(page) == []


def test_endless_names_stay_inside_the_boxes_of_the_map(
    hostile_plan: Path, opened: Callable[[Path], Any]
) -> None:
    page = opened(hostile_plan / "map.html")
    wait_until_drawn(page)
    panel = page.locator(".layer-panel")
    assert "withoutaplacetobreak" in panel.inner_text()
    assert panel.evaluate("box => box.scrollWidth - box.clientWidth") <= 0


def test_no_cell_of_a_table_is_a_formula(hostile_plan: Path) -> None:
    for path in hostile_plan.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert [c for c in cells if c.startswith(("=", "+", "@")) or re.match(r"-\D", c)] == []


def test_small_counts_are_not_published(hostile_plan: Path) -> None:
    for layer in ("demand_cells", "uncovered_cells", "hotspots"):
        assert pyogrio.read_dataframe(hostile_plan / "plan.gpkg", layer=layer)["calls"].min() >= 5


def test_no_free_text_of_a_call_is_published(hostile_plan: Path, small_study: Path) -> None:
    """The embedded calls have a column of free text; no text of it is in any file of the plan."""
    path = next(small_study.parent.glob("calls_2023*.csv"))
    with path.open(encoding="gb18030", newline="") as file:
        texts = {row["description"] for row in csv.DictReader(file)}
    texts = {text for text in texts if len(text) > 12}
    assert len(texts) > 10
    published = b"".join(path.read_bytes() for path in hostile_plan.iterdir())
    assert [text for text in texts if text.encode() in published] == []
