"""How soon a net of units closes around a fugitive: the smallest time, proven, or bounds on it."""

from __future__ import annotations

import dataclasses
import time
from bisect import bisect_left
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.containment.evader import Evader
from optimizer.checkpoints.containment.net_search import Answer, NetSearch
from optimizer.checkpoints.containment.pursuit import Chase, Pursuit
from optimizer.checkpoints.sealing.assignment import assign_units
from optimizer.checkpoints.streets.posts import Posts
from optimizer.checkpoints.streets.shortest_routes import OPEN, reached, shortest_routes
from optimizer.checkpoints.streets.street_graph import StreetGraph
from optimizer.errors import SolverError

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

WORKERS = 2
"""Incidents that are searched at a time."""
REPORTED_EVERY = 20


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Net:
    """The posts of a containment, each manned before the fugitive can be there.

    Arrays of shape (k,), read-only, in the order in which the posts close.

    Parameters
    ----------
    nodes
        Junctions with a post.
    group
        Group whose unit stands there; no group sends more units than it has.
    unit_arrival_s, evader_arrival_s
        When the unit has closed it, and when the fugitive can be there at the soonest, seconds
        after the incident.
    """

    nodes: Ints
    group: Ints
    unit_arrival_s: Floats
    evader_arrival_s: Floats

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            getattr(self, field.name).setflags(write=False)

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def margin_s(self) -> Floats:
        """Seconds that each unit is ahead of the fugitive, shape (k,)."""
        margin: Floats = self.evader_arrival_s - self.unit_arrival_s
        return margin


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Containment:
    """Whether and how soon a net closes.

    Parameters
    ----------
    origins
        Nodes where escapes start.
    contained
        Whether a net is known that closes.
    latest_s
        Seconds after the incident when its last post is manned; inf where there is no net.
    bound_s
        No net closes before this; inf: none ever does.
    status
        "optimal": ``latest_s`` equals ``bound_s``, so no net closes sooner, or none at all.
        "feasible": there is a net, and the best lies between the two. "open": no net was found, nor
        was it proven that there is none.
    net
        A net that closes at ``latest_s``, with as few posts as was found; None where there is none.
    fewest
        Whether it is proven that no net by then has fewer posts.
    leak
        Nodes of the quickest way out: past every site that any unit mans in time, if there is one;
        else (too few units) of all. None where contained.
    leak_s
        When the fugitive is out on it; inf where contained.
    """

    origins: Ints
    contained: bool
    latest_s: float
    bound_s: float
    status: Literal["optimal", "feasible", "open"]
    net: Net | None
    fewest: bool = False
    leak: Ints | None = None
    leak_s: float = np.inf


def contain(
    graph: StreetGraph,
    origins: NDArray[np.integer],
    exits: NDArray[np.integer],
    arrival_s: Floats,
    capacity: NDArray[np.integer],
    evader: Evader,
    *,
    time_limit_s: float = 3.0,
) -> Containment:
    """Find the net that closes soonest around one incident.

    A post is in time if its unit has closed it before the fugitive can be there, by the streets as
    if no post stood yet. So the net holds against a fugitive who knows all posts.

    Parameters
    ----------
    origins
        Nodes where the escape starts, shape (k,); of several fugitives, who share one net and
        count by the first of them at each node.
    exits
        Nodes at which he is away; a post may stand at an exit too.
    arrival_s
        Seconds from the order until a unit of each group has closed each node, shape (g, n).
    capacity
        Units of each group, shape (g,).
    time_limit_s
        After this a net that is known is improved no further; bounds tell what is not yet proven.

    Raises
    ------
    SolverError
        The net does not survive re-evaluation.
    """
    pursuit = Pursuit.of(graph, exits, arrival_s, capacity, evader)
    return _contain(pursuit, np.array(origins, dtype=np.int32), time_limit_s)


def contain_each(
    graph: StreetGraph,
    origins: NDArray[np.integer],
    exits: NDArray[np.integer],
    arrival_s: Floats,
    capacity: NDArray[np.integer],
    evader: Evader,
    *,
    progress: Callable[[str], None] | None = None,
) -> tuple[Containment, ...]:
    """Contain incidents at several nodes, shape (h,), each by itself with all units, in order.

    See :func:`contain`; here a count of steps ends each search, so that the answers are the same
    on every machine, and no integer program is asked.
    """
    pursuit = Pursuit.of(graph, exits, arrival_s, capacity, evader)
    found: list[Containment] = []
    pool = ThreadPoolExecutor(WORKERS)
    try:
        jobs = [pool.submit(_contain, pursuit, np.array([origin], dtype=np.int32), None)
                for origin in origins]  # fmt: skip
        for job in jobs:
            found.append(job.result())
            if progress is not None and len(found) % REPORTED_EVERY == 0:
                progress(f"Contained {len(found)} of {len(origins)} incidents")
    finally:
        pool.shutdown(cancel_futures=True)
    return tuple(found)


