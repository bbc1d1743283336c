"""Roads with a node in their middle: times stay as they are, and a post there closes the road."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.checkpoints import Evader, contain, shortest_routes, split_roads

from ..small_cities import driven, streets


def test_the_middle_of_a_road_is_half_way_in_each_direction() -> None:
    """0 - 1 - 2 with 2 -> 3 one-way; the middles of 1 - 2 and 2 -> 3 are 4 and 5."""
    town = streets(4, (0, 1, 10), (1, 0, 10), (1, 2, 20), (2, 1, 30), (2, 3, 8), oneway=True)
    split = split_roads(town, np.array([[2, 1], [2, 3]]))
    assert split.node_count == 6
    assert driven(split, 0)[0].tolist() == [0, 10, 30, 38, 20, 34]
    assert driven(split, 2)[0].tolist() == [40, 30, 0, 8, 15, 4]
    assert np.isinf(driven(split, 3)[0, :3]).all()


def test_a_road_that_is_not_there_leaves_its_middle_on_no_way() -> None:
    town = streets(3, (0, 1, 10))
    split = split_roads(town, np.array([[1, 2]]))
    assert driven(split, 0)[0].tolist() == [0, 10, np.inf, np.inf]
    assert split_roads(town, np.empty((0, 2), int)) is town


def test_a_unit_in_the_middle_of_the_only_way_out_contains() -> None:
    """A unit from 2 is in the middle of 1 - 2 after 30 s; a fugitive from 0 after 90 s."""
    town = streets(3, (0, 1, 60), (1, 2, 60))
    split = split_roads(town, np.array([[1, 2]]))
    arrival_s = driven(split, 2)
    arrival_s[:, :3] = np.inf
    found = contain(split, np.array([0]), np.array([2]), arrival_s, np.ones(1, int), Evader())
    assert (found.contained, found.latest_s) == (True, 30.0)
    assert found.net is not None
    assert found.net.nodes.tolist() == [3]
    assert found.net.evader_arrival_s.tolist() == [90.0]


@given(st.data())
def test_times_between_junctions_stay(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 7))
    node = st.integers(0, count - 1)
    arcs = data.draw(st.dictionaries(st.tuples(node, node).filter(lambda p: p[0] != p[1]),
                                     st.integers(0, 9), min_size=1))  # fmt: skip
    town = streets(count, *((t, h, s) for (t, h), s in arcs.items()), oneway=True)
    pairs = sorted({(min(pair), max(pair)) for pair in arcs})
    cut = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    split = split_roads(town, np.array(cut, int).reshape(-1, 2))
    for start in range(count):
        before, after = (shortest_routes(g, np.array([start])).travel_s for g in (town, split))
        assert after[:count] == pytest.approx(before)
