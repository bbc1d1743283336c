"""Measure truncated travel times against what others would use, each in a process of its own.

2,000 random sources (every junction on the real network), all nodes within five minutes, as a
sparse matrix; the engines must agree on the number of pairs and on the sum of their times. Wall
seconds are the median of three runs after a warm-up (networkx: one run), without reading or
building the network (ours: with laying it out). Prints a table in Markdown::

    python benchmarks/roads.py [--arcs 100000 1000000 3000000]
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.roads import (
    NetworkReport,
    RoadNetwork,
    RoadsSettings,
    main_part,
    nearest_source,
    read_network,
    service_areas,
    travel_times,
)
from optimizer.roads.assemble import Traits, assemble
from optimizer.roads.junctions import Segments

MINNEAPOLIS = Path(__file__).resolve().parents[2] / "shared" / "data" / "minneapolis"
LIMIT_S = 300.0
HALF_MS_S = 0.0005
SOURCES = 2000
RUNS = 3
SLOW = ("networkx MultiDiGraph",)

Run = Callable[[], tuple[int, float]]


def main() -> None:
    """Run the benchmark, or, with --measure, one engine on one network."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arcs", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        json.dump(measure(*arguments.measure), sys.stdout)
        return
    print("| network | engine | wall s | of ours, 2 threads | pairs | peak MB |")
    print("|---|---|---|---|---|---|")
    real = ["minneapolis"] if MINNEAPOLIS.is_dir() else []
    for network in [*real, *(str(count) for count in arguments.arcs)]:
        compare(network)
    if real:
        print(*around_minneapolis(), sep="\n")


def compare(network: str) -> None:
    """Measure every engine on one network and print a row for each."""
    reference = in_own_process("ours, 2 threads", network)
    for engine in ENGINES:
        if engine == "pandana" and importlib.util.find_spec("pandana") is None:
            continue
        found = reference if engine == "ours, 2 threads" else in_own_process(engine, network)
        same = abs(found["pairs"] - reference["pairs"]) <= 1e-6 * reference["pairs"]
        close = abs(found["total_s"] - reference["total_s"]) < 1e-4 * reference["total_s"]
        if engine != "pandana" and not (same and close):
            sys.exit(f"{engine} disagrees on {network}: {found} against {reference}")
        print(
            f"| {found['name']} | {engine} | {found['wall_s']:.3f} "
            f"| {found['wall_s'] / reference['wall_s']:.1f} | {found['pairs']:,} "
            f"| {found['peak_mb']:.0f} |",
            flush=True,
        )


def in_own_process(engine: str, network: str) -> dict[str, float]:
    """Measure one engine on one network in a fresh process."""
    command = [sys.executable, __file__, "--measure", engine, network]
    found: dict[str, float] = json.loads(subprocess.check_output(command))
    return found


def measure(engine: str, network_name: str) -> dict[str, str | float]:
    """Time one engine; the first run, which may compile, does not count."""
    network = load(network_name)
    rng = np.random.default_rng(0)
    n = network.node_count
    sources = np.arange(n) if network_name == "minneapolis" else rng.integers(0, n, SOURCES)
    run = ENGINES[engine](network, sources)
    walls = []
    for _ in range(1 if engine in SLOW else RUNS + 1):
        start = time.perf_counter()
        pairs, total_s = run()
        walls.append(time.perf_counter() - start)
    return {
        "name": f"{network_name}, {network.arc_count:,} arcs",
        "wall_s": statistics.median(walls[1:] or walls),
        "pairs": pairs,
        "total_s": total_s,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def load(name: str) -> RoadNetwork:
    """Read Minneapolis, or make a city with about as many arcs as the name says."""
    return minneapolis() if name == "minneapolis" else grid_city(int(name))


def minneapolis() -> RoadNetwork:
    """Read the real streets."""
    settings = RoadsSettings(
        path="street_centerline.gpkg", oneway="ONEWAY", speed="SPEED_LIM", speed_unit="mph"
    )
    return read_network(settings, MINNEAPOLIS, "EPSG:26915")


def grid_city(arcs: int, seed: int = 0) -> RoadNetwork:
    """Make a bent grid of 100 m blocks, a tenth of them missing, every eighth street faster.

    Its lines are not drawn, so the memory is that of the network and the search.
    """
    rng = np.random.default_rng(seed)
    side = int((arcs / 3.4) ** 0.5)
    n = side * side
    number = rng.permutation(n).reshape(side, side)
    places = np.empty((n, 2))
    spots = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1)
    places[number] = 100.0 * spots + rng.uniform(-20, 20, (side, side, 2))
    tail = np.concatenate([number[:-1].ravel(), number[:, :-1].ravel()])
    head = np.concatenate([number[1:].ravel(), number[:, 1:].ravel()])
    across = np.concatenate([np.tile(np.arange(side), side - 1),
                             np.repeat(np.arange(side), side - 1)])  # fmt: skip
    kept = rng.random(len(tail)) > 0.1
    tail, head, fast = tail[kept], head[kept], across[kept] % 8 == 0
    count = len(tail)
    undrawn = np.full(count, shapely.LineString([(0, 0), (1, 0)]), dtype=object)
    segments = Segments(places[:, 0], places[:, 1], None, tail, head, undrawn,
                        np.arange(count), np.ones(count), directed=False)  # fmt: skip
    blank = np.full(count, "", dtype=object)
    traits = Traits(
        length_m=np.hypot(*(places[head] - places[tail]).T),
        direction=rng.choice(np.array([0, 1, -1], dtype=np.int8), count, p=[0.9, 0.05, 0.05]),
        speed_kph=np.where(fast, 60.0, 30.0),
        name=blank,
        road_class=blank,
    )
    report = NetworkReport("grid", count, {}, 0, {}, {})
    return main_part(assemble(segments, traits, CRS.from_epsg(32650), 1.0, report))


