"""Where posts may stand, of which kind and at what cost, by the rules of a study."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.checkpoints.rings.ring import Ring
from optimizer.checkpoints.settings import At, PostKind
from optimizer.checkpoints.streets.posts import Posts, PostSites
from optimizer.checkpoints.streets.street_graph import StreetGraph
from optimizer.checkpoints.streets.waterways import WATER, Ways

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

Rule = Literal["", "allowed", "forbidden", "must"]
RULES: tuple[Rule, ...] = get_args(Rule)
PLAIN = "post"
"""Kind of a post that no kind of the study is for."""


@dataclasses.dataclass(frozen=True, slots=True)
class ListedSite:
    """A site that the study says something about.

    Parameters
    ----------
    place_id
        Its id in the study's table.
    at, site
        At a junction or on a road, and the index of that node or road.
    kind, cost
        Of a post there; "" and None: as everywhere.
    rule
        "": nothing but kind and cost is said. As soon as one site is "allowed", only sites that
        are listed as "allowed" or "must" may have a post.
    """

    place_id: str
    at: At
    site: int
    kind: str = ""
    cost: float | None = None
    rule: Rule = ""


def post_sites(
    ways: Ways,
    *,
    kinds: Sequence[PostKind] = (),
    placed: Mapping[str, Posts] | None = None,
    listed: Sequence[ListedSite] = (),
    posts_at: Literal["junctions", "roads", "both"] = "both",
    on_water: bool = True,
) -> PostSites:
    """Settle kind and cost of a post at every site; what comes later in this list overrules.

    A site is a plain post of cost 1; of the first kind whose classes hold its road, or a road at
    its junction; of the kind that is placed there; of the kind and cost that are listed for it.

    Parameters
    ----------
    placed
        Name of a kind with places -> its sites.
    on_water
        Posts may stand on waters; at quays they always may.
    """
    names, costs = _kinds(kinds)
    nodes = np.zeros(ways.graph.node_count, np.int16)
    roads = np.zeros(ways.graph.road_count, np.int16)
    _by_class(ways, kinds, names, nodes, roads)
    for name, sites in (placed or {}).items():
        nodes[sites.nodes] = roads[sites.roads] = names.index(name)
    for one in listed:
        if one.kind:
            (nodes if one.at == "junction" else roads)[one.site] = names.index(one.kind)
    node_cost, road_cost = costs[nodes], costs[roads]
    for one in listed:
        if one.cost is not None:
            (node_cost if one.at == "junction" else road_cost)[one.site] = one.cost
    node_open, road_open = _open_sites(ways, listed, posts_at, on_water=on_water)
    must = [one for one in listed if one.rule == "must"]
    return PostSites(
        node_cost=np.where(node_open, node_cost, np.inf),
        road_cost=np.where(road_open, road_cost, np.inf),
        must=Posts(
            np.array([one.site for one in must if one.at == "junction"], np.int32),
            np.array([one.site for one in must if one.at == "road"], np.int32),
        ),
        node_kind=nodes,
        road_kind=roads,
        kinds=tuple(names),
    )


def ring_sites(graph: StreetGraph, ring: Ring, sites: PostSites) -> PostSites:
    """Leave only the sites at junctions of a ring and on the roads that touch or cross it."""
    roads = ring.roads(graph)
    must = sites.must
    return dataclasses.replace(
        sites,
        node_cost=np.where(ring.annulus, sites.node_cost, np.inf),
        road_cost=np.where(roads, sites.road_cost, np.inf),
        must=Posts(must.nodes[ring.annulus[must.nodes]], must.roads[roads[must.roads]]),
    )


def nearest_roads(ways: Ways, x_m: Floats, y_m: Floats) -> tuple[Ints, Floats]:
    """Find the road nearest to each place, and the straight way to it, metres."""
    tree = shapely.STRtree(ways.lines)
    (place, road), way_m = tree.query_nearest(
        shapely.points(x_m, y_m), return_distance=True, all_matches=False
    )
    order = np.argsort(place)
    return road[order].astype(np.int32), way_m[order]


def road_middle(ways: Ways, road: int) -> tuple[float, float]:
    """Give the place halfway along a road, where its post stands."""
    middle = shapely.line_interpolate_point(ways.lines[road], 0.5, normalized=True)
    return float(middle.x), float(middle.y)


def _kinds(kinds: Sequence[PostKind]) -> tuple[list[str], Floats]:
    """List the kinds by index, the plain one first, and what a post of each costs."""
    costs = {PLAIN: 1.0} | {kind.name: kind.cost for kind in kinds}
    return list(costs), np.array(list(costs.values()))


def _by_class(
    ways: Ways,
    kinds: Sequence[PostKind],
    names: list[str],
    nodes: NDArray[np.int16],
    roads: NDArray[np.int16],
) -> None:
    """Mark the sites on roads of a kind's classes; the first kind of the study is marked last."""
    folded = np.array([str(name).casefold() for name in ways.classes], dtype=object)
    ends = ways.road_ends()
    for kind in reversed(kinds):
        wanted = np.isin(folded, [name.casefold() for name in kind.classes])
        roads[wanted] = nodes[ends[wanted].ravel()] = names.index(kind.name)


def _open_sites(
    ways: Ways, listed: Sequence[ListedSite], posts_at: str, *, on_water: bool
) -> tuple[Mask, Mask]:
    """Mark where posts may stand, shapes (n,) and (r,)."""
    only_listed = any(one.rule == "allowed" for one in listed)
    nodes = np.full(ways.graph.node_count, posts_at != "roads" and not only_listed)
    roads = np.full(ways.graph.road_count, posts_at != "junctions" and not only_listed)
    for one in listed:
        if one.rule:
            (nodes if one.at == "junction" else roads)[one.site] = one.rule != "forbidden"
    if not on_water:
        nodes[ways.junctions :] = False
        roads[ways.classes == WATER] = False
    return nodes, roads
