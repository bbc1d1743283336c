"""Which site is better: costs and ties as whole numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.checkpoints.rings.site_order import NO_SITE, better_site, site_order

from ..small_graphs import posts, roads_graph, sites_of


def test_cheaper_then_nearer_then_first() -> None:
    amount, tie = np.array([2, 1, 1, 1, -1]), np.array([0, 9, 5, 5, 0])
    assert better_site(0, 1, amount, tie) == better_site(1, 0, amount, tie) == 1
    assert better_site(1, 2, amount, tie) == 2
    assert better_site(3, 2, amount, tie) == 2
    assert better_site(4, 0, amount, tie) == better_site(0, NO_SITE, amount, tie) == 0
    assert better_site(4, NO_SITE, amount, tie) == NO_SITE


def test_a_road_is_as_near_as_the_nearer_of_its_ends() -> None:
    graph = roads_graph(3, (0, 1), (1, 2))
    order = site_order(graph, sites_of(graph), np.array([30.0, 60.4, np.inf]))
    assert order.tie.tolist() == [30, 60, 86_400, 30, 60]


def test_sites_and_posts_are_told_apart() -> None:
    graph = roads_graph(3, (0, 1), (1, 2))
    order = site_order(graph, sites_of(graph), None)
    some = order.posts_at(np.array([1, 4]))
    assert (some.nodes.tolist(), some.roads.tolist()) == ([1], [1])
    assert order.sites_of(posts([1], [1])).tolist() == [1, 4]


def test_one_site_more_where_none_may_be_outweighs_all_that_are_allowed() -> None:
    graph = roads_graph(3, (0, 1))
    order = site_order(graph, sites_of(graph, nodes=[2, np.inf, 3], roads=4), None).everywhere()
    assert order.amount.tolist() == [2, 10, 3, 4]


@pytest.mark.parametrize(
    ("costs", "unit"), [([1.0, 2.0], 1.0), ([0.5, 1.25], 0.01), ([3.0, 1e-9], 1e-6)]
)
def test_costs_are_counted_in_the_largest_decimal_unit(costs: list[float], unit: float) -> None:
    graph = roads_graph(2, (0, 1))
    order = site_order(graph, sites_of(graph, nodes=costs, roads=np.inf), None)
    assert order.unit == pytest.approx(unit)
    assert (order.amount[:2] >= 1).all()
    assert order.amount[2] == -1


@given(st.lists(st.integers(1, 50), min_size=2, max_size=6), st.data())
def test_a_tie_never_outweighs_a_cost(amounts: list[int], data: st.DataObject) -> None:
    """Of two sets of sites within the same total, the cheaper one also weighs less."""
    graph = roads_graph(len(amounts))
    seconds = [data.draw(st.integers(0, 90_000)) for _ in amounts]
    order = site_order(graph, sites_of(graph, nodes=amounts), np.array(seconds, float))
    most = sum(amounts)
    weight, one = order.combined(most)
    sets = [data.draw(st.sets(st.integers(0, len(amounts) - 1))) for _ in range(2)]
    cost, heavy = ([sum(of[at] for at in some) for some in sets] for of in (amounts, weight))
    if cost[0] < cost[1]:
        assert heavy[0] < heavy[1]
    assert [total // one for total in heavy] == cost
