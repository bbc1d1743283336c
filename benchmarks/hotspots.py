"""Hotspots on planted corridors: ours beside DBSCAN, a density grid and ranked cells.

A city of streets every 100 m over 24 x 24 km. Forty corridors of 300 to 1,500 m along a street
hold two calls of five; all others lie anywhere on the streets. Places are house numbers, 10 m
apart.
Every method sees three years and is scored on the next quarter. Each row runs in a process of its
own: CPU seconds (both cores, from arrays in memory, median), adjusted Rand index against what was
planted, PAI on the next quarter on the ground that the method chose, the PAI that a density grid
(75 m Gaussian) and ranked cells reach on as much ground, and peak memory with the data.

Run ``python benchmarks/hotspots.py`` for all rows, or name sizes: ``--sizes 100000 1000000``.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyproj
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from sklearn.cluster import DBSCAN
from sklearn.metrics import adjusted_rand_score

from optimizer.calls import Calls
from optimizer.demand import DemandSettings, HotspotSettings, Shifts, find_hotspots
from optimizer.demand.cells import occupied_cells
from optimizer.demand.members import polygon_of_places

STREETS, SPACING_M, HOUSE_M = 241, 100, 10
CORRIDORS, HOT_SHARE = 40, 0.4
CELL_M, REACH_M = 50, 100
GRID = (STREETS - 1) * SPACING_M // CELL_M + 1
START, AS_OF = dt.date(2012, 1, 1), dt.date(2015, 1, 1)
DAYS, LATER_DAYS = (AS_OF - START).days, 91

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class City:
    """Places, days since the start and planted corridor (-1: none) of calls."""

    x_m: Floats
    y_m: Floats
    day: NDArray[np.int64]
    corridor: Labels


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Ground that a method found hot, later calls in it, and how to label the planning calls."""

    area_km2: float
    hits: int
    label: Callable[[], Labels]


@dataclasses.dataclass(frozen=True)
class Task:
    """What a method is handed: arrays in memory, and the size of the city."""

    planning: City
    later: City

    @property
    def ground_km2(self) -> float:
        """The whole square."""
        return ((STREETS - 1) * SPACING_M / 1000) ** 2


def plant(calls: int, seed: int = 0) -> tuple[City, City]:
    """Draw planning calls, and the later calls of a quarter at the same rate."""
    rng = np.random.default_rng(seed)
    street = rng.integers(0, STREETS, CORRIDORS)
    length = rng.integers(300, 1500, CORRIDORS)
    begin = rng.integers(0, (STREETS - 1) * SPACING_M - length)
    upright = rng.random(CORRIDORS) < 0.5
    pull = rng.gamma(4, size=CORRIDORS) * length

    def draw(n: int, days: tuple[int, int]) -> City:
        corridor = np.where(
            rng.random(n) < HOT_SHARE, rng.choice(CORRIDORS, n, p=pull / pull.sum()), -1
        )
        hot = corridor >= 0
        across = np.where(hot, street[corridor], rng.integers(0, STREETS, n)) * SPACING_M
        along = rng.random(n) * np.where(hot, length[corridor], (STREETS - 1) * SPACING_M)
        along = (along + np.where(hot, begin[corridor], 0)) // HOUSE_M * HOUSE_M
        stands = np.where(hot, upright[corridor], rng.random(n) < 0.5)
        x_m, y_m = np.where(stands, across, along), np.where(stands, along, across)
        return City(x_m + 5.0, y_m + 5.0, rng.integers(*days, n), corridor)

    later = calls * LATER_DAYS // DAYS
    return draw(calls, (0, DAYS)), draw(later, (DAYS, DAYS + LATER_DAYS))


def as_calls(city: City) -> Calls:
    """Dress a city as calls with a clock time."""
    n = len(city.x_m)
    minutes = city.day * 1440 + np.arange(n) % 1440
    stamp = np.datetime64(START, "m") + minutes
    return Calls(city.x_m, city.y_m, stamp, np.ones(n, bool), np.zeros(n, np.int32), ("call",))


def dbscan_every_call(task: Task) -> Outcome:
    """Cluster with one row per call."""
    places = np.column_stack([task.planning.x_m, task.planning.y_m])
    label = DBSCAN(REACH_M, min_samples=least_in_reach(task)).fit_predict(places)
    return on_cells(task, label)


def dbscan_distinct(task: Task) -> Outcome:
    """Cluster distinct places with sample weights."""
    return merged_dbscan(task, HOUSE_M)


def dbscan_cells(task: Task) -> Outcome:
    """Cluster places rounded to cells with sample weights."""
    return merged_dbscan(task, CELL_M)


def merged_dbscan(task: Task, cell_m: float) -> Outcome:
    """Cluster cells with sample weights."""
    cells = occupied_cells(task.planning.x_m, task.planning.y_m, cell_m)
    model = DBSCAN(REACH_M, min_samples=least_in_reach(task))
    label = model.fit_predict(np.column_stack([cells.x_m, cells.y_m]), sample_weight=cells.sums())
    return on_cells(task, label[cells.of_place])


def least_in_reach(task: Task) -> int:
    """Count the calls that the reach of DBSCAN holds at five times the mean density."""
    return int(5 * len(task.planning.x_m) / task.ground_km2 * np.pi * (REACH_M / 1000) ** 2)


def on_cells(task: Task, label: Labels) -> Outcome:
    """Give labelled calls the ground of their cells."""
    hot = np.zeros(GRID**2, bool)
    hot[grid_index(task.planning)[label >= 0]] = True
    return hot_ground(task, hot, lambda: label)


