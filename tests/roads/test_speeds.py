"""Speeds: texts of OpenStreetMap, units, classes, defaults, the emergency factor."""

from __future__ import annotations

import math
from typing import Any

import pytest

from optimizer.roads.speeds import first_of, read_speed

STREETS = [[(0, 0), (1000, 0)], [(1000, 0), (2000, 0)], [(2000, 0), (3000, 0)]]


@pytest.mark.parametrize(
    ("text", "unit", "kph"),
    [
        ("50", "kph", 50), ("30", "mph", 48.28032), ("10", "mps", 36), ("30 mph", "kph", 48.28032),
        ("30mph", "kph", 48.28032), ("50 km/h", "mph", 50), ("50;60", "kph", 50),
        ("60|50", "kph", 50), ("['30 mph', '40 mph']", "kph", 48.28032), ("none;80", "kph", 80),
        ("7.5", "kph", 7.5),
    ],
)  # fmt: skip
def test_texts_with_a_number(text: str, unit: str, kph: float) -> None:
    assert read_speed(text, unit) == pytest.approx(kph)


@pytest.mark.parametrize(
    "text", ["", "0", "none", "signals", "walk", "DE:urban", "CN:rural", "0;0"]
)
def test_texts_that_state_no_number(text: str) -> None:
    speed = read_speed(text, "kph")
    assert speed is not None
    assert math.isnan(speed)


@pytest.mark.parametrize("text", ["fast", "50 parsecs", "-30", "3O"])
def test_texts_that_nobody_can_read(text: str) -> None:
    assert read_speed(text, "kph") is None


def test_column_then_class_then_default(read_streets: Any) -> None:
    """1 km at 60 kph takes a minute; residential is 30 kph; an unknown class gets the default."""
    network = read_streets(
        STREETS, {"speed": "limit", "default_speed_kph": 36},
        limit=[60, 0, None], highway=["primary", "residential", "moonwalk"],
    )  # fmt: skip
    times = {int(v): round(ms / 1000) for v, ms in zip(
        network.line_speed_kph[network.line], network.travel_ms, strict=True)}  # fmt: skip
    assert times == {60: 60, 30: 120, 36: 100}
    assert network.report.speeds_from == {"column": 1, "class": 1, "default": 1}


def test_emergency_driving_shortens_every_time(read_streets: Any) -> None:
    slow = read_streets(STREETS, {"default_speed_kph": 36})
    fast = read_streets(STREETS, {"default_speed_kph": 36, "speed_factor": 1.25})
    assert slow.travel_ms.tolist() == pytest.approx([100_000] * 6, rel=5e-4)
    assert fast.travel_ms.tolist() == pytest.approx([80_000] * 6, rel=5e-4)
    assert fast.line_speed_kph.tolist() == [36] * 3, "the table of lines shows the plain speed"


def test_own_class_speeds_override_ignoring_case(read_streets: Any) -> None:
    network = read_streets(
        STREETS, {"class_speeds": {"primary": 90, "A41": 33}}, highway=["Primary", "a41", "primary"]
    )
    assert sorted(network.line_speed_kph.tolist()) == [33, 90, 90]


def test_unreadable_texts_are_reported(read_streets: Any) -> None:
    network = read_streets(STREETS, maxspeed=["50", "fast", "faster"])
    assert network.report.speeds_from == {"column": 1, "class": 0, "default": 2}
    assert (
        '2 texts of the speed column "maxspeed" cannot be read ("fast", "faster")'
        in (network.report.warnings[0])
    )


def test_a_wrong_unit_is_doubted(read_streets: Any) -> None:
    network = read_streets(STREETS, {"speed": "v", "speed_unit": "mps"}, v=[50, 60, 50])
    assert "check speed_unit" in network.report.warnings[0]


def test_walks_and_stairs_are_dropped_and_counted(read_streets: Any) -> None:
    network = read_streets(
        [*STREETS, [(0, 0), (0, 50)], [(0, 0), (0, -50)]],
        highway=["primary", "primary", "primary", "steps", "footway"],
    )
    assert network.report.lines_dropped == {"footway": 1, "steps": 1}
    assert network.report.lines_read == 5
    assert network.node_count == 4


@pytest.mark.parametrize(
    ("text", "first"),
    [("primary", "primary"), ("['primary', 'tertiary']", "primary"), ("", ""), ("[odd", "[odd")],
)
def test_first_class_of_a_merged_road(text: str, first: str) -> None:
    assert first_of(text) == first
