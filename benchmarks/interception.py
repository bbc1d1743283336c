"""Measure the best few posts on Minneapolis: plan, proven bound and gap, just under the seal too.

Fugitives start where calls come from inside a ring's inner distance, weighted by calls, and have
got away beyond its outer distance; posts stand at junctions and on roads of the ring. Prints a
table in Markdown, one process for each row::

    python benchmarks/interception.py [--seconds 60] [--ring core] [--tau 0 0.25 inf] [--counts 5]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
import pandas as pd
from instances import CRS, DATA
from rows import Stopwatch, measured, peak_mb, print_table, run_alone

from optimizer.checkpoints import (
    OPEN,
    Escapes,
    PostSites,
    anywhere,
    intercept,
    score_posts,
    street_graph,
)
from optimizer.places import project
from optimizer.roads import RoadsSettings, read_network, snap

CENTRE = (-93.2702, 44.9766)
RINGS = {"core": (1500, 3000), "urban": (4000, 6000), "city": (7000, 9000)}
HEADS = (
    "ring", "tau", "posts", "seal", "share intercepted", "bound", "gap", "0 / .25 / .5 / 1 / any",
    "status", "wall s", "CPU s", "peak MB",
)  # fmt: skip


def case(name: str) -> tuple[Escapes, PostSites]:
    """Read the streets and calls of a ring."""
    settings = RoadsSettings(
        path="street_centerline.gpkg", oneway="ONEWAY", speed="SPEED_LIM", speed_unit="mph"
    )
    network = read_network(settings, DATA, CRS)
    calls = pd.read_csv(DATA / "police_incidents_2010_2016.csv.gz", dtype=str)
    places = calls[["Longitude", "Latitude"]].apply(pd.to_numeric, errors="coerce").dropna()
    x, y = project(places.Longitude.to_numpy(), places.Latitude.to_numpy(), network.crs)
    known = np.isfinite(x) & np.isfinite(y)
    snapped = snap(network, x[known], y[known])
    counted = np.bincount(snapped.node[snapped.distance_m <= 500], minlength=network.node_count)
    graph = street_graph(network)
    centre_x, centre_y = project([CENTRE[0]], [CENTRE[1]], network.crs)
    away_m = np.hypot(network.x_m - centre_x[0], network.y_m - centre_y[0])
    inner_m, outer_m = RINGS[name]
    inside, outside = away_m <= inner_m, away_m >= outer_m
    origins = np.flatnonzero(inside & (counted > 0))
    escapes = Escapes(graph, origins, counted[origins], np.flatnonzero(outside))
    free = anywhere(graph)
    within = np.zeros(graph.road_count, dtype=bool)
    both = (inside[graph.tail] & inside[graph.head]) | (outside[graph.tail] & outside[graph.head])
    within[graph.road[both]] = True
    sites = PostSites(
        np.where(inside | outside, np.inf, 1.0), np.where(within, np.inf, 1.0), free.must,
        free.node_kind, free.road_kind,
    )  # fmt: skip
    return escapes, sites


def measure(name: str, tau: float, count: int, seconds: float) -> list[str]:
    """Place so many posts in this process, warmed up, and return the cells of a row."""
    escapes, sites = case(name)
    graph = escapes.graph
    few = slice(0, 50)
    intercept(graph, escapes.origins[few], escapes.weight[few], escapes.exits, sites, 1, tau=0.0,
              time_limit_s=1.0)  # fmt: skip
    seal = score_posts(escapes, OPEN, sites).missing
    watch = Stopwatch()
    plan = intercept(graph, escapes.origins, escapes.weight, escapes.exits, sites, count, tau=tau,
                     time_limit_s=seconds)  # fmt: skip
    total = plan.total_weight
    return [
        "-" if seal is None else str(len(seal)), f"{100 * plan.share:.2f} %",
        f"{100 * plan.bound / total:.2f} %", f"{100 * plan.gap:.2f} %",
        " / ".join(f"{100 * share:.1f}" for share in plan.shares.values()), plan.status,
        f"{watch.wall_s:.1f}", f"{watch.cpu_s:.1f}", f"{peak_mb():,}",
    ]  # fmt: skip


def seal_number(name: str) -> int:
    """Count the posts that seal a ring."""
    escapes, sites = case(name)
    missing = score_posts(escapes, OPEN, sites).missing
    return 0 if missing is None else len(missing)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time for each plan")
    parser.add_argument("--ring", choices=RINGS, default="core")
    parser.add_argument("--tau", type=float, nargs="+", default=[0.0, 0.25, 0.5, float("inf")])
    parser.add_argument("--counts", type=int, nargs="+", help="default: from 5 to the seal")
    asked = parser.parse_args(arguments)
    seal = run_alone(seal_number, asked.ring)
    counts = asked.counts or [5, 10, 20, 30, *(k for k in range(seal - 2, seal + 1))]
    print_table(
        HEADS,
        (
            measured([asked.ring, f"{tau:g}", str(count)], measure, asked.ring, tau, count,
                     asked.seconds)
            for tau in asked.tau
            for count in counts
        ),
        labels=3,
    )  # fmt: skip


if __name__ == "__main__":
    main()
