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
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.rings.one_way_seal import OneWaySeal, ProvingRoutes, seal_one_way
from optimizer.checkpoints.rings.site_order import NO_SITE, SiteOrder
from optimizer.checkpoints.rings.strands import (
    INSIDE,
    OUTSIDE,
    OneWay,
    RingStreets,
    Strands,
    strands_of,
)
from optimizer.checkpoints.streets.posts import Posts
from optimizer.errors import InfeasibleError
from optimizer.solvers import Backend, HighsBackend

Longs = NDArray[np.int64]
Progress = Callable[[str], None]
BOTH: tuple[OneWay, OneWay] = ("out", "in")
ROUNDING = 1e-6
MOST_STRANDS = 50_000
"""For more of them the program is not tried: to write it down takes too long."""


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
    until = time.perf_counter() + time_limit_s
    strands = strands_of(streets)
    seals = {way: seal_one_way(strands, streets.order, way) for way in BOTH}
    dearer = max(BOTH, key=lambda way: seals[way].amount)
    bound = seals[dearer].amount
    posts = _good_posts(streets, seals)
    amount = _amount(streets, posts)
    if amount > bound and progress is not None:
        unit = streets.order.unit
        progress(f"both directions cost between {bound * unit:g} and {amount * unit:g}")
    if amount > bound and len(strands.alive) <= MOST_STRANDS:
        found, proven = _search(strands, streets.order, until, backend())
        if found is not None and _amount(streets, found) < amount:
            posts, amount = found, _amount(streets, found)
        bound = max(bound, min(proven, amount))
    return TwoWaySeal(posts, amount, bound, seals[dearer].proof, dearer)


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
    strands: Strands, order: SiteOrder, until: float, backend: Backend
) -> tuple[Posts | None, int]:
    """Search for the cheapest posts.

    A junction counts once for whoever passes it, and a road only where it is cheaper than both of
    its ends: were a site counted twice along a route, half a post would do, and nothing be proven.

    Parameters
    ----------
    until
        When to stop, on the clock of ``time.perf_counter``.

    Returns
    -------
    The best found, and what every set costs at least.
    """
    never = np.iinfo(np.int64).max
    prices = np.where(order.amount >= 0, order.amount, never)
    ends, sites = strands.end[strands.alive], strands.site[strands.alive]
    price = np.where(ends >= 0, prices[np.maximum(ends, 0)], never).min(axis=1)
    own = (sites != NO_SITE) & (prices[np.maximum(sites, 0)] < price)
    nodes = np.unique(ends[ends >= 0])
    choice = np.unique(np.concatenate([nodes[order.amount[nodes] >= 0], sites[own]]))
    post = {site: backend.binary(f"post{site}") for site in choice.tolist()}
    opened = strands.open[strands.alive]
    for way in BOTH:
        level = {node: backend.binary(f"{way}{node}", implied=True) for node in nodes.tolist()}
        level |= {side: backend.binary(f"{way}{-side}side", implied=True)
                  for side in (INSIDE, OUTSIDE)}  # fmt: skip
        backend.require(level[INSIDE] == 1)
        backend.require(level[OUTSIDE] == 0)
        for side in (0, 1):
            used = np.flatnonzero(opened[:, side])
            start, stop = ends[used, side], ends[used, 1 - side]
            upper, lower = (start, stop) if way == "out" else (stop, start)
            road = np.where(own[used], sites[used], NO_SITE)
            for high, low, site in zip(upper.tolist(), lower.tolist(), road.tolist(), strict=True):
                if high != OUTSIDE and low != INSIDE:
                    fall = [post[at] for at in (low, site) if at in post]
                    backend.require(backend.sum([level[low], *fall]) >= level[high])
    backend.minimize(backend.weighted_sum(list(post.values()), order.amount[choice].tolist()))
    left_s = max(0.0, until - time.perf_counter())
    outcome = backend.solve(gap=0.0, time_limit_s=left_s, seed=0)
    bound = 0 if outcome.bound is None else math.ceil(outcome.bound * (1 - 1e-9) - ROUNDING)
    if not outcome.values:
        return None, bound
    chosen = np.array([site for site in post if outcome.values[f"post{site}"] > 0.5], np.int64)
    return order.posts_at(chosen), bound
