"""Measure how near balanced grids come to the bound, and in what time.

Minneapolis with the calls of three years, ten platforms; a bent
grid with 33 platforms and all streets of Wuhan with 100, both with drawn calls that thin out from
the middle. Half an hour at the scene. Arrays in memory, after a warm-up, each row in a process of
its own. `nearest` is the mean travel without balance. Prints a table in Markdown::

    python benchmarks/districts.py [--tolerance 0.1 0.03] [--only PLACE ...]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from roads import MINNEAPOLIS, grid_city
from rows import Stopwatch, measured, peak_mb, print_table
from scipy.sparse import csr_array

from optimizer.districts import Ground, balanced_division, evaluate, nearest_division
from optimizer.planning import read_inputs
from optimizer.roads import (
    RoadNetwork,
    RoadsSettings,
    main_part,
    read_whole_network,
    snap,
    travel_times,
)
from optimizer.study import read_study

HEADS = ("place", "units", "platforms", "tolerance", "nearest s", "its spread", "balanced s",
         "spread", "bound s", "gap", "CPU s", "wall s", "peak MB")  # fmt: skip
HANDLING_S = 1800.0
WUHAN = MINNEAPOLIS.parent / "wuhan"
Floats = NDArray[np.float64]


def minneapolis() -> tuple[RoadNetwork, Floats]:
    """Read the real streets, and the calls per day at each junction."""
    inputs = read_inputs(read_study(Path(MINNEAPOLIS / "study.toml")))
    network, calls = inputs.network, inputs.source.places
    node = snap(network, calls.x_m, calls.y_m).node
    return network, np.bincount(node, minlength=network.node_count) / (3 * 365.25)


def drawn(network: RoadNetwork, reach_m: float) -> tuple[RoadNetwork, Floats]:
    """Draw calls that thin out from the middle."""
    away_m = np.hypot(network.x_m - np.median(network.x_m), network.y_m - np.median(network.y_m))
    luck = np.random.default_rng(1).gamma(0.3, 1.0, network.node_count)
    return network, luck * np.exp(-away_m / reach_m)


def grid() -> tuple[RoadNetwork, Floats]:
    """Make a bent grid of about 29,000 junctions."""
    return drawn(grid_city(100_000), 4_000.0)


def wuhan() -> tuple[RoadNetwork, Floats]:
    """Read all streets of Wuhan."""
    whole = read_whole_network(RoadsSettings(path="roads.parquet"), WUHAN, None)
    return drawn(main_part(whole), 8_000.0)


PLACES: dict[str, tuple[Callable[[], tuple[RoadNetwork, Floats]], int]] = {
    "Minneapolis": (minneapolis, 10),
    "grid": (grid, 33),
    "Wuhan": (wuhan, 100),
}


def ground_of(place: str) -> tuple[Ground, Floats]:
    """State the ground, with platforms drawn where calls are; and where units lie, metres."""
    read, count = PLACES[place]
    network, calls = read()
    n = network.node_count
    random = np.random.default_rng(1)
    nodes = random.choice(n, count, replace=False, p=calls / calls.sum())
    times = travel_times(network, nodes, np.arange(n), 1e5)
    travel_s = times.travel_s.reshape(count, n)
    apart = network.tail != network.head
    ones = np.ones(apart.sum(), dtype=np.int8)
    streets = csr_array((ones, (network.tail[apart], network.head[apart])), (n, n))
    streets = ((streets + streets.T) > 0).tocsr()
    ground = Ground(calls, np.full(n, HANDLING_S), travel_s, streets.indptr, streets.indices,
                    nodes, np.zeros(n), np.zeros(count))  # fmt: skip
    return ground, np.column_stack([network.x_m, network.y_m])


def cells(place: str, tolerance: float) -> list[str]:
    """Divide once to compile and once to measure."""
    ground, _ = ground_of(place)
    balanced_division(ground, tolerance)
    nearest = evaluate(ground, nearest_division(ground))
    watch = Stopwatch()
    division = balanced_division(ground, tolerance)
    cpu_s, wall_s = watch.cpu_s, watch.wall_s
    return [
        f"{ground.unit_count:,}", f"{ground.platform_count}", f"{division.tolerance:.1%}",
        f"{nearest.travel_s:.1f}", f"{nearest.spread:.0%}", f"{division.travel_s:.2f}",
        f"{division.spread:.2%}", f"{division.bound_s:.2f}",
        f"{division.travel_s / division.bound_s - 1:.3%}", f"{cpu_s:.1f}", f"{wall_s:.1f}",
        f"{peak_mb()}",
    ]  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tolerance", nargs="+", type=float, default=[0.1, 0.03])
    parser.add_argument("--only", nargs="+", choices=PLACES, default=list(PLACES))
    asked = parser.parse_args()
    print_table(
        HEADS,
        (measured([place], cells, place, tolerance)
         for place in asked.only for tolerance in asked.tolerance),
    )  # fmt: skip


if __name__ == "__main__":
    main()
