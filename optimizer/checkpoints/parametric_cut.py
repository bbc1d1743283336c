"""Posts against fugitives who take any detour: minimum cuts with a price on every post.

For a price q of a post, the set of origins worth cutting off maximises (weight - q x posts): a
project selection, one minimum cut (Picard 1976, doi:10.1287/mnsc.22.11.1268). The best values over
all q are the concave envelope of the weight that k posts can intercept: its corners are optimal
plans, and between two corners the line that joins them is a bound (Eisner and Severance 1976,
doi:10.1145/321978.321982).
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.max_flow import SimpleMaxFlow

from optimizer.checkpoints.post_choice import PostChoice
from optimizer.errors import SolverError

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

UNITS = 2**44
"""Whole units into which all weight is divided: capacities of the flow are whole numbers."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Corner:
    """A corner of the envelope: no plan with as many posts intercepts more.

    Parameters
    ----------
    sites
        Site numbers, shape (k,).
    weight
        Intercepted by them, beyond what is secured without.
    """

    sites: Longs
    weight: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """The part of the envelope above a number of posts.

    Parameters
    ----------
    fewer, more
        The corners at its ends; the same one where more posts are of no use.
    bound
        No plan with that number of posts intercepts more weight beyond what is secured.
    """

    fewer: Corner
    more: Corner
    bound: float


class ParametricCut:
    """One flow network, cut at many prices; only the capacities of its origins change.

    Parameters
    ----------
    choice
        Any tolerance: what it asks for is cut for good, whatever the detour.
    """

    def __init__(self, choice: PostChoice) -> None:
        escapes, graph = choice.escapes, choice.escapes.graph
        n = self._n = graph.node_count
        self._choice = choice
        closed_nodes = choice.standing.closed_nodes(graph)
        keep = ~choice.standing.closed_roads(graph)[graph.road]
        self._tail, self._head, self._road = graph.tail[keep], graph.head[keep], graph.road[keep]
        stopped = escapes.intercepted(choice.standing, math.inf)
        everywhere = choice.posts(np.flatnonzero(choice.allowed))
        stoppable = escapes.intercepted(everywhere, math.inf)
        wanted = np.flatnonzero(~stopped & stoppable & (escapes.weight > 0))
        self._origins, self._weight = escapes.origins[wanted], escapes.weight[wanted]
        self._total = float(self._weight.sum())
        self._site = np.concatenate([np.arange(n), n + self._road])
        self._endless = ~choice.allowed[self._site]
        self._shut = np.concatenate([closed_nodes, np.zeros(len(self._road), dtype=bool)])
        nodes, exits = np.arange(n), escapes.exits
        self._tails = np.concatenate(
            [nodes, n + self._tail, np.full(len(wanted), 2 * n), n + exits], dtype=np.int32
        )
        self._heads = np.concatenate(
            [n + nodes, self._head, self._origins, np.full(len(exits), 2 * n + 1)], dtype=np.int32
        )

    def facet(self, count: int) -> Facet:
        """Find the part of the envelope above a number of posts, and a bound from its price."""
        fewer, more = Corner(np.empty(0, np.int64), 0.0), self.seal()
        if count >= len(more.sites):
            return Facet(more, more, self._total)
        bound = self._total
        while True:
            price = (more.weight - fewer.weight) / (len(more.sites) - len(fewer.sites))
            corner, cut = self._cut(price)
            bound = min(bound, self._total - cut + price * count)
            gain = (corner.weight - fewer.weight) - price * (len(corner.sites) - len(fewer.sites))
            if gain <= 1e-9 * self._total or len(corner.sites) in {
                len(fewer.sites), len(more.sites),
            }:  # fmt: skip
                return Facet(fewer, more, bound)
            if len(corner.sites) <= count:
                fewer = corner
            else:
                more = corner

    def seal(self) -> Corner:
        """Cut off, with the fewest posts, every origin that can be cut off."""
        return self._cut(0.0)[0] if len(self._origins) else Corner(np.empty(0, np.int64), 0.0)

    def _cut(self, price: float) -> tuple[Corner, float]:
        """Cut at a price (0: at any price), and give a lower bound on price x posts + lost."""
        unit = (self._total if price else 1.0) / UNITS
        endless = 2 * UNITS if price else len(self._site) + 1
        post = min(int(price / unit), endless) if price else 1
        origin = np.floor(self._weight / unit).astype(np.int64) if price else endless
        capacity = np.full(len(self._tails), endless, dtype=np.int64)
        site = capacity[: len(self._site)]
        site[~self._endless] = post
        site[self._shut] = 0
        capacity[len(self._site) : len(self._site) + len(self._origins)] = origin
        flow = SimpleMaxFlow()
        flow.add_arcs_with_capacity(self._tails, self._heads, capacity)
        if flow.solve(2 * self._n, 2 * self._n + 1) != flow.OPTIMAL:
            message = "the minimum cut of the posts was not found"
            raise SolverError(message)
        inside = np.zeros(2 * self._n + 2, dtype=bool)
        inside[flow.get_source_side_min_cut()] = True
        cut = inside[self._tails] & ~inside[self._heads]
        chosen = cut[: len(self._site)] & ~self._shut
        sites = np.unique(self._site[chosen])
        weight = float(self._weight[inside[self._origins]].sum())
        return Corner(sites, weight), flow.optimal_flow() * unit
