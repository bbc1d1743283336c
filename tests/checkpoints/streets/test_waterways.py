"""Roads and waters as one graph: who moves on what, how fast, and by which line.

A road of three junctions, 1 km apart along y = 0, and a canal of one line along y = 100, which is
cut into pieces of 500 m.  There are quays at both ends.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pytest
import shapely

from optimizer.checkpoints import QUAY, WATER, Waters, Ways, lay_ways, shortest_routes, subdivided
from optimizer.places import LOCAL_CRS
from optimizer.roads import NetworkReport, WholeNetwork


def line_network(
    places: list[tuple[float, float]], seconds: float, name: str, *, oneway: bool = False
) -> WholeNetwork:
    """Nodes in a row, joined by lines that take ``seconds`` each."""
    x_m, y_m = np.array(places).T
    n = len(places)
    arcs = sorted([(i, i + 1, i) for i in range(n - 1)]
                  + ([] if oneway else [(i + 1, i, i) for i in range(n - 1)]))  # fmt: skip
    tail, head, line = np.array(arcs).T
    lines = np.array([shapely.LineString(pair) for pair in pairwise(places)])
    length_m = shapely.length(lines)
    known: dict[str, Any] = {
        "node_ids": np.array([f"{name}{i}" for i in range(n)], dtype=object),
        "x_m": x_m, "y_m": y_m, "tail": tail, "head": head,
        "travel_ms": np.full(len(arcs), 1000 * seconds), "length_m": length_m[line], "line": line,
        "lines": lines, "line_name": [name] * len(lines), "line_class": ["street"] * len(lines),
        "line_speed_kph": np.full(len(lines), 36.0), "crs": LOCAL_CRS,
        "report": NetworkReport("test", 1, {}, 0, {}, {}),
        "line_ends": np.array([(i, i + 1) for i in range(n - 1)]), "line_length_m": length_m,
    }  # fmt: skip
    return WholeNetwork(**known)


@pytest.fixture
def ways() -> Ways:
    road = line_network([(0, 0), (1000, 0), (2000, 0)], 100.0, "Elm")
    canal = subdivided(line_network([(0, 100), (2000, 100)], 400.0, "Canal"), 500.0)
    quays = np.array([[0, 0], [2, 1], [0, 0]])
    return lay_ways(road, Waters(canal, quays, ["West", "East", "Again"], 30.0, police_factor=2.0))


def test_without_waters_the_graph_is_that_of_the_roads() -> None:
    ways = lay_ways(line_network([(0, 0), (1000, 0)], 100.0, "Elm"))
    assert ways.graph is ways.graphs["car"]
    assert (ways.graph.node_count, ways.graph.road_count, ways.junctions) == (2, 1, 2)
    assert ways.names.tolist() == ["Elm"]


def test_long_waters_have_nodes_at_equal_distances(ways: Ways) -> None:
    afloat = slice(ways.junctions, None)
    assert sorted(ways.x_m[afloat].tolist()) == [0, 500, 1000, 1500, 2000]
    assert set(ways.y_m[afloat]) == {100.0}
    assert all(str(one).startswith("water-") for one in ways.node_ids[afloat])


def test_each_road_knows_its_line_its_name_and_its_class(ways: Ways) -> None:
    assert sorted(ways.classes) == [QUAY] * 2 + ["street"] * 2 + [WATER] * 4
    for (low, high), line in zip(ways.road_ends().tolist(), ways.lines, strict=True):
        drawn = {tuple(place) for place in shapely.get_coordinates(line)[[0, -1]].tolist()}
        assert drawn == {(ways.x_m[node], ways.y_m[node]) for node in (low, high)}
    assert set(ways.names[ways.classes == QUAY]) == {"West", "East"}


def test_everybody_moves_where_he_can_and_as_fast_as_he_can(ways: Ways) -> None:
    """A fugitive lands in 30 s; police boats are twice as fast; cars stay on the road."""
    west, east = 0, ways.junctions + 1
    free = shortest_routes(ways.graph, np.array([west])).travel_s
    assert free[east] == pytest.approx(min(200 + 30, 30 + 400))
    assert free[ways.junctions] == pytest.approx(30)
    car = shortest_routes(ways.graphs["car"], np.array([west])).travel_s
    assert np.isinf(car[ways.junctions :]).all()
    assert car[2] == pytest.approx(200)
    boat = shortest_routes(ways.graphs["boat"], np.array([ways.junctions])).travel_s
    assert boat[east] == pytest.approx(200)
    assert np.isinf(boat[: ways.junctions]).all()


def test_a_second_library_finds_the_same_ways(ways: Ways) -> None:
    graph = ways.graph
    arcs = zip(graph.tail.tolist(), graph.head.tolist(), graph.travel_s.tolist(), strict=True)
    other = nx.DiGraph()
    other.add_weighted_edges_from(arcs)
    for node in range(graph.node_count):
        found = shortest_routes(graph, np.array([node])).travel_s
        known = nx.single_source_dijkstra_path_length(other, node)
        assert found.tolist() == pytest.approx([known[one] for one in range(graph.node_count)])


def test_a_route_is_drawn_along_its_roads_from_its_start(ways: Ways) -> None:
    drawn = ways.route_line([2, 1, 0, ways.junctions])
    assert shapely.get_coordinates(drawn).tolist() == [[2000, 0], [1000, 0], [0, 0], [0, 100]]
    assert ways.route_line([1]).length == 0


def test_streets_that_meet_are_named_once_and_in_order(ways: Ways) -> None:
    assert ways.streets_at([1, 0, ways.junctions + 1]) == ["Elm", "Elm / West", "Canal / East"]


def test_a_oneway_water_stays_one_way() -> None:
    network = subdivided(line_network([(0, 0), (900, 0)], 90.0, "Rapids", oneway=True), 300.0)
    order = np.argsort(network.x_m[network.tail])
    assert network.arc_count == 3
    assert (network.x_m[network.head] > network.x_m[network.tail]).all()
    assert network.travel_ms[order].tolist() == pytest.approx([30_000] * 3)
