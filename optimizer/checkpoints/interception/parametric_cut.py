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

from optimizer.checkpoints.flows.min_cut import MinCut, min_cut
from optimizer.checkpoints.interception.post_choice import PostChoice

Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]

UNITS = 2**44
"""Whole units into which all weight is divided: capacities of the flow are whole numbers."""
ROUNDING = 1e-9
"""Share of the weight that is less than a corner of the envelope gains."""


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
    """One flow network, cut at many prices.

    Parameters
    ----------
    choice
        What it asks for is cut for good here, whatever its tolerance.

    Attributes
    ----------
    origins
        Those that some set of posts cuts off, and the standing posts do not, shape (k,).
    weight
        Theirs, shape (k,).
    """

    def __init__(self, choice: PostChoice) -> None:
        escapes, graph = choice.escapes, choice.escapes.graph
        n = self._n = graph.node_count
        keep = ~choice.standing.closed_roads(graph)[graph.road]
        tail, head, road = graph.tail[keep], graph.head[keep], graph.road[keep]
        stopped = escapes.intercepted(choice.standing, math.inf)
        everywhere = choice.posts(np.flatnonzero(choice.allowed))
        stoppable = escapes.intercepted(everywhere, math.inf)
        wanted = np.flatnonzero(~stopped & stoppable & (escapes.weight > 0))
        self.origins, self.weight = escapes.origins[wanted], escapes.weight[wanted]
        self._site = np.concatenate([np.arange(n), n + road])
        self._post = choice.allowed[self._site]
        self._shut = np.concatenate(
            [choice.standing.closed_nodes(graph), np.zeros(len(road), dtype=bool)]
        )
        nodes, exits = np.arange(n), escapes.exits
        self._tails = np.concatenate(
            [nodes, n + tail, np.full(len(wanted), 2 * n), n + exits], dtype=np.int32
        )
        self._heads = np.concatenate(
            [n + nodes, head, self.origins, np.full(len(exits), 2 * n + 1)], dtype=np.int32
        )

    def seal(self, kept: Mask | None = None) -> Corner:
        """Cut off, with the fewest posts, some of the origins, shape (k,); None: all of them."""
        wanted = np.ones(len(self.origins), dtype=bool) if kept is None else kept
        if not wanted.any():
            return Corner(np.empty(0, np.int64), 0.0)
        endless = len(self._site) + 1
        cut = self._cut(1, np.where(wanted, endless, 0), endless)
        return self._corner(cut, wanted)

    def facet(self, count: int, kept: Mask | None = None, lost: Mask | None = None) -> Facet | None:
        """Find the part of the envelope above a number of posts, and a bound from its price.

        Parameters
        ----------
        kept, lost
            Origins that must be cut off, and those that do not count, shape (k,); None: none.

        Returns
        -------
        None where so few posts do not cut off what they must.
        """
        none = np.zeros(len(self.origins), dtype=bool)
        kept, lost = none if kept is None else kept, none if lost is None else lost
        fewer, more = self.seal(kept), self.seal(~lost)
        if len(fewer.sites) > count:
            return None
        total = float(self.weight[~lost].sum())
        bound = total
        if count >= len(more.sites):
            return Facet(more, more, bound)
        while True:
            price = (more.weight - fewer.weight) / (len(more.sites) - len(fewer.sites))
            corner, least = self._priced(price, kept, lost)
            bound = min(bound, total - least + price * count)
            size = len(corner.sites)
            gain = (corner.weight - fewer.weight) - price * (size - len(fewer.sites))
            if gain <= ROUNDING * total or size in {len(fewer.sites), len(more.sites)}:
                return Facet(fewer, more, bound)
            if size <= count:
                fewer = corner
            else:
                more = corner

    def _priced(self, price: float, kept: Mask, lost: Mask) -> tuple[Corner, float]:
        """Cut at a price, and give a lower bound on price x posts + weight that is given up."""
        unit = float(self.weight.sum()) / UNITS
        endless = 4 * UNITS
        origin = np.where(lost, 0, np.floor(self.weight / unit)).astype(np.int64)
        origin[kept] = endless
        cut = self._cut(min(int(price / unit), endless), origin, endless)
        return self._corner(cut, ~lost), cut.value * unit

    def _cut(self, post: int, origin: Longs, endless: int) -> MinCut:
        capacity = np.full(len(self._tails), endless, dtype=np.int64)
        site = capacity[: len(self._site)]
        site[self._post] = post
        site[self._shut] = 0
        capacity[len(site) : len(site) + len(origin)] = origin
        source, sink = 2 * self._n, 2 * self._n + 1
        return min_cut(2 * self._n + 2, self._tails, self._heads, capacity, source, sink)

    def _corner(self, cut: MinCut, wanted: Mask) -> Corner:
        arcs = cut.arcs(self._tails, self._heads)
        posts = arcs[arcs < len(self._site)]
        sites = np.unique(self._site[posts[~self._shut[posts]]])
        return Corner(sites, float(self.weight[wanted & cut.source_side[self.origins]].sum()))
