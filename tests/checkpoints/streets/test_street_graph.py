"""Streets as arrays: sorted arcs, one road for both directions, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optimizer.checkpoints import StreetGraph, graph_of_arcs

from ..small_graphs import arcs_graph, road_between, roads_graph


def test_both_directions_of_a_road_are_one_road() -> None:
    graph = arcs_graph(3, [(1, 0), (0, 1), (2, 1)])
    assert graph.tail.tolist() == [0, 1, 2]
    assert graph.head.tolist() == [1, 0, 1]
    assert graph.road.tolist() == [0, 0, 1]
    assert graph.road_count == 2
    assert graph.indptr.tolist() == [0, 1, 2, 3]


def test_times_stay_with_their_arcs() -> None:
    tail, head = np.array([2, 0, 1], np.int32), np.array([0, 1, 2], np.int32)
    graph = graph_of_arcs(3, tail, head, np.array([20.0, 1.0, 12.0]))
    assert graph.travel_s.tolist() == [1.0, 12.0, 20.0]


def test_turning_round_keeps_roads_and_is_undone_by_itself() -> None:
    graph = arcs_graph(4, [(0, 1), (1, 2), (2, 0), (3, 1), (1, 3)])
    back = graph.reversed()
    there = {(t, h, r) for t, h, r in zip(graph.tail, graph.head, graph.road, strict=True)}
    assert {(h, t, r) for t, h, r in zip(back.tail, back.head, back.road, strict=True)} == there
    again = back.reversed()
    assert again.tail.tolist() == graph.tail.tolist()
    assert again.head.tolist() == graph.head.tolist()
    assert again.road.tolist() == graph.road.tolist()


def test_a_graph_may_have_lone_nodes_and_no_arcs() -> None:
    empty = roads_graph(3)
    assert empty.road_count == 0
    assert empty.indptr.tolist() == [0, 0, 0, 0]
    assert road_between(roads_graph(5, (0, 4)), 4, 0) == 0


def test_arrays_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        roads_graph(2, (0, 1)).head[0] = 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"head": [1]}, "must have one length"),
        ({"head": [1, 2]}, "between 0 and 1"),
        ({"tail": [-1, 1]}, "between 0 and 1"),
        ({"travel_s": [1.0, -1.0]}, "from 0 up"),
        ({"travel_s": [1.0, np.nan]}, "from 0 up"),
        ({"tail": [1, 0], "head": [0, 1]}, "sorted by tail"),
    ],
)
def test_impossible_graphs_are_refused(changes: dict[str, Any], says: str) -> None:
    given: dict[str, Any] = {
        "node_count": 2, "tail": [0, 1], "head": [1, 0], "travel_s": [1.0, 1.0], "road": [0, 0]
    }  # fmt: skip
    with pytest.raises(ValueError, match=says):
        StreetGraph(**(given | changes))
