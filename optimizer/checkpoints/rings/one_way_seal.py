"""The cheapest posts that cut every route through a ring in one direction, with their proof."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.flows.disjoint_routes import MOST, disjoint_routes
from optimizer.checkpoints.flows.min_cut import min_cut
from optimizer.checkpoints.rings.passages import SINK, SOURCE, Passages, passages_of
from optimizer.checkpoints.rings.site_order import NO_SITE, SiteOrder
from optimizer.checkpoints.rings.strands import OneWay, Strands
from optimizer.checkpoints.streets.posts import Posts
from optimizer.errors import InfeasibleError, SolverError

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ProvingRoutes:
    """Routes through a ring that no cheaper posts could all stop.

    Parameters
    ----------
    nodes, roads
        Nodes of each route in order of travel, and the roads between them.
    amount
        What goes along each; the posts at a site must cost what goes by there, or more.
    """

    nodes: tuple[Ints, ...]
    roads: tuple[Ints, ...]
    amount: Longs

    @property
    def value(self) -> int:
        """Sum of the amounts."""
        return int(self.amount.sum())


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class OneWaySeal:
    """Posts that cut every route in one direction, and as much that goes along routes."""

    posts: Posts
    proof: ProvingRoutes

    @property
    def amount(self) -> int:
        """What the posts cost, which is what goes along the routes."""
        return self.proof.value


def seal_one_way(strands: Strands, order: SiteOrder, direction: OneWay) -> OneWaySeal:
    """Find the cheapest posts, and routes that prove it.

    Of several cheapest sets, the one nearest to the units, then to the inside of the ring.

    Raises
    ------
    InfeasibleError
        Some route meets no site.
    SolverError
        The two algorithms, one for the posts and one for the routes, differ.
    """
    passages = passages_of(strands, order, direction)
    proof = _proving_routes(strands, passages, order)
    if proof.value >= MOST:
        message = "no posts cut every route through the ring: some route meets no site"
        raise InfeasibleError(message)
    weight, one = order.combined(proof.value)
    capacity = _capacities(passages, weight, (proof.value + 1) * one)
    cut = min_cut(passages.node_count, passages.tail, passages.head, capacity, SOURCE, SINK)
    sites = np.unique(passages.site[cut.arcs(passages.tail, passages.head)])
    if cut.value // one != proof.value or order.amount[sites].sum() != proof.value:
        raise SolverError(
            f"posts of {cut.value // one * order.unit:g} would cut what routes of "
            f"{proof.value * order.unit:g} go through; please report it"
        )
    return OneWaySeal(order.posts_at(sites), proof)


def _proving_routes(strands: Strands, passages: Passages, order: SiteOrder) -> ProvingRoutes:
    """Send as much as possible through the ring, and follow it along the streets."""
    routes = disjoint_routes(
        passages.node_count, passages.tail, passages.head,
        _capacities(passages, order.amount, MOST), SOURCE, SINK,
    )  # fmt: skip
    followed = [
        strands.nodes_along(*passages.strands_along(routes.arcs_of(route)))
        for route in range(len(routes))
    ]
    return ProvingRoutes(
        nodes=tuple(nodes for nodes, _ in followed),
        roads=tuple(roads for _, roads in followed),
        amount=routes.amount,
    )


def _capacities(passages: Passages, amount: Longs, most: int) -> Longs:
    """Let no more along an arc than its best site costs; ``most`` where it has none."""
    free = passages.site == NO_SITE
    return np.where(free, most, amount[np.where(free, 0, passages.site)])
