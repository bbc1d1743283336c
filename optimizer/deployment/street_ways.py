"""The quickest ways over the streets, junction by junction."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.roads import RoadNetwork

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

NO_TIME_MS = 1e-6
"""What an arc without any length takes, so that a sparse matrix does not lose it."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StreetWays:
    """Quickest ways between junctions of a road network, found when they are asked for."""

    network: RoadNetwork
    _graph: csr_array
    _keys: Longs
    _order: Longs
    _came_from: dict[int, Ints] = dataclasses.field(default_factory=dict)

    @classmethod
    def over(cls, network: RoadNetwork) -> StreetWays:
        """Lay the network out for searching."""
        n = network.node_count
        keys = network.tail.astype(np.int64) * n + network.head
        order = np.argsort(keys, kind="stable")
        times = np.maximum(network.travel_ms, NO_TIME_MS)
        graph = csr_array((times, (network.tail, network.head)), shape=(n, n))
        return cls(network, graph, keys[order], order)

    def way(self, origin: int, destination: int) -> tuple[int, ...]:
        """List the junctions of a quickest way, both ends included."""
        if origin not in self._came_from:
            _, came_from = dijkstra(self._graph, indices=origin, return_predecessors=True)
            self._came_from[origin] = came_from.astype(np.int32)
        came_from = self._came_from[origin]
        nodes = [destination]
        while nodes[-1] != origin:
            nodes.append(int(came_from[nodes[-1]]))
        return tuple(reversed(nodes))

    def forget(self) -> None:
        """Give back the memory of the ways found so far."""
        self._came_from.clear()

    def arcs(self, nodes: Sequence[int]) -> Longs:
        """Find the arcs of the network between neighbours on a way, shape (k - 1,).

        Raises
        ------
        ValueError
            Two neighbours are not joined by an arc.
        """
        path = np.asarray(nodes, dtype=np.int64)
        wanted = path[:-1] * self.network.node_count + path[1:]
        at = np.searchsorted(self._keys, wanted)
        known = at < len(self._keys)
        if not known.all() or (self._keys[at] != wanted).any():
            message = f"no arc joins two neighbours of the way {list(nodes)[:20]}"
            raise ValueError(message)
        return self._order[at]

    def seconds(self, nodes: Sequence[int]) -> NDArray[np.float64]:
        """Time each arc of a way, seconds, shape (k - 1,)."""
        times: NDArray[np.float64] = self.network.travel_ms[self.arcs(nodes)] / 1000
        return times

    def length_m(self, nodes: Sequence[int]) -> float:
        """Measure a way, metres."""
        return float(self.network.length_m[self.arcs(nodes)].sum())

    def line(self, nodes: Sequence[int]) -> shapely.LineString:
        """Draw a way along its streets; one junction alone is drawn as a line without length."""
        network, start = self.network, (self.network.x_m[nodes[0]], self.network.y_m[nodes[0]])
        places = [np.array([start])]
        for arc in self.arcs(nodes).tolist():
            piece = shapely.get_coordinates(network.lines[network.line[arc]])
            if np.hypot(*(piece[0] - places[-1][-1])) > np.hypot(*(piece[-1] - places[-1][-1])):
                piece = piece[::-1]
            places.append(piece[1:])
        drawn = np.concatenate(places)
        return shapely.LineString(drawn if len(drawn) > 1 else np.repeat(drawn, 2, axis=0))
