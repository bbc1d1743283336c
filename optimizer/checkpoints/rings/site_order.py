"""Which of two sites is better: the cheaper one, then the one nearer to a unit."""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.streets.posts import Posts, PostSites
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

NO_SITE = -1
MOST_DIGITS = 6
FARTHEST_S = 86_400


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SiteOrder:
    """Costs and ties of sites as whole numbers; the n nodes and then the r roads in one row.

    Parameters
    ----------
    amount
        Cost of a post in units of ``unit``, shape (n + r,); -1: no post may stand there.
    tie
        Whole seconds from the nearest unit, a day at most, shape (n + r,).
    unit
        What an amount of 1 costs.
    node_count
        Number of nodes n.
    """

    amount: Longs
    tie: Longs
    unit: float
    node_count: int

    def posts_at(self, sites: NDArray[np.integer]) -> Posts:
        """Make posts of sites."""
        at_node = sites < self.node_count
        return Posts(sites[at_node].astype(np.int32),
                     (sites[~at_node] - self.node_count).astype(np.int32))  # fmt: skip

    def sites_of(self, posts: Posts) -> Longs:
        """Find the sites of posts."""
        return np.concatenate([posts.nodes, posts.roads.astype(np.int64) + self.node_count])

    def everywhere(self) -> SiteOrder:
        """Let posts stand anywhere: one more where none may stand outweighs all that are allowed.

        Ties are dropped, as the numbers would become too large.
        """
        allowed = self.amount >= 0
        more = int(self.amount[allowed].sum()) + 1
        amount = np.where(allowed, self.amount, more)
        return dataclasses.replace(self, amount=amount, tie=np.zeros_like(self.tie))

    def combined(self, most: int) -> tuple[Longs, int]:
        """Weigh ties into the amounts so that, in any cut of that amount, no tie outweighs one.

        Returns
        -------
        The weights, shape (n + r,), and what an amount of 1 weighs.
        """
        least = int(self.amount[self.amount > 0].min(initial=most + 1))
        weight = (most // least) * int(self.tie.max(initial=0)) + 1
        return self.amount * weight + self.tie, weight


def site_order(graph: StreetGraph, sites: PostSites, unit_s: Floats | None) -> SiteOrder:
    """Put sites in order.

    Costs count to a millionth. A road is as near to a unit as the nearer of its ends.

    Parameters
    ----------
    unit_s
        Seconds from the nearest unit to each node, shape (n,); None: no matter.
    """
    cost = np.concatenate([sites.node_cost, sites.road_cost])
    allowed = np.isfinite(cost)
    costs = cost[allowed]
    scales = (10.0**digits for digits in range(MOST_DIGITS))
    scale = next((s for s in scales if _is_whole(costs * s)), 10.0**MOST_DIGITS)
    amount = np.full(len(cost), -1, dtype=np.int64)
    amount[allowed] = np.maximum(np.rint(costs * scale), 1)
    tie = np.zeros(len(cost), dtype=np.int64)
    if unit_s is not None:
        near = np.rint(np.clip(unit_s, 0, FARTHEST_S)).astype(np.int64)
        roads = tie[graph.node_count :]
        roads[:] = FARTHEST_S
        np.minimum.at(roads, graph.road, np.minimum(near[graph.tail], near[graph.head]))
        tie[: graph.node_count] = near
    return SiteOrder(amount, tie, 1 / scale, graph.node_count)


def _is_whole(numbers: Floats) -> bool:
    return bool((np.abs(numbers - np.rint(numbers)) <= 1e-9 * numbers).all())


@njit(cache=True)  # type: ignore[untyped-decorator]
def better_site(a: int, b: int, amount: Longs, tie: Longs) -> int:
    """Return the better of two sites, NO_SITE if neither is one; of equals the first in the row."""
    if a < 0 or amount[a] < 0:
        return b if b >= 0 and amount[b] >= 0 else NO_SITE
    if b < 0 or amount[b] < 0:
        return a
    if amount[a] != amount[b]:
        return a if amount[a] < amount[b] else b
    if tie[a] != tie[b]:
        return a if tie[a] < tie[b] else b
    return min(a, b)
