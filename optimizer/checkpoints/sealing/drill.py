"""The drill "close the city gates" as a time line: who drives where, when each post is closed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.sealing.assignment import Assignment, assign_units
from optimizer.checkpoints.sealing.hold_up import find_hold_up
from optimizer.checkpoints.streets.shortest_routes import shortest_routes
from optimizer.checkpoints.streets.shortest_times import shortest_times
from optimizer.checkpoints.streets.street_graph import StreetGraph
from optimizer.checkpoints.streets.units import Mode, Units

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Route = list[tuple[int, float]]

WORKERS = 2
"""Posts to which ways are searched at a time."""

DRILL_COLUMNS = (
    "order", "post_id", "name", "at", "status", "unit", "from", "mode",
    "depart_minutes", "arrive_minutes", "closed_minutes",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class DrillPost:
    """A post to be manned.

    Parameters
    ----------
    post_id, name
        What it is called; the name may be "".
    at
        At a junction, or on a road between two of them.
    nodes
        The junction, or both ends of the road: whoever is at either end can close the road.
    weight
        What closing it is worth where units are too few, from 0 up.
    """

    post_id: str
    name: str
    at: Literal["junction", "road"]
    nodes: tuple[int, ...]
    weight: float = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """One unit on its way to one post; seconds count from the report, when the order is given.

    Parameters
    ----------
    post
        Where it goes.
    unit
        Who goes: a row of the drill's units.
    depart_s, arrive_s, closed_s
        When it leaves, gets there, and has set up.
    nodes
        The junctions it drives through, from its own to the post.
    passed_s
        When it is at each of them; the first is ``depart_s``, the last ``arrive_s``.
    """

    post: DrillPost
    unit: int
    depart_s: float
    arrive_s: float
    closed_s: float
    nodes: tuple[int, ...]
    passed_s: tuple[float, ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Drill:
    """Who goes to which post and when it is closed.

    Parameters
    ----------
    posts
        All that were to be manned.
    units
        Every unit for itself; those in no move stay where they are.
    moves
        In the order in which the posts are closed.
    left_open
        Posts that some unit could reach, but that other posts took the units from.
    out_of_reach
        Posts that no unit can drive to.
    held_up, held_by
        Why the last post is not closed sooner: only the units of these groups (their ids) can close
        any of these posts before it, and they are one fewer than the posts. Empty unless all posts
        are closed.
    """

    posts: tuple[DrillPost, ...]
    units: Units
    moves: tuple[Move, ...]
    left_open: tuple[DrillPost, ...]
    out_of_reach: tuple[DrillPost, ...]
    held_up: tuple[DrillPost, ...] = ()
    held_by: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Tell whether every post is manned in the end."""
        return len(self.moves) == len(self.posts)

    @property
    def latest_s(self) -> float | None:
        """When the last post that can be manned is closed; None where none can be."""
        return self.moves[-1].closed_s if self.moves else None

    @property
    def total_s(self) -> float:
        """Sum of the seconds until each manned post is closed."""
        return sum(move.closed_s for move in self.moves)

    def rows(self) -> list[dict[str, Any]]:
        """Lay the drill out as a table of ``DRILL_COLUMNS``, the first post to close first."""
        closed = [
            {
                "order": order,
                **_row(move.post, "closed"),
                "unit": self.units.ids[move.unit],
                "from": self.units.names[move.unit],
                "mode": self.units.mode[move.unit],
                "depart_minutes": minutes(move.depart_s),
                "arrive_minutes": minutes(move.arrive_s),
                "closed_minutes": minutes(move.closed_s),
            }
            for order, move in enumerate(self.moves, start=1)
        ]
        left = [_row(post, "open: too few units") for post in self.left_open]
        lost = [_row(post, "open: no unit can drive there") for post in self.out_of_reach]
        return closed + left + lost


def minutes(seconds: float) -> float:
    """Turn seconds into minutes as they are published, to a thousandth."""
    return round(seconds / 60, 3)


def _row(post: DrillPost, status: str) -> dict[str, Any]:
    return {"post_id": post.post_id, "name": post.name, "at": post.at, "status": status}


