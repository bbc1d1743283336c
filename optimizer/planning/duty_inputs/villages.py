"""The villages with a post of their own, each on its road node."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import shapely

from optimizer.deployment import VillageSettings
from optimizer.planning.near_roads import read_near_roads
from optimizer.roads import RoadNetwork


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
    places = read_near_roads(settings, "village", network, root, limit_m)
    node = places["node"].to_numpy()
    at_node = gpd.GeoSeries(shapely.points(network.x_m[node], network.y_m[node]), crs=network.crs)
    return places.set_geometry(places.geometry.where(places.geometry.notna(), at_node))