def ours(workers: int) -> Callable[[RoadNetwork, NDArray[np.int64]], Run]:
    """Prepare the bucket queue of this package."""

    def prepare(network: RoadNetwork, sources: NDArray[np.int64]) -> Run:
        everywhere = np.arange(network.node_count)

        def run() -> tuple[int, float]:
            times = travel_times(network, sources, everywhere, LIMIT_S, workers)
            return len(times.target), float(times.travel_s.sum(dtype=np.float64))

        return run

    return prepare


def by_scipy(network: RoadNetwork, sources: NDArray[np.int64]) -> Run:
    """Prepare scipy's Dijkstra with a limit, 64 sources at a time."""
    n = network.node_count
    seconds = np.maximum(network.travel_ms / 1000, 1e-9)  # scipy forgets arcs of no time
    graph = csr_array((seconds, (network.tail, network.head)), shape=(n, n))

    def run() -> tuple[int, float]:
        rows = []
        for block in np.array_split(sources, max(1, len(sources) // 64)):
            times = dijkstra(graph, indices=block, limit=LIMIT_S + HALF_MS_S)
            row, target = np.nonzero(np.isfinite(times))
            rows.append((row, target, times[row, target]))
        return sum(len(r[0]) for r in rows), float(sum(r[2].sum() for r in rows))

    return run


def by_networkx(network: RoadNetwork, sources: NDArray[np.int64]) -> Run:
    """Prepare a MultiDiGraph, the way of those who read their roads with OSMnx."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(network.node_count))
    columns = (network.tail.tolist(), network.head.tolist(), network.travel_ms.tolist())
    for tail, head, ms in zip(*columns, strict=True):
        graph.add_edge(tail, head, travel_time=ms)

    def run() -> tuple[int, float]:
        pairs, total_ms = 0, 0
        for source in sources.tolist():
            times = nx.single_source_dijkstra_path_length(
                graph, source, cutoff=1000 * (LIMIT_S + HALF_MS_S), weight="travel_time"
            )
            target = np.fromiter(times.keys(), dtype=np.int32, count=len(times))
            pairs += len(target)
            total_ms += sum(times.values())
        return pairs, total_ms / 1000

    return run


def by_pandana(network: RoadNetwork, sources: NDArray[np.int64]) -> Run:
    """Prepare pandana; its ranges are by whole milliseconds, and sources of a range are merged."""
    pandana = importlib.import_module("pandana")
    n = network.node_count
    graph = pandana.Network(
        pd.Series(network.x_m, index=np.arange(n)), pd.Series(network.y_m, index=np.arange(n)),
        pd.Series(network.tail), pd.Series(network.head),
        pd.DataFrame({"seconds": network.travel_ms / 1000}), twoway=False,
    )  # fmt: skip

    def run() -> tuple[int, float]:
        found = graph.nodes_in_range(sources.tolist(), LIMIT_S)
        return len(found), float(found["seconds"].sum())

    return run


ENGINES: dict[str, Callable[[RoadNetwork, NDArray[np.int64]], Run]] = {
    "ours, 2 threads": ours(2),
    "ours, 1 thread": ours(1),
    "scipy, limit, 64 at a time": by_scipy,
    "networkx MultiDiGraph": by_networkx,
    "pandana": by_pandana,
}


def around_minneapolis() -> list[str]:
    """Time what stands around the search on the real network."""
    rows = ["", "| Minneapolis | wall s |", "|---|---|"]
    start = time.perf_counter()
    network = minneapolis()
    rows.append(f"| read the network | {time.perf_counter() - start:.2f} |")
    platforms = np.random.default_rng(0).integers(0, network.node_count, 10)
    tasks: dict[str, Callable[[], object]] = {
        "nearest two of 10 platforms, every node": lambda: nearest_source(network, platforms),
        "ground within 1, 3 and 5 minutes": lambda: service_areas(
            network, platforms, [60, 180, 300]
        ),
    }
    for name, task in tasks.items():
        start = time.perf_counter()
        task()
        rows.append(f"| {name} | {time.perf_counter() - start:.2f} |")
    return rows


if __name__ == "__main__":
    main()
