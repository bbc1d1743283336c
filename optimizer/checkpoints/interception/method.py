"""The best few posts when the force is too short to seal: evasive flow interception.

Choose K posts that maximise the weight of the origins of which *every* route within a detour
tolerance meets a post (Marković, Ryzhov and Schonfeld 2015, doi:10.1016/j.trb.2015.05.014, for
trucks that avoid weighbridges). Where any detour is taken it is a minimum cut with a budget.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.interception.bound import RouteRows
from optimizer.checkpoints.interception.cut_tree import CutTree
from optimizer.checkpoints.interception.escapes import Escapes
from optimizer.checkpoints.interception.plans import improved_plan
from optimizer.checkpoints.interception.post_choice import PostChoice, post_choice
from optimizer.checkpoints.interception.verdicts import VerdictSearch
from optimizer.checkpoints.streets.posts import Posts, PostSites
from optimizer.checkpoints.streets.shortest_routes import OPEN
from optimizer.checkpoints.streets.street_graph import StreetGraph
from optimizer.errors import SolverError

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

CLOSED = 1e-6
"""A gap of at most this share of all weight counts as closed."""
CUTS = 500
"""Times that origins are split into those cut off and those given up, if any detour is taken."""
ROUNDS = 100
"""Rounds in which the relaxation learns routes before it is branched on."""
SEARCHES = 12
"""Searches of whole plans; between them the routes that get past are learned."""
NODES = 1000
"""Nodes of each such search."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Interception:
    """A plan of few posts, and what is proven of it.

    Parameters
    ----------
    posts
        The chosen posts, and those that stand in any case.
    chosen
        The chosen posts alone.
    tau
        Detour tolerance that was planned for; inf: any detour.
    total_weight
        Of all origins.
    intercepted_weight
        Of the origins of which every route within the tolerance meets a post.
    bound
        No plan with as many posts intercepts more.
    status
        "optimal" where the gap is closed, else "feasible".
    shares
        Share of the weight intercepted by the posts at several detour tolerances.
    leak
        Nodes of the quickest route past the posts, however long; None where there is none.
    """

    posts: Posts
    chosen: Posts
    tau: float
    total_weight: float
    intercepted_weight: float
    bound: float
    status: Literal["optimal", "feasible"]
    shares: Mapping[float, float]
    leak: Ints | None

    @property
    def share(self) -> float:
        """Share of the weight that is intercepted at the tolerance planned for."""
        return self.intercepted_weight / self.total_weight

    @property
    def gap(self) -> float:
        """What may be missing, as a share of all weight."""
        return max(0.0, self.bound - self.intercepted_weight) / self.total_weight