def plan_drill(
    graphs: Mapping[Mode, StreetGraph],
    posts: Sequence[DrillPost],
    units: Units,
    *,
    turnout_s: float = 0.0,
    setup_s: float = 0.0,
) -> Drill:
    """Send units to posts as :func:`assign_units` does, and follow each on its way.

    Parameters
    ----------
    graphs
        What each mode drives on: graphs of the same nodes.
    units
        Groups of units; like units of one group leave in the order of their numbers.
    turnout_s, setup_s
        From the order to leaving, for units that are ready, and from arriving to closed.
    """
    backwards = {mode: graphs[mode].reversed() for mode in sorted(set(units.mode))}
    group = np.repeat(np.arange(len(units)), np.minimum(units.capacity, len(posts)))
    delay_s = units.ready_s + turnout_s + setup_s
    driving_s = _driving_s(backwards, posts, units)
    closed_s = (driving_s + delay_s[:, None])[group]
    plan = assign_units(closed_s, np.array([post.weight for post in posts]))
    free = (np.cumsum(units.capacity) - units.capacity).tolist()
    order = np.argsort(plan.arrival_s, kind="stable")[: int(plan.closed.sum())].tolist()
    pairs = [(int(group[plan.unit[at]]), at) for at in order]
    routes = _routes(backwards, posts, units, driving_s, pairs)
    moves = []
    for (row, at), route in zip(pairs, routes, strict=True):
        depart_s = float(units.ready_s[row] + turnout_s)
        moves.append(_move(posts[at], free[row], route, depart_s, setup_s))
        free[row] += 1
    reachable = np.isfinite(closed_s).any(axis=0)
    held_up, held_by = _hold_up(closed_s, plan)
    return Drill(
        posts=tuple(posts),
        units=units.single(),
        moves=tuple(moves),
        left_open=tuple(posts[at] for at in np.flatnonzero(~plan.closed & reachable).tolist()),
        out_of_reach=tuple(posts[at] for at in np.flatnonzero(~reachable).tolist()),
        held_up=tuple(posts[at] for at in held_up),
        held_by=tuple(units.ids[row] for row in np.unique(group[held_by]).tolist()),
    )


def _hold_up(closed_s: Floats, plan: Assignment) -> tuple[list[int], list[int]]:
    """Prove that the last post cannot be closed sooner: posts, and units; none unless all close."""
    if plan.latest_s is None or not plan.closed.all():
        return [], []
    found = find_hold_up(closed_s, plan.latest_s)
    return found.exits.tolist(), found.units.tolist()


def _driving_s(
    backwards: Mapping[Mode, StreetGraph], posts: Sequence[DrillPost], units: Units
) -> Floats:
    """Find how long each group drives to each post, shape (g, e): one search for each post."""
    driving_s = np.empty((len(units), len(posts)))
    with ThreadPoolExecutor(WORKERS) as pool:
        for mode, graph in backwards.items():
            rows = np.flatnonzero(np.array(units.mode) == mode)
            for column, times in enumerate(
                pool.map(partial(_travel_s, graph, units.node[rows]), posts)
            ):
                driving_s[rows, column] = times
    return driving_s


def _travel_s(backwards: StreetGraph, nodes: Ints, post: DrillPost) -> Floats:
    """Find how long it is from some nodes to a post."""
    return shortest_times(backwards, np.array(post.nodes))[nodes]


def _routes(
    backwards: Mapping[Mode, StreetGraph],
    posts: Sequence[DrillPost],
    units: Units,
    driving_s: Floats,
    pairs: Sequence[tuple[int, int]],
) -> list[Route]:
    """List the routes on which groups drive to posts, given as pairs of both."""

    def find(pair: tuple[int, int]) -> Route:
        row, at = pair
        graph, node = backwards[units.mode[row]], int(units.node[row])
        return _route(graph, posts[at], node, float(driving_s[pair]))

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(find, pairs))


def _route(backwards: StreetGraph, post: DrillPost, node: int, driving_s: float) -> Route:
    """List the nodes from one that reaches the post, each with the seconds still to drive."""
    way = shortest_routes(backwards, np.array(post.nodes), limit_s=driving_s)
    return [(one, float(way.travel_s[one])) for one in way.nodes_to(node)[::-1]]


def _move(post: DrillPost, unit: int, route: Route, depart_s: float, setup_s: float) -> Move:
    driving_s = route[0][1]
    return Move(
        post=post,
        unit=unit,
        depart_s=depart_s,
        arrive_s=depart_s + driving_s,
        closed_s=depart_s + driving_s + setup_s,
        nodes=tuple(node for node, _ in route),
        passed_s=tuple(depart_s + driving_s - left_s for _, left_s in route),
    )
