"""The envelope of cuts at all prices: against every set of sites of small graphs."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.checkpoints import OPEN, Escapes, PostSites, anywhere, graph_of_arcs
from optimizer.checkpoints.interception.cut_tree import CutTree
from optimizer.checkpoints.interception.parametric_cut import ParametricCut
from optimizer.checkpoints.interception.post_choice import PostChoice, post_choice


def star(count: int = 1) -> PostChoice:
    """Exit 0 in the middle; origins 1, 2, 3 (weights 6, 3, 1) with 1, 2 and 3 ways to it."""
    arcs, way = [], 4
    for origin, ways in ((1, 1), (2, 2), (3, 3)):
        for _ in range(ways):
            arcs += [(origin, way), (way, 0)]
            way += 1
    tail, head = np.array(arcs).T
    graph = graph_of_arcs(way, tail, head, np.ones(len(arcs)))
    free = anywhere(graph)
    node_cost = np.where(np.arange(way) < 4, np.inf, 1.0)
    sites = PostSites(node_cost, np.full(graph.road_count, np.inf), OPEN, free.node_kind,
                      free.road_kind)  # fmt: skip
    return post_choice(Escapes(graph, [1, 2, 3], [6.0, 3.0, 1.0], [0]), sites, count, math.inf)


@pytest.mark.parametrize(
    ("count", "fewer", "more", "bound"),
    [(0, (0, 0), (1, 6), 0), (1, (1, 6), None, 6), (2, (1, 6), (3, 9), 7.5), (3, (3, 9), None, 9),
     (4, (3, 9), (6, 10), 9 + 1 / 3), (6, (6, 10), (6, 10), 10), (9, (6, 10), (6, 10), 10)],
)  # fmt: skip
def test_the_corners_are_the_origins_by_weight_for_each_post(
    count: int, fewer: tuple[int, int], more: tuple[int, int] | None, bound: float
) -> None:
    """Corners at 0, 1, 3 and 6 posts with weights 0, 6, 9 and 10; lines between them bound."""
    facet = ParametricCut(star()).facet(count)
    ends = [(len(corner.sites), corner.weight) for corner in (facet.fewer, facet.more)]
    assert facet.bound == pytest.approx(bound, abs=1e-9)
    assert fewer in ends
    assert more is None or more in ends


def test_origins_may_be_held_and_given_up() -> None:
    cut = ParametricCut(star())
    hold, lose = np.array([False, False, True]), np.array([True, False, False])
    assert cut.facet(2, kept=hold) is None
    assert cut.facet(3, kept=hold).bound == pytest.approx(1)
    assert cut.facet(5, lost=lose).bound == pytest.approx(4)
    assert cut.seal(hold).weight == 1
    assert len(cut.seal().sites) == 6


def test_the_tree_closes_what_the_envelope_leaves_open() -> None:
    """With 2 posts the envelope says 7.5, but 6 is all: origin 1 alone, the second is of no use."""
    tree = CutTree(star(2))
    assert tree.bound == pytest.approx(7.5)
    tree.search(50, math.inf, 1e-6)
    assert tree.bound == tree.best.weight == 6


@st.composite
def choices(draw) -> PostChoice:
    count = draw(st.integers(4, 8))
    node = st.integers(0, count - 1)
    pairs = sorted(draw(st.sets(st.tuples(node, node).filter(lambda p: p[0] != p[1]), min_size=6)))
    tail, head = np.array(pairs).T
    graph = graph_of_arcs(count, tail, head, np.ones(len(pairs)))
    free = anywhere(graph)
    node_cost = np.full(count, np.inf)
    node_cost[sorted(draw(st.sets(node, max_size=6)))] = 1
    road_cost = np.full(graph.road_count, np.inf)
    road_cost[sorted(draw(st.sets(st.integers(0, graph.road_count - 1), max_size=3)))] = 1
    origins = sorted(draw(st.sets(node, min_size=1, max_size=4)))
    weight = draw(st.lists(st.integers(1, 9), min_size=len(origins), max_size=len(origins)))
    escapes = Escapes(graph, origins, np.array(weight, float), [draw(node)])
    sites = PostSites(node_cost, road_cost, OPEN, free.node_kind, free.road_kind)
    return post_choice(escapes, sites, draw(st.integers(0, 3)), math.inf)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(choices())
def test_bounds_are_never_below_and_corners_keep_their_word(choice: PostChoice) -> None:
    allowed = np.flatnonzero(choice.allowed).tolist()
    sets = itertools.combinations(allowed, min(choice.count, len(allowed)))
    best = max(choice.look(sites).weight for sites in sets)
    facet = ParametricCut(choice).facet(choice.count)
    assert choice.secured + facet.bound >= best - 1e-9
    for corner in (facet.fewer, facet.more):
        assert choice.look(corner.sites).weight >= choice.secured + corner.weight - 1e-9
    tree = CutTree(choice)
    tree.search(200, math.inf, 1e-6)
    assert choice.secured + tree.bound == pytest.approx(best, abs=1e-5)
    assert choice.look(tree.best.sites).weight == pytest.approx(best)
    assert len(tree.best.sites) <= choice.count
