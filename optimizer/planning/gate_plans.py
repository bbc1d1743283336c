"""What the electronic gates of a study see of flights from its hotspots."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from optimizer.checkpoints import (
    OPEN,
    Escapes,
    GatePlan,
    GateRow,
    Posts,
    PostSites,
    gate_cover,
    nearest_roads,
    road_middle,
)
from optimizer.errors import InputError
from optimizer.places import read_places, unproject
from optimizer.planning.faults import present
from optimizer.planning.hotspot_origins import HotspotOrigins
from optimizer.planning.streets import Streets
from optimizer.planning.way_out import WayOut
from optimizer.roads import snap_places
from optimizer.study import Study

AT_JUNCTION_M = 30.0
"""A gate this near to a junction sees all who pass it; any other sees its road."""
MOST_NAMED = 5
"""Gates that one fault names."""


def read_gates(study: Study, streets: Streets) -> tuple[gpd.GeoDataFrame, Posts] | None:
    """Read the electronic gates of a study and put each on a junction or a road.

    Returns
    -------
    The places, with ``at`` and ``site``, and the gates as posts; None where the study has none.

    Raises
    ------
    InputError
        The file is missing or wrong, or a gate lies too far from the roads.
    """
    source = present(study.settings.checkpoints).gates
    if source is None:
        return None
    places = read_places(source, streets.whole.crs, study.root)
    snapped = snap_places(streets.whole, places)
    site, way_m = snapped.node.copy(), snapped.distance_m.copy()
    on_road = way_m > AT_JUNCTION_M
    if on_road.any():
        points = places.geometry[on_road]
        site[on_road], way_m[on_road] = nearest_roads(
            streets.ways, points.x.to_numpy(), points.y.to_numpy()
        )
    far = np.flatnonzero(way_m > streets.max_snap_m)
    if len(far):
        listed = ", ".join(f"{places['place_id'].iloc[row]} ({way_m[row]:,.0f} m)"
                           for row in far[:MOST_NAMED].tolist())  # fmt: skip
        raise InputError(
            f"{source.path}: {len(far)} gates lie more than max_snap_m = {streets.max_snap_m:g} m "
            f"from every road: {listed}; check their coordinates, CRS and datum"
        )
    at = np.where(on_road, "road", "junction")
    return places.assign(at=at, site=site), Posts(site[~on_road], site[on_road])


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
        What :func:`read_gates` returned.
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
