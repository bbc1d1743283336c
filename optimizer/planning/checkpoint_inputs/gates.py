"""The electronic gates of a study, put on the streets."""

from __future__ import annotations

import geopandas as gpd
import numpy as np

from optimizer.checkpoints import Posts, nearest_roads
from optimizer.errors import InputError
from optimizer.places import read_places
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.faults import present
from optimizer.planning.near_roads import far_faults
from optimizer.roads import snap_places
from optimizer.study import Study

AT_JUNCTION_M = 30.0
"""A gate this near to a junction sees all who pass it; any other sees its road."""


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
    snapped = snap_places(streets.whole, places, source.path)
    site, way_m = snapped.node.copy(), snapped.distance_m.copy()
    on_road = way_m > AT_JUNCTION_M
    if on_road.any():
        points = places.geometry[on_road]
        site[on_road], way_m[on_road] = nearest_roads(
            streets.ways, points.x.to_numpy(), points.y.to_numpy()
        )
    far = far_faults(source.path, "gate", places, way_m, streets.max_snap_m, ground="road")
    if faults := list(far):
        raise InputError(faults)
    at = np.where(on_road, "road", "junction")
    return places.assign(at=at, site=site), Posts(site[~on_road], site[on_road])
