"""How soon flights from every hotspot are contained by the units of a plan."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import (
    Containment,
    ContainmentPlan,
    HotspotNet,
    Net,
    NetPost,
    Units,
    contain_each,
)
from optimizer.places import unproject
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoint_inputs.way_out import WayOut
from optimizer.planning.checkpoints.force import closing_arrivals, evader_of
from optimizer.planning.checkpoints.hotspot_origins import HotspotOrigins
from optimizer.planning.faults import present
from optimizer.study import Study

Ints = NDArray[np.int32]

LOG = logging.getLogger(__name__)


def contain_hotspots(
    study: Study,
    streets: Streets,
    way_out: WayOut,
    units: Units,
    inside: HotspotOrigins,
    outside: int,
) -> ContainmentPlan:
    """Contain a flight from every hotspot, each by itself with all units.

    Where roads that leave the data count for nothing, a second search tells what they would change.

    Parameters
    ----------
    inside
        Hotspots from which a fugitive has not yet got away; at least one.
    outside
        Number of the others.
    """
    settings = present(study.settings.checkpoints)
    arrival_s = closing_arrivals(study, units, streets.graphs)

    def contained(exits: Ints) -> tuple[Containment, ...]:
        return contain_each(
            streets.graph, inside.node, exits, arrival_s, units.capacity, evader_of(settings),
            progress=LOG.info,
        )  # fmt: skip

    def shares(found: Sequence[Containment]) -> dict[float, float]:
        limits = sorted(set(settings.contain_minutes))
        return {minutes: share_within(found, inside, 60 * minutes) for minutes in limits}

    found = contained(way_out.nodes)
    ends = len(way_out.uncounted)
    names = streets.ways.streets_at(inside.node)
    nets = tuple(
        _hotspot_net(streets, units, inside, at, names[at], one) for at, one in enumerate(found)
    )
    return ContainmentPlan(
        nets, shares(found), outside, units.count, len(way_out.nodes), ends,
        shares(contained(way_out.with_road_ends())) if ends else {},
    )  # fmt: skip


def share_within(found: Sequence[Containment], origins: HotspotOrigins, limit_s: float) -> float:
    """Tell which share of the hotspots' weight is contained by some time after the incident."""
    in_time = np.array([one.contained and one.latest_s <= limit_s for one in found])
    return float(origins.weight[in_time].sum() / origins.weight.sum())


def _hotspot_net(
    streets: Streets,
    units: Units,
    origins: HotspotOrigins,
    at: int,
    name: str,
    found: Containment,
) -> HotspotNet:
    ways, node = streets.ways, int(origins.node[at])
    lon, lat = unproject(ways.x_m[[node]], ways.y_m[[node]], streets.whole.crs)
    return HotspotNet(
        hotspot_id=str(origins.hotspot_id[at]),
        rank=int(origins.rank[at]),
        weight=float(origins.weight[at]),
        name=name,
        node=node,
        lon=float(lon[0]),
        lat=float(lat[0]),
        contained=found.contained,
        latest_s=found.latest_s,
        bound_s=found.bound_s,
        status=found.status,
        net=() if found.net is None else net_posts(found.net, units, streets),
        leak=None if found.leak is None else ways.route_line(found.leak),
    )


def net_posts(net: Net, units: Units, streets: Streets) -> tuple[NetPost, ...]:
    """Describe the posts of a net, in the order in which they close."""
    ways = streets.ways
    lon, lat = unproject(ways.x_m[net.nodes], ways.y_m[net.nodes], streets.whole.crs)
    sent = np.zeros(len(units), int)
    posts = []
    for at, (node, street) in enumerate(
        zip(net.nodes.tolist(), ways.streets_at(net.nodes), strict=True)
    ):
        group = int(net.group[at])
        sent[group] += 1
        number = "" if units.capacity[group] == 1 else f"#{sent[group]}"
        posts.append(NetPost(
            node=node, lon=float(lon[at]), lat=float(lat[at]), x_m=float(ways.x_m[node]),
            y_m=float(ways.y_m[node]), street=street, unit=f"{units.ids[group]}{number}",
            unit_s=float(net.unit_arrival_s[at]), evader_s=float(net.evader_arrival_s[at]),
        ))  # fmt: skip
    return tuple(posts)
