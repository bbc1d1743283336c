"""Measure timed containment on a real city: one incident, then many, with proof or honest bounds.

Exits are all junctions at least ``--out`` metres from the middle; incidents lie within ``--within``
of it. Forces: 40 units at 40 places, and 33 platforms with 6 vehicles each, at random. Prints a
table in Markdown; "proven" counts incidents whose smallest time, or that there is none, is proven::

    python benchmarks/containment.py [--incidents 200] [--delay 3] [--out 9000] [--within 4000]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from rows import print_table

from optimizer.checkpoints import Evader, contain, contain_each, shortest_routes, street_graph
from optimizer.roads import RoadsSettings, read_whole_network

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
FORCES = ((40, 1), (33, 6))
HEADS = (
    "force", "incidents", "contained", "in 5 / 10 / 30 min", "proven", "median posts",
    "one incident, s", "all, s",
)  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--delay", type=float, default=3.0)
    parser.add_argument("--out", type=float, default=9000.0)
    parser.add_argument("--within", type=float, default=4000.0)
    asked = parser.parse_args()
    settings = RoadsSettings(path="roads.parquet")
    network = read_whole_network(settings, SHARED / "wuhan", None)
    graph = street_graph(network)
    rng = np.random.default_rng(0)
    middle_x, middle_y = np.median(network.x_m), np.median(network.y_m)
    away_m = np.hypot(network.x_m - middle_x, network.y_m - middle_y)
    exits = np.flatnonzero(away_m >= asked.out)
    inside = np.flatnonzero(away_m < asked.out)
    incidents = rng.choice(np.flatnonzero(away_m <= asked.within), asked.incidents, replace=False)
    evader = Evader(report_delay_s=60 * asked.delay)
    rows = []
    for groups, vehicles in FORCES:
        places = rng.choice(inside, groups, replace=False)
        arrival_s = np.array([shortest_routes(graph, np.array([at])).travel_s for at in places])
        capacity = np.full(groups, vehicles)
        contain(graph, incidents[:1], exits, arrival_s, capacity, evader)
        seconds = []
        for incident in incidents[:5]:
            start = time.perf_counter()
            contain(graph, np.array([incident]), exits, arrival_s, capacity, evader)
            seconds.append(time.perf_counter() - start)
        start = time.perf_counter()
        found = contain_each(graph, incidents, exits, arrival_s, capacity, evader)
        total_s = time.perf_counter() - start
        latest_min = np.array([one.latest_s for one in found]) / 60
        posts = [len(one.net) for one in found if one.net is not None]
        rows.append([
            f"{groups} x {vehicles}", str(len(found)), str(sum(one.contained for one in found)),
            " / ".join(f"{(latest_min <= minutes).mean():.1%}" for minutes in (5, 10, 30)),
            str(sum(one.status == "optimal" for one in found)),
            f"{np.median(posts) if posts else 0:g}",
            f"{np.median(seconds):.2f} (at most {max(seconds):.2f})", f"{total_s:.1f}",
        ])  # fmt: skip
    print_table(HEADS, rows)


if __name__ == "__main__":
    main()
