"""Small towns to divide, and the best division by trying out every one."""

from __future__ import annotations

from itertools import product

import networkx as nx
import numpy as np
from scipy.sparse import coo_array

from optimizer.districts import Ground, Lay, evaluate


def town(edges, seeds, *, calls, handling_s=1800.0, groups=None):
    """A town of numbered places joined by edges ``(place, place, seconds)``."""
    streets = nx.Graph()
    streets.add_nodes_from(range(len(calls)))
    streets.add_weighted_edges_from(edges)
    near = nx.to_scipy_sparse_array(streets, nodelist=range(len(calls)), weight=None, format="csr")
    travel_s = [
        [nx.single_source_dijkstra_path_length(streets, seed)[unit] for unit in range(len(calls))]
        for seed in seeds
    ]
    of_unit, of_platform = groups or ([0] * len(calls), [0] * len(seeds))
    return Ground(
        calls=calls, handling_s=np.broadcast_to(handling_s, len(calls)), travel_s=travel_s,
        indptr=near.indptr, neighbour=near.indices, seed=seeds,
        group_of_unit=of_unit, group_of_platform=of_platform,
    )  # fmt: skip


def lay_of(beside_m, rim):
    """Ground on the map: metres along which that of two units meets, and whose lies at the rim."""
    pairs, count = coo_array(beside_m), beside_m.shape[0]
    out = np.full(len(rim), count)
    row, column = np.r_[pairs.row, rim, out], np.r_[pairs.col, out, rim]
    metres = np.r_[pairs.data, np.zeros(2 * len(rim))]
    return Lay(coo_array((metres, (row, column)), (count + 1, count + 1)).tocsr(), count)


def street(calls, seeds, **more):
    """Places in one row, a minute apart."""
    return town([(at, at + 1, 60.0) for at in range(len(calls) - 1)], seeds, calls=calls, **more)


def block(rows, columns, platforms, random):
    """A block of streets with drawn calls, ways and platforms."""
    count = rows * columns
    pairs = [(at, at + 1) for at in range(count - 1) if (at + 1) % columns]
    pairs += [(at, at + columns) for at in range(count - columns)]
    edges = [(*pair, float(random.integers(20, 90))) for pair in pairs]
    calls = random.integers(0, 4, count).astype(float)
    seeds = random.choice(count, platforms, replace=False)
    return town(edges, seeds, calls=calls, handling_s=random.choice([600.0, 1800.0], count))


def lane(crossings, platforms, random):
    """A row of crossings, some joined with the one after the next, each with a cul-de-sac."""
    count = 2 * crossings
    edges = [(at, at + 1, float(random.integers(20, 90))) for at in range(crossings - 1)]
    edges += [(at, at + 2, 80.0) for at in range(crossings - 2) if random.random() < 0.5]
    edges += [(at, at + crossings, 30.0) for at in range(crossings)]
    calls = random.integers(0, 4, count).astype(float)
    return town(edges, random.choice(count, platforms, replace=False), calls=calls)


def best_by_trying(ground, tolerance):
    """Least mean travel within the tolerance, inf if there is none, and the least spread."""
    labels = np.empty(ground.unit_count, dtype=np.int32)
    labels[ground.seed] = np.arange(ground.platform_count)
    free = np.setdiff1d(np.arange(ground.unit_count), ground.seed)
    least_s, least_spread = np.inf, np.inf
    for owners in product(range(ground.platform_count), repeat=len(free)):
        labels[free] = owners
        loads = evaluate(ground, labels)
        if loads.connected:
            least_spread = min(least_spread, loads.spread)
            if loads.spread <= tolerance + 1e-9:
                least_s = min(least_s, loads.travel_s)
    return least_s, least_spread


def is_connected(ground, labels):
    """The same question as ``evaluate`` answers, asked of networkx."""
    streets = nx.from_scipy_sparse_array(ground.adjacency)
    return all(
        ground.seed[r] in (own := np.flatnonzero(labels == r))
        and nx.is_connected(streets.subgraph(own.tolist()))
        for r in range(ground.platform_count)
    )
