"""Counts per place, for studies that may not see single calls."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.demand.settings import DemandSettings
from optimizer.errors import InputError
from optimizer.places import PlaceSource, guess_column, read_places, read_source
from optimizer.roads import RoadNetwork, snap_places

WEIGHT_COLUMNS = ("weight", "calls", "count", "demand")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CountedPlaces:
    """Places and the calls counted at each.

    Parameters
    ----------
    place_id
        Ids as text, shape (n,); None when the file has none.
    x_m, y_m
        Places in the study's CRS, metres, shape (n,).
    weight
        Calls counted at each, shape (n,), all above 0.
    node, distance_m
        Nearest road node of each, and the straight way to it, metres, shape (n,).
    """

    place_id: NDArray[np.object_] | None
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    weight: NDArray[np.float64]
    node: NDArray[np.int32]
    distance_m: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.x_m)


def read_counts(settings: DemandSettings, root: Path, network: RoadNetwork) -> CountedPlaces:
    """Read counts per place and find their road nodes.

    A column of weights that the study does not name is looked for under its usual names; places
    without weight are left out.

    Parameters
    ----------
    settings
        The section [demand], with a path.
    root
        Folder that the path is relative to.
    network
        Roads of the study.

    Raises
    ------
    InputError
        The table has faults, names a node that is not there, or counts no calls at all.
    """
    keys = set(PlaceSource.model_fields) & set(type(settings).model_fields)
    named = {key: value for key in keys if (value := getattr(settings, key)) is not None}
    path = root / str(settings.path)
    columns = read_source(path, encoding=settings.encoding).table.column_names
    if settings.weight is None:
        usual = [name for name in columns if name.casefold() in WEIGHT_COLUMNS]
        if usual:
            named["weight"] = usual[0]
    places = read_places(PlaceSource(**named), network.crs, root)
    places = places[places["weight"] > 0]
    if places.empty:
        raise InputError(
            f"{path.name}: no place has a weight above 0; name the column of counts as [demand] "
            "weight, or correct it."
        )
    has_ids = settings.id is not None or guess_column("id", columns) is not None
    snapped = snap_places(network, places, path.name)
    on_node = places.geometry.isna().to_numpy()
    points = places.geometry
    return CountedPlaces(
        place_id=places["place_id"].to_numpy(dtype=object) if has_ids else None,
        x_m=np.where(on_node, network.x_m[snapped.node], points.x.to_numpy(dtype=float)),
        y_m=np.where(on_node, network.y_m[snapped.node], points.y.to_numpy(dtype=float)),
        weight=places["weight"].to_numpy(dtype=float),
        node=snapped.node,
        distance_m=snapped.distance_m,
    )
