"""Both directions at once: where they differ, where they agree, and when the time is up."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.checkpoints import Ring, StreetGraph, seal_ring
from optimizer.checkpoints.rings import two_way_seal
from optimizer.checkpoints.rings.site_order import site_order
from optimizer.checkpoints.rings.strands import OneWay, RingStreets
from optimizer.checkpoints.rings.two_way_seal import TwoWaySeal, seal_both_ways
from optimizer.solvers import HighsBackend, Outcome, Status

from ..small_graphs import arcs_graph, posts, ring_of, roads_graph, sites_of, ways_through


class NoTime(HighsBackend):
    """A solver whose time is up before it begins."""

    def solve(self, **limits: float) -> Outcome:  # noqa: ARG002
        return Outcome(Status.UNKNOWN, None, None, None, 0.0, {})


def both_ways(graph: StreetGraph, ring: Ring, backend: type[HighsBackend]) -> TwoWaySeal:
    order = site_order(graph, sites_of(graph, roads=np.inf), None)
    streets = RingStreets(graph, ring.inside, ring.outside, order, posts())
    return seal_both_ways(streets, time_limit_s=5.0, backend=backend)


def dual_carriageway() -> tuple[StreetGraph, Ring]:
    """Out over 1, in over 2: one post each way, two for both."""
    return arcs_graph(4, [(0, 1), (1, 3), (3, 2), (2, 0)]), ring_of(4, [0], [3])


def test_two_carriageways_need_a_post_each() -> None:
    """Neither direction needs two, so only the program proves it."""
    graph, ring = dual_carriageway()
    seal = both_ways(graph, ring, HighsBackend)
    assert seal.posts.nodes.tolist() == [1, 2]
    assert (seal.amount, seal.bound, seal.proof.value) == (2, 2, 1)


def test_without_time_it_says_what_is_known() -> None:
    graph, ring = dual_carriageway()
    seal = both_ways(graph, ring, NoTime)
    assert seal.posts.nodes.tolist() == [1, 2]
    assert (seal.amount, seal.bound) == (2, 1)


def test_a_program_too_large_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_way_seal, "MOST_STRANDS", 1)
    monkeypatch.setattr(HighsBackend, "solve", None)
    seal = both_ways(*dual_carriageway(), HighsBackend)
    assert (seal.amount, seal.bound) == (2, 1)


def test_a_feasible_seal_has_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    graph, ring = dual_carriageway()
    monkeypatch.setattr(HighsBackend, "solve", NoTime.solve)
    heard: list[str] = []
    seal = seal_ring(
        graph, ring, sites_of(graph, roads=np.inf), direction="both", progress=heard.append
    )
    assert (seal.status, seal.cost, seal.bound, seal.gap) == ("feasible", 2, 1, 0.5)
    assert heard == ["both directions cost between 1 and 2"]
    assert not ways_through(graph, ring, "both", seal.posts)


def test_the_program_beats_what_is_put_together() -> None:
    """One dear junction in the middle is cheaper than a cut out and another cut in.

    Out over 1 or the junction 3, in over 2 or the same; 3 costs 3, the others 2 each.
    """
    arcs = [(0, 1), (1, 3), (3, 4), (4, 6), (6, 5), (5, 3), (3, 2), (2, 0)]
    graph, ring = arcs_graph(7, arcs), ring_of(7, [0], [6])
    cost = [9, 2, 2, 3, 2, 2, 9]
    seal = seal_ring(graph, ring, sites_of(graph, nodes=cost, roads=np.inf), direction="both")
    assert seal.posts.nodes.tolist() == [3]
    assert (seal.cost, seal.bound, seal.max_flow) == (3, 3, 2)


def test_a_road_straight_across_the_ring_is_closed_on_the_road() -> None:
    """Out by one road, in by another, no junction between; all posts cost the same."""
    graph = arcs_graph(4, [(0, 2), (3, 1)])
    seal = seal_ring(graph, ring_of(4, [0, 1], [2, 3]), sites_of(graph), direction="both")
    assert (seal.status, seal.cost, seal.bound) == ("optimal", 2, 2)
    assert seal.posts.roads.tolist() == [0, 1]


@pytest.mark.parametrize("direction", ["out", "in"])
def test_two_way_streets_need_no_program(
    direction: OneWay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HighsBackend, "solve", None)
    graph = roads_graph(6, (0, 1), (0, 2), (1, 3), (2, 4), (1, 2), (3, 4), (3, 5), (4, 5))
    ring, sites = ring_of(6, [0], [5]), sites_of(graph)
    both = seal_ring(graph, ring, sites, direction="both")
    one = seal_ring(graph, ring, sites, direction=direction)
    assert both.cost == one.cost == 2
    assert both.status == "optimal"


def test_forbidden_sites_may_block_what_nobody_drives() -> None:
    """The one-way road 3 -> 1 bears no post; driven the wrong way it would leak, but is not."""
    graph = arcs_graph(5, [(0, 1), (1, 2), (2, 4), (4, 3), (3, 1), (1, 0)])
    cost = [1, np.inf, 1, np.inf, 1]
    sites = sites_of(graph, nodes=cost, roads=np.inf)
    ring = ring_of(5, [0], [4])
    assert seal_ring(graph, ring, sites, direction="out").posts.nodes.tolist() == [2]
    assert seal_ring(graph, ring, sites, direction="both").status == "open"
