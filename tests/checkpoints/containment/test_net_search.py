"""Cuts that units can man: every question of the cascade against trying everything out."""

from __future__ import annotations

import itertools
import time

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.checkpoints import StreetGraph, graph_of_arcs
from optimizer.checkpoints.containment import net_search
from optimizer.checkpoints.containment.bounded_cut import bounded_cut
from optimizer.checkpoints.containment.chains import Chains
from optimizer.checkpoints.containment.crossing import escape
from optimizer.checkpoints.containment.net_search import NetSearch

from ..small_cities import streets, walks_out


def random_streets(rng: np.random.Generator, count: int, arcs: int) -> StreetGraph:
    pairs = np.unique(rng.integers(0, count, (arcs, 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]].astype(np.int32)
    return graph_of_arcs(count, *pairs.T, np.ones(len(pairs)))


def a_net_exists(graph: StreetGraph, timely: np.ndarray, capacity: np.ndarray, most: int) -> bool:
    """Whether some set of at most ``most`` nodes parts 0 from the last node and can be manned."""
    sites = np.flatnonzero(timely.any(axis=0))
    exits = {graph.node_count - 1}
    for size in range(most + 1):
        for chosen in itertools.combinations(sites.tolist(), size):
            if not walks_out(graph, {0}, exits, frozenset(chosen)) and manned(
                timely[:, list(chosen)], capacity
            ):
                return True
    return False


def manned(timely: np.ndarray, capacity: np.ndarray) -> bool:
    """Hall's condition itself: whatever sites are looked at, their groups have units enough."""
    sites = range(timely.shape[1])
    return all(
        capacity[timely[:, list(some)].any(axis=1)].sum() >= size
        for size in range(1, timely.shape[1] + 1)
        for some in itertools.combinations(sites, size)
    )


@given(st.integers(0, 10**6))
def test_a_cut_costs_what_a_second_library_says(seed: int) -> None:
    """networkx on the split graph gives the same price; both cuts close every way out."""
    rng = np.random.default_rng(seed)
    graph = random_streets(rng, 12, 40)
    site = rng.random(12) < 0.8
    site[0] = False
    price = rng.integers(1, 6, 12)
    found = escape(graph, np.array([11, 10])).crossing(np.array([0]), site)
    split = nx.DiGraph()
    for node in range(12):
        limits = {"capacity": int(price[node])} if site[node] else {}
        split.add_edge((node, "in"), (node, "out"), **limits)
    for tail, head in zip(graph.tail.tolist(), graph.head.tolist(), strict=True):
        split.add_edge((tail, "out"), (head, "in"))
    split.add_edges_from(((node, "out"), "away") for node in (10, 11))
    if found is None:
        assert walks_out(graph, {0}, {10, 11}, frozenset(np.flatnonzero(site).tolist()))
        return
    value = nx.maximum_flow_value(split, (0, "out"), "away")
    crossing, chains = found
    cheapest = chains.earliest(np.where(site, price, 99.0)[None, chains.node])[0].astype(np.int64)
    assert value == 0 or bounded_cut(crossing, cheapest, value - 1) is None
    cuts = bounded_cut(crossing, cheapest, value)
    assert cuts is not None
    for cut in cuts:
        assert cheapest[cut].sum() == value
        closed = [sites_of(chains, chain, site) for chain in cut]
        assert all(min(price[nodes]) == cheapest[at] for nodes, at in zip(closed, cut, strict=True))
        for choice in (0, -1):  # any site of a chain will do
            posts = frozenset(int(nodes[choice]) for nodes in closed)
            assert not walks_out(graph, {0}, {10, 11}, posts)


def sites_of(chains: Chains, chain: int, site: np.ndarray) -> np.ndarray:
    nodes = chains.nodes_of(chain)
    return nodes[site[nodes]]


@pytest.mark.parametrize("rounds", [net_search.ROUNDS, 0])
@settings(max_examples=150)
@given(seed=st.integers(0, 10**6), groups=st.integers(1, 4))
def test_every_answer_is_the_one_found_by_trying_all(rounds: int, seed: int, groups: int) -> None:
    """With prices, and by the integer program alone."""
    rng = np.random.default_rng(seed)
    graph = random_streets(rng, 9, 30)
    arrival_s = rng.integers(1, 6, (groups, 9)).astype(float)
    arrival_s[rng.random((groups, 9)) < 0.5] = np.inf
    arrival_s[:, 0] = np.inf
    capacity = rng.integers(0, 3, groups)
    arrival_s[capacity == 0] = np.inf
    site = np.isfinite(arrival_s).any(axis=0)
    found = escape(graph, np.array([8])).crossing(np.array([0]), site)
    if found is None:
        assert not a_net_exists(graph, np.isfinite(arrival_s), capacity, 9)
        return
    crossing, chains = found
    by_chain = chains.earliest(arrival_s[:, chains.node])
    search = NetSearch(crossing, by_chain, capacity, time.monotonic() + 60)
    usual, net_search.ROUNDS = net_search.ROUNDS, rounds
    try:
        for limit_s, most in itertools.product((0.0, 2.0, 3.0, np.inf), (1, 2, 8)):
            answer = search.answer(limit_s, most)
            timely = arrival_s <= min(limit_s, 1e9)
            assert answer.outcome == (
                "yes" if a_net_exists(graph, timely, capacity, most) else "no"
            )
            if answer.chains is not None:
                assert len(answer.chains) <= most
                assert manned(by_chain[:, answer.chains] <= min(limit_s, 1e9), capacity)
                posts = [sites_of(chains, one, timely.any(axis=0))[0] for one in answer.chains]
                assert not walks_out(graph, {0}, {8}, frozenset(map(int, posts)))
    finally:
        net_search.ROUNDS = usual


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_search_by_count_alone_says_nothing_wrong(seed: int) -> None:
    """Without clock and program, cuts remembered from one question help in the next."""
    rng = np.random.default_rng(seed)
    graph = random_streets(rng, 8, 24)
    arrival_s = rng.integers(1, 6, (3, 8)).astype(float)
    arrival_s[rng.random((3, 8)) < 0.5] = np.inf
    arrival_s[:, 0] = np.inf
    found = escape(graph, np.array([7])).crossing(np.array([0]), np.isfinite(arrival_s).any(axis=0))
    if found is None:
        return
    crossing, chains = found
    capacity = np.array([1, 1, 2])
    search = NetSearch(crossing, chains.earliest(arrival_s[:, chains.node]), capacity, None)
    for limit_s in (np.inf, 4.0, 3.0, 2.0):
        outcome = search.answer(limit_s).outcome
        timely = np.isfinite(arrival_s) & (arrival_s <= limit_s)
        assert outcome in {"unknown", "yes" if a_net_exists(graph, timely, capacity, 4) else "no"}


def test_prices_find_a_dearer_cut_that_can_be_manned() -> None:
    """One post at the bridge 1 would do, but its only unit is needed at 4.

    From 0 over 1 to 2 and 3 and on to 5; and over 4 to 5. Group A (one unit) is in time at 1 and 4,
    group B (two units) at 2 and 3. The cut with the fewest posts, 1 and 4, asks A twice.
    """
    graph = streets(6, (0, 1, 1), (1, 2, 1), (1, 3, 1), (2, 5, 1), (3, 5, 1), (0, 4, 1), (4, 5, 1))
    timely_s = np.full((2, 6), np.inf)
    timely_s[0, [1, 4]] = 60
    timely_s[1, [2, 3]] = 60
    found = escape(graph, np.array([5])).crossing(np.array([0]), np.isfinite(timely_s).any(0))
    assert found is not None
    crossing, chains = found
    by_chain = chains.earliest(timely_s[:, chains.node])
    rich = NetSearch(crossing, by_chain, np.array([1, 2]), time.monotonic() + 60).answer(60.0)
    assert rich.chains is not None
    assert sorted(int(chains.nodes_of(one)[0]) for one in rich.chains) == [2, 3, 4]
    poor = NetSearch(crossing, by_chain, np.array([1, 1]), 0.0).answer(60.0)
    assert poor.outcome == "no"
