"""The cheapest posts that cut every route through a ring in both directions.

Where one-way roads make the two directions differ, this is a double cut, which is hard (Garg,
Vazirani and Yannakakis 1994, doi:10.1007/3-540-58201-0_92, for several pairs of ends). The dearer
direction alone is a lower bound; cutting all roads as if they were two-way, or one direction after
the other, gives posts. Where these meet, nothing is left to do; else a program decides, in which
every junction has a level for each direction: 1 on the side where routes begin, 0 where they end,
and only a post lets it fall.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.one_way_seal import OneWaySeal, ProvingRoutes, seal_one_way
from optimizer.checkpoints.passages import SINK, SOURCE, Passages, passages_of
from optimizer.checkpoints.posts import Posts
from optimizer.checkpoints.site_order import NO_SITE
from optimizer.checkpoints.strands import OneWay, RingStreets, Strands, strands_of
from optimizer.errors import InfeasibleError
from optimizer.solvers import Backend, HighsBackend, Status

Longs = NDArray[np.int64]
Progress = Callable[[str], None]
BOTH: tuple[OneWay, OneWay] = ("out", "in")
ROUNDING = 1e-6


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class TwoWaySeal:
    """Posts that cut both directions.

    Parameters
    ----------
    amount
        What the posts cost.
    bound
        What every such set costs at least.
    proof
        Routes in the direction through which more can go; ``direction`` says which.
    """

    posts: Posts
    amount: int
    bound: int
    proof: ProvingRoutes
    direction: OneWay


def seal_both_ways(
    streets: RingStreets,
    *,
    time_limit_s: float,
    progress: Progress | None = None,
    backend: Callable[[], Backend] = HighsBackend,
) -> TwoWaySeal:
    """Find the cheapest posts, or the best within the time and how far they may be off."""
    strands = strands_of(streets)
    seals = {way: seal_one_way(strands, streets.order, way) for way in BOTH}
    dearer = max(BOTH, key=lambda way: seals[way].amount)
    bound = seals[dearer].amount
    posts = _good_posts(streets, seals)
    amount = _amount(streets, posts)
    if amount > bound:
        if progress is not None:
            unit = streets.order.unit
            progress(f"both directions cost between {bound * unit:g} and {amount * unit:g}")
        better, bound = _search(streets, strands, (bound, amount), time_limit_s, backend())
        posts = posts if better is None else better
    return TwoWaySeal(posts, _amount(streets, posts), bound, seals[dearer].proof, dearer)


def _amount(streets: RingStreets, posts: Posts) -> int:
    order = streets.order
    return int(order.amount[order.sites_of(posts)].sum())


def _good_posts(streets: RingStreets, seals: dict[OneWay, OneWaySeal]) -> Posts:
    """Choose the cheapest of a few sets that cut both directions; the earliest of equals."""
    found = []
    with contextlib.suppress(InfeasibleError):
        every_way = strands_of(streets, two_way=True)
        found.append(seal_one_way(every_way, streets.order, "out").posts)
    for first, second in (BOTH, BOTH[::-1]):
        posts = seals[first].posts
        rest = seal_one_way(strands_of(streets.past(posts)), streets.order, second).posts
        found.append(posts.joined(rest))
    return min(found, key=lambda posts: _amount(streets, posts))


def _search(
    streets: RingStreets,
    strands: Strands,
    limits: tuple[int, int],
    time_limit_s: float,
    backend: Backend,
) -> tuple[Posts | None, int]:
    """Search for posts that cost less than the upper limit, no less than the lower.

    Returns
    -------
    The best found, and what every set costs at least.
    """
    order = streets.order
    ways = [passages_of(strands, order, way) for way in BOTH]
    sites = np.unique(np.concatenate([way.site for way in ways]))
    sites = sites[sites != NO_SITE]
    post = {site: backend.binary(f"post{site}") for site in sites.tolist()}
    for way in ways:
        _require_cut(backend, way, post)
    least, most = limits
    cost = backend.weighted_sum(list(post.values()), order.amount[sites].tolist())
    backend.require(cost >= least)
    backend.require(cost <= most - 1)
    backend.minimize(cost)
    outcome = backend.solve(gap=0.0, time_limit_s=time_limit_s, seed=0)
    if outcome.status is Status.INFEASIBLE:
        return None, most
    proven = least if outcome.bound is None else math.ceil(outcome.bound - ROUNDING)
    bound = min(max(least, proven), most)
    if not outcome.values:
        return None, bound
    chosen = np.array([site for site in post if outcome.values[f"post{site}"] > 0.5], np.int64)
    return order.posts_at(chosen), bound


def _require_cut(backend: Backend, passages: Passages, post: dict[int, object]) -> None:
    """Require posts on every route of a direction, by levels that only fall where a post stands."""
    levels = [
        backend.binary(f"{passages.direction}{node}", implied=True)
        for node in range(passages.node_count)
    ]
    backend.require(levels[SOURCE] == 1)
    backend.require(levels[SINK] == 0)
    arcs = zip(passages.tail.tolist(), passages.head.tolist(), passages.site.tolist(), strict=True)
    for tail, head, site in arcs:
        fall = [levels[head]] if site == NO_SITE else [levels[head], post[site]]
        backend.require(backend.sum(fall) >= levels[tail])
