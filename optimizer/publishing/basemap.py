"""From planar metres to degrees: shapes, and the roads that every map is drawn on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from optimizer.checkpoints import WATER, Ways
from optimizer.places import unproject
from optimizer.publishing.map_content import ARTERIAL, COLLECTOR, LOCAL, WATERWAY, MapRoads
from optimizer.roads import RoadNetwork

SIMPLIFY_ROADS_M = 2.0
ARTERIAL_KPH, COLLECTOR_KPH = 55.0, 50.0
ARTERIAL_CLASSES = ("motorway", "trunk", "primary")
COLLECTOR_CLASSES = ("secondary", "tertiary")


def to_degrees(
    shapes: Iterable[shapely.Geometry], crs: CRS, tolerance_m: float
) -> NDArray[np.object_]:
    """Simplify planar shapes and give them in WGS-84 degrees."""
    simple = shapely.simplify(np.array(list(shapes), dtype=object), tolerance_m)

    def unprojected(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(unproject(xy[:, 0], xy[:, 1], crs))

    result: NDArray[np.object_] = shapely.transform(simple, unprojected)
    return result


def map_roads(network: RoadNetwork, ways: Ways | None = None) -> MapRoads:
    """Draw the lines of a road network, each ranked by its class or its speed.

    Parameters
    ----------
    ways
        Roads and waters as one, of which the waters are drawn too.
    """
    waters = () if ways is None else ways.lines[ways.classes == WATER]
    lines = to_degrees([*network.lines, *waters], network.crs, SIMPLIFY_ROADS_M)
    kinds = zip(network.line_class, network.line_speed_kph, strict=True)
    return MapRoads(
        tuple(shapely.get_coordinates(line) for line in lines),
        (
            *(_road_class(str(name), float(speed_kph)) for name, speed_kph in kinds),
            *(WATERWAY for _ in waters),
        ),
    )


def _road_class(name: str, speed_kph: float) -> int:
    """Rank a road by its OSM word where it has one, else by its speed."""
    if name.startswith(ARTERIAL_CLASSES):
        return ARTERIAL
    if name.startswith(COLLECTOR_CLASSES):
        return COLLECTOR
    if name in ("residential", "unclassified", "living_street", "service"):
        return LOCAL
    return (
        ARTERIAL
        if speed_kph >= ARTERIAL_KPH
        else COLLECTOR
        if speed_kph >= COLLECTOR_KPH
        else LOCAL
    )
