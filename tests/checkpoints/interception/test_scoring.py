"""Scores of given posts: hand-solved streets, and every single loss and addition tried."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.checkpoints import (
    OPEN,
    Escapes,
    Posts,
    PostSites,
    StreetGraph,
    anywhere,
    graph_of_arcs,
    reached,
    score_posts,
)


def streets(*arcs: tuple[int, int, float], count: int, two_way: bool = True) -> StreetGraph:
    tail, head, travel_s = zip(*arcs, strict=True)
    if two_way:
        tail, head, travel_s = (*tail, *head), (*head, *tail), (*travel_s, *travel_s)
    return graph_of_arcs(count, np.array(tail), np.array(head), np.array(travel_s, dtype=float))


def at(*nodes: int, roads: tuple[int, ...] = ()) -> Posts:
    return Posts(np.array(nodes, dtype=np.int32), np.array(roads, dtype=np.int32))


def between(graph: StreetGraph, *ends: int) -> PostSites:
    """Posts anywhere but at these junctions."""
    free = anywhere(graph)
    node_cost = free.node_cost.copy()
    node_cost[list(ends)] = np.inf
    return PostSites(node_cost, free.road_cost, free.must, free.node_kind, free.road_kind)


@pytest.fixture
def town() -> Escapes:
    """From 0 to 5: by 1 and 3 in 30 s, by 2 and 4 in 40 s, and across from 1 to 4 in 35 s."""
    graph = streets((0, 1, 10), (1, 3, 10), (3, 5, 10), (0, 2, 10), (2, 4, 20), (4, 5, 10),
                    (1, 4, 15), count=6)  # fmt: skip
    return Escapes(graph, np.array([0]), np.array([2.0]), np.array([5]))


def test_a_set_that_leaks(town: Escapes) -> None:
    """With a post at 3 only, the quickest leak crosses from 1 to 4; one post at 4 is missing."""
    score = score_posts(town, at(3), between(town.graph, 0, 5))
    assert not score.sealed
    assert score.leak.tolist() == [0, 1, 4, 5]
    assert score.leak_s == 35
    assert score.missing.nodes.tolist() == [4]
    assert len(score.critical) == 0
    assert score.redundancy == 0
    assert score.shares == {0.0: 1.0, 0.25: 0.0, 0.5: 0.0, 1.0: 0.0, math.inf: 0.0}


def test_a_set_that_seals_and_what_must_not_be_lost(town: Escapes) -> None:
    """1 and 2 seal; so do 1, 2, 3, 4 with two posts on every route and none of them critical."""
    score = score_posts(town, at(1, 2), between(town.graph, 0, 5))
    assert score.sealed
    assert score.leak is None
    assert score.leak_s == math.inf
    assert len(score.missing) == 0
    assert score.critical.nodes.tolist() == [1, 2]
    assert score.redundancy == 1
    twice = score_posts(town, at(1, 2, 3, 4), between(town.graph, 0, 5))
    assert (len(twice.critical), twice.redundancy) == (0, 2)
    mixed = score_posts(town, at(1, 2, 3), between(town.graph, 0, 5))
    assert mixed.critical.nodes.tolist() == [1, 2]


def test_posts_on_roads_count_too(town: Escapes) -> None:
    graph = town.graph
    road = int(graph.road[(graph.tail == 0) & (graph.head == 1)][0])
    score = score_posts(town, at(2, roads=(road,)), between(graph, 0, 5))
    assert score.sealed
    assert score.critical.roads.tolist() == [road]
    assert score.critical.nodes.tolist() == [2]


def test_where_no_site_helps_nothing_is_missing_but_all_is_open(town: Escapes) -> None:
    nowhere = between(town.graph, *range(6))
    nowhere = PostSites(nowhere.node_cost, np.full(town.graph.road_count, np.inf), OPEN,
                        nowhere.node_kind, nowhere.road_kind)  # fmt: skip
    score = score_posts(town, at(3), nowhere)
    assert score.missing is None
    assert not score.sealed


def test_nobody_leaves_where_no_road_leads() -> None:
    escapes = Escapes(streets((0, 1, 1), (2, 3, 1), count=4), [0], [1.0], [3])
    score = score_posts(escapes, OPEN, anywhere(escapes.graph))
    assert score.sealed
    assert score.redundancy == math.inf
    assert score.shares[math.inf] == 1


def test_posts_that_do_not_exist_are_refused(town: Escapes) -> None:
    with pytest.raises(ValueError, match=r"junctions between 0 and 5, not 3 to 9; .*roads"):
        score_posts(town, at(3, 9, roads=(70,)), anywhere(town.graph))


def test_escapes_refuse_what_makes_no_sense() -> None:
    graph = streets((0, 1, 1), count=2)
    for origins, weight, exits, fault in (
        ([], [], [1], "there must be origins"),
        ([0], [1.0], [], "there must be exits"),
        ([5], [1.0], [1], "origins of escapes must be nodes between 0 and 1"),
        ([0], [-1.0], [1], "weights of escapes must be numbers from 0 up"),
        ([0], [math.nan], [1], "weights"),
        ([0], [0.0], [1], "not all of them 0"),
    ):
        with pytest.raises(ValueError, match=fault):
            Escapes(graph, origins, weight, exits)


@st.composite
def posted_cities(draw) -> tuple[Escapes, Posts, PostSites]:
    """A small graph with one-ways, some posts on it, and places for more."""
    count = draw(st.integers(4, 8))
    node = st.integers(0, count - 1)
    pairs = draw(st.sets(st.tuples(node, node).filter(lambda p: p[0] != p[1]), min_size=6))
    graph = streets(*((t, h, draw(st.integers(1, 9))) for t, h in sorted(pairs)), count=count,
                    two_way=False)  # fmt: skip
    origins = sorted(draw(st.sets(node, min_size=1, max_size=2)))
    exits = sorted(draw(st.sets(node, min_size=1, max_size=2)))
    escapes = Escapes(graph, origins, np.ones(len(origins)), exits)
    roads = st.sets(st.integers(0, graph.road_count - 1), max_size=3)
    posts = at(*sorted(draw(st.sets(node, max_size=4))), roads=tuple(sorted(draw(roads))))
    return escapes, posts, between(graph, *draw(st.sets(node, max_size=2)))


def is_open(escapes: Escapes, posts: Posts) -> bool:
    return bool(reached(escapes.graph, escapes.origins, posts=posts)[escapes.exits].any())


def less(posts: Posts, node: int = -1, road: int = -1) -> Posts:
    return Posts(posts.nodes[posts.nodes != node], posts.roads[posts.roads != road])


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(posted_cities())
def test_every_single_loss_and_every_addition(city: tuple[Escapes, Posts, PostSites]) -> None:
    escapes, posts, sites = city
    score = score_posts(escapes, posts, sites)
    assert score.sealed is not is_open(escapes, posts)
    lost = ([v for v in posts.nodes.tolist() if is_open(escapes, less(posts, node=v))],
            [e for e in posts.roads.tolist() if is_open(escapes, less(posts, road=e))])  # fmt: skip
    if score.sealed:
        assert (score.critical.nodes.tolist(), score.critical.roads.tolist()) == lost
        assert (score.redundancy == 1) == bool(lost[0] or lost[1])
    places = [("node", v) for v in np.flatnonzero(np.isfinite(sites.node_cost)).tolist()]
    places += [("road", e) for e in range(escapes.graph.road_count)]

    def seals(chosen) -> bool:
        nodes = [place for kind, place in chosen if kind == "node"]
        roads = [place for kind, place in chosen if kind == "road"]
        return not is_open(escapes, at(*posts.nodes, *nodes, roads=(*posts.roads, *roads)))

    fewest = next((k for k in range(4) if any(map(seals, itertools.combinations(places, k)))), None)
    if fewest is not None:
        assert len(score.missing) == fewest
    if score.missing is not None:
        assert seals([("node", v) for v in score.missing.nodes]
                     + [("road", e) for e in score.missing.roads])  # fmt: skip


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(posted_cities())
def test_redundancy_counts_posts_as_networkx_does(
    city: tuple[Escapes, Posts, PostSites],
) -> None:
    """Every junction split in two, with the posts as lengths."""
    escapes, posts, sites = city
    graph, split = escapes.graph, nx.DiGraph()
    for v in range(graph.node_count):
        split.add_edge(("in", v), ("out", v), weight=int(v in posts.nodes))
    for tail, head, road in zip(graph.tail, graph.head, graph.road, strict=True):
        split.add_edge(("out", int(tail)), ("in", int(head)), weight=int(road in posts.roads))
    fewest = math.inf
    for origin in escapes.origins.tolist():
        met = nx.single_source_dijkstra_path_length(split, ("in", origin))
        fewest = min([fewest, *(met.get(("out", x), math.inf) for x in escapes.exits.tolist())])
    assert score_posts(escapes, posts, sites).redundancy == fewest
