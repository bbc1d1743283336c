"""Groups of units, one by one, and when each can be where."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.checkpoints import Mode, StreetGraph, Units, arrivals, graph_of_arcs


def units(**changes: object) -> Units:
    """Two cars at node 0, at once ready, and a boat at node 2, ready after 30 s."""
    columns: dict[str, object] = {
        "ids": ("C001", "C002"), "names": ("North", "Quay"), "node": [0, 2], "capacity": [2, 1],
        "mode": ("car", "boat"), "ready_s": [0.0, 30.0],
    }  # fmt: skip
    return Units(**{**columns, **changes})  # type: ignore[arg-type]


def line(seconds: list[float], nodes: list[int]) -> StreetGraph:
    """Three nodes, of which some are joined in a row by one-way arcs."""
    tail, head = np.array(nodes[:-1], np.int32), np.array(nodes[1:], np.int32)
    return graph_of_arcs(3, tail, head, np.array(seconds))


def test_units_of_a_group_are_numbered_and_a_single_one_is_not() -> None:
    single = units().single()
    assert single.ids == ("C001#1", "C001#2", "C002")
    assert single.names == ("North", "North", "Quay")
    assert single.node.tolist() == [0, 0, 2]
    assert single.mode == ("car", "car", "boat")
    assert single.ready_s.tolist() == [0, 0, 30]
    assert (len(single), single.count, units().count) == (3, 3, 3)


def test_each_mode_moves_on_its_own_graph() -> None:
    """Cars drive 0 - 1 - 2 in 10 and 20 s, the boat 2 - 1 in 5 s; nobody goes against an arc."""
    graphs: dict[Mode, StreetGraph] = {
        "car": line([10.0, 20.0], [0, 1, 2]), "boat": line([5.0], [2, 1]),
    }  # fmt: skip
    found = arrivals(units(), graphs, delay_s=100)
    assert found.tolist() == [[100, 110, 130], [np.inf, 135, 130]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"names": ("North",)}, "one length"),
        ({"ids": ("C001", "C001")}, "an id of its own"),
        ({"capacity": [0, 1]}, "at least one unit"),
        ({"ready_s": [-1.0, 0.0]}, "0 or more seconds"),
        ({"ready_s": [np.nan, 0.0]}, "0 or more seconds"),
    ],
)
def test_what_is_no_unit_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        units(**changes)


def test_units_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        units().node[0] = 1
