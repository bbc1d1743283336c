"""Where more units should stand by, so that more hotspots are contained in time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import (
    Mode,
    Standby,
    StandingRow,
    StandingUnits,
    Units,
    place_standing,
)
from optimizer.places import unproject
from optimizer.planning.checkpoint_inputs.rings import Rings
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoint_inputs.way_out import WayOut
from optimizer.planning.checkpoints.force import closing_arrivals, evader_of
from optimizer.planning.checkpoints.hotspot_origins import HotspotOrigins
from optimizer.planning.faults import present
from optimizer.study import Study

Ints = NDArray[np.int32]

CANDIDATES = 150
"""Junctions at which a unit may stand by, spread over the city."""


def place_standing_units(
    study: Study,
    streets: Streets,
    rings: Rings,
    way_out: WayOut,
    units: Units,
    origins: HotspotOrigins,
) -> StandingUnits | None:
    """Choose places for the standing units of a study; None where it asks for none.

    Parameters
    ----------
    origins
        Hotspots from which a fugitive has not yet got away; at least one.
    """
    settings = present(study.settings.checkpoints)
    if not settings.standing_units:
        return None
    nodes = _candidates(streets, rings)
    placed = place_standing(
        streets.graph, origins.node, origins.weight, way_out.nodes,
        Standby(
            closing_arrivals(study, units, streets.graphs), units.capacity,
            closing_arrivals(study, _one_each(nodes), streets.graphs),
        ),
        evader_of(settings),
        count=settings.standing_units, within_s=60 * settings.standing_minutes,
        time_limit_s=settings.time_limit_s,
    )  # fmt: skip
    chosen, ways, total = nodes[placed.chosen], streets.ways, float(origins.weight.sum())
    lon, lat = unproject(ways.x_m[chosen], ways.y_m[chosen], streets.whole.crs)
    names = ways.streets_at(chosen)
    return StandingUnits(
        rows=tuple(
            StandingRow(node, float(lon[at]), float(lat[at]), float(ways.x_m[node]),
                        float(ways.y_m[node]), names[at])
            for at, node in enumerate(chosen.tolist())
        ),
        minutes=settings.standing_minutes,
        share_before=placed.weight_before / total,
        share_after=placed.weight / total,
        bound_share=placed.bound / total,
    )  # fmt: skip


def _candidates(streets: Streets, rings: Rings) -> Ints:
    """Spread places over the junctions within the outermost ring, along their curve."""
    nodes = np.arange(streets.main.node_count)
    outermost = rings.outermost
    if outermost is not None:
        nodes = nodes[~outermost.ring.outside[nodes]]
    return nodes[:: -(-len(nodes) // CANDIDATES)].astype(np.int32)


def _one_each(nodes: Ints) -> Units:
    """Let one car stand at each node."""
    names = tuple(map(str, nodes.tolist()))
    count = len(nodes)
    cars = tuple[Mode, ...](["car"] * count)
    return Units(names, names, nodes, np.ones(count, np.int32), cars, np.zeros(count))
