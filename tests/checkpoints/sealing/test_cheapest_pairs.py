"""The same pairs as SciPy's, also where many choices cost the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from optimizer.checkpoints.sealing.cheapest_pairs import cheapest_pairs

SIZES = st.tuples(st.integers(0, 9), st.integers(0, 9))
FEW_NUMBERS = SIZES.flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(-2, 2).map(float))
)
ANY_NUMBERS = SIZES.flatmap(lambda shape: arrays(float, shape, elements=st.floats(-1e6, 1e6)))


def test_the_cheap_pair_is_given_up_for_the_cheaper_sum() -> None:
    """0-0 costs 1 alone, but then 1-1 costs 9; crosswise it is 2 + 3."""
    rows, columns = cheapest_pairs(np.array([[1, 2], [3, 9]]))
    assert (rows.tolist(), columns.tolist()) == ([0, 1], [1, 0])


def test_of_many_rows_those_that_are_cheapest_have_a_column() -> None:
    rows, columns = cheapest_pairs(np.array([[5.0], [2.0], [3.0]]))
    assert (rows.tolist(), columns.tolist()) == ([1], [0])


@given(st.one_of(FEW_NUMBERS, ANY_NUMBERS))
def test_the_pairs_are_those_of_scipy(cost: np.ndarray) -> None:
    found, theirs = cheapest_pairs(cost), linear_sum_assignment(cost)
    assert [side.tolist() for side in found] == [side.tolist() for side in theirs]


def test_so_they_are_with_hundreds_of_units_in_groups_of_six() -> None:
    """Rows of one group are alike, and so are sums that share a part of the way."""
    random = np.random.default_rng(7)
    place, exit_ = random.integers(0, 40, (2, 70, 2))
    way = np.abs(place[:, None] - exit_[None]).sum(axis=2).repeat(6, axis=0)
    for cost in (way, way * 0.1, np.where(way < 30, way - 900.0, 0.0), -way):
        found, theirs = cheapest_pairs(cost), linear_sum_assignment(cost)
        assert [side.tolist() for side in found] == [side.tolist() for side in theirs]
