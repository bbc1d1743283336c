"""Further layers of demand (crowding, venues, population), laid on the road nodes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from optimizer.demand.settings import LayerSettings
from optimizer.errors import InputError
from optimizer.places import PlaceSource, read_places, read_polygons, read_source
from optimizer.roads import RoadNetwork, snap, snap_places

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Demand that is blended into the calls.

    Parameters
    ----------
    name
        As the study calls it.
    share
        Share of the total demand that the layer makes up, above 0 and below 1.
    node_weight
        Weight at every node of the network in the layer's own unit, shape (n,).
    warnings
        Sentences that a planner should read, such as on places too far from a road.
    """

    name: str
    share: float
    node_weight: Floats
    warnings: tuple[str, ...] = ()


def read_layer(
    settings: LayerSettings, root: Path, network: RoadNetwork, *, max_snap_m: float = 500
) -> Layer:
    """Read points or polygons with a weight and lay the weight on the road nodes.

    A polygon spreads its weight evenly over the nodes inside it; one without any gives it to the
    node nearest to its middle, as a point does.

    Parameters
    ----------
    settings
        One of the layers of [demand].
    root
        Folder that the path is relative to.
    network
        Roads of the study.
    max_snap_m
        A place further from every node is left out, and a warning counts them.

    Raises
    ------
    InputError
        The file has faults, or no weight is left.
    """
    source = PlaceSource(**settings.model_dump(exclude={"share"}))
    table = read_source(root / source.path, encoding=source.encoding)
    kinds = set() if table.geometry is None else set(shapely.get_type_id(table.geometry)) - {-1}
    is_polygons = bool(kinds) and kinds <= {
        shapely.GeometryType.POLYGON,
        shapely.GeometryType.MULTIPOLYGON,
    }
    read = _polygon_weight if is_polygons else _point_weight
    weight, too_far, warnings = read(source, root, network, max_snap_m)
    if weight.sum() <= 0:
        raise InputError(
            f"{source.path}: the demand layer has no weight near any road ({too_far} of its places "
            f"lie more than {max_snap_m:g} m from one); check its weight column and its CRS."
        )
    if too_far:
        far = (
            f"{source.path}: places of the demand layer further than {max_snap_m:g} m from every "
            f"road node: {too_far}; they are left out, check their coordinates and CRS"
        )
        warnings = (*warnings, far)
    return Layer(settings.name or Path(settings.path).stem, settings.share, weight, warnings)


def _point_weight(
    source: PlaceSource, root: Path, network: RoadNetwork, max_snap_m: float
) -> tuple[Floats, int, tuple[str, ...]]:
    """Weight by node, the number of places too far from all, and warnings."""
    places = read_places(source, network.crs, root)
    snapped = snap_places(network, places, Path(source.path).name)
    near = snapped.distance_m <= max_snap_m
    weight = places["weight"].to_numpy(dtype=float)
    nodes = len(network.x_m)
    total = np.bincount(snapped.node[near], weight[near], minlength=nodes).astype(float)
    return total, int((~near).sum()), ()


def _polygon_weight(
    source: PlaceSource, root: Path, network: RoadNetwork, max_snap_m: float
) -> tuple[Floats, int, tuple[str, ...]]:
    """Weight by node, the number of polygons too far from all, and warnings."""
    columns = [] if source.weight is None else [source.weight]
    frame = read_polygons(root / source.path, network.crs, columns=columns)
    weight = np.ones(len(frame))
    if source.weight is not None:
        weight = _numbers(frame[source.weight], source)
    polygons = np.asarray(frame.geometry.array, dtype=object)
    tree = shapely.STRtree(shapely.points(network.x_m, network.y_m))
    polygon, node = tree.query(polygons, predicate="intersects")
    inside = np.bincount(polygon, minlength=len(polygons))
    total = np.bincount(node, (weight / np.maximum(inside, 1))[polygon], len(network.x_m)).astype(
        float
    )
    empty = inside == 0
    middle = shapely.point_on_surface(polygons[empty])
    snapped = snap(network, shapely.get_x(middle), shapely.get_y(middle))
    near = snapped.distance_m <= max_snap_m
    np.add.at(total, snapped.node[near], weight[empty][near])
    return total, int((~near).sum()), frame.attrs["warnings"]


def _numbers(column: pd.Series, source: PlaceSource) -> Floats:
    weight = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float)
    bad = column.notna().to_numpy() & ~(np.isfinite(weight) & (weight >= 0))
    if bad.any():
        first = int(np.argmax(bad))
        raise InputError(
            f"{source.path}: {int(bad.sum())} polygons have a {source.weight} that is no number "
            f"from 0 up, the first is {column.iloc[first]!r} in polygon {first + 1}; correct it."
        )
    return np.where(np.isnan(weight), 0.0, weight)
