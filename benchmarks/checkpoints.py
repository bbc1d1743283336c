"""Measure the sealing of rings on real streets and on a grid of about 1.1 million arcs.

Posts stand at junctions. A ring is sealed with its proof, as a study does it; the cut alone and
the routes alone, on what is left of the ring after shrinking; and the cut as others would do it,
on the streets as they are, with every junction doubled. Arrays in memory, after a warm-up, each
row in a process of its own; seconds are medians. All must agree on the number of posts. Then
`optimizer seal` and `optimizer contain` as whole commands, after a run that compiles: all streets
of Wuhan, 60 exits near its rim, 100 places with six units each; posts are those that are manned.
Prints a table in Markdown::

    python benchmarks/checkpoints.py [--runs 3] [--seconds 120] [--only PLACE ...]
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow
from roads import grid_city, minneapolis
from rows import Stopwatch, given_up_after, measured, peak_mb, print_table, run_command
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from optimizer.checkpoints import PostSites, Ring, StreetGraph, anywhere, seal_ring, street_graph
from optimizer.checkpoints.flows.disjoint_routes import disjoint_routes
from optimizer.checkpoints.flows.min_cut import min_cut
from optimizer.checkpoints.rings.passages import SINK, SOURCE, Passages, passages_of
from optimizer.checkpoints.rings.site_order import site_order
from optimizer.checkpoints.rings.strands import RingStreets, strands_of
from optimizer.roads import RoadNetwork, RoadsSettings, WholeNetwork, main_part, read_whole_network

COMMANDS = "Wuhan, all of it"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
HEADS = ("ring", "method", "posts", "CPU s", "wall s", "peak MB")
Longs = NDArray[np.int64]
Count = Callable[[], int]


class Task(NamedTuple):
    """A ring on streets, with a post allowed at every junction."""

    graph: StreetGraph
    ring: Ring
    sites: PostSites


def wuhan() -> WholeNetwork:
    """Read the real streets, all two-way."""
    return read_whole_network(RoadsSettings(path="roads.parquet"), SHARED / "wuhan", None)


def grid() -> RoadNetwork:
    """Make a bent grid, 57 km wide."""
    return grid_city(1_100_000)


PLACES: dict[str, tuple[Callable[[], RoadNetwork], float, float]] = {
    "Minneapolis 4-6 km": (minneapolis, 4_000, 6_000),
    "Wuhan 6-12 km": (wuhan, 6_000, 12_000),
    "grid 6-27 km": (grid, 6_000, 27_000),
    "grid 14-28 km": (grid, 14_000, 28_000),
}


def task_at(place: str) -> Task:
    """Lay the ring around the middle of the place."""
    read, inner_m, outer_m = PLACES[place]
    network = read()
    away_m = np.hypot(network.x_m - np.median(network.x_m), network.y_m - np.median(network.y_m))
    graph = street_graph(network)
    every = anywhere(graph)
    at_junctions = dataclasses.replace(every, road_cost=np.full(graph.road_count, np.inf))
    return Task(graph, Ring(place, away_m <= inner_m, away_m >= outer_m), at_junctions)


def sealed(task: Task) -> Count:
    """Cut, proof and all checks."""
    return lambda: len(seal_ring(*task).posts)


def sealed_both_ways(task: Task) -> Count:
    """Cut both directions."""
    return lambda: len(seal_ring(*task, direction="both").posts)


def shrunk(task: Task) -> tuple[Passages, Longs]:
    """Shrink the ring; every junction carries one route."""
    order = site_order(task.graph, task.sites, None)
    streets = RingStreets(task.graph, task.ring.inside, task.ring.outside, order, task.sites.must)
    passages = passages_of(strands_of(streets), order, "out")
    return passages, order.amount[passages.site]


def cut_alone(task: Task) -> Count:
    """Find the cut on the shrunk ring."""
    left, amount = shrunk(task)
    return lambda: min_cut(left.node_count, left.tail, left.head, amount, SOURCE, SINK).value


def routes_alone(task: Task) -> Count:
    """Find the routes on the shrunk ring."""
    left, amount = shrunk(task)
    return lambda: disjoint_routes(
        left.node_count, left.tail, left.head, amount, SOURCE, SINK
    ).value  # fmt: skip


def doubled(task: Task) -> tuple[int, Longs, Longs, Longs]:
    """Double every junction, join each side into one node, and limit what is between only."""
    graph, ring, _ = task
    n = graph.node_count
    on_ring = np.flatnonzero(ring.annulus)
    enter = np.where(ring.inside, 2 * n, np.where(ring.outside, 2 * n + 1, np.arange(n)))
    leave = np.where(ring.annulus, np.arange(n) + n, enter)
    tail = np.concatenate([leave[graph.tail], on_ring])
    head = np.concatenate([enter[graph.head], on_ring + n])
    unlimited = np.full(len(graph.tail), n)
    capacity = np.concatenate([unlimited, np.ones(len(on_ring), np.int64)])
    kept = tail != head
    return 2 * n, tail[kept], head[kept], capacity[kept]


def plain_ortools(task: Task) -> Count:
    """Let OR-Tools find the flow on the streets as they are."""
    inside, tail, head, capacity = doubled(task)

    def count() -> int:
        solver = max_flow.SimpleMaxFlow()
        solver.add_arcs_with_capacity(tail, head, capacity)
        solver.solve(inside, inside + 1)
        return int(solver.optimal_flow())

    return count


def plain_scipy(task: Task) -> Count:
    """Let SciPy find it."""
    inside, tail, head, capacity = doubled(task)
    size = (inside + 2, inside + 2)
    matrix = coo_array((capacity.astype(np.int32), (tail, head)), size).tocsr()
    return lambda: int(maximum_flow(matrix, inside, inside + 1).flow_value)


METHODS: dict[str, Callable[[Task], Count]] = {
    "seal_ring: posts and proof": sealed,
    "seal_ring, both directions": sealed_both_ways,
    "shrunk: the cut (OR-Tools)": cut_alone,
    "shrunk: the routes (ours)": routes_alone,
    "as it is: OR-Tools": plain_ortools,
    "as it is: SciPy": plain_scipy,
}


def cells(place: str, method: str, runs: int, seconds: float) -> list[str]:
    """Time one method."""
    task = task_at(place)
    count = METHODS[method](task)
    try:
        with given_up_after(seconds):
            count()
            times = []
            for _ in range(runs):
                watch = Stopwatch()
                posts = count()
                times.append((watch.cpu_s, watch.wall_s))
    except TimeoutError:
        return ["", f"more than {seconds:g} together"]
    cpu_s, wall_s = (statistics.median(column) for column in zip(*times, strict=True))
    return [f"{posts}", f"{cpu_s:.2f}", f"{wall_s:.2f}", f"{peak_mb()}"]


def write_alarm(folder: Path) -> str:
    """Write a study of all streets, its exits and units; return the node in the middle."""
    streets = main_part(wuhan())
    away_m = np.hypot(streets.x_m - streets.x_m.mean(), streets.y_m - streets.y_m.mean())
    random, farthest = np.random.default_rng(1), np.argsort(-away_m)[:3000]
    stand = random.choice(streets.node_count, 100, replace=False)
    leave = random.choice(farthest, 60, replace=False)
    units = [f"P{at},{streets.node_ids[node]},6" for at, node in enumerate(stand)]
    exits = [f"E{at},{streets.node_ids[node]}" for at, node in enumerate(leave)]
    (folder / "units.csv").write_text("\n".join(["id,node,count", *units]))
    (folder / "exits.csv").write_text("\n".join(["id,node", *exits]))
    (folder / "study.toml").write_text(
        '[study]\nname = "wuhan"\n[demand]\npath = "unread.csv"\n'
        f'[roads]\npath = "{SHARED}/wuhan/roads.parquet"\n[standards]\nurban = 5\n'
    )
    return str(streets.node_ids[away_m.argmin()])


def command_cells(command: str, runs: int) -> list[str]:
    """Time `optimizer seal` or `optimizer contain`."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        middle = write_alarm(folder)
        call = [sys.executable, "-m", "optimizer", command, str(folder / "study.toml"), "-q"]
        for name in ("exits", "units"):
            call += [f"--{name}", str(folder / f"{name}.csv")]
        call += ["--incident", middle] if command == "contain" else []
        done = [run_command([*call, "--json", str(folder / "found.json"), "--overwrite"])
                for _ in range(runs + 1)]  # fmt: skip
        found = json.loads((folder / "found.json").read_text())
    manned = found["assignment" if command == "seal" else "checkpoints"]
    wall_s, cpu_s, most_mb = (statistics.median(column) for column in zip(*done[1:], strict=True))
    return [f"{len(manned)}", f"{cpu_s:.2f}", f"{wall_s:.2f}", f"{most_mb:.0f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=120.0, help="for all runs of a row")
    parser.add_argument("--only", nargs="+", choices=[*PLACES, COMMANDS],
                        default=[*PLACES, COMMANDS])  # fmt: skip
    asked = parser.parse_args()
    rows = (
        measured([place, method], cells, place, method, asked.runs, asked.seconds)
        for place in asked.only
        if place != COMMANDS
        for method in METHODS
    )
    whole = (
        measured([COMMANDS, f"`optimizer {command}`, the whole command"],
                 command_cells, command, asked.runs)
        for command in ("seal", "contain") if COMMANDS in asked.only
    )  # fmt: skip
    print_table(HEADS, chain(rows, whole), labels=2)


if __name__ == "__main__":
    main()
