"""Measure a map: kilobytes, seconds to write it, and seconds until a browser has drawn it.

Run ``python benchmarks/maps.py [MAP.html]``.  Without a file it draws a made-up city of the size of
Minneapolis: 13,729 road lines, 10 platforms, 50 hotspots, 7,000 cells.  Medians of five.
"""

from __future__ import annotations

import gzip
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from playwright.sync_api import sync_playwright

from optimizer.publishing import (
    MapContent,
    MapGround,
    MapHotspot,
    MapPlatform,
    MapRoads,
    count_cells,
    polygons_of,
    render_map,
)

CHROMIUM = "/usr/bin/chromium"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
ROUNDS = 5
LINES, PLATFORMS, HOTSPOTS, CELLS = 13_729, 10, 50, 7_000
SIZE = 0.18


def city() -> MapContent:
    """Make a city: bent streets in a square of 20 km, platforms with round ground, calls."""
    rng = np.random.default_rng(0)
    steps = rng.normal(0, 0.0006, (LINES, 4, 2))
    lines = rng.uniform(0, SIZE, (LINES, 1, 2)) + steps.cumsum(axis=1)
    places = rng.uniform(0.1 * SIZE, 0.9 * SIZE, (PLATFORMS, 2))
    centres = rng.uniform(0, SIZE, (HOTSPOTS, 2))
    step = SIZE / 84
    cells = rng.choice(84 * 84, CELLS, replace=False)
    calls = rng.geometric(0.05, CELLS)
    demand, late = count_cells(
        (cells % 84 + 0.5) * step, (cells // 84 + 0.5) * step, calls, calls * (calls > 40),
        cell_m=step * 111_320,
    )  # fmt: skip
    return MapContent(
        title="Made-up city",
        language="en",
        as_of=date(2015, 1, 1),
        window_start=date(2012, 1, 1),
        window_end=date(2014, 12, 31),
        roads=MapRoads(tuple(lines), tuple(rng.choice(3, LINES, p=(0.85, 0.1, 0.05)).tolist())),
        platforms=tuple(
            MapPlatform(f"P{k}", f"Platform {k}", lon, lat, "All", "new", "Street", 5000.0, 0.9)
            for k, (lon, lat) in enumerate(places.tolist())
        ),
        hotspots=tuple(
            MapHotspot(k + 1, polygons_of(shapely.Point(place).buffer(0.003)), 100)
            for k, place in enumerate(centres)
        ),
        ground=tuple(
            MapGround(minutes, polygons_of(shapely.MultiPoint(places).buffer(0.006 * minutes)))
            for minutes in (1, 3, 5)
        ),
        demand=demand,
        uncovered=late,
    )


def drawing_seconds(path: Path) -> list[float]:
    """Open the file afresh several times and return when the first picture was complete."""
    seconds = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        for _ in range(ROUNDS):
            page = chromium.new_page(viewport={"width": 1400, "height": 900})
            page.goto(path.as_uri())
            page.wait_for_function("window.__optimizerMap")
            seconds.append(page.evaluate("window.__optimizerMap.ready") / 1000)
            page.close()
        chromium.close()
    return seconds


def main() -> None:
    """Print a row of figures."""
    with tempfile.TemporaryDirectory() as folder:
        path, built = Path(folder) / "map.html", []
        if len(sys.argv) > 1:
            path = Path(sys.argv[1]).resolve()
        else:
            content = city()
            for _ in range(ROUNDS):
                start = time.perf_counter()
                path.write_text(render_map(content), encoding="utf-8")
                built.append(time.perf_counter() - start)
        page = path.read_bytes()
        drawn = drawing_seconds(path)
    print("| KB | KB zipped | written, s | drawn, s: median, longest |")
    print("|---|---|---|---|")
    written = f"{statistics.median(built):.2f}" if built else "-"
    print(
        f"| {len(page) / 1000:.0f} | {len(gzip.compress(page)) / 1000:.0f} | {written} "
        f"| {statistics.median(drawn):.2f}, {max(drawn):.2f} |"
    )


if __name__ == "__main__":
    main()
