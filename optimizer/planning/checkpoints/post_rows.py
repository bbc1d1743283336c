"""Posts as they are printed: numbered, with their kind, their place and their street."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely

from optimizer.checkpoints import At, PostRow, Posts, PostSites, Ways, road_middle
from optimizer.places import unproject
from optimizer.planning.checkpoint_inputs.streets import Streets


def post_rows(
    ring: str,
    posts: Posts,
    sites: PostSites,
    streets: Streets,
    middle: shapely.Point,
    *,
    mark: str = "",
) -> tuple[PostRow, ...]:
    """Describe the posts of a ring, numbered clockwise from the north.

    Parameters
    ----------
    middle
        Of the ring.
    mark
        Stands before the numbers, so that several sets of posts of a ring have ids of their own.
    """
    ways = streets.ways
    places = [
        *(("junction", node, node, (float(ways.x_m[node]), float(ways.y_m[node])))
          for node in posts.nodes.tolist()),
        *(("road", road, _near_end(ways, ends, middle), road_middle(ways, road))
          for road, ends in zip(posts.roads.tolist(), ways.road_ends()[posts.roads].tolist(),
                                strict=True)),
    ]  # fmt: skip
    places.sort(key=lambda place: (_bearing(place[3], middle), place[0], place[1]))
    x_m, y_m = np.array([place[3] for place in places]).reshape(-1, 2).T
    lon, lat = unproject(x_m, y_m, streets.whole.crs)
    digits = max(2, len(str(len(places))))
    must_nodes, must_roads = set(sites.must.nodes.tolist()), set(sites.must.roads.tolist())
    streets_at = dict(zip(posts.nodes.tolist(), ways.streets_at(posts.nodes), strict=True))
    rows = []
    for number, (at, site, node, _) in enumerate(places):
        kinds, costs, must = (
            (sites.node_kind, sites.node_cost, must_nodes) if at == "junction"
            else (sites.road_kind, sites.road_cost, must_roads)
        )  # fmt: skip
        rows.append(PostRow(
            post_id=f"{ring}-{mark}{number + 1:0{digits}d}", ring=ring,
            kind=sites.kinds[kinds[site]],
            at=_at(at), site=site, node=node, lon=float(lon[number]), lat=float(lat[number]),
            x_m=float(x_m[number]), y_m=float(y_m[number]),
            street=streets_at[site] if at == "junction" else str(ways.names[site]),
            cost=float(costs[site]), must=site in must,
        ))  # fmt: skip
    return tuple(rows)


def _at(at: str) -> At:
    return "road" if at == "road" else "junction"


def _near_end(ways: Ways, ends: Iterable[int], middle: shapely.Point) -> int:
    """Choose the end of a road that is nearer to the middle of the ring."""
    return min(ends, key=lambda n: (np.hypot(ways.x_m[n] - middle.x, ways.y_m[n] - middle.y), n))


def _bearing(place: tuple[float, float], middle: shapely.Point) -> float:
    """Give the direction from the middle, radians clockwise from the north."""
    return float(np.arctan2(place[0] - middle.x, place[1] - middle.y) % (2 * np.pi))
