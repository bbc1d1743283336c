"""From places to road nodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator

import geopandas as gpd
import numpy as np
import scipy  # its parts are loaded when they are first used
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.places import nearest
from optimizer.roads.network import RoadNetwork

Floats = NDArray[np.float64]

MOST_ADVISED = 5
"""Unknown nodes that are told one by one, each with what may be meant."""
MOST_NAMED = 20
"""Further ones that one sentence names."""
MOST_COMPARED = 100_000
"""Node ids among which a similar one is looked for."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """The road node of each place, shape (k,), and the straight way to it, metres, shape (k,).

    Both arrays are read-only.
    """

    node: NDArray[np.int32]
    distance_m: Floats

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            frozen = getattr(self, field.name).copy()
            frozen.setflags(write=False)
            object.__setattr__(self, field.name, frozen)


def snap(network: RoadNetwork, x_m: Floats, y_m: Floats) -> Snapped:
    """Find the road node nearest to each place of the network's plane.

    Every node of a network reaches every other one, so a place is never snapped to a road that
    leads nowhere. How far is too far is the caller's decision.
    """
    tree = scipy.spatial.KDTree(np.column_stack([network.x_m, network.y_m]))
    distance_m, node = tree.query(np.column_stack([x_m, y_m]))
    return Snapped(node.astype(np.int32), distance_m)


def snap_places(network: RoadNetwork, places: gpd.GeoDataFrame, file: str) -> Snapped:
    """Find the road node of each place: the one it names in ``node``, else the nearest.

    Parameters
    ----------
    places
        Rows with ``place_id``, ``node`` and ``geometry``; where ``node`` is given it decides.
    file
        That lists them: every fault begins with its name.

    Raises
    ------
    InputError
        A place names a node that does not exist, or stands in another CRS than the network.
    """
    if places.crs is not None and places.crs != network.crs:
        raise InputError(
            f"{file}: the places are in {places.crs.name} but the roads in {network.crs.name}; "
            "read both in the study's CRS"
        )
    named = places["node"].notna().to_numpy()
    node = np.zeros(len(places), dtype=np.int32)
    distance_m = np.zeros(len(places))
    node[named] = _named_nodes(network, places[named], file)
    if not named.all():
        points = places.geometry[~named]
        found = snap(network, points.x.to_numpy(), points.y.to_numpy())
        node[~named], distance_m[~named] = found.node, found.distance_m
    return Snapped(node, distance_m)


def _named_nodes(network: RoadNetwork, places: gpd.GeoDataFrame, file: str) -> NDArray[np.int32]:
    wanted = [str(node_id) for node_id in places["node"]]
    node = network.nodes_of(wanted)
    unknown = [
        (place_id, node_id)
        for place_id, node_id, at in zip(places["place_id"], wanted, node, strict=True)
        if at < 0
    ]
    if unknown:
        raise InputError(_unknown_nodes(unknown, network.node_ids.tolist(), file))
    return node


def _unknown_nodes(
    unknown: list[tuple[str, str]], known: Collection[str], file: str
) -> Iterator[str]:
    """Name the nodes that are not there, the first of them with what may be meant."""
    for place_id, node_id in unknown[:MOST_ADVISED]:
        close = nearest(node_id, known) if len(known) < MOST_COMPARED else None
        advice = f"did you mean {close}?" if close else "use an id of the road file's nodes"
        yield (
            f'{file}: place {place_id}: there is no road node "{node_id}" in the part of the '
            f"roads that is used; {advice}"
        )
    more = unknown[MOST_ADVISED:]
    if more:
        named = ", ".join(f'"{node_id}" of {place_id}' for place_id, node_id in more[:MOST_NAMED])
        rest = f" and {len(more) - MOST_NAMED} more" if len(more) > MOST_NAMED else ""
        yield (
            f"{file}: nor are there the road nodes {named}{rest}; use ids of the road file's nodes"
        )