def _contain(pursuit: Pursuit, origins: Ints, time_limit_s: float | None) -> Containment:
    run = pursuit.chase(origins)
    if run.crossing is None:
        closed = np.flatnonzero(np.isfinite(run.soonest_s)).astype(np.int32)
        return _escaped(pursuit, origins, Posts(closed, OPEN.roads), np.inf)
    deadline = None if time_limit_s is None else time.monotonic() + time_limit_s
    search = NetSearch(run.crossing, run.timely_s, pursuit.capacity, deadline)
    quickest = _Quickest(search, lambda chains: _net(pursuit, run, chains))
    net, bound_s = quickest.find()
    if net is None:
        return _escaped(pursuit, origins, OPEN, bound_s)
    latest_s = float(net.unit_arrival_s.max(initial=0.0))
    net, fewest = quickest.fewest(net, latest_s)
    _require_sound(pursuit, origins, net)
    return Containment(
        origins, True, latest_s, bound_s, "optimal" if bound_s == latest_s else "feasible",
        net, fewest,
    )  # fmt: skip


class _Quickest:
    """The search for the smallest time."""

    def __init__(self, search: NetSearch, man: Callable[[Ints], Net]) -> None:
        self._search = search
        self._man = man

    def find(self) -> tuple[Net | None, float]:
        """Find the net that closes soonest, and before when none closes."""
        search = self._search
        if (answer := search.answer(-np.inf)).chains is not None:
            return self._man(answer.chains), 0.0
        instants = search.instants
        if not search.enough_units(np.inf):
            return None, np.inf
        at = bisect_left(
            range(len(instants) - 1), True, key=lambda at: search.enough_units(float(instants[at]))
        )
        first = search.answer(instants[at])
        if first.chains is not None:
            return self._man(first.chains), float(instants[at])
        last = search.answer(np.inf)
        if last.chains is None:
            return None, np.inf if last.outcome == "no" else float(instants[at])
        return self._between(float(instants[at]), first, self._man(last.chains))

    def _between(self, first_s: float, first: Answer, net: Net) -> tuple[Net, float]:
        """Narrow down between a time without a net and the time of a net."""
        until_s = float(net.unit_arrival_s.max())
        times = np.append(first_s, self._search.arrivals_between(first_s, until_s))
        answers = {0: first}
        low, high = 1, len(times) - 1
        while low < high and not self._search.is_late:
            middle = (low + high) // 2
            answer = answers[middle] = self._search.answer(float(times[middle]))
            if answer.chains is None:
                low = middle + 1
                continue
            net = self._man(answer.chains)
            high = int(np.searchsorted(times, net.unit_arrival_s.max()))
        return net, float(times[self._first_possible(times, answers, high)])

    def _first_possible(self, times: Floats, answers: dict[int, Answer], high: int) -> int:
        """Find the first time, at most ``high``, before which it is proven that there is no net."""
        low = 1 + max((at for at, one in answers.items() if one.outcome == "no"), default=-1)
        unknown = (at for at, one in answers.items() if one.outcome == "unknown")
        high = max(low, min(unknown, default=high))
        while low < high and not self._search.is_late:
            middle = (low + high) // 2
            if self._search.answer(float(times[middle])).outcome == "no":
                low = middle + 1
            else:
                high = middle
        return low

    def fewest(self, net: Net, latest_s: float) -> tuple[Net, bool]:
        """Find a net by some time with the fewest posts, and tell whether that is proven."""
        while len(net):
            answer = self._search.answer(latest_s, len(net) - 1)
            if answer.chains is None:
                return net, answer.outcome == "no"
            net = self._man(answer.chains)
        return net, True


def _net(pursuit: Pursuit, run: Chase, chains: Ints) -> Net:
    """Man chains: the last as early as possible, then the least total."""
    group = np.repeat(np.arange(len(pursuit.capacity)), np.minimum(pursuit.capacity, len(chains)))
    plan = assign_units(run.timely_s[np.ix_(group, chains)])
    if not plan.closed.all():
        raise SolverError("A net was found that its units cannot man.")
    sent = group[plan.unit].astype(np.int32)
    nodes = np.array(
        [pursuit.post_of(run, chain, one) for chain, one in zip(chains, sent, strict=True)],
        dtype=np.int32,
    )
    order = np.lexsort((nodes, plan.arrival_s))
    return Net(nodes[order], sent[order], plan.arrival_s[order], run.evader_s[nodes[order]])


def _require_sound(pursuit: Pursuit, origins: Ints, net: Net) -> None:
    """Search for a way out past the net, and compare who is where first."""
    past = reached(pursuit.graph, origins, posts=Posts(net.nodes, OPEN.roads))
    sent = np.bincount(net.group, minlength=len(pursuit.capacity))
    in_time = net.unit_arrival_s <= net.evader_arrival_s - pursuit.evader.margin_s
    if past[pursuit.exits].any() or (sent > pursuit.capacity).any() or not in_time.all():
        raise SolverError("A net does not hold when it is searched for ways out again.")


def _escaped(pursuit: Pursuit, origins: Ints, posts: Posts, bound_s: float) -> Containment:
    """Name the quickest way out past some posts."""
    ways = shortest_routes(pursuit.graph, origins, posts=posts)
    out = int(pursuit.exits[np.argmin(ways.travel_s[pursuit.exits])])
    return Containment(
        origins, False, np.inf, bound_s, "optimal" if np.isinf(bound_s) else "open", None,
        leak=np.array(ways.nodes_to(out), dtype=np.int32),
        leak_s=float(pursuit.evader.arrival_s(ways.travel_s[[out]])[0]),
    )  # fmt: skip
