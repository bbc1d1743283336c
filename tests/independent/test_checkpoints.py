"""The checkpoints of a plan of Minneapolis, proven again from its tables and the road file alone.

Nothing of the package is imported: geopandas reads the layers, networkx finds ways and flows,
SciPy matches units to posts.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching, maximum_flow
from scipy.spatial import KDTree

from .published import Row, read_rows
from .streets import PLANE, Name, Streets

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis")]

CENTRE = (-93.2702, 44.9766)
RINGS = {"core": (1500, 3000), "urban": (4000, 6000), "city": (7000, 9000)}
UNITS_EACH = 6
DELAY_MIN = 3.0
PRINTED = 0.002
"""Minutes are printed to a thousandth."""
Place = Name | frozenset[Name]
"""A junction, or both ends of a road."""


@dataclass(frozen=True)
class City:
    """All streets as a graph of seconds, and how far every junction is from the centre."""

    graph: nx.DiGraph
    away_m: dict[Name, float]
    names: list[Name]
    tree: KDTree
    main: set[Name]

    def node_at(self, x: float, y: float) -> Name:
        distance, at = self.tree.query([x, y])
        assert distance < 0.3, "no road node lies there"
        return self.names[at]

    def side(self, node: Name, ring: str) -> str:
        inner, outer = RINGS[ring]
        if self.away_m[node] <= inner:
            return "inside"
        return "outside" if self.away_m[node] >= outer else "between"

    def minutes(self, start: Name) -> dict[Name, float]:
        found = nx.single_source_dijkstra_path_length(self.graph, start, weight="s")
        return {node: seconds / 60 for node, seconds in found.items()}


@pytest.fixture(scope="module")
def city(streets: Streets) -> City:
    graph, places = streets
    names = sorted(graph)
    at = np.array([places[name] for name in names])
    centre = gpd.GeoSeries([shapely.Point(CENTRE)], crs="EPSG:4326").to_crs(PLANE)[0]
    away_m = np.hypot(at[:, 0] - centre.x, at[:, 1] - centre.y).tolist()
    main = max(nx.strongly_connected_components(graph), key=len)
    return City(graph, dict(zip(names, away_m, strict=True)), names, KDTree(at), main)


@pytest.fixture(scope="module")
def posts(city: City, minneapolis_plan: Path) -> dict[str, dict[str, Place]]:
    """Where each post of each ring stands; on a road: the one whose middle it stands on."""
    pairs = sorted({frozenset(edge) for edge in city.graph.edges}, key=sorted)
    lines = [line_of(city, pair) for pair in pairs]
    tree = shapely.STRtree(lines)
    found: dict[str, dict[str, Place]] = {ring: {} for ring in RINGS}
    for row in read_rows(minneapolis_plan, "checkpoints.csv"):
        x, y = float(row["x"]), float(row["y"])
        if row["at"] == "junction":
            found[row["ring"]][row["post_id"]] = city.node_at(x, y)
        else:
            at = tree.nearest(shapely.Point(x, y))
            assert lines[at].distance(shapely.Point(x, y)) < 1.0
            found[row["ring"]][row["post_id"]] = pairs[at]
    return found


def line_of(city: City, pair: frozenset[Name]) -> shapely.LineString:
    tail, head = sorted(pair)
    return (city.graph.get_edge_data(tail, head) or city.graph.get_edge_data(head, tail))["line"]


def past(city: City, start: Iterable[Name], closed: Collection[Place]) -> set[Name]:
    """All that is reached past closed junctions and roads."""
    graph = city.graph.copy()
    graph.add_edges_from(("start", node) for node in start)
    graph.remove_nodes_from([place for place in closed if not isinstance(place, frozenset)])
    graph.remove_edges_from([edge for edge in city.graph.edges if frozenset(edge) in closed])
    return nx.descendants(graph, "start")


@pytest.mark.parametrize("ring", RINGS)
def test_posts_stand_on_the_ring_and_seal_it(
    city: City, posts: dict[str, dict[str, Place]], summary: dict, ring: str
) -> None:
    standing = set(posts[ring].values())
    published = {one["name"]: one for one in summary["rings"]}[ring]
    assert len(standing) == len(posts[ring]) == published["checkpoints"]
    for place in standing:
        if isinstance(place, frozenset):
            assert {city.side(end, ring) for end in place} not in ({"inside"}, {"outside"})
        else:
            assert city.side(place, ring) == "between"
    inside = [node for node in city.graph if city.side(node, ring) == "inside"]
    reached = past(city, inside, standing)
    assert {city.side(node, ring) for node in reached} <= {"inside", "between"}
    assert published["sealed"]
    assert published["status"] == "optimal"


@pytest.mark.parametrize("ring", RINGS)
def test_no_fewer_posts_seal_a_ring(city: City, summary: dict, ring: str) -> None:
    """A largest flow, in which each junction of the ring and each road lets one through."""
    flow: nx.DiGraph = nx.DiGraph()

    def at(node: Name, door: str) -> object:
        side = city.side(node, ring)
        return (node, door) if side == "between" else side

    for tail, head in city.graph.edges:
        leaves, enters = at(tail, "out"), at(head, "in")
        if leaves != enters:
            known = flow.get_edge_data(leaves, enters, {"capacity": 0})["capacity"]
            flow.add_edge(leaves, enters, capacity=known + 1)
    for node in city.graph:
        if city.side(node, ring) == "between":
            flow.add_edge((node, "in"), (node, "out"), capacity=1)
    value = nx.maximum_flow_value(
        flow, "inside", "outside", flow_func=nx.algorithms.flow.shortest_augmenting_path
    )
    published = {one["name"]: one for one in summary["rings"]}[ring]
    assert value == published["max_flow"] == published["checkpoints"] == published["bound"]


def test_as_many_routes_as_posts_share_no_junction_and_no_road(
    city: City, minneapolis_plan: Path, summary: dict
) -> None:
    routes = gpd.read_file(minneapolis_plan / "plan.gpkg", layer="ring_routes")
    assert dict(Counter(routes["ring"])) == {
        one["name"]: one["checkpoints"] for one in summary["rings"]
    }
    for ring, lines in routes.groupby("ring"):
        met: Counter[Place] = Counter()
        for line in lines.geometry:
            nodes = junctions_along(city, line)
            sides = [city.side(node, ring) for node in nodes]
            assert (sides[0], sides[-1]) == ("inside", "outside")
            assert set(sides[1:-1]) <= {"between"}
            met.update(nodes[1:-1])
            met.update(frozenset(step) for step in itertools.pairwise(nodes))
        assert max(met.values()) == 1


def junctions_along(city: City, line: shapely.LineString) -> list[Name]:
    """Follow a line from junction to junction; some that it touches lie under its bridges."""
    distance, at = city.tree.query(np.array(line.coords))
    touched = [city.names[i] for d, i in zip(distance, at, strict=True) if d < 0.2]
    most = {0: touched[:1]}
    for j, k in itertools.combinations(range(len(touched)), 2):
        if j in most and city.graph.has_edge(touched[j], touched[k]):
            most[k] = max(most.get(k, []), [*most[j], touched[k]], key=len)
    return most[len(touched) - 1]


@pytest.fixture(scope="module")
def platforms(city: City, minneapolis_plan: Path) -> dict[str, dict[Name, float]]:
    """Minutes from each platform to everywhere."""
    rows = read_rows(minneapolis_plan, "plan.csv")
    return {
        row["platform_id"]: city.minutes(city.node_at(float(row["x"]), float(row["y"])))
        for row in rows
    }


def platform_of(unit: str) -> str:
    platform, number = unit.split("#")
    assert 1 <= int(number) <= UNITS_EACH
    return platform


@pytest.fixture(scope="module")
def nets(minneapolis_plan: Path) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in read_rows(minneapolis_plan, "nets.csv"):
        found.setdefault(row["hotspot_id"], []).append(row)
    return found


@pytest.fixture(scope="module")
def hotspots(city: City, minneapolis_plan: Path) -> list[tuple[Row, Name]]:
    rows = read_rows(minneapolis_plan, "containment.csv")
    places = gpd.GeoSeries(
        gpd.points_from_xy([row["lon"] for row in rows], [row["lat"] for row in rows]),
        crs="EPSG:4326",
    ).to_crs(PLANE)
    return [(row, city.node_at(p.x, p.y)) for row, p in zip(rows, places, strict=True)]


def test_nets_hold(
    city: City,
    hotspots: list[tuple[Row, Name]],
    nets: dict[str, list[Row]],
    platforms: dict[str, dict[Name, float]],
) -> None:
    """Each unit is there before the fugitive, no unit is sent twice, and nobody gets out."""
    assert set(nets) == {row["hotspot_id"] for row, _ in hotspots if row["contained"] == "1"}
    for hotspot, start in hotspots:
        net = nets.get(hotspot["hotspot_id"], [])
        if not net:
            continue
        flight = city.minutes(start)
        closed = {city.node_at(float(row["x"]), float(row["y"])): row for row in net}
        assert len(closed) == len(net) == int(hotspot["posts"])
        assert len({row["unit"] for row in net}) == len(net)
        for node, row in closed.items():
            there = DELAY_MIN + platforms[platform_of(row["unit"])][node]
            assert float(row["unit_minutes"]) == pytest.approx(there, abs=PRINTED)
            assert float(row["evader_minutes"]) == pytest.approx(flight[node], abs=PRINTED)
            assert there <= flight[node] + PRINTED
        assert float(hotspot["minutes"]) == max(float(row["unit_minutes"]) for row in net)
        assert not {"outside"} & {city.side(n, "city") for n in past(city, [start], set(closed))}


def test_no_net_closes_sooner(
    city: City, hotspots: list[tuple[Row, Name]], platforms: dict[str, dict[Name, float]]
) -> None:
    """Where all units, each wherever one is in time, can stop fewer routes than lead out.

    A sufficient proof: a flow past every place that some unit closes in time and before the
    published minutes. It needs no matching, and settles most hotspots; the others are left out.
    """
    units = UNITS_EACH * len(platforms)
    settled = 0
    for hotspot, start in hotspots:
        if hotspot["status"] != "optimal":
            continue
        before = float(hotspot["minutes"] or np.inf) - PRINTED
        flight = city.minutes(start)
        soonest = {
            node: DELAY_MIN + min(way.get(node, np.inf) for way in platforms.values())
            for node in flight
        }
        timely = {
            node for node, minutes in flight.items()
            if node != start and soonest[node] <= min(before, minutes + PRINTED)
        }  # fmt: skip
        settled += routes_out(city, start, timely) > units
    assert settled >= 0.5 * len(hotspots)


def routes_out(city: City, start: Name, sites: set[Name]) -> int:
    """Count routes out that share no site; a route past no site counts as endless."""
    endless, n = 10**6, len(city.names)
    at = {name: i for i, name in enumerate(city.names)}
    out = [i for name, i in at.items() if city.side(name, "city") == "outside"]
    tail = np.array([n + at[name] for name, _ in city.graph.edges] + [n + i for i in out])
    head = np.array([at[name] for _, name in city.graph.edges] + [2 * n] * len(out))
    room = np.array([1 if name in sites else endless for name in city.names])
    ends = np.concatenate([np.arange(n), tail]), np.concatenate([np.arange(n, 2 * n), head])
    rooms = np.concatenate([room, np.full(len(tail), endless)]).astype(np.int32)
    flow = csr_array((rooms, ends), shape=(2 * n + 1, 2 * n + 1))
    return int(maximum_flow(flow, n + at[start], 2 * n).flow_value)


def test_shares_of_containment(hotspots: list[tuple[Row, Name]], summary: dict) -> None:
    weight = np.array([float(row["weight"]) for row, _ in hotspots])
    minutes = np.array([float(row["minutes"] or "inf") for row, _ in hotspots])
    assert set(summary["containment"]) == {"5", "10", "30"}
    for limit, share in summary["containment"].items():
        within = minutes <= float(limit)
        assert [row[f"contained_{limit}"] == "1" for row, _ in hotspots] == within.tolist()
        assert share == pytest.approx(weight[within].sum() / weight.sum(), abs=2e-6)


@pytest.mark.parametrize("ring", RINGS)
def test_drill_closes_as_soon_as_it_can(
    minneapolis_plan: Path,
    posts: dict[str, dict[str, Place]],
    platforms: dict[str, dict[Name, float]],
    summary: dict,
    ring: str,
) -> None:
    """No other sending closes more posts, or the last of them sooner, or all with less driving."""
    rows = [row for row in read_rows(minneapolis_plan, "drill.csv") if row["ring"] == ring]
    ids = list(posts[ring])
    assert sorted(row["post_id"] for row in rows) == sorted(ids)
    sent = [row for row in rows if row["status"] == "closed"]
    assert len({row["unit"] for row in sent}) == len(sent)
    driven = np.array([[minutes_to(way, posts[ring][one]) for one in ids]
                       for way in platforms.values()])  # fmt: skip
    of = list(platforms)
    for row in sent:
        there = driven[of.index(platform_of(row["unit"])), ids.index(row["post_id"])]
        assert float(row["closed_minutes"]) == pytest.approx(there, abs=PRINTED)
        assert float(row["depart_minutes"]) == 0.0
    each = np.repeat(driven, UNITS_EACH, axis=0)
    latest = max(float(row["closed_minutes"]) for row in sent)
    assert matched(each < np.inf) == len(sent)
    assert matched(each < latest - PRINTED) < len(sent)
    drill = {one["name"]: one for one in summary["rings"]}[ring]["drill"]
    assert (drill["manned"], drill["latest_minutes"]) == (len(sent), latest)
    if len(sent) == len(ids):
        cost = np.where(each <= latest + PRINTED, each, 1e6)
        assert drill["total_minutes"] == pytest.approx(
            cost[linear_sum_assignment(cost)].sum(), abs=PRINTED * len(sent)
        )


def minutes_to(way: dict[Name, float], place: Place) -> float:
    ends = place if isinstance(place, frozenset) else [place]
    return min(way.get(end, np.inf) for end in ends)


def matched(may: np.ndarray) -> int:
    return int((maximum_bipartite_matching(csr_array(may), perm_type="column") >= 0).sum())
