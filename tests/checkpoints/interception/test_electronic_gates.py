"""What cameras see: hand-solved streets."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimizer.checkpoints import OPEN, Escapes, Posts, anywhere, gate_cover, graph_of_arcs


@pytest.fixture
def town() -> Escapes:
    """Origin 0 (weight 3) leaves by 2 in 20 s or by 3 in 24 s, origin 1 (weight 1) by 4 in 20 s."""
    tail, head = np.array([0, 2, 0, 3, 1, 4]), np.array([2, 5, 3, 5, 4, 5])
    travel_s = np.array([10.0, 10, 12, 12, 10, 10])
    return Escapes(graph_of_arcs(6, tail, head, travel_s), [0, 1], [3.0, 1.0], [5])


def gates(*nodes: int) -> Posts:
    return Posts(np.array(nodes, dtype=np.int32), OPEN.roads)


def test_a_gate_on_the_quickest_way_sees_little_of_those_who_evade_it(town: Escapes) -> None:
    cover = gate_cover(town, gates(2), anywhere(town.graph))
    assert cover.quickest_share == 0.75
    assert cover.shares == {0.0: 0.75, 0.25: 0.0, 0.5: 0.0, 1.0: 0.0, math.inf: 0.0}
    assert cover.blind.tolist() == [1, 4, 5]
    assert cover.next_gates is None


def test_the_next_gate_goes_where_it_sees_most(town: Escapes) -> None:
    """Beside the gate at 2 one at 0 or at 3 shows all that origin 0 can do."""
    sites = anywhere(town.graph)
    sites.node_cost.setflags(write=True)
    sites.node_cost[[0, 1, 5]] = math.inf
    cover = gate_cover(town, gates(2), sites, 1)
    assert cover.next_gates.chosen.nodes.tolist() == [3]
    assert cover.next_gates.posts.nodes.tolist() == [2, 3]
    assert cover.next_gates.share == 0.75


def test_all_gates_see_everything_and_none_see_nothing(town: Escapes) -> None:
    everything = gate_cover(town, gates(5), anywhere(town.graph))
    assert set(everything.shares.values()) == {1.0}
    assert everything.blind is None
    nothing = gate_cover(town, OPEN, anywhere(town.graph))
    assert set(nothing.shares.values()) == {0.0}
    assert nothing.quickest_share == 0


def test_a_gate_that_does_not_exist_is_refused(town: Escapes) -> None:
    with pytest.raises(ValueError, match="junctions between 0 and 5, not 17 to 17"):
        gate_cover(town, gates(17), anywhere(town.graph))
