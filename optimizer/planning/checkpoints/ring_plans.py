"""The rings of a study with their posts, certificates and drills."""

from __future__ import annotations

import dataclasses
import logging

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import (
    TOLERANCES,
    BestPosts,
    Drill,
    DrillPost,
    PostRow,
    Posts,
    PostSites,
    RingPlan,
    RingSeal,
    StreetGraph,
    Units,
    intercept,
    plan_drill,
    reached,
    ring_sites,
    seal_ring,
    shortest_times,
)
from optimizer.planning.checkpoint_inputs.rings import DrawnRing, Rings
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoint_inputs.way_out import WayOut
from optimizer.planning.checkpoints.hotspot_origins import HotspotOrigins
from optimizer.planning.checkpoints.post_rows import post_rows
from optimizer.planning.faults import present
from optimizer.study import Study

LOG = logging.getLogger(__name__)

Floats = NDArray[np.float64]

BEST, NEEDED = "b", "n"
"""Marks in the ids of posts for a short force, and of posts that an open ring lacks."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RingPlanner:
    """What all rings of a study share.

    Parameters
    ----------
    study, streets
        Of the city.
    sites
        Where posts may stand.
    way_out
        Where roads leave the data.
    origins
        Hotspots, by which posts for a short force are weighed.
    units
        Who can be sent; may be nobody.
    """

    study: Study
    streets: Streets
    sites: PostSites
    way_out: WayOut
    origins: HotspotOrigins
    units: Units

    def plan(self, rings: Rings) -> tuple[RingPlan, ...]:
        """Seal every ring, choose the best posts where the force is short, and drill."""
        return tuple(self._plan(drawn) for drawn in rings)

    def _plan(self, drawn: DrawnRing) -> RingPlan:
        settings = present(self.study.settings.checkpoints)
        ring, streets = drawn.ring, self.streets
        seal = seal_ring(
            streets.graph, ring, self.sites, direction=settings.direction,
            unit_s=self._unit_s(), time_limit_s=settings.time_limit_s,
        )  # fmt: skip
        LOG.info("Ring %s: %d posts, %s", ring.name, len(seal.posts), seal.status)
        rows = self._rows(drawn, seal.posts)
        best = self._best(drawn, seal)
        ways = streets.ways
        return RingPlan(
            name=ring.name,
            inner=drawn.inner,
            outer=drawn.outer,
            seal=seal,
            posts=rows,
            routes=tuple(ways.route_line(route) for route in seal.routes),
            leak=None if seal.leak is None else ways.route_line(seal.leak),
            needed=() if seal.needed is None else self._rows(drawn, seal.needed, NEEDED),
            beyond_data_share=self.way_out.ground.share_beyond(drawn.outer),
            open_road_ends=self._open_road_ends(drawn, seal),
            best=best,
            drill=self._drill(rows if best is None else best.posts),
        )

    def _unit_s(self) -> Floats | None:
        """Time the way from the nearest unit to each node, for ties between equal seals."""
        if not len(self.units):
            return None
        return shortest_times(self.streets.graphs["car"], self.units.node)

    def _rows(self, drawn: DrawnRing, posts: Posts, mark: str = "") -> tuple[PostRow, ...]:
        middle = drawn.inner.centroid
        return post_rows(drawn.ring.name, posts, self.sites, self.streets, middle, mark=mark)

    def _graph(self) -> StreetGraph:
        """Give the streets in the direction that a fugitive takes; both ways count as out."""
        inward = present(self.study.settings.checkpoints).direction == "in"
        return self.streets.graph.reversed() if inward else self.streets.graph

    def _open_road_ends(self, drawn: DrawnRing, seal: RingSeal) -> int:
        """Count the roads that leave the data inside the outer polygon and past no post."""
        ring = drawn.ring
        past = reached(self._graph(), np.flatnonzero(ring.inside), posts=seal.posts)
        edge = self.way_out.edge
        return int((past[edge] & ~ring.outside[edge]).sum())

    def _best(self, drawn: DrawnRing, seal: RingSeal) -> BestPosts | None:
        """Choose the posts for a force that is too short for the seal."""
        settings, ring = present(self.study.settings.checkpoints), drawn.ring
        most = settings.most_posts.get(ring.name)
        if most is None or (seal.status != "open" and len(seal.posts) <= most):
            return None
        graph = self._graph()
        sites = ring_sites(graph, ring, self.sites)
        entered = ring.outside[graph.head] & ~ring.outside[graph.tail]
        origins = self.origins.take(~ring.outside[self.origins.node])
        node, weight = origins.node, origins.weight
        if not len(node):
            node = np.flatnonzero(ring.inside).astype(np.int32)
            weight = np.ones(len(node))
        found = intercept(
            graph, node, weight, np.unique(graph.head[entered]), sites,
            max(0, most - len(sites.must)), tau=settings.detour_tolerance,
            time_limit_s=settings.time_limit_s, seed=self.study.settings.study.seed,
        )  # fmt: skip
        return BestPosts(
            posts=self._rows(drawn, found.posts, BEST),
            tolerance=settings.detour_tolerance,
            intercepted_share=found.share,
            bound_share=found.bound / found.total_weight,
            gap=found.gap,
            status=found.status,
            shares={tau: found.shares[tau] for tau in TOLERANCES},
        )

    def _drill(self, rows: tuple[PostRow, ...]) -> Drill | None:
        """Send units from the platforms to the posts."""
        if not (len(self.units) and rows):
            return None
        settings, streets = present(self.study.settings.checkpoints), self.streets
        ends = streets.ways.road_ends()
        posts = [
            DrillPost(
                row.post_id, row.street, row.at,
                (row.node,) if row.at == "junction" else tuple(ends[row.site].tolist()),
            )
            for row in rows
        ]  # fmt: skip
        return plan_drill(
            streets.graphs, posts, self.units,
            turnout_s=self.study.settings.standards.turnout_seconds,
            setup_s=60 * settings.setup_minutes,
        )  # fmt: skip
