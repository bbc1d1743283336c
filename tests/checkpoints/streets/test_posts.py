"""Posts and the sites where they may stand."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.checkpoints import PostSites, anywhere

from ..small_graphs import posts, roads_graph


def test_posts_are_sorted_without_doubles_and_cannot_be_changed() -> None:
    some = posts([3, 1, 3], [2])
    assert some.nodes.tolist() == [1, 3]
    assert some.roads.tolist() == [2]
    assert len(some) == 3
    with pytest.raises(ValueError, match="read-only"):
        some.nodes[0] = 2


def test_joined_posts_stand_beside_each_other() -> None:
    both = posts([1, 2], [0]).joined(posts([0, 2], [4]))
    assert both.nodes.tolist() == [0, 1, 2]
    assert both.roads.tolist() == [0, 4]


def test_posts_are_marked_on_a_graph() -> None:
    graph = roads_graph(3, (0, 1), (1, 2))
    assert posts([1], []).closed_nodes(graph).tolist() == [False, True, False]
    assert posts([], [1]).closed_roads(graph).tolist() == [False, True]


def test_anywhere_costs_one_everywhere() -> None:
    sites = anywhere(roads_graph(3, (0, 1), (1, 2)))
    assert sites.node_cost.tolist() == [1, 1, 1]
    assert sites.road_cost.tolist() == [1, 1]
    assert len(sites.must) == 0


@pytest.mark.parametrize("cost", [0.0, -1.0, np.nan])
def test_a_post_costs_something(cost: float) -> None:
    kinds = np.zeros(1, np.int16)
    with pytest.raises(ValueError, match="above 0"):
        PostSites(np.array([cost]), np.array([1.0]), posts(), kinds, kinds)


def test_costs_and_kinds_have_one_length() -> None:
    kinds = np.zeros(2, np.int16)
    with pytest.raises(ValueError, match="one length"):
        PostSites(np.ones(1), np.ones(2), posts(), kinds, kinds)
