"""What a map shows of checkpoints, as plain data in WGS-84 degrees.

Rings, posts, routes, nets and gates are all empty by default: a map without them is as it was.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from optimizer.errors import InputError
from optimizer.publishing.degrees import (
    Coordinates,
    Named,
    Polygons,
    corners,
    earth_faults,
    no_line,
    point,
)

At = Literal["junction", "road", "water"]


@dataclass(frozen=True, slots=True)
class MapPost:
    """One post of a ring.

    Parameters
    ----------
    ring
        Name of the ring it belongs to.
    kind
        In the study's own words: road, motorway, village, ...
    at
        Whether it stands at a junction, on a road or on water.
    street
        Streets that meet there, or the road's name.
    unit
        Who mans it, "" if nobody is told to.
    minutes
        When it is closed, after the order; NaN if nobody is told to.
    missing
        No post may stand there, but one would have to for the ring to be sealed.
    """

    post_id: str
    ring: str
    kind: str
    at: At
    lon: float
    lat: float
    street: str = ""
    unit: str = ""
    minutes: float = math.nan
    missing: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class MapRing:
    """One ring and what was proved of it.

    Parameters
    ----------
    inner, outer
        Where the ring begins and ends.
    checkpoints
        Number of posts.
    sealed
        No route from inside to outside is left.
    fewest
        Proven: no fewer posts (or none of less cost) can do it.
    routes
        Routes that share no post: each needs one of its own.
    leak
        The quickest route that meets no post, where the ring is not sealed.
    intercepted_share
        Share of the escapes that meet a post, where the force is too short to seal; NaN else.
    sealing_posts
        Number of posts that would seal a ring that these do not; 0 if not known.
    beyond_data_share
        Share of the outer edge that lies where no roads are known.
    """

    name: str
    inner: Polygons
    outer: Polygons
    checkpoints: int
    sealed: bool
    fewest: bool = False
    routes: tuple[Coordinates, ...] = ()
    leak: Coordinates = field(default_factory=no_line)
    intercepted_share: float = math.nan
    sealing_posts: int = 0
    beyond_data_share: float = 0.0


@dataclass(frozen=True, slots=True)
class MapNetPost:
    """One post of a net: who closes it, and when the fugitive could be there at the soonest."""

    lon: float
    lat: float
    street: str = ""
    unit: str = ""
    minutes: float = math.nan
    evader_minutes: float = math.nan


@dataclass(frozen=True, slots=True, eq=False)
class MapNet:
    """The containment of one hotspot.

    Parameters
    ----------
    rank
        Of the hotspot.
    minutes
        After the incident, when the net is closed; infinite if the fugitive gets away.
    leak
        The quickest way out, where the fugitive gets away.
    """

    rank: int
    lon: float
    lat: float
    minutes: float
    posts: tuple[MapNetPost, ...] = ()
    leak: Coordinates = field(default_factory=no_line)


@dataclass(frozen=True, slots=True)
class MapGate:
    """An electronic gate: one that stands, or the place that is next worth one."""

    name: str
    lon: float
    lat: float
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class MapStandingUnit:
    """A place where a further unit on watch would bring the most incidents into a net."""

    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, eq=False)
class MapCheckpoints:
    """Everything about checkpoints on one map.

    Parameters
    ----------
    contain_minutes
        The steps by which nets are coloured, such as 5, 10, 30.
    contained_shares
        Share of all incidents contained within each of them.
    blind_route
        The quickest way out that no gate sees.
    seen_share
        Share of the escapes that a gate sees, whatever the detour; NaN without gates.

    Raises
    ------
    InputError
        With every ring that is there twice, every post of a ring that is not there, and a number
        of steps that is not that of the shares.
    """

    rings: tuple[MapRing, ...] = ()
    posts: tuple[MapPost, ...] = ()
    nets: tuple[MapNet, ...] = ()
    contain_minutes: tuple[float, ...] = ()
    contained_shares: tuple[float, ...] = ()
    gates: tuple[MapGate, ...] = ()
    blind_route: Coordinates = field(default_factory=no_line)
    seen_share: float = math.nan
    standing: tuple[MapStandingUnit, ...] = ()

    def __post_init__(self) -> None:
        times = Counter(ring.name for ring in self.rings)
        faults = [
            f"the map has {count} rings named {name!r}: give each ring a name of its own"
            for name, count in times.items()
            if count > 1
        ]
        faults += [
            f"post {post.post_id!r} belongs to the ring {post.ring!r}, which the map does not "
            f"have: use one of {', '.join(times) or '(no ring)'}"
            for post in self.posts
            if post.ring not in times
        ]
        if len(self.contain_minutes) != len(self.contained_shares):
            faults.append(
                f"the map has {len(self.contain_minutes)} containment times but "
                f"{len(self.contained_shares)} shares: give one share for each time"
            )
        faults += earth_faults(self.drawn())
        if faults:
            raise InputError(faults)

    def drawn(self) -> Iterator[Named]:
        """Yield what is drawn, by name, with its coordinates of shape (k, 2)."""
        for ring in self.rings:
            name = f"ring {ring.name!r}"
            yield from corners(name, (*ring.inner, *ring.outer))
            yield from ((f"a route of {name}", route) for route in (*ring.routes, ring.leak))
        for post in self.posts:
            yield f"post {post.post_id!r}", point(post.lon, post.lat)
        for net in self.nets:
            name = f"the net of hotspot {net.rank}"
            yield name, point(net.lon, net.lat)
            yield name, net.leak
            yield from ((name, point(post.lon, post.lat)) for post in net.posts)
        yield "the blind route", self.blind_route
        for kind, places in (("gate", self.gates), ("standing unit", self.standing)):
            yield from ((f"{kind} {place.name!r}", point(place.lon, place.lat)) for place in places)
