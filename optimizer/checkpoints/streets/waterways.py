"""Roads and waters as one: what a fugitive moves on, and what the police's vehicles do."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from optimizer.checkpoints.streets.street_graph import StreetGraph, graph_of_arcs, street_graph
from optimizer.checkpoints.streets.units import Mode
from optimizer.roads import RoadNetwork, WholeNetwork

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

WATER, QUAY = "water", "quay"
"""Classes of the ways that are waters, and of those that join waters to roads."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Waters:
    """Waterways beside a road network, in the same plane.

    Parameters
    ----------
    network
        The waterways, at the speed of a fugitive's boat.
    quays
        Index of the junction and of the water node that each quay joins, shape (q, 2).
    quay_names
        Of each quay, q of them.
    landing_s
        Seconds that a fugitive needs to change between car and boat.
    police_factor
        Speed of police boats as a multiple of a fugitive's boat.
    """

    network: RoadNetwork
    quays: Ints
    quay_names: Sequence[str]
    landing_s: float
    police_factor: float = 1.0


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Roads, then waters, joined at quays into one graph; every array is read-only.

    Parameters
    ----------
    graph
        Everything that a fugitive moves on.
    graphs
        What each mode of the police moves on: graphs of the same nodes, but not of the same roads.
    node_ids, x_m, y_m
        Ids and places of the nodes, shape (n,).
    lines, names, classes
        Planar line, name and class of every road of ``graph``, shape (r,); waters and quays are of
        the classes ``WATER`` and ``QUAY``.
    junctions
        Number of nodes that are junctions of roads; nodes of the waters come after them.
    """

    graph: StreetGraph
    graphs: Mapping[Mode, StreetGraph]
    node_ids: Objects
    x_m: Floats
    y_m: Floats
    lines: Objects
    names: Objects
    classes: Objects
    junctions: int

    def __post_init__(self) -> None:
        for name in ("node_ids", "x_m", "y_m", "lines", "names", "classes"):
            frozen = getattr(self, name).copy()
            frozen.setflags(write=False)
            object.__setattr__(self, name, frozen)

    def road_ends(self) -> Ints:
        """Give the two nodes that each road joins, the lower index first, shape (r, 2)."""
        graph = self.graph
        ends = np.empty((graph.road_count, 2), np.int32)
        ends[graph.road, 0] = np.minimum(graph.tail, graph.head)
        ends[graph.road, 1] = np.maximum(graph.tail, graph.head)
        return ends

    def streets_at(self, nodes: Sequence[int] | NDArray[np.integer]) -> list[str]:
        """Name the streets that meet at each of some nodes, as in "Elm St / Main St", or ""."""
        wanted = np.zeros(self.graph.node_count, dtype=bool)
        wanted[np.asarray(nodes, dtype=np.int64)] = True
        met: dict[int, set[str]] = {}
        ends = self.road_ends()
        for column in (0, 1):
            for road in np.flatnonzero(wanted[ends[:, column]]).tolist():
                if self.names[road]:
                    met.setdefault(int(ends[road, column]), set()).add(self.names[road])
        return [" / ".join(sorted(met.get(int(node), ()))) for node in nodes]

    def route_line(self, nodes: Sequence[int] | NDArray[np.integer]) -> shapely.LineString:
        """Draw a route along the lines of its roads; a route of one node has no length."""
        legs = [self._leg(int(a), int(b)) for a, b in pairwise(nodes)]
        if not legs:
            place = (self.x_m[nodes[0]], self.y_m[nodes[0]])
            return shapely.LineString([place, place])
        return shapely.LineString(np.concatenate([legs[0], *(leg[1:] for leg in legs[1:])]))

    def _leg(self, tail: int, head: int) -> Floats:
        """Give the places along the road from one node to its neighbour, shape (k, 2)."""
        graph = self.graph
        arcs = slice(int(graph.indptr[tail]), int(graph.indptr[tail + 1]))
        road = graph.road[arcs][graph.head[arcs] == head][0]
        drawn: Floats = shapely.get_coordinates(self.lines[road])
        start = np.array([self.x_m[tail], self.y_m[tail]])
        begins_here = np.hypot(*(drawn[0] - start)) <= np.hypot(*(drawn[-1] - start))
        return drawn if begins_here else drawn[::-1]


def subdivided(network: WholeNetwork, most_m: float) -> RoadNetwork:
    """Cut long lines into equal pieces, so that there are nodes to land at and to stand on.

    Parameters
    ----------
    most_m
        Longest piece, metres.
    """
    x_m, y_m, ids = network.x_m.tolist(), network.y_m.tolist(), network.node_ids.tolist()
    chains: dict[int, list[int]] = {}
    first: dict[int, int] = {}
    lines: list[shapely.LineString] = []
    origin: list[int] = []
    for line in np.unique(network.line).tolist():
        start, end = network.line_ends[line].tolist()
        count = max(1, int(np.ceil(network.line_length_m[line] / most_m)))
        shares = np.linspace(0, 1, count + 1)
        cuts = shapely.line_interpolate_point(network.lines[line], shares[1:-1], normalized=True)
        chains[line] = [start, *range(len(ids), len(ids) + count - 1), end]
        first[line] = len(lines)
        ids += [f"{line}-{number}" for number in range(1, count)]
        x_m += shapely.get_x(cuts).tolist()
        y_m += shapely.get_y(cuts).tolist()
        lines += [substring(network.lines[line], *piece, normalized=True)
                  for piece in pairwise(shares.tolist())]  # fmt: skip
        origin += [line] * count
    rows = []
    for arc, line in enumerate(network.line.tolist()):
        steps = list(enumerate(pairwise(chains[line])))
        share = 1 / len(steps)
        ahead = chains[line][0] == network.tail[arc]
        rows += [
            (*(ends if ahead else ends[::-1]), first[line] + piece,
             share * network.travel_ms[arc], share * network.length_m[arc])
            for piece, ends in steps
        ]  # fmt: skip
    tail, head, piece, travel_ms, length_m = zip(*rows, strict=True)
    return RoadNetwork(
        node_ids=np.array(ids, dtype=object), x_m=np.array(x_m), y_m=np.array(y_m),
        tail=np.array(tail), head=np.array(head), travel_ms=np.array(travel_ms),
        length_m=np.array(length_m), line=np.array(piece),
        lines=np.array(lines, dtype=object), line_name=network.line_name[origin],
        line_class=network.line_class[origin], line_speed_kph=network.line_speed_kph[origin],
        crs=network.crs, report=network.report,
    )  # fmt: skip


def lay_ways(roads: RoadNetwork, waters: Waters | None = None) -> Ways:
    """Take the graphs out of the roads and, where there are any, the waters joined to them."""
    arcs = _Arcs.of(roads, roads.line_class)
    if waters is None:
        graph = street_graph(roads)
        return _ways(graph, {"car": graph}, arcs, [roads], roads.node_ids)
    n, wet = roads.node_count, waters.network
    total = n + wet.node_count
    on_water = _Arcs.of(wet, np.full(len(wet.lines), WATER, dtype=object)).shifted(n)
    landings = _landings(roads, waters)
    joined = arcs.with_more(on_water).with_more(landings)
    ids = np.array([f"{WATER}-{node_id}" for node_id in wet.node_ids], dtype=object)
    return _ways(
        joined.graph(total),
        {"car": arcs.graph(total), "boat": on_water.graph(total, waters.police_factor)},
        joined, [roads, wet], np.concatenate([roads.node_ids, ids]),
    )  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Arcs:
    """One-directional arcs with what is drawn and known of them, shape (a,)."""

    tail: Ints
    head: Ints
    travel_s: Floats
    line: Objects
    name: Objects
    road_class: Objects

    @classmethod
    def of(cls, network: RoadNetwork, line_class: Objects) -> _Arcs:
        line = network.line
        return cls(network.tail, network.head, network.travel_ms / 1000, network.lines[line],
                   network.line_name[line], line_class[line])  # fmt: skip

    def shifted(self, by: int) -> _Arcs:
        return dataclasses.replace(self, tail=self.tail + by, head=self.head + by)

    def with_more(self, more: _Arcs) -> _Arcs:
        return _Arcs(*(np.concatenate([getattr(self, field.name), getattr(more, field.name)])
                       for field in dataclasses.fields(self)))  # fmt: skip

    def graph(self, node_count: int, speed_factor: float = 1.0) -> StreetGraph:
        return graph_of_arcs(node_count, self.tail, self.head, self.travel_s / speed_factor)


def _landings(roads: RoadNetwork, waters: Waters) -> _Arcs:
    """Make the arcs of the quays, both ways."""
    quays, first = np.unique(waters.quays.reshape(-1, 2), axis=0, return_index=True)
    wet = waters.network
    ashore = np.column_stack([roads.x_m[quays[:, 0]], roads.y_m[quays[:, 0]]])
    afloat = np.column_stack([wet.x_m[quays[:, 1]], wet.y_m[quays[:, 1]]])
    lines = shapely.linestrings(np.stack([ashore, afloat], axis=1))
    names = np.array([waters.quay_names[at] for at in first], dtype=object)
    tail, head = quays[:, 0], quays[:, 1] + roads.node_count
    return _Arcs(
        tail=np.concatenate([tail, head]).astype(np.int32),
        head=np.concatenate([head, tail]).astype(np.int32),
        travel_s=np.full(2 * len(quays), waters.landing_s),
        line=np.concatenate([lines, lines]),
        name=np.concatenate([names, names]),
        road_class=np.full(2 * len(quays), QUAY, dtype=object),
    )


def _ways(
    graph: StreetGraph,
    graphs: Mapping[Mode, StreetGraph],
    arcs: _Arcs,
    networks: Sequence[RoadNetwork],
    node_ids: Objects,
) -> Ways:
    """Say what each road is: the first of its arcs decides."""
    low = np.minimum(arcs.tail, arcs.head).astype(np.int64)
    pair = low * graph.node_count + np.maximum(arcs.tail, arcs.head)
    _, first = np.unique(pair, return_index=True)
    return Ways(
        graph=graph,
        graphs=graphs,
        node_ids=node_ids,
        x_m=np.concatenate([network.x_m for network in networks]),
        y_m=np.concatenate([network.y_m for network in networks]),
        lines=arcs.line[first],
        names=arcs.name[first],
        classes=arcs.road_class[first],
        junctions=networks[0].node_count,
    )
