"""The road network can be driven, is split by its river, and grows with its scale."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from optimizer.example import City, synthetic_city
from optimizer.example.city import PARTS
from optimizer.example.fabric import CODE


def directed(city: City) -> nx.DiGraph:
    """The network as networkx sees it, one-ways respected."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(city.x_m.size))
    rows = zip(city.tail.tolist(), city.head.tolist(), city.oneway.tolist(), strict=True)
    for tail, head, oneway in rows:
        if oneway >= 0:
            graph.add_edge(tail, head)
        if oneway <= 0:
            graph.add_edge(head, tail)
    return graph


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_everybody_gets_everywhere(seed: int) -> None:
    graph = directed(synthetic_city(seed, 0.2))
    main = max(nx.strongly_connected_components(graph), key=len)
    assert len(main) >= 0.98 * graph.number_of_nodes()


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_without_bridges_the_banks_are_apart(seed: int) -> None:
    city = synthetic_city(seed, 0.3)
    x, y = city.terrain.frame(city.x_m, city.y_m)
    off = x - city.terrain.river(y)
    graph = nx.Graph()
    dry = ~city.bridge
    graph.add_edges_from(zip(city.tail[dry].tolist(), city.head[dry].tolist(), strict=True))
    for component in nx.connected_components(graph):
        nodes = np.fromiter(component, dtype=np.int64)
        assert (off[nodes] > 0).all() or (off[nodes] < 0).all()
    assert (off > 0).any()
    assert (off < 0).any()


def test_bridges_are_few_and_the_city_has_at_least_three(city: City) -> None:
    in_city = city.bridge & (city.part == PARTS.index("city"))
    assert 3 <= in_city.sum() <= 8
    assert city.bridge.sum() <= 30  # with two rural bridges, the expressway, in short pieces


def test_bridges_are_bottlenecks(city: City) -> None:
    """Closing the one nearest bridge lengthens the way from the east bank for many."""
    graph = nx.Graph()
    rows = zip(city.tail.tolist(), city.head.tolist(), city.length_m.tolist(), strict=True)
    graph.add_weighted_edges_from(rows)
    x, _ = city.terrain.frame(city.x_m, city.y_m)
    start = int(np.argmin(np.abs(city.x_m - city.x_m[x > 500].mean())))
    before = nx.single_source_dijkstra_path_length(graph, start)
    bridges = np.flatnonzero(city.bridge & (city.part == PARTS.index("city")))
    used = [b for b in bridges.tolist() if city.tail[b] in before]
    nearest = min(used, key=lambda b: before[int(city.tail[b])])
    graph.remove_edge(int(city.tail[nearest]), int(city.head[nearest]))
    after = nx.single_source_dijkstra_path_length(graph, start)
    assert sum(after[node] > before[node] + 100 for node in after) > 0.02 * len(after)


def test_the_whole_is_as_large_as_promised() -> None:
    city = synthetic_city(0, 1.0)
    junctions = (np.bincount(np.concatenate([city.tail, city.head])) >= 3).sum()
    assert 8_000 <= junctions <= 15_000
    assert city.villages.size >= 36
    for part in range(len(PARTS)):
        assert (city.part == part).any(), PARTS[part]


def test_nodes_grow_with_the_scale() -> None:
    sizes = [synthetic_city(0, scale).x_m.size / scale for scale in (0.5, 2.0, 5.0)]
    assert max(sizes) < 1.5 * min(sizes)


def test_same_seed_same_city_other_seed_another() -> None:
    first, again, other = (synthetic_city(seed, 0.1) for seed in (7, 7, 8))
    for name in ("x_m", "y_m", "tail", "head", "road_class", "oneway", "way", "part", "bridge"):
        assert np.array_equal(getattr(first, name), getattr(again, name)), name
    assert not np.array_equal(first.x_m[:100], other.x_m[:100])


def test_arrays_cannot_be_changed(city: City) -> None:
    with pytest.raises(ValueError, match="read-only"):
        city.x_m[0] = 0.0


def test_edges_are_sound(city: City) -> None:
    assert (city.tail != city.head).all()
    assert (city.length_m > 1.0).all()
    assert (city.length_m < 2_500).all()
    assert (city.speed_kph > 0).all()
    assert set(np.unique(city.oneway)) == {-1, 0, 1}
    assert (city.oneway[city.road_class == CODE["motorway"]] == 1).all()


def test_it_is_no_checkerboard() -> None:
    """In a checkerboard streets take two directions and nearly all junctions have four legs."""
    city = synthetic_city(0, 1.0)
    legs = np.bincount(np.concatenate([city.tail, city.head]))
    assert (legs == 3).sum() > 0.8 * (legs == 4).sum()
    lane = city.part == PARTS.index("city")
    dx = (city.x_m[city.head] - city.x_m[city.tail])[lane]
    dy = (city.y_m[city.head] - city.y_m[city.tail])[lane]
    share, _ = np.histogram(np.degrees(np.arctan2(dy, dx)) % 90, bins=18, range=(0, 90))
    assert share.max() < 0.25 * share.sum()
    assert (share > 0).all()
