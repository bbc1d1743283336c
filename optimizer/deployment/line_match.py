"""Finds the roads that a drawn line follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.deployment.street_ways import StreetWays
from optimizer.roads import RoadNetwork

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

NEAR_M = 30.0
"""A road this near to the drawn line is meant by it."""
STEP_M = 50.0
"""How far the places lie apart at which the line is compared with the roads."""
AROUND_M = 300.0
OFF_LINE = 10.0
"""A metre of road away from the line counts as so many on it, and so does a metre between a place
of the line and its junction."""
MOST_ENDS = 6
LEAST_ALONG = 0.8
"""Share of a drawn line that its roads must follow."""
MOST_OFF = 0.2
"""Share of its roads, the first and the last left aside, that may lie elsewhere."""


class LineMatcher:
    """Finds the way over the roads that a drawn line means.

    The line is looked at every 50 m. Each place may stand for any junction at the end of a road
    nearby; the junctions are chosen together so that the ways between them add up to least,
    where roads off the line, and distances from it, count tenfold (a shortest path through
    the places, as in Newson & Krumm 2009, doi:10.1145/1653771.1653818).
    """

    def __init__(self, ways: StreetWays) -> None:
        self._ways = ways
        self._tree = shapely.STRtree(ways.network.lines)

    def match(self, line: shapely.LineString) -> tuple[int, ...]:
        """List the junctions along a drawn line, in its direction.

        Returns
        -------
        At least two junctions; none where no roads can be driven along the line this way.
        """
        local = self._around(line)
        if local is None:
            return ()
        steps = [shapely.line_interpolate_point(line, at) for at in _every(line.length)]
        ends = [end for step in steps if (end := local.ends(step, self._tree)) is not None]
        nodes = local.way(ends)
        return nodes if len(nodes) > 1 and self._follows(nodes, line) else ()

    def _around(self, line: shapely.LineString) -> _Local | None:
        network = self._ways.network
        near = np.zeros(len(network.lines), dtype=bool)
        near[self._tree.query(shapely.box(*line.buffer(AROUND_M).bounds))] = True
        arcs = np.flatnonzero(near[network.line])
        if len(arcs) == 0:
            return None
        on = _share_near(network.lines[network.line[arcs]], line)
        return _Local.of(network, arcs, network.length_m[arcs] * (on + OFF_LINE * (1 - on)))

    def _follows(self, nodes: Sequence[int], line: shapely.LineString) -> bool:
        roads = self._ways.line(nodes)
        along = shapely.intersection(line, roads.buffer(NEAR_M)).length
        inner = nodes[1:-1] if len(nodes) > 3 else nodes[:1]
        off = 0.0
        if len(inner) > 1:
            middle = self._ways.line(inner)
            off = 1 - float(_share_near(np.array([middle], dtype=object), line)[0])
        return along >= LEAST_ALONG * line.length and off <= MOST_OFF


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Local:
    """The roads around a line: junctions, and what driving each road counts."""

    network: RoadNetwork
    nodes: Longs
    graph: csr_array

    @classmethod
    def of(cls, network: RoadNetwork, arcs: Longs, cost: Floats) -> _Local:
        ends = np.concatenate([network.tail[arcs], network.head[arcs]])
        nodes, index = np.unique(ends, return_inverse=True)
        tail, head = index[: len(arcs)], index[len(arcs) :]
        graph = csr_array((np.maximum(cost, 1e-6), (tail, head)), shape=(len(nodes),) * 2)
        return cls(network, nodes, graph)

    def ends(self, place: shapely.Point, tree: shapely.STRtree) -> tuple[Longs, Floats] | None:
        """Find the junctions that a place may stand for, and what choosing each counts."""
        network = self.network
        lines = tree.query(place, predicate="dwithin", distance=NEAR_M)
        arcs = np.flatnonzero(np.isin(network.line, lines))
        if len(arcs) == 0:
            return None
        nodes = np.unique(np.concatenate([network.tail[arcs], network.head[arcs]]))
        far_m = np.hypot(network.x_m[nodes] - place.x, network.y_m[nodes] - place.y)
        best = np.argsort(far_m, kind="stable")[:MOST_ENDS]
        return np.searchsorted(self.nodes, nodes[best]), OFF_LINE * far_m[best]

    def way(self, ends: Sequence[tuple[Longs, Floats]]) -> tuple[int, ...]:
        """Join one junction of each place to the next at least cost; none if there is no way."""
        if not ends:
            return ()
        cost, legs = ends[0][1], []
        for (here, _), (there, count) in pairwise(ends):
            step, came_from = dijkstra(self.graph, indices=here, return_predecessors=True)
            total = cost[:, None] + step[:, there]
            best = total.argmin(axis=0)
            legs.append((here, best, came_from))
            cost = total[best, np.arange(len(there))] + count
        if not np.isfinite(cost).any():
            return ()
        at = int(cost.argmin())
        trail = [int(ends[-1][0][at])]
        for here, best, came_from in reversed(legs):
            row = int(best[at])
            while trail[-1] != here[row]:
                trail.append(int(came_from[row, trail[-1]]))
            at = row
        return tuple(int(self.nodes[index]) for index in reversed(trail))


def _every(length_m: float) -> Floats:
    return np.linspace(0.0, length_m, max(2, round(length_m / STEP_M) + 1))


def _share_near(roads: NDArray[np.object_], line: shapely.LineString) -> Floats:
    """Share of each road that lies near the line."""
    length = np.maximum(shapely.length(roads), 1e-9)
    share: Floats = shapely.length(shapely.intersection(roads, line.buffer(NEAR_M))) / length
    return np.minimum(share, 1.0)
