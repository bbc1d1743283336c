"""The spread that no division goes below, held against every division there is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.districts.unavoidable import unavoidable_spread

from .towns import best_by_trying, block, lane, street


def test_who_is_shut_in_gets_one_call_of_six() -> None:
    """The first has its own call and no way past the second: 1 of 3 on average, two thirds off."""
    ground = street([1, 1, 1, 1, 1, 1], [0, 1], handling_s=1e9)
    assert unavoidable_spread(ground) == pytest.approx(2 / 3, abs=1e-5)


def test_whoever_owns_the_square_has_too_much() -> None:
    """Eight calls of ten in one place, whoever has it: 60 % over five."""
    ground = street([1, 8, 1], [0, 2], handling_s=1e9)
    assert unavoidable_spread(ground) == pytest.approx(0.8, abs=1e-5)


def test_one_platform_has_no_spread() -> None:
    assert unavoidable_spread(street([3, 1], [0])) == 0
    assert unavoidable_spread(street([0, 0, 0], [0, 2])) == 0


@given(st.integers(0, 10_000), st.booleans(), st.integers(2, 3))
@settings(max_examples=20, deadline=None)
def test_every_division_has_it(number: int, is_lane: bool, platforms: int) -> None:
    random = np.random.default_rng(number)
    ground = lane(5, platforms, random) if is_lane else block(3, 3, platforms, random)
    assert unavoidable_spread(ground) <= best_by_trying(ground, 0.1)[1] + 1e-9
