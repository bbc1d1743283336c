"""One-way columns: every known spelling, the study's own, and unknown ones."""

from __future__ import annotations

from typing import Any

import pytest

from optimizer.errors import InputError

RING = [[(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 0)]]
FORWARD, BACKWARD = ((0, 0), (100, 0)), ((100, 0), (0, 0))


@pytest.mark.parametrize(
    ("value", "open_ways"),
    [
        ("B", {FORWARD, BACKWARD}), ("no", {FORWARD, BACKWARD}), ("", {FORWARD, BACKWARD}),
        (None, {FORWARD, BACKWARD}), ("reversible", {FORWARD, BACKWARD}),
        ("F", {FORWARD}), ("ft", {FORWARD}), ("yes", {FORWARD}), ("True", {FORWARD}),
        ("1", {FORWARD}), (" FT ", {FORWARD}),
        ("T", {BACKWARD}), ("TF", {BACKWARD}), ("-1", {BACKWARD}),
    ],
)  # fmt: skip
def test_known_values(read_streets: Any, ways: Any, value: str | None, open_ways: set[Any]) -> None:
    network = read_streets(RING, oneway=[value, "B", "B"])
    assert set(ways(network)) & {FORWARD, BACKWARD} == open_ways


@pytest.mark.parametrize("values", [[1, 0, 0], [1.0, None, 0.0], [True, False, False]])
def test_numbers_and_truth_values(read_streets: Any, ways: Any, values: list[Any]) -> None:
    network = read_streets(RING, oneway=values)
    assert set(ways(network)) & {FORWARD, BACKWARD} == {FORWARD}
    assert network.arc_count == 5


def test_own_values_go_before_the_known_ones(read_streets: Any, ways: Any) -> None:
    settings = {"oneway": "dir", "oneway_values": {"backward": ["F"], "both": ["Z"]}}
    network = read_streets(RING, settings, dir=["F", "z", "B"])
    assert set(ways(network)) & {FORWARD, BACKWARD} == {BACKWARD}


def test_unknown_values_are_listed_with_the_way_out(read_streets: Any) -> None:
    with pytest.raises(InputError) as raised:
        read_streets(RING, oneway=["N", "Y", "B"])
    (fault,) = raised.value.faults
    assert '"N", "Y"' in fault
    assert 'oneway_values = {forward = ["N"]}' in fault


def test_the_column_can_be_switched_off(read_streets: Any) -> None:
    assert read_streets(RING, {"oneway": ""}, oneway=["?", "?", "?"]).arc_count == 6


def test_a_street_that_cannot_be_left_is_not_in_the_network(read_streets: Any) -> None:
    """A one-way stub away from the ring leads nowhere; its share is reported."""
    network = read_streets([*RING, [(0, 0), (-50, 0)]], oneway=["B", "B", "B", "F"])
    assert network.node_count == 3
    assert network.report.main_share == pytest.approx(3 / 4)
    assert network.report.components == 2
    assert "75%" in network.report.warnings[0]


def test_nothing_connected_is_an_error(read_streets: Any) -> None:
    with pytest.raises(InputError, match="no two places of the roads"):
        read_streets([[(0, 0), (100, 0)]], oneway=["F"])
