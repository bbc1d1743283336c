"""What the electronic gates of a study see of flights from its hotspots."""

from __future__ import annotations

import geopandas as gpd

from optimizer.checkpoints import (
    OPEN,
    Escapes,
    GatePlan,
    GateRow,
    Posts,
    PostSites,
    gate_cover,
    road_middle,
)
from optimizer.places import unproject
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoint_inputs.way_out import WayOut
from optimizer.planning.checkpoints.hotspot_origins import HotspotOrigins
from optimizer.planning.faults import present
from optimizer.study import Study


def plan_gates(
    study: Study,
    streets: Streets,
    way_out: WayOut,
    origins: HotspotOrigins,
    sites: PostSites,
    read: tuple[gpd.GeoDataFrame, Posts],
) -> GatePlan:
    """Find what the gates see of flights, and where the next ones would see most.

    Parameters
    ----------
    origins
        Hotspots from which a fugitive has not yet got away; at least one.
    sites
        Where posts may stand; gates may as well.
    read
        What :func:`~optimizer.planning.checkpoint_inputs.gates.read_gates` returned.
    """
    settings = present(study.settings.checkpoints)
    places, gates = read
    escapes = Escapes(streets.graph, origins.node, origins.weight, way_out.nodes)
    found = gate_cover(
        escapes, gates, sites, settings.next_gates,
        tau=settings.detour_tolerance, time_limit_s=settings.time_limit_s,
    )  # fmt: skip
    chosen = OPEN if found.next_gates is None else found.next_gates.chosen
    shares = found.shares if found.next_gates is None else found.next_gates.shares
    return GatePlan(
        rows=(*_present_rows(places, streets), *_next_rows(chosen, streets)),
        seen_shares=dict(found.shares),
        quickest_share=found.quickest_share,
        next_shares=dict(shares),
        blind=None if found.blind is None else streets.ways.route_line(found.blind),
    )


def _present_rows(places: gpd.GeoDataFrame, streets: Streets) -> tuple[GateRow, ...]:
    ways = streets.ways
    x_m, y_m = places.geometry.x.to_numpy(copy=True), places.geometry.y.to_numpy(copy=True)
    named = places["node"].notna().to_numpy()
    site = places["site"].to_numpy()
    x_m[named], y_m[named] = ways.x_m[site[named]], ways.y_m[site[named]]
    lon, lat = unproject(x_m, y_m, streets.whole.crs)
    return tuple(
        GateRow(
            gate_id=row.place_id, name=row.name, status="present", lon=float(lon[at]),
            lat=float(lat[at]), x_m=float(x_m[at]), y_m=float(y_m[at]),
            street=_street(streets, row.at, int(row.site)),
        )
        for at, row in enumerate(places[["place_id", "name", "at", "site"]].itertuples(index=False))
    )  # fmt: skip


def _next_rows(chosen: Posts, streets: Streets) -> tuple[GateRow, ...]:
    ways = streets.ways
    places = [
        *(("junction", node, (ways.x_m[node], ways.y_m[node])) for node in chosen.nodes.tolist()),
        *(("road", road, road_middle(ways, road)) for road in chosen.roads.tolist()),
    ]
    rows = []
    for number, (at, site, (x_m, y_m)) in enumerate(places, start=1):
        lon, lat = unproject([x_m], [y_m], streets.whole.crs)
        street = _street(streets, at, site)
        rows.append(GateRow(
            gate_id=f"next-{number}", name=street, status="next", lon=float(lon[0]),
            lat=float(lat[0]), x_m=float(x_m), y_m=float(y_m), street=street,
        ))  # fmt: skip
    return tuple(rows)


def _street(streets: Streets, at: str, site: int) -> str:
    ways = streets.ways
    return ways.streets_at([site])[0] if at == "junction" else str(ways.names[site])
