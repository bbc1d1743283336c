"""The choice of a few posts among the sites that are allowed: the problem, as plain arrays."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.interception.escapes import SLACK_S, Escapes, sites_passed
from optimizer.checkpoints.streets.posts import Posts, PostSites
from optimizer.checkpoints.streets.shortest_routes import OPEN, ShortestRoutes, reached
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FAR = 4.0
"""Where every detour is taken, a way out this many times the quickest counts as nearly closed."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PostChoice:
    """Choose ``count`` sites so that they and the standing posts intercept the most weight.

    Sites are numbered through: junction v is v, road e is n + e. Only what lies on a way from an
    origin to the first exit on it is kept, in numbers of its own; ``nodes`` and ``roads`` lead
    back. A road beside a junction that may be chosen is no site: the junction stops all it stops.

    Parameters
    ----------
    escapes
        Who is to be intercepted, on the streets that matter; no origin occurs twice.
    nodes, roads
        Index of each node and road in the graph it is taken from, shapes (n,) and (r,).
    allowed
        Sites that may be chosen, shape (n + r,).
    standing
        Posts that stand in any case; they do not count.
    count
        How many more may be chosen.
    tau
        Detour tolerance; inf: any detour is taken.
    """

    escapes: Escapes
    nodes: Ints
    roads: Ints
    allowed: Mask
    standing: Posts
    count: int
    tau: float
    limit_s: Floats = dataclasses.field(init=False)
    contested: Mask = dataclasses.field(init=False)
    secured: float = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        escapes = self.escapes
        object.__setattr__(self, "limit_s", escapes.limit_s(self.tau))
        stopped = escapes.intercepted(self.standing, self.tau)
        stoppable = escapes.intercepted(self.posts(np.flatnonzero(self.allowed)), self.tau)
        object.__setattr__(self, "contested", ~stopped & stoppable & (escapes.weight > 0))
        object.__setattr__(self, "secured", float(escapes.weight[stopped].sum()))

    @property
    def most(self) -> float:
        """Weight that is intercepted if every allowed site has a post."""
        return self.secured + float(self.escapes.weight[self.contested].sum())

    def posts(self, sites: Iterable[int]) -> Posts:
        """Make posts of site numbers, and add those that stand in any case."""
        numbers = np.array(list(sites), dtype=np.int64)
        n = self.escapes.graph.node_count
        return Posts(
            np.concatenate([self.standing.nodes, numbers[numbers < n]]),
            np.concatenate([self.standing.roads, numbers[numbers >= n] - n]),
        )

    def in_whole_graph(self, sites: Iterable[int]) -> Posts:
        """Make posts of site numbers, without those that stand in any case, in the whole graph."""
        numbers = np.array(list(sites), dtype=np.int64)
        n = self.escapes.graph.node_count
        return Posts(self.nodes[numbers[numbers < n]], self.roads[numbers[numbers >= n] - n])

    def look(self, sites: Iterable[int]) -> Look:
        """Evaluate a set of sites by a search past them."""
        escapes = self.escapes
        ways = escapes.ways_out(self.posts(sites), float(self.limit_s.max()))
        left_s = ways.travel_s[escapes.origins]
        leaking = escapes.within(left_s, self.tau)
        lost = np.flatnonzero(leaking & self.contested).astype(np.int32)
        limit_s = self.limit_s if math.isfinite(self.tau) else FAR * escapes.free_s
        near = np.minimum(1.0, left_s[lost] / np.maximum(limit_s[lost], SLACK_S))
        weight = float(escapes.weight[~leaking].sum())
        return Look(weight, float(near @ escapes.weight[lost]), lost, ways)

    def traffic(self, look: Look) -> Floats:
        """Add up the weight of the quickest ways out past a set of sites, shape (n + r,)."""
        escapes = self.escapes
        passed = sites_passed(escapes, look.ways, escapes.origins[look.lost])
        return passed.traffic(escapes.weight[look.lost], len(self.allowed))


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a set of sites is worth, and by which ways the rest gets out.

    Parameters
    ----------
    weight
        Intercepted.
    delayed
        Weight of the contested origins that leak, each times the share of its tolerance that the
        quickest way out takes: the nearer, the better.
    lost
        Those origins (indices), shape (k,).
    ways
        The quickest ways out past the sites.
    """

    weight: float
    delayed: float
    lost: Ints
    ways: ShortestRoutes

    @property
    def value(self) -> tuple[float, float]:
        """Compare sets by this: the weight first."""
        return self.weight, self.delayed


def post_choice(
    escapes: Escapes, sites: PostSites, count: int, tau: float, fixed: Posts = OPEN
) -> PostChoice:
    """State the choice; posts that must stand, or are fixed, stand in any case.

    Raises
    ------
    ValueError
        The count or the tolerance is negative, or sites and graph differ in size.
    """
    graph = escapes.graph
    faults = []
    if count < 0:
        faults.append(f"the number of posts must be 0 or more, not {count}")
    if not tau >= 0:
        faults.append(f"the detour tolerance must be 0 or more, not {tau}")
    if (len(sites.node_cost), len(sites.road_cost)) != (graph.node_count, graph.road_count):
        faults.append("post sites must give a cost for every junction and road of the graph")
    if faults:
        raise ValueError("; ".join(faults))
    standing = sites.must.joined(fixed)
    kept, node_of, road_of = _what_matters(escapes)
    node_free = np.isfinite(sites.node_cost)
    node_free[standing.nodes] = False
    road_free = np.isfinite(sites.road_cost)
    road_free[standing.roads] = False
    served = node_free | standing.closed_nodes(graph)
    road_free[graph.road[served[graph.tail] | served[graph.head]]] = False
    here = Posts(
        np.flatnonzero(np.isin(node_of, standing.nodes)).astype(np.int32),
        np.flatnonzero(np.isin(road_of, standing.roads)).astype(np.int32),
    )
    allowed = np.concatenate([_worth_a_post(kept, node_free[node_of]), road_free[road_of]])
    return PostChoice(kept, node_of, road_of, allowed, here, count, float(tau))


def _what_matters(escapes: Escapes) -> tuple[Escapes, Ints, Ints]:
    """Keep what lies on a way from an origin to its first exit; merge origins that occur twice."""
    graph = escapes.graph
    left = np.zeros(graph.node_count, dtype=bool)
    left[escapes.exits] = True
    onward = _arcs(graph, ~left[graph.tail])
    near = reached(onward, escapes.origins) & reached(onward.reversed(), escapes.exits)
    near[escapes.origins] = True
    near[escapes.exits[:1]] = True
    nodes = np.flatnonzero(near).astype(np.int32)
    new = np.full(graph.node_count, -1, dtype=np.int32)
    new[nodes] = np.arange(len(nodes))
    inner = _arcs(onward, near[onward.tail] & near[onward.head])
    roads, road = np.unique(inner.road, return_inverse=True)
    kept = StreetGraph(len(nodes), new[inner.tail], new[inner.head], inner.travel_s,
                       road.astype(np.int32))  # fmt: skip
    origins, group = np.unique(escapes.origins, return_inverse=True)
    weight = np.bincount(group, weights=escapes.weight).astype(np.float64)
    exits = escapes.exits[near[escapes.exits]]
    return Escapes(kept, new[origins], weight, new[exits]), nodes, roads


def _worth_a_post(escapes: Escapes, free: Mask) -> Mask:
    """Drop junctions between two others of which one, at least, stops all that they stop."""
    graph, free = escapes.graph, free.copy()
    low, high = np.minimum(graph.tail, graph.head), np.maximum(graph.tail, graph.head)
    pairs = np.unique(np.column_stack([low, high])[low != high], axis=0)
    one, other = np.concatenate([pairs, pairs[:, ::-1]]).T
    legs = np.bincount(one, minlength=graph.node_count)
    through = (legs <= 2) & free
    through[escapes.origins] = through[escapes.exits] = False
    order = np.argsort(one, kind="stable")
    neighbours = np.split(other[order], np.cumsum(legs)[:-1])
    for node in np.flatnonzero(through):
        free[node] = legs[node] == 2 and not free[neighbours[node]].any()
    return free


def _arcs(graph: StreetGraph, keep: Mask) -> StreetGraph:
    return StreetGraph(graph.node_count, graph.tail[keep], graph.head[keep], graph.travel_s[keep],
                       graph.road[keep])  # fmt: skip
