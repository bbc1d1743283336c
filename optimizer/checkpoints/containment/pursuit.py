"""A flight laid out: when the fugitive can be where, and which posts are in time for that."""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.containment.chains import NO_CHAINS, Chains
from optimizer.checkpoints.containment.crossing import Crossing, Escape, escape
from optimizer.checkpoints.containment.evader import Evader
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Pursuit:
    """What all incidents of one city share.

    Parameters
    ----------
    graph, exits, way_out
        The streets, the nodes at which a fugitive is away, and both joined.
    closing_s
        Seconds from the incident until a unit of each group has closed each node, shape (g, n).
    capacity
        Units of each group, shape (g,).
    evader
        The fugitive.
    """

    graph: StreetGraph
    exits: Ints
    way_out: Escape
    closing_s: Floats
    capacity: Longs
    evader: Evader

    @classmethod
    def of(
        cls,
        graph: StreetGraph,
        exits: NDArray[np.integer],
        arrival_s: Floats,
        capacity: NDArray[np.integer],
        evader: Evader,
    ) -> Pursuit:
        """Take what :func:`contain` takes.

        Raises
        ------
        ValueError
            The shapes of arrivals, groups and streets differ.
        """
        if np.shape(arrival_s) != (len(capacity), graph.node_count):
            message = "arrival_s needs a row for each group of units and a column for each node"
            raise ValueError(message)
        units = np.array(capacity, dtype=np.int64)
        closing_s = arrival_s + evader.report_delay_s
        closing_s[units <= 0] = np.inf
        leaving = np.unique(np.asarray(exits, dtype=np.int32))
        return cls(graph, leaving, escape(graph, leaving), closing_s, units, evader)

    def chase(self, origins: NDArray[np.integer]) -> Chase:
        """Lay out one incident."""
        evader_s = self.evader.earliest_s(self.graph, origins)
        latest_s = evader_s - self.evader.margin_s
        latest_s[origins] = -np.inf
        soonest_s = _soonest(self.closing_s, latest_s)
        found = self.way_out.crossing(origins, np.isfinite(soonest_s))
        if found is None:
            return Chase(evader_s, soonest_s, None, NO_CHAINS, np.empty((len(self.capacity), 0)))
        crossing, chains = found
        closing_s = self.closing_s[:, chains.node]
        closing_s[closing_s > latest_s[chains.node]] = np.inf
        return Chase(evader_s, soonest_s, crossing, chains, chains.earliest(closing_s))

    def post_of(self, chase: Chase, chain: int, group: int) -> int:
        """Choose where a group closes a chain: where it is soonest, if it is in time there."""
        nodes = chase.chains.nodes_of(chain)
        closing_s = self.closing_s[group, nodes]
        in_time = closing_s <= chase.evader_s[nodes] - self.evader.margin_s
        return int(nodes[np.argmin(np.where(in_time, closing_s, np.inf))])


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Chase:
    """One incident: when the fugitive can be where, and which posts are in time for that.

    Parameters
    ----------
    evader_s
        When the fugitive can be at each node at the soonest, shape (n,).
    soonest_s
        When a first unit closes each node, if in time, else inf, shape (n,).
    crossing
        Between origins and exits, with all sites that are closed in time; None: a way out meets
        none of them.
    chains
        What the nodes of the crossing are.
    timely_s
        When each group closes each of the s chains, if in time, else inf, shape (g, s).
    """

    evader_s: Floats
    soonest_s: Floats
    crossing: Crossing | None
    chains: Chains
    timely_s: Floats


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _soonest(closing_s: Floats, latest_s: Floats) -> Floats:
    """Find when the first group closes each node, if in time, else inf."""
    soonest = np.full(len(latest_s), np.inf)
    for group in range(len(closing_s)):
        for node in range(len(latest_s)):
            if closing_s[group, node] <= latest_s[node]:
                soonest[node] = min(soonest[node], closing_s[group, node])
    return soonest
