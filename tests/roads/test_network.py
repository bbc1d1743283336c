"""The network's own checks, legs and street names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest


def test_legs_count_distinct_neighbours_whichever_way_the_traffic_runs(network_of: Any) -> None:
    """0 - 1 both ways, 2 -> 1 one way, a loop at 1: node 1 has two legs."""
    network = network_of(3, [(0, 1, 1), (1, 0, 1), (2, 1, 1), (1, 1, 1)])
    assert network.degree().tolist() == [1, 2, 1]


def test_streets_at_a_junction(network_of: Any) -> None:
    arcs = [(0, 1, 1), (1, 0, 1), (2, 1, 1)]
    network = network_of(3, arcs, line_name=["Oak St", "Oak St", "Elm St"])
    assert network.streets_at([1]) == ["Elm St / Oak St"], "streets that only lead in count"
    assert network.streets_at(np.array([2, 0, 2])) == ["Elm St", "Oak St", "Elm St"]
    assert network_of(2, [(0, 1, 1)]).streets_at([0]) == [""]


def test_arrays_are_copies_that_cannot_be_changed(network_of: Any) -> None:
    names = ["a", "b"]
    network = network_of(2, [(0, 1, 1), (1, 0, 1)], line_name=names)
    names[0] = "changed"
    assert network.line_name[0] == "a"
    with pytest.raises(ValueError, match="read-only"):
        network.travel_ms[0] = 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"x_m": [0.0]}, "nodes of a road network differ in number"),
        ({"length_m": [1.0]}, "arcs of a road network differ in number"),
        ({"line_name": [""]}, "lines of a road network differ in number"),
        ({"head": [1, 2]}, "head of a road network must lie between 0 and 1"),
        ({"line": [-1, 0]}, "line of a road network must lie between"),
        ({"travel_ms": [5, -1]}, "must not be negative"),
    ],
)
def test_impossible_networks_are_refused(
    network_of: Any, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        network_of(2, [(0, 1, 1), (1, 0, 1)], **changes)


def test_a_read_network_is_sorted_and_near_in_memory(read_streets: Any) -> None:
    """Arcs ascend by tail and head without doubles; nodes follow the Z-shaped curve."""
    grid = [[(x, y), (x + 100, y)] for x in range(0, 700, 100) for y in range(0, 800, 100)]
    grid += [[(y, x) for x, y in street] for street in grid]
    network = read_streets(grid, {"split": "never"})
    pairs = network.tail.astype(np.int64) * network.node_count + network.head
    assert (np.diff(pairs) > 0).all()
    x, y = (np.rint((at - at.min()) / 100).astype(int) for at in (network.x_m, network.y_m))
    assert sorted(zip(x[:4].tolist(), y[:4].tolist(), strict=True)) == [
        (0, 0), (0, 1), (1, 0), (1, 1)]  # fmt: skip


def test_the_report_counts_each_line_once(read_streets: Any) -> None:
    report = read_streets([[(0, 0), (100, 0)], [(100, 0), (300, 0)]]).report
    assert report.nodes == 3
    assert report.length_km == pytest.approx(0.3, rel=1e-3)
