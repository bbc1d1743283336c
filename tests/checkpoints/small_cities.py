"""Small cities for the tests of containment, and every net there is in them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from optimizer.checkpoints import Evader, StreetGraph, graph_of_arcs, shortest_routes

Floats = NDArray[np.float64]


def streets(count: int, *roads: tuple[int, int, float], oneway: bool = False) -> StreetGraph:
    """A graph of roads (from, to, seconds), open both ways unless said otherwise."""
    arcs = [*roads] if oneway else [*roads, *((b, a, s) for a, b, s in roads)]
    tail, head, seconds = zip(*arcs, strict=True) if arcs else ((), (), ())
    return graph_of_arcs(count, np.array(tail, np.int32), np.array(head, np.int32),
                         np.array(seconds, np.float64))  # fmt: skip


def driven(graph: StreetGraph, *nodes: int) -> Floats:
    """When units at some nodes can be anywhere."""
    return np.array([shortest_routes(graph, np.array([node])).travel_s for node in nodes])


def smallest_time(
    graph: StreetGraph,
    origins: NDArray[np.integer],
    exits: NDArray[np.integer],
    arrival_s: Floats,
    capacity: NDArray[np.integer],
    evader: Evader,
) -> tuple[float, int]:
    """Try every way to send units: when the best net closes, and its fewest posts; else inf, 0."""
    by_unit = np.repeat(arrival_s, capacity, axis=0) + evader.report_delay_s
    evader_s = evader.arrival_s(shortest_routes(graph, np.asarray(origins)).travel_s)
    start, away = set(map(int, origins)), set(map(int, exits))
    holds: dict[frozenset[int], bool] = {}
    best = (np.inf, 0)
    for sent in sendings(by_unit, evader_s - evader.margin_s, start):
        closed = frozenset(sent.values())
        latest_s = max((by_unit[unit, node] for unit, node in sent.items()), default=0.0)
        if (latest_s, len(closed)) >= best:
            continue
        if closed not in holds:
            holds[closed] = not walks_out(graph, start, away, closed)
        if holds[closed]:
            best = (latest_s, len(closed))
    return best


def sendings(closing_s: Floats, latest_s: Floats, never: set[int]) -> Iterator[dict[int, int]]:
    """Every choice of a node, or of staying, for each unit; no two at one node."""
    choices = [
        [None, *(node for node in range(len(latest_s))
                 if node not in never and np.isfinite(row[node]) and row[node] <= latest_s[node])]
        for row in closing_s
    ]  # fmt: skip
    for choice in itertools.product(*choices):
        sent = {unit: node for unit, node in enumerate(choice) if node is not None}
        if len(set(sent.values())) == len(sent):
            yield sent


def walks_out(
    graph: StreetGraph, origins: set[int], exits: set[int], closed: frozenset[int]
) -> bool:
    """Whether some exit is reached past closed nodes, by the plainest search there is."""
    seen, grew = set(origins), True
    while grew:
        ahead = {int(h) for t, h in zip(graph.tail, graph.head, strict=True) if int(t) in seen}
        grew = not ahead - closed <= seen
        seen |= ahead - closed
    return bool(seen & exits)


@st.composite
def cities(draw: st.DrawFn) -> dict[str, object]:
    """One-ways and separate parts included; up to three units in up to three groups."""
    count = draw(st.integers(3, 8))
    node, seconds = st.integers(0, count - 1), st.integers(1, 9)
    arcs = draw(st.dictionaries(st.tuples(node, node), seconds, min_size=2, max_size=20))
    roads = [(t, h, s) for (t, h), s in arcs.items() if t != h]
    two_way = draw(st.booleans())
    if two_way:
        roads = list({(min(t, h), max(t, h)): (t, h, s) for t, h, s in roads}.values())
    graph = streets(count, *roads, oneway=not two_way)
    places = draw(st.lists(node, min_size=1, max_size=3))
    capacity = np.ones(len(places), int)
    if len(places) < 3:
        capacity[0] = draw(st.integers(0, 4 - len(places)))
    return {
        "graph": graph,
        "origins": np.array(draw(st.lists(node, min_size=1, max_size=2))),
        "exits": np.array(draw(st.lists(node, min_size=0, max_size=3)), dtype=int),
        "arrival_s": driven(graph, *places) + draw(st.integers(0, 2)),
        "capacity": capacity,
        "evader": Evader(
            factor=draw(st.sampled_from([0.25, 0.5, 1.0, 2.0])),
            head_start_s=float(draw(st.integers(0, 2))),
            report_delay_s=float(draw(st.integers(0, 3))),
            margin_s=float(draw(st.integers(0, 1))),
        ),
    }
