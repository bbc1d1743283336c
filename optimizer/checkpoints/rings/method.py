"""The fewest posts that cut every route through a ring, with the routes that prove it.

Between an inside and an outside, posts stand at junctions or on roads of the ring itself. A set of
posts is a cut, and as many routes that share no site prove that no fewer will do (Menger 1927,
doi:10.4064/fm-10-1-96-115). Cut and routes come from two algorithms, and both are checked on the
streets as they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.rings.one_way_seal import seal_one_way
from optimizer.checkpoints.rings.ring import Ring
from optimizer.checkpoints.rings.route_proof import check_routes
from optimizer.checkpoints.rings.site_order import site_order
from optimizer.checkpoints.rings.strands import OneWay, RingStreets, strands_of
from optimizer.checkpoints.rings.two_way_seal import BOTH, TwoWaySeal, seal_both_ways
from optimizer.checkpoints.settings import Direction
from optimizer.checkpoints.streets.posts import Posts, PostSites
from optimizer.checkpoints.streets.shortest_routes import shortest_routes
from optimizer.checkpoints.streets.street_graph import StreetGraph
from optimizer.errors import SolverError

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Progress = Callable[[str], None]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RingSeal:
    """Posts that seal a ring, and what proves that cheaper ones do not.

    Parameters
    ----------
    posts
        Those that must stand on the ring, and the cheapest that seal it together with them. Where
        the ring stays open, the most useful ones that may stand.
    cost
        What they cost.
    max_flow
        What goes through the ring past the posts that must stand: as many disjoint routes, where
        every post costs 1; inf if no posts that may stand stop it.
    routes
        Nodes of such routes in order of travel, from one side of the ring to the other; no two
        share a site, unless amounts allow it.
    amounts
        What goes along each route, shape (k,); they add up to ``max_flow``.
    status
        "optimal": no cheaper posts seal it. "feasible": sealed, but cheaper posts were not ruled
        out in time. "open": no posts that may stand seal it.
    bound
        What posts that seal it cost at least; inf where the ring stays open.
    direction
        Which routes are cut.
    leak
        The quickest route past all posts that may stand, where the ring stays open.
    needed
        The fewest further posts, where none may stand, that would seal it, where it stays open
        (with direction "both" and one-way roads: enough, and not proven fewest).
    """

    ring: Ring
    posts: Posts
    cost: float
    max_flow: float
    routes: tuple[Ints, ...]
    amounts: Floats
    status: Literal["optimal", "feasible", "open"]
    bound: float
    direction: Direction
    leak: Ints | None = None
    needed: Posts | None = None

    @property
    def sealed(self) -> bool:
        """Whether no route leads past the posts."""
        return self.status != "open"

    @property
    def gap(self) -> float | None:
        """How far the cost may lie above the least, as a share of it; None where it is open."""
        if not self.sealed:
            return None
        return (self.cost - self.bound) / self.cost if self.cost > self.bound else 0.0


def seal_ring(
    graph: StreetGraph,
    ring: Ring,
    sites: PostSites,
    *,
    direction: Direction = "out",
    unit_s: Floats | None = None,
    time_limit_s: float = 60.0,
    progress: Progress | None = None,
) -> RingSeal:
    """Find the cheapest posts that cut every route through a ring, and prove it.

    Posts stand at junctions of the ring, or on roads that touch it or run straight across. Those
    that must stand elsewhere do not help, and are not counted here. The answer is the same every
    time: of several cheapest sets, the one nearest to the units, then to the inside.

    Parameters
    ----------
    direction
        "out": nobody comes from the inside to the outside; "in"; or "both".
    unit_s
        Seconds from the nearest standing unit to each node, shape (n,); they decide between sets
        of equal cost (with "both": in the parts that it is put together from).
    time_limit_s
        For the program that "both" may need, and that very large rings go without; all else takes
        seconds.

    Raises
    ------
    ValueError
        Ring or sites are not those of this graph.
    SolverError
        The proof fails, which would be a fault of this package.
    """
    _check(graph, ring, sites, unit_s)
    allowed, must = _posts_on(graph, ring, sites)
    order = site_order(graph, sites, unit_s)
    streets = RingStreets(graph, ring.inside, ring.outside, order, must)
    manned = dataclasses.replace(streets, closed=allowed)
    leaking = [way for way in _ways(direction) if manned.leaks(way)]
    if leaking:
        return _left_open(streets, ring, sites, direction, _quickest(manned, leaking))
    if direction == "both":
        found = seal_both_ways(streets, time_limit_s=time_limit_s, progress=progress)
    else:
        seal = seal_one_way(strands_of(streets), streets.order, direction)
        found = TwoWaySeal(seal.posts, seal.amount, seal.amount, seal.proof, direction)
    check_routes(streets, found.proof, found.direction)
    _check_sealed(streets.past(found.posts), direction)
    standing = _cost(sites, must)
    return RingSeal(
        ring=ring,
        posts=must.joined(found.posts),
        cost=standing + _cost(sites, found.posts),
        max_flow=found.proof.value * order.unit,
        routes=found.proof.nodes,
        amounts=np.asarray(found.proof.amount * order.unit, dtype=np.float64),
        status="optimal" if found.bound >= found.amount else "feasible",
        bound=standing + found.bound * order.unit,
        direction=direction,
    )


def _left_open(
    streets: RingStreets, ring: Ring, sites: PostSites, direction: Direction, leak: Ints
) -> RingSeal:
    """Say where further posts would have to stand."""
    everywhere = streets.order.everywhere()
    strands = strands_of(
        dataclasses.replace(streets, order=everywhere), two_way=direction == "both"
    )  # fmt: skip
    way: OneWay = "out" if direction == "both" else direction
    posts = seal_one_way(strands, everywhere, way).posts
    _check_sealed(streets.past(posts), direction)
    chosen = streets.order.sites_of(posts)
    may = streets.order.amount[chosen] >= 0
    standing = streets.closed.joined(streets.order.posts_at(chosen[may]))
    return RingSeal(
        ring=ring, posts=standing, cost=_cost(sites, standing), max_flow=np.inf, routes=(),
        amounts=np.empty(0), status="open", bound=np.inf, direction=direction, leak=leak,
        needed=streets.order.posts_at(chosen[~may]),
    )  # fmt: skip


def _ways(direction: Direction) -> tuple[OneWay, ...]:
    return BOTH if direction == "both" else (direction,)


def _posts_on(graph: StreetGraph, ring: Ring, sites: PostSites) -> tuple[Posts, Posts]:
    """Man every site of a ring where a post may stand; and, second, where one must.

    Raises
    ------
    ValueError
        A post must stand where none may.
    """
    nodes, roads = ring.annulus, ring.roads(graph)
    must = Posts(sites.must.nodes[nodes[sites.must.nodes]],
                 sites.must.roads[roads[sites.must.roads]])  # fmt: skip
    if not np.isfinite(_cost(sites, must)):
        message = f"ring {ring.name}: a post must stand where none may"
        raise ValueError(message)
    nodes &= np.isfinite(sites.node_cost)
    roads &= np.isfinite(sites.road_cost)
    allowed = Posts(np.flatnonzero(nodes).astype(np.int32), np.flatnonzero(roads).astype(np.int32))
    return allowed, must


def _quickest(streets: RingStreets, ways: list[OneWay]) -> Ints:
    """Find the quickest route past the posts in any of some directions."""
    found: list[tuple[float, list[int]]] = []
    for way in ways:
        start, goal = streets.ends(way)
        routes = shortest_routes(streets.graph, np.flatnonzero(start), posts=streets.closed)
        nodes = np.flatnonzero(goal)
        last = int(nodes[routes.travel_s[nodes].argmin()])
        found.append((float(routes.travel_s[last]), routes.nodes_to(last)))
    return np.array(min(found)[1], dtype=np.int32)


def _cost(sites: PostSites, posts: Posts) -> float:
    return float(sites.node_cost[posts.nodes].sum() + sites.road_cost[posts.roads].sum())


def _check_sealed(streets: RingStreets, direction: Direction) -> None:
    """Make sure that a search past the posts finds no way."""
    if any(streets.leaks(way) for way in _ways(direction)):
        message = "the posts of a ring do not seal it; please report it"
        raise SolverError(message)


def _check(graph: StreetGraph, ring: Ring, sites: PostSites, unit_s: Floats | None) -> None:
    n, r = graph.node_count, graph.road_count
    lengths = (len(ring.inside), len(sites.node_cost), n if unit_s is None else len(unit_s))
    if set(lengths) != {n} or len(sites.road_cost) != r:
        message = f"ring {ring.name}: ring, sites and unit_s must have {n} nodes and {r} roads"
        raise ValueError(message)
