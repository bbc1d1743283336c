"""Disjoint routes: by hand, and that they are routes, fit, and are as many as can be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimizer.checkpoints.flows.disjoint_routes import MOST, DisjointRoutes, disjoint_routes

from .test_min_cut import Network, networks


def routes_of(*arcs: tuple[int, int, int], n: int = 6, limit: int = MOST) -> DisjointRoutes:
    tail, head, capacity = np.array(arcs).T
    return disjoint_routes(n, tail.astype(np.int32), head.astype(np.int32), capacity, 0, 1,
                           limit=limit)  # fmt: skip


def test_a_route_gives_way_to_two() -> None:
    """The short way 0 -> 2 -> 3 -> 1 blocks both others; two routes go 0 -> 2 -> 4 -> 1 and on."""
    arcs = [(0, 2, 1), (2, 3, 1), (3, 1, 1), (0, 5, 1), (5, 3, 1), (2, 4, 1), (4, 1, 1)]
    routes = routes_of(*arcs)
    assert routes.value == len(routes) == 2
    ways = {tuple(arcs[arc][:2] for arc in routes.arcs_of(route)) for route in (0, 1)}
    assert ways == {((0, 2), (2, 4), (4, 1)), ((0, 5), (5, 3), (3, 1))}


def test_more_may_go_along_one_route() -> None:
    routes = routes_of((0, 2, 5), (2, 1, 3), (0, 1, MOST // 4))
    assert sorted(routes.amount.tolist()) == [3, MOST // 4]


def test_a_limit_ends_the_search_early() -> None:
    assert routes_of((0, 2, 5), (2, 1, 5), limit=2).value == 2
    assert routes_of((0, 2, MOST), (2, 1, MOST)).value == MOST, "and there is no end otherwise"


def test_no_route() -> None:
    routes = routes_of((0, 2, 1), (3, 1, 1), (1, 0, 1))
    assert (routes.value, len(routes)) == (0, 0)


@given(networks(), st.integers(1, 4))
def test_routes_lead_on_and_fit(network: Network, limit: int) -> None:
    """From source to sink without a circle; no arc carries too much; opposite arcs are not both
    used; with a limit, no more than that is sent."""
    _, tail, head, capacity = network
    routes = disjoint_routes(*network, 0, 1)
    load = np.zeros(len(tail), np.int64)
    for route, amount in enumerate(routes.amount):
        arcs = routes.arcs_of(route)
        assert tail[arcs[0]] == 0
        assert head[arcs[-1]] == 1
        assert (head[arcs[:-1]] == tail[arcs[1:]]).all()
        assert len(set(tail[arcs].tolist())) == len(arcs)
        load[arcs] += amount
    assert (load <= capacity).all()
    used = {(t, h) for t, h in zip(tail[load > 0].tolist(), head[load > 0].tolist(), strict=True)}
    assert not used & {(h, t) for t, h in used}
    assert disjoint_routes(*network, 0, 1, limit=limit).value == min(limit, routes.value)
