"""Whether calls lie on the streets, or would if they were in another datum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyproj
from numpy.typing import NDArray

from optimizer.calls.schema import Calls
from optimizer.places import Datum, from_wgs84, is_local, project, to_wgs84, unproject

_SAMPLE = 5_000
_NEAR_M = 30.0
_FAR_MORE = 0.2
_DATUMS: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")

RoadDistance = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


def datum_warning(
    calls: Calls, datum: Datum, crs: pyproj.CRS, road_distance_m: RoadDistance
) -> str | None:
    """Warn if another datum would bring far more calls close to a road.

    Parameters
    ----------
    calls
        Cleaned under `datum`.
    datum
        What the study says the coordinates are in.
    crs
        Planar CRS of the study.
    road_distance_m
        Metres to the nearest road (or road node) for places of the plane.

    Returns
    -------
    str or None
        A sentence, or None where nothing speaks against the datum, as always outside China.
    """
    if is_local(crs) or not len(calls):
        return None
    step = max(1, len(calls) // _SAMPLE)
    x_m, y_m = calls.x_m[::step], calls.y_m[::step]
    written = from_wgs84(*unproject(x_m, y_m, crs), datum)
    share = {datum: _share_near(x_m, y_m, road_distance_m)}
    for other in _DATUMS:
        if other != datum:
            moved = project(*to_wgs84(*written, other), crs)
            share[other] = _share_near(*moved, road_distance_m)
    best = max(share, key=lambda one: share[one])
    if share[best] - share[datum] < _FAR_MORE or share[best] < 2 * share[datum]:
        return None
    return (
        f"calls.datum: of the calls {share[datum]:.0%} lie within {_NEAR_M:.0f} m of a road in "
        f'"{datum}", but {share[best]:.0%} would in "{best}"; set datum = "{best}" if the '
        "coordinates come from such a map"
    )


def _share_near(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], road_distance_m: RoadDistance
) -> float:
    return float((road_distance_m(x_m, y_m) <= _NEAR_M).mean())
