"""The villages with a post of their own, each on its road node."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.deployment import VillageSettings
from optimizer.errors import InputError
from optimizer.places import read_places
from optimizer.roads import RoadNetwork, snap_places

MOST_NAMED = 20
"""Villages that one fault names."""


def read_villages(
    settings: VillageSettings, network: RoadNetwork, root: Path, limit_m: float
) -> gpd.GeoDataFrame:
    """Read the villages and put each on its road node.

    Parameters
    ----------
    settings
        The section [villages].
    limit_m
        Longest straight way from a village to its road node.

    Returns
    -------
    geopandas.GeoDataFrame
        ``place_id, name``, the index of its ``node``, ``way_m`` to it, and the village's own place
        as ``geometry``, in the order of the file.

    Raises
    ------
    InputError
        The file is missing or wrong, or villages lie too far from every road; they are named, the
        furthest first, with the least limit that would do.
    """
    places = read_places(settings, network.crs, root)
    snapped = snap_places(network, places)
    node, way_m = snapped.node, snapped.distance_m
    far = np.flatnonzero(way_m > limit_m)
    if len(far):
        raise InputError(_too_far(Path(settings.path).name, places, way_m, far, limit_m))
    at_node = gpd.GeoSeries(shapely.points(network.x_m[node], network.y_m[node]), crs=network.crs)
    geometry = places.geometry.where(places["node"].isna().to_numpy(), at_node)
    return places.assign(node=node, way_m=way_m).set_geometry(geometry)


def _too_far(
    file: str,
    places: gpd.GeoDataFrame,
    way_m: NDArray[np.float64],
    far: NDArray[np.intp],
    limit_m: float,
) -> str:
    order = far[np.argsort(-way_m[far], kind="stable")]
    named = ", ".join(
        f"{places['place_id'].iloc[row]} {places['name'].iloc[row]} ({way_m[row]:,.0f} m)"
        for row in order[:MOST_NAMED]
    )
    more = f" and {len(far) - MOST_NAMED} more" if len(far) > MOST_NAMED else ""
    verb = "village lies" if len(far) == 1 else "villages lie"
    return (
        f"{file}: {len(far)} {verb} more than {limit_m:g} m from every road that is used: "
        f"{named}{more}; correct their coordinates, CRS or datum, name their node, or raise "
        f"[roads] max_snap_m to {np.ceil(way_m[order[0]]):.0f}"
    )
