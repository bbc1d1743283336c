"""Equal loads at the least travel, held against every division there is."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.districts import (
    balanced_division,
    evaluate,
    nearest_division,
    smallest_spread,
)
from optimizer.districts.dead_ends import without_dead_ends
from optimizer.districts.prices import Demand, best_prices, proven_travel

from .towns import best_by_trying, block, is_connected, street


def test_a_street_by_hand() -> None:
    """The middle is as near to either: three calls each once the second has it."""
    ground = street([3, 0, 1, 1, 1], [0, 4])
    division = balanced_division(ground, 0.1)
    assert nearest_division(ground).tolist() == [0, 0, 0, 1, 1]
    assert division.labels[2:].tolist() == [1, 1, 1]
    assert division.status == "optimal"
    assert division.travel_s == pytest.approx(30.0)


def test_a_tolerance_that_cannot_be_met_is_loosened_to_the_smallest_that_can() -> None:
    """The first platform is shut in by the second: it has one call of six, whatever one does."""
    ground = street([1, 1, 1, 1, 1, 1], [0, 1])
    division = balanced_division(ground, 0.1)
    spread = evaluate(ground, np.array([0, 1, 1, 1, 1, 1])).spread
    assert division.spread == pytest.approx(spread)
    assert division.tolerance == math.ceil(1000 * spread) / 1000
    assert smallest_spread(ground).tolerance == division.tolerance


@pytest.mark.parametrize("number", range(9))
def test_the_best_of_all_divisions_is_found_and_proven(number: int) -> None:
    ground = block(3, 3, 2 + number % 2, np.random.default_rng(number))
    tolerance = (0.05, 0.2, 0.6)[number // 3]
    least_s, least_spread = best_by_trying(ground, tolerance)
    division = balanced_division(ground, tolerance)
    if math.isinf(least_s):
        assert division.tolerance == pytest.approx(math.ceil(1000 * least_spread) / 1000)
        least_s, _ = best_by_trying(ground, division.tolerance)
    else:
        assert division.tolerance == tolerance
    assert division.travel_s == pytest.approx(least_s)
    assert division.status == "optimal"


@given(st.integers(0, 10_000), st.sampled_from([0.02, 0.1, 0.4]))
@settings(max_examples=8)
def test_nothing_goes_below_the_prices(number: int, tolerance: float) -> None:
    """The bound of the prices, which every ground of size has to make do with."""
    ground = block(3, 3, 2, np.random.default_rng(number))
    prices = best_prices(Demand(ground.travel_s.T.copy(), ground.calls.copy(),
                                ground.handling_s.copy()), tolerance)  # fmt: skip
    assert prices.bound_s <= ground.calls.sum() * best_by_trying(ground, tolerance)[0]


@given(st.integers(0, 10_000))
@settings(max_examples=6)
def test_a_larger_town(number: int) -> None:
    """Too large for the program: connected, balanced, and no better than the bound."""
    random = np.random.default_rng(number)
    ground = block(12, 15, 4, random)
    division = balanced_division(ground, 0.3)
    assert is_connected(ground, division.labels)
    assert evaluate(ground, division.labels).spread == division.spread <= division.tolerance + 1e-8
    assert division.bound_s <= division.travel_s
    again = balanced_division(ground, 0.3)
    assert (again.labels == division.labels).all()


@given(st.integers(0, 10_000))
@settings(max_examples=4)
def test_more_tolerance_never_raises_the_bound(number: int) -> None:
    ground = block(12, 15, 3, np.random.default_rng(number))
    demand = Demand(ground.travel_s.T.copy(), ground.calls.copy(), ground.handling_s.copy())
    bounds = [best_prices(demand, tolerance).bound_s for tolerance in (0.05, 0.1, 0.2, 0.9)]
    assert all(later <= sooner * (1 + 1e-4) for sooner, later in pairwise(bounds))
    assert bounds[-1] >= proven_travel(demand, np.zeros(3)) * (1 - 1e-12)


def test_splitting_a_place_changes_nothing() -> None:
    """Half of the calls moved next door, no way apart, in a cul-de-sac of its own."""
    whole = street([2, 4, 2, 0, 3, 3], [0, 5])
    smaller, _ = without_dead_ends(whole)
    assert smaller.unit_count == whole.unit_count
    split = street([2, 2, 2, 2, 0, 3, 3], [0, 6])
    travel_s = np.array([[0, 60, 60, 120, 180, 240, 300], [300, 240, 240, 180, 120, 60, 0]])
    split = dataclasses.replace(split, travel_s=travel_s)
    one, other = balanced_division(whole, 0.4), balanced_division(split, 0.4)
    assert other.travel_s == pytest.approx(one.travel_s)


def test_groups_are_balanced_by_themselves() -> None:
    ground = street([2, 2, 2, 0, 0, 1, 1], [0, 2, 4, 6],
                    groups=([0, 0, 0, 0, 1, 1, 1], [0, 0, 1, 1]))  # fmt: skip
    division = balanced_division(ground, 0.4)
    assert (ground.group_of_platform[division.labels] == ground.group_of_unit).all()
    assert is_connected(ground, division.labels)


def test_a_town_without_calls() -> None:
    division = balanced_division(street([0, 0, 0, 0], [0, 3]), 0.1)
    assert division.status == "optimal"
    assert division.travel_s == division.spread == 0


def test_a_tolerance_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        balanced_division(street([1, 1], [0, 1]), 0.0)
