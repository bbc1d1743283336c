"""Joining dead ends is exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.districts import evaluate
from optimizer.districts.dead_ends import without_dead_ends

from .towns import best_by_trying, lane, street, town


def test_the_ends_of_a_street_hang_on_its_platforms() -> None:
    ground = street([1, 2, 3, 4, 5], [1, 3])
    smaller, joined = without_dead_ends(ground)
    assert joined.tolist() == [0, 0, 1, 2, 2]
    assert smaller.calls.tolist() == [3, 3, 9]
    assert smaller.travel_s[0] == pytest.approx([20, 60, (4 * 120 + 5 * 180) / 9])


def test_a_loop_behind_a_crossing_is_one_dead_end() -> None:
    """Platforms 0 and 1; the triangle 3, 4, 5 hangs on 2, which lies on a ring of its own."""
    edges = [(0, 2, 9), (2, 1, 9), (0, 1, 9), (2, 3, 9), (3, 4, 9), (4, 5, 9), (5, 3, 9)]
    smaller, joined = without_dead_ends(town(edges, [0, 1], calls=[1] * 6))
    assert joined.tolist() == [0, 1, 2, 2, 2, 2]
    assert smaller.neighbour.tolist() == [1, 2, 0, 2, 0, 1]


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_every_connected_division_is_one_of_the_smaller_ground(number: int) -> None:
    """And has the same measures there: the best of both are equal."""
    random = np.random.default_rng(number)
    ground = lane(4, 2, random)
    smaller, joined = without_dead_ends(ground)
    labels = random.integers(0, 2, smaller.unit_count).astype(np.int32)
    labels[smaller.seed] = [0, 1]
    one, other = evaluate(ground, labels[joined]), evaluate(smaller, labels)
    assert one.hours == pytest.approx(other.hours)
    assert one.travel_s == pytest.approx(other.travel_s)
    assert one.connected == other.connected
    assert best_by_trying(ground, 0.3) == pytest.approx(best_by_trying(smaller, 0.3))
