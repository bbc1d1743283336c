"""What the page of a drill shows, as plain data: who moves where, and what is closed when."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from optimizer.errors import InputError
from optimizer.publishing.checkpoint_content import MapCheckpoints, MapRing
from optimizer.publishing.degrees import Coordinates, Named, earth_faults, no_line, point
from optimizer.publishing.map_content import MapPlace, MapRoads


@dataclass(frozen=True, slots=True, eq=False)
class DrillMove:
    """One post and the unit that closes it; times are minutes after the report.

    Parameters
    ----------
    post
        Name of the post or exit.
    street
        Streets that meet there.
    unit, start
        Who goes there, and from which place; "" if nobody does and the post stays open.
    depart_minutes, arrive_minutes, closed_minutes
        When the unit leaves, is there, and has set up; infinite where the post stays open.
    route
        Way the unit drives, shape (k, 2); no vertex if it is not known.
    route_minutes
        When the unit passes each vertex, shape (k,), never falling.
    evader_minutes
        When a fugitive could be there at the soonest; NaN where nobody flees.
    """

    post: str
    lon: float
    lat: float
    street: str = ""
    unit: str = ""
    start: str = ""
    depart_minutes: float = math.inf
    arrive_minutes: float = math.inf
    closed_minutes: float = math.inf
    route: Coordinates = field(default_factory=no_line)
    route_minutes: Coordinates = field(default_factory=lambda: np.empty(0))
    evader_minutes: float = math.nan

    @property
    def closes(self) -> bool:
        """Whether anybody closes this post."""
        return math.isfinite(self.closed_minutes)


@dataclass(frozen=True, slots=True, eq=False)
class DrillReach:
    """Where a fugitive could be: each line from its minute on."""

    lines: tuple[Coordinates, ...] = ()
    minutes: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.lines) != len(self.minutes):
            raise InputError(
                f"the reach has {len(self.lines)} lines but {len(self.minutes)} minutes: "
                "give one minute for each line"
            )


@dataclass(frozen=True, slots=True, eq=False)
class DrillContent:
    """Everything on the page of a drill, or of the containment of an incident.

    Parameters
    ----------
    language
        "en" or "zh".
    name
        By which a reader chooses this drill where a page has several.
    moves
        In any order; the page lists them as they close.
    rings
        Outlines to draw below, such as the ring that the posts close.
    incidents
        Where a fugitive starts at minute 0; empty for a drill.
    reach
        Where the fugitive could be by when, past the posts that are closed by then.
    leak, leak_minutes
        The quickest way out if the net cannot be closed, and how long it takes.

    Raises
    ------
    InputError
        With every place that is not on Earth and every move whose times run backwards.
    """

    title: str
    language: str
    moves: tuple[DrillMove, ...]
    name: str = ""
    subtitle: tuple[str, ...] = ()
    attribution: str = ""
    roads: MapRoads = field(default_factory=MapRoads)
    rings: tuple[MapRing, ...] = ()
    incidents: tuple[MapPlace, ...] = ()
    reach: DrillReach = field(default_factory=DrillReach)
    leak: Coordinates = field(default_factory=no_line)
    leak_minutes: float = math.nan

    def __post_init__(self) -> None:
        faults = [*_time_faults(self.moves), *earth_faults(_drawn(self))]
        if faults:
            raise InputError(faults)

    def in_order(self) -> list[DrillMove]:
        """List the moves as they close, those that stay open last."""
        return sorted(self.moves, key=lambda move: (move.closed_minutes, move.post))

    def closed_minutes(self) -> float:
        """Return when the last post is closed: infinite if one stays open, NaN without posts."""
        return max((move.closed_minutes for move in self.moves), default=math.nan)

    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north of posts, routes and incidents, or of the roads.

        Raises
        ------
        InputError
            If there is nothing to draw.
        """
        drawn = [point(move.lon, move.lat) for move in self.moves]
        drawn += [point(place.lon, place.lat) for place in self.incidents]
        drawn += [*(move.route for move in self.moves), self.leak]
        vertices = np.concatenate([*drawn, no_line()])
        if not len(vertices):
            vertices = np.concatenate([*self.roads.lines, no_line()])
        if not len(vertices):
            raise InputError("the drill has neither posts nor roads: nothing can be drawn")
        (west, south), (east, north) = vertices.min(axis=0).tolist(), vertices.max(axis=0).tolist()
        return west, south, east, north


def _drawn(content: DrillContent) -> Iterator[Named]:
    for move in content.moves:
        yield f"post {move.post!r}", point(move.lon, move.lat)
        yield f"the route to post {move.post!r}", move.route
    for incident in content.incidents:
        yield f"incident {incident.name!r}", point(incident.lon, incident.lat)
    for index, line in enumerate(content.reach.lines):
        yield f"line {index} of the reach", line
    yield "the quickest way out", content.leak
    yield from MapCheckpoints(rings=content.rings).drawn()


def _time_faults(moves: tuple[DrillMove, ...]) -> list[str]:
    faults = []
    for move in moves:
        times = (move.depart_minutes, move.arrive_minutes, move.closed_minutes)
        if not 0 <= times[0] <= times[1] <= times[2]:
            faults.append(
                f"post {move.post!r} is left for at minute {times[0]:g}, reached at {times[1]:g} "
                f"and closed at {times[2]:g}: each must be a number from 0 up, in this order"
            )
        if len(move.route) != len(move.route_minutes) or (np.diff(move.route_minutes) < 0).any():
            faults.append(
                f"the route to post {move.post!r} has {len(move.route)} places and "
                f"{len(move.route_minutes)} times: give one for each, never falling"
            )
    return faults
