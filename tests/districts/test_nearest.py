"""Everybody to the nearest platform, as far as it connects."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimizer.districts import evaluate, nearest_division, within_reach

from .towns import block, is_connected, street


def test_the_middle_goes_to_the_first() -> None:
    assert nearest_division(street([1] * 5, [0, 4])).tolist() == [0, 0, 0, 1, 1]


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_nobody_is_nearer_and_all_is_connected(number: int, platforms: int) -> None:
    ground = block(4, 5, platforms, np.random.default_rng(number))
    labels = nearest_division(ground)
    assert is_connected(ground, labels)
    assert (ground.travel_s[labels, np.arange(20)] == ground.travel_s.min(axis=0)).all()


def test_what_is_cut_off_goes_to_the_neighbour() -> None:
    """Were the last place quickest to the first platform, the grid of the second would part it."""
    ground = street([1] * 4, [0, 2])
    travel_s = ground.travel_s.copy()
    travel_s[:, 3] = 1, 2
    ground = dataclasses.replace(ground, travel_s=travel_s)
    assert nearest_division(ground).tolist() == [0, 0, 1, 1]


def test_groups_are_kept() -> None:
    ground = street([1] * 5, [0, 4], groups=([0, 0, 0, 0, 1], [0, 1]))
    assert nearest_division(ground).tolist() == [0, 0, 0, 0, 1]


def test_a_piece_of_a_group_behind_another_joins_that() -> None:
    ground = street([1] * 5, [0, 2], groups=([0, 0, 1, 1, 0], [0, 1]))
    assert within_reach(ground).group_of_unit.tolist() == [0, 0, 1, 1, 1]
    labels = nearest_division(ground)
    assert labels.tolist() == [0, 0, 1, 1, 1]
    assert evaluate(ground, labels).connected
