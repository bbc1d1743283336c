"""From drills and closing nets on the streets to the pages that show them minute by minute."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from optimizer.checkpoints import Drill, DrillPost, Move, NetPost, Ways
from optimizer.places import unproject
from optimizer.plan import CityPlan
from optimizer.publishing.basemap import map_roads, to_degrees
from optimizer.publishing.checkpoint_content import MapRing
from optimizer.publishing.checkpoint_map import degrees_of, map_ring
from optimizer.publishing.degrees import Coordinates
from optimizer.publishing.drill_content import DrillContent, DrillMove, DrillReach
from optimizer.publishing.locale import texts
from optimizer.publishing.map_content import MapPlace
from optimizer.roads import RoadNetwork
from optimizer.study import Study

Floats = NDArray[np.float64]

SIMPLIFY_REACH_M = 3.0


def drill_content(
    drill: Drill,
    ways: Ways,
    network: RoadNetwork,
    study: Study,
    ring: MapRing | None = None,
) -> DrillContent:
    """Turn a drill into what its page shows.

    Parameters
    ----------
    ways
        The streets that the drill's nodes are of.
    network
        The roads to draw below.
    study
        Whose title and language the page has.
    ring
        The ring that is closed, to be drawn below and to name the drill.
    """
    streets = ways.streets_at([post.nodes[0] for post in drill.posts])
    street_of = {
        post.post_id: post.name or street for post, street in zip(drill.posts, streets, strict=True)
    }
    open_posts = (*drill.left_open, *drill.out_of_reach)
    head = study.settings.study
    return DrillContent(
        title=_title(study, "title_drill"),
        language=head.language,
        attribution=head.attribution,
        roads=map_roads(network, ways),
        name="" if ring is None else ring.name,
        rings=() if ring is None else (ring,),
        moves=(
            *(_move(drill, move, ways, network.crs, street_of) for move in drill.moves),
            *(
                DrillMove(post.post_id, *_place(post, ways, network.crs), street_of[post.post_id])
                for post in open_posts
            ),
        ),
    )


def plan_drills(plan: CityPlan) -> list[DrillContent]:
    """Turn the drill of each ring of a plan into what the page shows; empty without any."""
    checkpoints, network = plan.checkpoints, plan.network
    if checkpoints is None:
        return []
    return [
        drill_content(
            ring.drill, checkpoints.ways, network, plan.study, map_ring(ring, network.crs)
        )
        for ring in checkpoints.rings
        if ring.drill is not None
    ]


def net_content(
    net: Sequence[NetPost],
    ways: Ways,
    network: RoadNetwork,
    study: Study,
    *,
    incidents: Sequence[tuple[str, int]],
    evader_s: Floats,
    leak: Sequence[int] | None = None,
) -> DrillContent:
    """Turn the containment of an incident into what its page shows.

    Parameters
    ----------
    net
        The posts that close, none where the fugitive gets away.
    ways, network
        The streets that the nodes are of, and the roads to draw below.
    study
        Whose title and language the page has.
    incidents
        Name and node of every place that a flight starts from.
    evader_s
        When the fugitive can be at each node past the posts of the net at the soonest, seconds
        after the incident, shape (n,); inf: never.
    leak
        Nodes of the quickest way out, where no net closes in time.
    """
    crs = network.crs
    until_s = max((post.unit_s for post in net), default=0.0)
    if leak is not None:
        until_s = max(until_s, float(evader_s[leak[-1]]))
    nodes = np.array([node for _, node in incidents], dtype=np.int64)
    lon, lat = unproject(ways.x_m[nodes], ways.y_m[nodes], crs)
    head = study.settings.study
    return DrillContent(
        title=_title(study, "title_net"),
        language=head.language,
        attribution=head.attribution,
        roads=map_roads(network, ways),
        moves=tuple(
            DrillMove(
                post=post.street or f"{post.lon:.4f}, {post.lat:.4f}",
                lon=post.lon,
                lat=post.lat,
                unit=post.unit,
                depart_minutes=0.0,
                arrive_minutes=post.unit_s / 60,
                closed_minutes=post.unit_s / 60,
                evader_minutes=post.evader_s / 60,
            )
            for post in net
        ),
        incidents=tuple(
            MapPlace(name, x, y)
            for (name, _), x, y in zip(incidents, lon.tolist(), lat.tolist(), strict=True)
        ),
        reach=_reach(ways, evader_s, until_s, crs),
        leak=degrees_of(None if leak is None else ways.route_line(leak), crs),
        leak_minutes=np.nan if leak is None else float(evader_s[leak[-1]]) / 60,
    )


def _title(study: Study, key: str) -> str:
    head = study.settings.study
    return texts(head.language)["drill"][key].format(title=head.title or head.name)


def _place(post: DrillPost, ways: Ways, crs: CRS) -> tuple[float, float]:
    """Return where a post stands: its junction, or halfway along its road, even a one-way."""
    graph, (first, last) = ways.graph, (post.nodes[0], post.nodes[-1])
    ahead = last in graph.head[graph.indptr[first] : graph.indptr[first + 1]]
    ends = post.nodes if ahead or first == last else post.nodes[::-1]
    middle = ways.route_line(ends).interpolate(0.5, normalized=True)
    lon, lat = unproject(np.array([middle.x]), np.array([middle.y]), crs)
    return float(lon[0]), float(lat[0])


def _move(drill: Drill, move: Move, ways: Ways, crs: CRS, street_of: dict[str, str]) -> DrillMove:
    lon, lat = _place(move.post, ways, crs)
    unit, start = drill.units.ids[move.unit], drill.units.names[move.unit]
    route, passed_s = _timed_route(move, ways, crs)
    return DrillMove(
        post=move.post.post_id,
        lon=lon,
        lat=lat,
        street=street_of[move.post.post_id],
        unit=unit,
        start="" if start == unit else start,
        depart_minutes=move.depart_s / 60,
        arrive_minutes=move.arrive_s / 60,
        closed_minutes=move.closed_s / 60,
        route=route,
        route_minutes=passed_s / 60,
    )


def _timed_route(move: Move, ways: Ways, crs: CRS) -> tuple[Coordinates, Floats]:
    """Follow the lines of the roads, and tell when the unit passes each vertex of them."""
    first = move.nodes[0]
    drawn = [np.array([[ways.x_m[first], ways.y_m[first]]])]
    times = [[move.depart_s]]
    for leg, passed_s in zip(pairwise(move.nodes), pairwise(move.passed_s), strict=True):
        vertices = shapely.get_coordinates(ways.route_line(leg))
        along_m = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(vertices, axis=0).T))])
        drawn.append(vertices[1:])
        times.append(np.interp(along_m[1:], along_m[[0, -1]], passed_s).tolist())
    x_m, y_m = np.concatenate(drawn).T
    return np.column_stack(unproject(x_m, y_m, crs)), np.concatenate(times)


def _reach(ways: Ways, evader_s: Floats, until_s: float, crs: CRS) -> DrillReach:
    """Draw every road from the minute on at which the fugitive can turn into it."""
    entered_s = evader_s[ways.road_ends()].min(axis=1)
    entered = np.flatnonzero(entered_s <= until_s)
    lines = to_degrees(ways.lines[entered], crs, SIMPLIFY_REACH_M)
    return DrillReach(
        tuple(shapely.get_coordinates(line) for line in lines),
        tuple(np.maximum(entered_s[entered] / 60, 0.0).tolist()),
    )
