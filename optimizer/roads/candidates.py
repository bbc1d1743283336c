"""Where a platform may stand: junctions with good access, or the places of a file."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy  # its parts are loaded when they are first used
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from optimizer.errors import InputError
from optimizer.places import PlaceSource, nearest, read_places, read_polygons
from optimizer.roads.network import RoadNetwork
from optimizer.roads.settings import CandidateSettings
from optimizer.roads.snap import snap_places

Ints = NDArray[np.int32]
Objects = NDArray[np.object_]
Mask = NDArray[np.bool_]
Nodes = Sequence[int] | NDArray[np.integer]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CandidateSites:
    """Candidate sites: road node, id and name of each, shape (m,); every array is read-only.

    No two sites have the same node or the same id.
    """

    node: Ints
    site_id: Objects
    name: Objects

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            frozen = getattr(self, field.name).copy()
            frozen.setflags(write=False)
            object.__setattr__(self, field.name, frozen)


def candidate_sites(
    network: RoadNetwork, settings: CandidateSettings, crs: CRS, root: Path, *, always: Nodes = ()
) -> CandidateSites:
    """List the places among which platforms are chosen.

    Parameters
    ----------
    network
        The roads.
    crs
        Planar CRS of the study.
    root
        Folder that the paths of the study are relative to.
    always
        Nodes that are in whatever the settings say, such as those of platforms to keep.

    Returns
    -------
    The sites: of junctions in the order of the nodes, of a file in the file's order; then those of
    ``always`` that were not among them. Junctions have their node ids as site ids. Of several
    places of a file at the same node only the first is a site: nothing tells them apart on the
    roads.

    Raises
    ------
    InputError
        Nothing is left, a class is unknown, or a file of places or polygons is at fault.
    """
    if settings.candidates == "junctions":
        sites = _junctions(network, settings, crs, root)
    else:
        sites = _from_file(network, settings, crs, root)
    missing = np.setdiff1d(np.asarray(always, dtype=np.int32), sites.node)
    kept = _at_nodes(network, missing)
    sites = CandidateSites(*(np.concatenate([getattr(sites, field), getattr(kept, field)])
                             for field in ("node", "site_id", "name")))  # fmt: skip
    if len(sites.node) == 0:
        raise InputError(_nothing_left(settings))
    doubled = [site_id for site_id, count in Counter(sites.site_id).items() if count > 1]
    if doubled:
        raise InputError(
            f"candidate sites: the ids {', '.join(doubled[:5])} stand for a place of the file and "
            "for the road node of a platform to keep; give the places of the file other ids"
        )
    return sites


def _junctions(
    network: RoadNetwork, settings: CandidateSettings, crs: CRS, root: Path
) -> CandidateSites:
    legs = network.degree()
    allowed = legs >= settings.min_legs
    if settings.classes:
        allowed &= _on_classes(network, settings.classes)
    nodes: Ints = np.flatnonzero(allowed).astype(np.int32)
    nodes = nodes[~in_forbidden_ground(network, nodes, settings, crs, root)]
    if settings.spacing_m > 0:
        nodes = _thinned(network, nodes, legs, settings.spacing_m)
    return _at_nodes(network, nodes)


def _from_file(
    network: RoadNetwork, settings: CandidateSettings, crs: CRS, root: Path
) -> CandidateSites:
    source = PlaceSource.model_validate(settings.candidates)
    places = read_places(source, crs, root)
    node = snap_places(network, places, Path(source.path).name).node
    _, first = np.unique(node, return_index=True)
    kept = np.sort(first)
    kept = kept[~in_forbidden_ground(network, node[kept], settings, crs, root)]
    return CandidateSites(
        node=node[kept],
        site_id=places["place_id"].to_numpy(dtype=object)[kept],
        name=places["name"].to_numpy(dtype=object)[kept],
    )


def _at_nodes(network: RoadNetwork, nodes: Ints) -> CandidateSites:
    return CandidateSites(
        node=nodes,
        site_id=network.node_ids[nodes],
        name=np.array(network.streets_at(nodes), dtype=object),
    )


def _on_classes(network: RoadNetwork, classes: tuple[str, ...]) -> Mask:
    """Mark the nodes that a road of one of the classes touches."""
    known = sorted(set(network.line_class))
    faults = []
    for name in classes:
        if name not in known:
            close = nearest(name, known)
            advice = f'did you mean "{close}"?' if close else f"the roads have {', '.join(known)}"
            faults.append(f'[platforms] classes: no road has the class "{name}"; {advice}')
    if faults:
        raise InputError(faults)
    fits = np.isin(network.line_class, classes)[network.line]
    touched = np.zeros(network.node_count, dtype=bool)
    touched[network.tail[fits]] = True
    touched[network.head[fits]] = True
    return touched


def in_forbidden_ground(
    network: RoadNetwork,
    nodes: Ints,
    settings: CandidateSettings,
    crs: CRS,
    root: Path,
) -> Mask:
    """Tell of each node whether it stands in or on the edge of forbidden ground.

    Raises
    ------
    InputError
        The file of polygons is at fault.
    """
    forbidden = np.zeros(len(nodes), dtype=bool)
    if settings.forbid is None:
        return forbidden
    ground = read_polygons(root / settings.forbid, crs).geometry.to_numpy()
    points = shapely.points(network.x_m[nodes], network.y_m[nodes])
    forbidden[shapely.STRtree(points).query(ground, predicate="intersects")[1]] = True
    return forbidden


def _thinned(network: RoadNetwork, nodes: Ints, legs: Ints, spacing_m: float) -> Ints:
    """Keep junctions at least ``spacing_m`` apart, those with the best access first.

    Access is better with more legs, then with faster roads; the node's number settles ties.
    """
    speed = np.zeros(network.node_count)
    for ends in (network.tail, network.head):
        np.maximum.at(speed, ends, network.line_speed_kph[network.line])
    places = np.column_stack([network.x_m[nodes], network.y_m[nodes]])
    tree = scipy.spatial.KDTree(places)
    free = np.ones(len(nodes), dtype=bool)
    chosen = []
    for candidate in np.lexsort((nodes, -speed[nodes], -legs[nodes])).tolist():
        if free[candidate]:
            chosen.append(candidate)
            near = np.array(tree.query_ball_point(places[candidate], spacing_m))
            apart = np.hypot(*(places[near] - places[candidate]).T)
            free[near[apart < spacing_m]] = False
    thinned: Ints = nodes[np.sort(chosen)]
    return thinned


def _nothing_left(settings: CandidateSettings) -> str:
    if settings.candidates != "junctions":
        return (
            "candidate sites: every place of the file lies in forbidden ground; "
            "check [platforms] candidates and forbid"
        )
    return (
        f"candidate sites: no junction has {settings.min_legs} legs or more"
        + (f", touches a road of {', '.join(settings.classes)}" if settings.classes else "")
        + (", and lies outside the forbidden ground" if settings.forbid else "")
        + "; lower min_legs in [platforms], or give a file of candidates"
    )
