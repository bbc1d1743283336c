"""From the checkpoints of a plan, in planar metres, to what its map shows in degrees."""

from __future__ import annotations

import math

import shapely
from pyproj import CRS

from optimizer.checkpoints import (
    CheckpointPlan,
    GatePlan,
    HotspotNet,
    PostRow,
    RingPlan,
)
from optimizer.publishing.basemap import to_degrees
from optimizer.publishing.checkpoint_content import (
    MapCheckpoints,
    MapGate,
    MapNet,
    MapNetPost,
    MapPost,
    MapRing,
    MapStandingUnit,
)
from optimizer.publishing.degrees import Coordinates, no_line
from optimizer.publishing.map_shapes import polygons_of

SIMPLIFY_RINGS_M, SIMPLIFY_ROUTES_M = 1.0, 3.0


def map_checkpoints(plan: CheckpointPlan | None, crs: CRS) -> MapCheckpoints:
    """Turn the checkpoints of a plan into what its map shows; None is an empty map.

    Parameters
    ----------
    crs
        Of the plan's shapes.
    """
    if plan is None:
        return MapCheckpoints()
    shares = {} if plan.containment is None else plan.containment.shares
    nets = () if plan.containment is None else plan.containment.nets
    gates = plan.gates
    return MapCheckpoints(
        rings=tuple(map_ring(ring, crs) for ring in plan.rings),
        posts=tuple(post for ring in plan.rings for post in _posts(ring)),
        nets=tuple(_net(net, crs) for net in nets),
        contain_minutes=tuple(shares),
        contained_shares=tuple(shares.values()),
        gates=() if gates is None else tuple(_gates(gates)),
        blind_route=no_line() if gates is None else degrees_of(gates.blind, crs),
        seen_share=math.nan if gates is None else gates.seen_shares[max(gates.seen_shares)],
        standing=()
        if plan.standing is None
        else tuple(MapStandingUnit(row.street, row.lon, row.lat) for row in plan.standing.rows),
    )


def map_ring(ring: RingPlan, crs: CRS) -> MapRing:
    """Turn one ring, with its certificate, into what a map shows."""
    inner, outer = to_degrees((ring.inner, ring.outer), crs, SIMPLIFY_RINGS_M)
    best = ring.best
    return MapRing(
        name=ring.name,
        inner=polygons_of(inner),
        outer=polygons_of(outer),
        checkpoints=len(manned_posts(ring)),
        sealed=ring.sealed and best is None,
        fewest=ring.seal.status == "optimal",
        routes=tuple(degrees_of(route, crs) for route in ring.routes),
        leak=degrees_of(ring.leak, crs),
        intercepted_share=math.nan if best is None else best.intercepted_share,
        sealing_posts=len(ring.posts) if ring.sealed and best is not None else 0,
        beyond_data_share=ring.beyond_data_share,
    )


def degrees_of(line: shapely.LineString | None, crs: CRS) -> Coordinates:
    """Return a planar line in degrees; without a line, no vertex."""
    if line is None:
        return no_line()
    (shape,) = to_degrees([line], crs, SIMPLIFY_ROUTES_M)
    vertices: Coordinates = shapely.get_coordinates(shape)
    return vertices


def manned_posts(ring: RingPlan) -> tuple[PostRow, ...]:
    """Return the posts that the force suffices for."""
    return ring.posts if ring.best is None else ring.best.posts


def _posts(ring: RingPlan) -> list[MapPost]:
    """Return the posts of a ring, each with who mans it and when, then those that it misses."""
    moves = () if ring.drill is None else ring.drill.moves
    units = () if ring.drill is None else ring.drill.units.ids
    closed = {move.post.post_id: (units[move.unit], move.closed_s / 60) for move in moves}
    return [
        *(_post(row, *closed.get(row.post_id, ("", math.nan))) for row in manned_posts(ring)),
        *(_post(row, missing=True) for row in ring.needed),
    ]


def _post(
    row: PostRow, unit: str = "", minutes: float = math.nan, *, missing: bool = False
) -> MapPost:
    return MapPost(
        post_id=row.post_id,
        ring=row.ring,
        kind=row.kind,
        at=row.at,
        lon=row.lon,
        lat=row.lat,
        street=row.street,
        unit=unit,
        minutes=minutes,
        missing=missing,
    )


def _net(net: HotspotNet, crs: CRS) -> MapNet:
    return MapNet(
        rank=net.rank,
        lon=net.lon,
        lat=net.lat,
        minutes=net.latest_s / 60 if net.contained else math.inf,
        posts=tuple(
            MapNetPost(
                lon=post.lon,
                lat=post.lat,
                street=post.street,
                unit=post.unit,
                minutes=post.unit_s / 60,
                evader_minutes=post.evader_s / 60,
            )
            for post in net.net
        ),
        leak=degrees_of(net.leak, crs),
    )


def _gates(gates: GatePlan) -> list[MapGate]:
    return [
        MapGate(row.name or row.gate_id, row.lon, row.lat, row.status == "next")
        for row in gates.rows
    ]
