"""Score a given set of posts: what gets past, what is missing, what must not be lost."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.interception.escapes import TOLERANCES, Escapes
from optimizer.checkpoints.interception.parametric_cut import ParametricCut
from optimizer.checkpoints.interception.post_choice import post_choice
from optimizer.checkpoints.streets.posts import Posts, PostSites
from optimizer.checkpoints.streets.shortest_routes import OPEN, reached, shortest_routes
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PostScore:
    """What a set of posts is worth against fugitives who know it.

    Parameters
    ----------
    posts
        The posts that are scored.
    sealed
        Whether every route from every origin to every exit meets a post.
    shares
        Share of the weight intercepted, at each detour tolerance.
    leak
        Nodes of the quickest route that meets no post; None if sealed.
    leak_s
        Its length, seconds; inf if sealed.
    missing
        The fewest further posts that would seal; none if sealed; None if the allowed sites cannot.
    critical
        Posts whose loss alone opens a sealed set; none if it is open anyway.
    redundancy
        The fewest posts that a route meets: 0 if open; inf where no route leads out even without
        posts.
    """

    posts: Posts
    sealed: bool
    shares: Mapping[float, float]
    leak: Ints | None
    leak_s: float
    missing: Posts | None
    critical: Posts
    redundancy: float


def score_posts(
    escapes: Escapes,
    posts: Posts,
    sites: PostSites,
    *,
    tolerances: Sequence[float] = TOLERANCES,
) -> PostScore:
    """Score posts against escapes.

    Parameters
    ----------
    escapes
        From where to where, and how likely.
    posts
        The set to score.
    sites
        Where further posts may stand: a finite cost; each counts as one.
    tolerances
        Detour tolerances of the shares.

    Raises
    ------
    ValueError
        A post does not exist, or sites and graph differ in size.
    """
    check_posts(escapes.graph, posts)
    leak = escapes.leak(posts)
    return PostScore(
        posts=posts,
        sealed=leak is None,
        shares=escapes.shares(posts, tolerances),
        leak=leak,
        leak_s=float(escapes.left_s(posts).min()),
        missing=_missing(escapes, posts, sites),
        critical=OPEN if leak is not None else _critical(escapes, posts),
        redundancy=_redundancy(escapes, posts),
    )


def check_posts(graph: StreetGraph, posts: Posts) -> None:
    """Refuse posts that a graph does not have.

    Raises
    ------
    ValueError
        A junction or a road does not exist.
    """
    faults = [
        f"posts stand on {name} between 0 and {count - 1}, not {numbers.min()} to {numbers.max()}"
        for name, numbers, count in (
            ("junctions", posts.nodes, graph.node_count), ("roads", posts.roads, graph.road_count),
        )
        if len(numbers) and not (numbers[0] >= 0 and numbers[-1] < count)
    ]  # fmt: skip
    if faults:
        raise ValueError("; ".join(faults))


def _missing(escapes: Escapes, posts: Posts, sites: PostSites) -> Posts | None:
    choice = post_choice(escapes, dataclasses.replace(sites, must=OPEN), 0, math.inf, posts)
    if choice.most < choice.escapes.total_weight - 1e-9 * choice.escapes.total_weight:
        return None
    return choice.in_whole_graph(ParametricCut(choice).seal().sites.tolist())


def _critical(escapes: Escapes, posts: Posts) -> Posts:
    """Find the posts that can be reached from an origin, and from which an exit can be reached."""
    graph = escapes.graph
    closed, shut = posts.closed_nodes(graph), posts.closed_roads(graph)[graph.road]
    here = reached(graph, escapes.origins, posts=posts)
    there = reached(escapes.backward, escapes.exits, posts=posts)
    entered = here.copy()
    entered[graph.head[here[graph.tail] & ~shut]] = True
    entered[escapes.origins] = True
    left = there.copy()
    left[graph.tail[there[graph.head] & ~shut]] = True
    left[escapes.exits] = True
    between = shut & here[graph.tail] & there[graph.head]
    return Posts(np.flatnonzero(closed & entered & left).astype(np.int32), graph.road[between])


def _redundancy(escapes: Escapes, posts: Posts) -> float:
    """Count the posts on the route that meets fewest: a search with posts for seconds."""
    back = escapes.backward
    node_post = posts.closed_nodes(back).astype(np.float64)
    road_post = posts.closed_roads(back).astype(np.float64)
    met = node_post[back.head] + road_post[back.road]
    counted = StreetGraph(back.node_count, back.tail, back.head, met, back.road)
    found = shortest_routes(counted, escapes.exits, start_s=node_post[escapes.exits])
    return float(found.travel_s[escapes.origins].min())
