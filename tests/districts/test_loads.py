"""A division is measured from the ground alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.districts import evaluate

from .towns import block, is_connected, street


def test_hours_travel_and_spread_by_hand() -> None:
    """Two calls at one end, one at the other: 2 x 30 min, and 30 min + a minute's drive."""
    loads = evaluate(street([2, 0, 1, 0], [0, 3]), np.array([0, 0, 1, 1]))
    assert loads.hours == pytest.approx([1.0, 31 / 60])
    assert loads.travel_s == pytest.approx(20.0)
    assert loads.spread == pytest.approx((60 - 45.5) / 45.5)
    assert loads.connected


def test_work_depends_on_who_owns_the_place() -> None:
    ground = street([0, 1, 0, 0], [0, 3])
    near, far = evaluate(ground, np.array([0, 0, 1, 1])), evaluate(ground, np.array([0, 1, 1, 1]))
    assert near.hours.sum() * 60 == pytest.approx(31)
    assert far.hours.sum() * 60 == pytest.approx(32)


def test_spread_is_from_the_mean_of_the_group() -> None:
    ground = street([1, 0, 3, 0, 3], [0, 2, 4], groups=([0, 0, 1, 1, 1], [0, 1, 1]))
    assert evaluate(ground, np.array([0, 0, 1, 1, 2])).spread == 0


@pytest.mark.parametrize("labels", [[0, 1, 0, 1], [1, 1, 1, 1], [1, 0, 1, 0]])
def test_not_connected(labels: list[int]) -> None:
    assert not evaluate(street([1, 1, 1, 1], [0, 3]), np.array(labels)).connected


@pytest.mark.parametrize("labels", [[0, 1], [0, 0, 2, 1], [0, 0, -1, 1]])
def test_no_division(labels: list[int]) -> None:
    with pytest.raises(ValueError, match="labels must name one of 2 platforms for each of 4"):
        evaluate(street([1, 1, 1, 1], [0, 3]), np.array(labels))


@given(st.integers(0, 10_000))
def test_networkx_agrees_on_what_is_connected(number: int) -> None:
    random = np.random.default_rng(number)
    ground = block(3, 3, 2, random)
    labels = random.integers(0, 2, 9).astype(np.int32)
    assert evaluate(ground, labels).connected == is_connected(ground, labels)