def intercept(  # noqa: PLR0913 (a problem and how long to think about it)
    graph: StreetGraph,
    origins: Ints,
    weight: Floats,
    exits: Ints,
    sites: PostSites,
    count: int,
    *,
    tau: float = math.inf,
    fixed: Posts = OPEN,
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> Interception:
    """Choose the posts that intercept the most weight, and bound what any choice can do.

    Work is limited by numbers of steps first, so that the same plan comes out on every machine
    that does them within the time limit.

    Parameters
    ----------
    origins, weight, exits
        As in ``Escapes``.
    sites
        Where posts may stand: a finite cost; every post counts as one, whatever it costs.
        ``must`` posts stand in any case and are not counted.
    count
        How many posts to choose, 0 or more.
    tau
        Detour tolerance, 0 or more; inf: any detour is taken.
    fixed
        Further posts that stand in any case and are not counted.

    Raises
    ------
    ValueError
        Something of the above is out of range.
    SolverError
        The posts do not do on the whole graph what they do on the part that matters.
    """
    until = time.monotonic() + time_limit_s
    escapes = Escapes(graph, origins, weight, exits)
    choice = post_choice(escapes, sites, count, tau, fixed)
    search = _Search(choice, until)
    if not search.closed:
        search.cut()
    if not search.closed and math.isfinite(tau):
        search.relax(seed)
    plan = choice.in_whole_graph(search.plan)
    return _result(escapes, sites.must.joined(fixed).joined(plan), plan, search)


class _Search:
    """The best plan and the best bound so far, of one choice of posts."""

    def __init__(self, choice: PostChoice, until: float) -> None:
        self.choice = choice
        self.until = until
        self.plan: tuple[int, ...] = ()
        self.weight = choice.secured
        self.bound = choice.most if choice.count else choice.secured
        self._starts: set[tuple[int, ...]] = set()

    @property
    def closed(self) -> bool:
        return self.bound - self.weight <= CLOSED * self.choice.escapes.total_weight

    def cut(self) -> None:
        """Start from the best plans against any detour; if any is taken, go on until proven."""
        tree = CutTree(self.choice)
        for corner in tree.corners:
            self._try(corner.sites.tolist())
        self._try([])
        if math.isinf(self.choice.tau) and not self.closed:
            enough = CLOSED * self.choice.escapes.total_weight
            tree.search(CUTS, self.until, enough)
            self.bound = min(self.bound, max(self.choice.secured + tree.bound, self.weight))
            self._try(tree.best.sites.tolist())

    def relax(self, seed: int) -> None:
        """Bound by the relaxation, and search whole plans among the sites that it opens."""
        rows = RouteRows(self.choice, seed)
        self._tighten(rows)
        self._split(rows)
        if self.closed:
            return
        half = (time.monotonic() + self.until) / 2
        among = rows.degree > 0
        for _ in range(SEARCHES):
            if self.closed or time.monotonic() > half:
                break
            among[list(self.plan)] = True
            found = rows.search(among, NODES, half)
            self._try(found)
            if not rows.learn(rows.degree, for_good=True):
                break
        if not self.closed:
            self._prove(rows)

    def _tighten(self, rows: RouteRows) -> None:
        rows.tighten(ROUNDS, self.until)
        self.bound = min(self.bound, rows.bound)

    def _split(self, rows: RouteRows) -> None:
        """Settle which origins are held; half of the time is for that."""
        slack = CLOSED * self.choice.escapes.total_weight / 2
        tree = VerdictSearch(rows, lambda: self.weight, self._try, slack)
        bound = tree.run(self.choice.count, (time.monotonic() + self.until) / 2)
        self.bound = max(self.weight, min(self.bound, bound))

    def _prove(self, rows: RouteRows) -> None:
        """Search whole plans among all sites but those whose price rules them out."""
        self._tighten(rows)
        for _ in range(SEARCHES):
            if self.closed or time.monotonic() > self.until:
                return
            found = rows.search(rows.promising(self.weight), NODES, self.until)
            self.bound = min(self.bound, max(rows.reached, self.weight))
            self._try(found)
            if not rows.learn(rows.degree, for_good=True):
                return

    def _try(self, start: Iterable[int]) -> None:
        key = tuple(sorted(start))
        if self.closed or key in self._starts:
            return
        self._starts.add(key)
        plan, look = improved_plan(self.choice, key, self.until)
        if look.weight > self.weight:
            self.plan, self.weight = plan, look.weight


def _result(escapes: Escapes, posts: Posts, chosen: Posts, search: _Search) -> Interception:
    tau, total = search.choice.tau, escapes.total_weight
    weight = float(escapes.weight[escapes.intercepted(posts, tau)].sum())
    if abs(weight - search.weight) > CLOSED * total:
        message = f"the plan intercepts a weight of {weight}, not {search.weight} as it was built"
        raise SolverError(message)
    if weight > search.bound + CLOSED * total:
        message = f"the plan intercepts a weight of {weight}, above its bound of {search.bound}"
        raise SolverError(message)
    return Interception(
        posts, chosen, tau, total, weight, max(search.bound, weight),
        "optimal" if search.closed else "feasible", escapes.shares(posts), escapes.leak(posts),
    )  # fmt: skip