def density_grid(task: Task) -> Outcome:
    """Cut a Gaussian density at five times the mean; all hot ground is one class."""
    counts = np.bincount(grid_index(task.planning), minlength=GRID**2).reshape(GRID, GRID)
    density = gaussian_filter(counts.astype(np.float32), 75 / CELL_M, mode="constant").ravel()
    hot = density >= 5 * len(task.planning.x_m) / task.ground_km2 * CELL_M**2 / 1e6
    return hot_ground(task, hot, lambda: np.where(hot[grid_index(task.planning)], 0, -1))


def ranked_cells(task: Task) -> Outcome:
    """Take the cells with the most calls, a hundredth of the ground."""
    counts = np.bincount(grid_index(task.planning), minlength=GRID**2)
    hot = np.zeros(GRID**2, bool)
    hot[np.argsort(-counts, kind="stable")[: GRID**2 // 100]] = True
    return hot_ground(task, hot, lambda: np.where(hot[grid_index(task.planning)], 0, -1))


def hot_ground(task: Task, hot: NDArray[np.bool_], label: Callable[[], Labels]) -> Outcome:
    """Score hot cells on the later calls."""
    return Outcome(hot.sum() * CELL_M**2 / 1e6, int(hot[grid_index(task.later)].sum()), label)


def grid_index(city: City) -> Labels:
    """Cell of every call in the flattened grid."""
    column, row = city.x_m // CELL_M, city.y_m // CELL_M
    return column.astype(np.int64) * GRID + row.astype(np.int64)


def ours(task: Task) -> Outcome:
    """Find hotspots with outlines, shares, trends and foresight."""
    planning, later = task.planning, task.later
    found = find_hotspots(
        as_calls(planning),
        np.ones(len(planning.x_m)),
        settings=HotspotSettings(cell_m=CELL_M),
        shifts=Shifts.from_settings(DemandSettings()),
        crs=pyproj.CRS("EPSG:32649"),
        window=(START, AS_OF),
        later=as_calls(later),
        ground_km2=task.ground_km2,
    )
    polygons = found.table.geometry.to_numpy()

    def label() -> Labels:
        cells = occupied_cells(planning.x_m, planning.y_m, CELL_M)
        return polygon_of_places(cells, planning.x_m, planning.y_m, polygons)

    hits = 0 if found.foresight is None else found.foresight.hits
    return Outcome(float(found.table["area_km2"].sum()), hits, label)


METHODS: dict[str, Callable[[Task], Outcome]] = {
    "ours": ours,
    "DBSCAN, every call": dbscan_every_call,
    "DBSCAN, distinct places": dbscan_distinct,
    "DBSCAN, 50 m cells": dbscan_cells,
    "density grid, 5 x mean": density_grid,
    "ranked cells, 1 % of ground": ranked_cells,
}
LARGEST = {"DBSCAN, every call": 100_000, "DBSCAN, distinct places": 1_000_000}
COLUMNS = (
    "method", "calls", "CPU s", "adjusted Rand", "found", "ground", "PAI",
    "grid's PAI there", "cells' PAI there", "peak GB",
)  # fmt: skip


def measure(method: str, calls: int, repeats: int) -> list[str]:
    """Run one method in this process and tell its row."""
    find = METHODS[method]
    find(Task(*plant(20_000)))  # imports and caches
    task = Task(*plant(calls))
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        outcome = find(task)
        seconds.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    label = outcome.label()
    share = outcome.area_km2 / task.ground_km2
    sample = np.random.default_rng(1).choice(calls, min(calls, 1_000_000), replace=False)
    rand = adjusted_rand_score(task.planning.corridor[sample], label[sample])
    rivals = [pai_on_same_ground(task, outcome.area_km2, smoothed) for smoothed in (True, False)]
    pai = outcome.hits / len(task.later.x_m) / share
    numbers = [statistics.median(seconds), rand, len(np.unique(label[label >= 0])), 100 * share]
    formats = ["{:.3f}", "{:.2f}", "{:.0f}", "{:.2f} %"]
    texts = [form.format(number) for form, number in zip(formats, numbers, strict=True)]
    rates = [f"{rate:.1f}" for rate in (pai, *rivals)]
    return [method, f"{calls:,}", *texts, *rates, f"{peak:.2f}"]


def pai_on_same_ground(task: Task, area_km2: float, smoothed: bool) -> float:
    """Tell the PAI of the densest, or fullest, cells on so much ground."""
    counts = np.bincount(grid_index(task.planning), minlength=GRID**2).astype(np.float32)
    if smoothed:
        counts = gaussian_filter(counts.reshape(GRID, GRID), 75 / CELL_M, mode="constant").ravel()
    taken = np.argsort(-counts, kind="stable")[: round(area_km2 / (CELL_M**2 / 1e6))]
    hot = np.zeros(GRID**2, bool)
    hot[taken] = True
    hits = hot[grid_index(task.later)].mean()
    return float(hits / (area_km2 / task.ground_km2))


def main() -> None:
    """Print the table, a process per row."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--row", nargs=2, metavar=("METHOD", "CALLS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.row:
        print(json.dumps(measure(options.row[0], int(options.row[1]), options.repeats)))
        return
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    for calls in options.sizes:
        for method in METHODS:
            if calls <= LARGEST.get(method, calls):
                command = [sys.executable, str(Path(__file__)), "--row", method, str(calls)]
                command += ["--repeats", str(options.repeats)]
                row = subprocess.run(command, check=True, capture_output=True, text=True)
                print(f"| {' | '.join(json.loads(row.stdout))} |", flush=True)


if __name__ == "__main__":
    main()
