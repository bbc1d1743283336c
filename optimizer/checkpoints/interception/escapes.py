"""Escapes from where incidents happen to where fugitives leave, and what a set of posts stops."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.streets.posts import Posts
from optimizer.checkpoints.streets.shortest_routes import OPEN, ShortestRoutes, shortest_routes
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

TOLERANCES = (0.0, 0.25, 0.5, 1.0, math.inf)
"""Detours for which shares are reported."""
SLACK_S = 1e-6
"""A route this much longer than the tolerance still counts as within it: sums are rounded."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Escapes:
    """Where escapes start, how likely each is, and where they end; every array is read-only.

    A fugitive re-routes: he is intercepted at a detour tolerance tau only if *every* route to an
    exit that takes at most (1 + tau) times the quickest meets a post. Nothing here looks at fixed
    routes. From an origin without any way out nobody escapes: it counts as intercepted.

    Parameters
    ----------
    graph
        The streets without posts.
    origins
        Nodes where escapes start, shape (h,); a node may occur twice.
    weight
        How often, from 0 up, in any unit, shape (h,).
    exits
        Nodes where a fugitive has got away, shape (x,).

    Raises
    ------
    ValueError
        There is no origin or no exit, one does not exist, or weights are not numbers from 0 up
        with a sum above 0.
    """

    graph: StreetGraph
    origins: Ints
    weight: Floats
    exits: Ints
    backward: StreetGraph = dataclasses.field(init=False)
    free_s: Floats = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self._check()
        _set(self, "origins", np.array(self.origins, dtype=np.int32))
        _set(self, "weight", np.array(self.weight, dtype=np.float64))
        _set(self, "exits", np.unique(np.asarray(self.exits, dtype=np.int32)))
        object.__setattr__(self, "backward", self.graph.reversed())
        _set(self, "free_s", self.left_s())

    def _check(self) -> None:
        faults = []
        for name in ("origins", "exits"):
            nodes = np.asarray(getattr(self, name))
            if not len(nodes):
                faults.append(f"there must be {name} of escapes")
            elif not (nodes.min() >= 0 and nodes.max() < self.graph.node_count):
                last = self.graph.node_count - 1
                faults.append(f"{name} of escapes must be nodes between 0 and {last}")
        weight = np.asarray(self.weight, dtype=np.float64)
        if len(weight) != len(self.origins):
            faults.append(f"{len(self.origins)} origins of escapes have {len(weight)} weights")
        if not (np.isfinite(weight).all() and (weight >= 0).all() and weight.sum() > 0):
            faults.append("weights of escapes must be numbers from 0 up, not all of them 0")
        if faults:
            raise ValueError("; ".join(faults))

    def __len__(self) -> int:
        return len(self.origins)

    @property
    def total_weight(self) -> float:
        """Sum of the weights."""
        return float(self.weight.sum())

    def limit_s(self, tau: float) -> Floats:
        """Longest route taken from each origin at a tolerance, seconds, shape (h,)."""
        if math.isinf(tau):
            return np.full(len(self), np.inf)
        return (1 + tau) * self.free_s + SLACK_S

    def ways_out(self, posts: Posts = OPEN, limit_s: float = math.inf) -> ShortestRoutes:
        """Search from the exits backwards past the posts: all quickest ways out at once."""
        return shortest_routes(self.backward, self.exits, posts=posts, limit_s=limit_s)

    def left_s(self, posts: Posts = OPEN, limit_s: float = math.inf) -> Floats:
        """Time the quickest way out of each origin past the posts, shape (h,); inf: none."""
        return self.ways_out(posts, limit_s).travel_s[self.origins]

    def intercepted(self, posts: Posts, tau: float) -> Mask:
        """Mark the origins of which no route within the tolerance gets past the posts."""
        return ~self.within(self.left_s(posts), tau)

    def within(self, left_s: Floats, tau: float) -> Mask:
        """Mark the origins whose quickest way out, shape (h,), is within the tolerance."""
        mask: Mask = np.isfinite(left_s) & (left_s <= self.limit_s(tau))
        return mask

    def shares(self, posts: Posts, tolerances: Sequence[float] = TOLERANCES) -> dict[float, float]:
        """Share of the weight that is intercepted at each detour tolerance."""
        left_s = self.left_s(posts)
        return {
            tau: float(self.weight[~self.within(left_s, tau)].sum()) / self.total_weight
            for tau in tolerances
        }

    def leak(self, posts: Posts = OPEN) -> Ints | None:
        """Find the quickest route from any origin to an exit past the posts.

        Returns
        -------
        Its nodes, the origin first; None where no route gets past.
        """
        ways = self.ways_out(posts)
        nearest = int(np.argmin(ways.travel_s[self.origins]))
        origin = int(self.origins[nearest])
        if not np.isfinite(ways.travel_s[origin]):
            return None
        return np.array(ways.nodes_to(origin)[::-1], dtype=np.int32)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SitesPassed:
    """The sites that each of several routes passes, one list after the other.

    Sites are numbered through: junction v is v, road e is n + e.

    Parameters
    ----------
    indptr
        Where the list of each route starts, shape (k + 1,).
    sites
        Site numbers.
    seconds
        Length of each route, shape (k,).
    """

    indptr: Longs
    sites: Longs
    seconds: Floats

    def route(self, index: int) -> Longs:
        """List the sites of one route."""
        return self.sites[self.indptr[index] : self.indptr[index + 1]]

    def sums(self, value: Floats) -> Floats:
        """Add up a value of sites, shape (n + r,), over each route, shape (k,)."""
        running = np.concatenate([[0.0], np.cumsum(value[self.sites])])
        return np.asarray(running[self.indptr[1:]] - running[self.indptr[:-1]])

    def traffic(self, weight: Floats, site_count: int) -> Floats:
        """Add up the weights of the routes, shape (k,), at each site that they pass, (n + r,)."""
        at = np.repeat(weight, np.diff(self.indptr))
        return np.bincount(self.sites, weights=at, minlength=site_count).astype(np.float64)


def sites_passed(escapes: Escapes, ways: ShortestRoutes, origins: Ints) -> SitesPassed:
    """List what the ways out of some nodes pass; ``ways`` may be by other costs than time.

    Parameters
    ----------
    origins
        Nodes that have a way out, shape (k,).
    """
    backward = escapes.backward
    indptr, sites, seconds = _trace(
        origins, ways.previous, backward.tail, backward.road, backward.travel_s,
        backward.node_count,
    )  # fmt: skip
    return SitesPassed(indptr, sites, seconds)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _trace(
    origins: Ints, previous: Ints, tail: Ints, road: Ints, travel: Floats, node_count: int
) -> tuple[Longs, Longs, Floats]:
    indptr = np.zeros(len(origins) + 1, np.int64)
    for index in range(len(origins)):
        node, size = origins[index], 1
        while previous[node] >= 0:
            node = tail[previous[node]]
            size += 2
        indptr[index + 1] = indptr[index] + size
    sites = np.empty(indptr[-1], np.int64)
    seconds = np.zeros(len(origins))
    for index in range(len(origins)):
        node, place = origins[index], indptr[index]
        sites[place] = node
        while previous[node] >= 0:
            arc = previous[node]
            node = tail[arc]
            sites[place + 1], sites[place + 2] = node_count + road[arc], node
            place += 2
            seconds[index] += travel[arc]
    return indptr, sites, seconds


def _set(escapes: Escapes, name: str, array: NDArray[np.generic]) -> None:
    array.setflags(write=False)
    object.__setattr__(escapes, name, array)
