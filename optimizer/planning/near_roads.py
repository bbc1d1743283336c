"""Listed places must lie near the roads: one sentence on those that do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.places import PlaceSource, read_usable_places
from optimizer.roads import RoadNetwork, snap_places
from optimizer.siting.wording import counted

MOST_NAMED = 20
"""Places that one fault names."""
FURTHEST_M = 20_000
"""Where a place lies further away, it is wrong, and no limit would mend it."""


def read_near_roads(
    source: PlaceSource, noun: str, network: RoadNetwork, root: Path, limit_m: float
) -> gpd.GeoDataFrame:
    """Read places and put each on its road node.

    Parameters
    ----------
    noun
        What one place is, such as "village".
    limit_m
        Longest straight way from a place to its node.

    Returns
    -------
    geopandas.GeoDataFrame
        As :func:`~optimizer.places.read_places` gives it, but ``node`` is the index of the node,
        and ``way_m`` the way to it. A place that names its node has no geometry.

    Raises
    ------
    InputError
        The file is wrong, nodes do not exist, or places lie too far from every node: all at once.
    """
    file = Path(source.path).name
    places, faults = read_usable_places(source, network.crs, root)
    try:
        snapped = snap_places(network, places, file)
    except InputError as error:
        raise InputError([*faults, *error.faults]) from None
    faults += far_faults(file, noun, places, snapped.distance_m, limit_m)
    if faults:
        raise InputError(faults)
    return places.assign(node=snapped.node, way_m=snapped.distance_m)


def far_faults(
    file: str,
    noun: str,
    places: gpd.GeoDataFrame,
    way_m: NDArray[np.float64],
    limit_m: float,
    *,
    ground: str = "road junction",
) -> Iterator[str]:
    """Name the places too far from the ``ground``, furthest first, and a limit that would do."""
    far = np.argsort(-way_m, kind="stable")[: (way_m > limit_m).sum()].tolist()
    if not far:
        return
    named = ", ".join(
        f"{' '.join(dict.fromkeys(places[['place_id', 'name']].iloc[row]))} ({way_m[row]:,.0f} m)"
        for row in far[:MOST_NAMED]
    )
    more = f" and {len(far) - MOST_NAMED} more" if len(far) > MOST_NAMED else ""
    furthest_m = np.ceil(way_m[far[0]])
    advice = "correct coordinates, CRS or datum"
    if furthest_m <= FURTHEST_M:
        advice += f", or raise [roads] max_snap_m to {furthest_m:.0f}"
    yield (
        f"{file}: {counted(len(far), noun)} {'lies' if len(far) == 1 else 'lie'} more than "
        f"max_snap_m = {limit_m:g} m from every {ground}: {named}{more}; {advice}"
    )
