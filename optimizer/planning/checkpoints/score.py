"""The score of somebody's own checkpoints: of each ring, and of the nets that close at them."""

from __future__ import annotations

import dataclasses
import itertools
import logging
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import (
    Escapes,
    Posts,
    PostScore,
    PostSites,
    StreetGraph,
    ring_sites,
    road_middle,
    score_posts,
)
from optimizer.demand import Hotspots
from optimizer.errors import InputError
from optimizer.places import unproject
from optimizer.planning.checkpoint_inputs.given_posts import GivenPosts, read_given_posts
from optimizer.planning.checkpoint_inputs.inputs import CheckpointInputs
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoints.force import given_force
from optimizer.planning.checkpoints.hotspot_origins import HotspotOrigins, hotspot_origins
from optimizer.planning.checkpoints.post_nets import PostNets, contain_at_posts
from optimizer.planning.inputs import CityInputs
from optimizer.study import Study

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]

LOG = logging.getLogger(__name__)

SHOWN = 12
"""Streets, posts or places that one line lists."""
NO_NETS: Mapping[str, Any] = {"containment": None, "nets": None, "hotspots": None}
"""Figures where nobody can tell what is contained."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RingScore:
    """What the checkpoints of a ring are worth in one direction.

    Parameters
    ----------
    name
        The ring; "exits" where the study has exits but no rings.
    direction
        "out": those who leave are stopped; "in": those who come.
    given
        The checkpoints scored.
    score
        Against all who start inside.
    shares
        Share of the weight of the hotspots that is intercepted, at each detour tolerance; of all
        junctions inside where no hotspot lies there.
    weighed_by
        "hotspots" or "junctions".
    """

    name: str
    direction: str
    given: GivenPosts
    score: PostScore
    shares: Mapping[float, float]
    weighed_by: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CheckpointScore:
    """The score of a file of checkpoints.

    Parameters
    ----------
    rings
        One for each ring and direction.
    nets
        The nets that close at them around the hotspots; where nobody can tell, why not.
    streets
        On which they stand.
    """

    rings: tuple[RingScore, ...]
    nets: PostNets | str
    streets: Streets

    def to_json(self) -> dict[str, Any]:
        """Give the figures of ``optimizer score --checkpoints --json``."""
        rings = [self._figures(ring) for ring in self.rings]
        if isinstance(self.nets, str):
            return {"rings": rings, **NO_NETS, "note": self.nets}
        return {"rings": rings, **self.nets.to_json(), "note": None}

    def _figures(self, ring: RingScore) -> dict[str, Any]:
        score = ring.score
        return {
            "name": ring.name,
            "direction": ring.direction,
            "checkpoints": len(score.posts),
            "sealed": score.sealed,
            "redundancy": score.redundancy if math.isfinite(score.redundancy) else None,
            "critical": ring.given.named(score.critical),
            "leak": None if score.leak is None else {
                "minutes": score.leak_s / 60,
                "nodes": [str(self.streets.ways.node_ids[node]) for node in score.leak],
                "streets": self._streets_along(score.leak),
            },
            "missing": None if score.missing is None else self._places(score.missing),
            "intercepted": {_detour(tau): share for tau, share in ring.shares.items()},
            "weighed_by": ring.weighed_by,
        }  # fmt: skip

    def to_text(self) -> str:
        """Lay the figures out for a person."""
        lines = [line for ring in self.rings for line in self._lines(ring)]
        nets = self.nets
        lines.append(f"Containment: {nets}" if isinstance(nets, str) else nets.to_text())
        return "\n".join(lines)

    def _lines(self, ring: RingScore) -> list[str]:
        score, count = ring.score, len(ring.score.posts)
        way = "who leave" if ring.direction == "out" else "who come"
        head = f"{ring.name}: {count} checkpoints against those {way}: "
        if score.leak is None:
            critical = ring.given.named(score.critical)
            lines = [
                f"{head}sealed.",
                f"  Every route meets at least {score.redundancy:g}."
                if math.isfinite(score.redundancy) else "  No road leads out in any case.",
                f"  The loss of any one of these opens it ({len(critical)}): {_listed(critical)}"
                if critical else "  No loss of a single one opens it.",
            ]  # fmt: skip
        else:
            along = " > ".join(self._streets_along(score.leak)[:SHOWN]) or "streets without names"
            lines = [
                f"{head}open.",
                f"  Quickest way past them: {score.leak_s / 60:.1f} min, {along}",
                self._missing_line(score.missing),
            ]
        shares = ", ".join(f"{_detour(tau)} {100 * share:.1f} %"
                           for tau, share in ring.shares.items())  # fmt: skip
        return [*lines, f"  Intercepted, by {ring.weighed_by}, if the detour is up to: {shares}"]

    def _missing_line(self, missing: Posts | None) -> str:
        if missing is None:
            return "  No posts at the allowed sites would seal it."
        places = [
            f"{place['at']} {place['street'] or 'without a name'} "
            f"({place['x']:.0f}, {place['y']:.0f})"
            for place in self._places(missing)
        ]
        return f"  The fewest further posts that seal it, {len(missing)}: {_listed(places)}"

    def _streets_along(self, nodes: Ints) -> list[str]:
        """Name the streets of a route in their order, each once in a row."""
        ways, graph = self.streets.ways, self.streets.graph
        names = []
        for tail, head in itertools.pairwise(nodes.tolist()):
            arcs = np.flatnonzero(graph.head[graph.indptr[tail] : graph.indptr[tail + 1]] == head)
            names.append(str(ways.names[graph.road[graph.indptr[tail] + arcs[0]]]))
        return [name for name, _ in itertools.groupby(names) if name]

    def _places(self, posts: Posts) -> list[dict[str, Any]]:
        ways = self.streets.ways
        streets = ways.streets_at(posts.nodes)
        rows = [
            ("junction", street, (float(ways.x_m[node]), float(ways.y_m[node])))
            for node, street in zip(posts.nodes.tolist(), streets, strict=True)
        ]
        rows += [("road", str(ways.names[road]), road_middle(ways, road))
                 for road in posts.roads.tolist()]  # fmt: skip
        if not rows:
            return []
        x_m, y_m = np.array([place for _, _, place in rows]).T
        lon, lat = unproject(x_m, y_m, self.streets.whole.crs)
        return [
            {"at": at, "street": street, "lon": float(east), "lat": float(north), "x": x, "y": y}
            for (at, street, (x, y)), east, north in zip(rows, lon, lat, strict=True)
        ]


def score_checkpoints(
    study: Study,
    inputs: CityInputs,
    hotspots: Hotspots,
    checkpoints: Path,
    ring: str | None,
    units: Path | None = None,
) -> CheckpointScore:
    """Score the checkpoints of a file against the rings of a study, or against its exits.

    Parameters
    ----------
    ring
        The one ring to score; None: every ring.
    units
        File of who can man them; None: the platforms of the study's plan, or its stations.

    Raises
    ------
    InputError
        A file is wrong, the study has no [checkpoints], or it has no such ring.
    """
    settings, read, streets = study.settings.checkpoints, inputs.checkpoints, inputs.streets
    if settings is None or read is None:
        raise InputError(
            f"{study.path.name}: there is no [checkpoints], so nothing says what checkpoints are "
            "to close; add it with rings_m and a centre, or with exits"
        )
    drawn = tuple(read.rings) if ring is None else (read.rings.named(ring),)
    given = read_given_posts(checkpoints, streets)
    origins = hotspot_origins(hotspots, streets)
    directions = ("out", "in") if settings.direction == "both" else (settings.direction,)
    sides = [
        (one.ring.name, one.ring.inside, one.ring.outside,
         ring_sites(streets.graph, one.ring, read.sites))
        for one in drawn
    ]  # fmt: skip
    if not sides:
        away = np.zeros(streets.graph.node_count, dtype=bool)
        away[read.way_out.nodes] = True
        sides = [("exits", ~away, away, read.sites)]
    rings = [
        _scored(name, direction, given.of_ring(name if drawn else None),
                origins.take(inside[origins.node]), _Ground(streets.graph, inside, outside, sites))
        for name, inside, outside, sites in sides
        for direction in directions
    ]  # fmt: skip
    posts = given.of_ring(ring).posts()
    return CheckpointScore(
        tuple(rings), _nets(study, read, streets, origins, posts, units), streets
    )


def _nets(
    study: Study,
    read: CheckpointInputs,
    streets: Streets,
    origins: HotspotOrigins,
    posts: Posts,
    file: Path | None,
) -> PostNets | str:
    """Contain flights from the hotspots at these posts alone, or say why nobody can."""
    inside = origins.within(read.rings)
    if not inside.weight.sum() > 0:
        return "no hotspot lies where a fugitive has not yet got away."
    try:
        units, warnings = given_force(study, streets, read.units, file)
    except InputError as fault:
        if file is not None:
            raise
        return str(fault)
    for sentence in warnings:
        LOG.warning("Warning: %s", sentence)
    return contain_at_posts(
        study, streets, read.way_out.nodes, units, inside, posts, len(origins) - len(inside)
    )


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """Between which nodes checkpoints stand, and where more may."""

    graph: StreetGraph
    inside: Mask
    outside: Mask
    sites: PostSites


def _scored(
    name: str, direction: str, given: GivenPosts, origins: HotspotOrigins, ground: _Ground
) -> RingScore:
    """Score one ring in one direction; who comes drives the routes of who leaves, reversed."""
    outward = direction == "out"
    graph = ground.graph if outward else ground.graph.reversed()
    inside, exits = np.flatnonzero(ground.inside), np.flatnonzero(ground.outside)
    escapes = Escapes(graph, inside.astype(np.int32), np.ones(len(inside)), exits.astype(np.int32))
    posts = given.posts()
    score = score_posts(escapes, posts, ground.sites)
    if score.leak is not None and not outward:
        score = dataclasses.replace(score, leak=score.leak[::-1])
    weighed = bool(origins.weight.sum() > 0)
    if weighed:
        escapes = Escapes(graph, origins.node, origins.weight, escapes.exits)
    return RingScore(name, direction, given, score, escapes.shares(posts),
                     "hotspots" if weighed else "junctions")  # fmt: skip


def _detour(tau: float) -> str:
    return "any" if math.isinf(tau) else f"{100 * tau:.0f} %"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
