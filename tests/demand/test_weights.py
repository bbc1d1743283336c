"""A call weighs category x recency x shift."""

from __future__ import annotations

import datetime as dt

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.calls import CallsSettings
from optimizer.demand import CallWeights, DemandSettings, Shifts, call_weights

from .conftest import calls_at

AS_OF = dt.date(2015, 1, 1)


def weigh(calls, shift_weights=(), **settings):
    shifts = Shifts.from_settings(DemandSettings(shift_weights=dict(shift_weights)))
    return call_weights(calls, CallsSettings(path="c.csv", time="t", **settings), shifts, AS_OF)


def test_categories_weigh_what_the_study_says_and_else_one():
    calls = calls_at([0, 0], [0, 0], category=[0, 1], categories=("robbery", "theft"))
    assert weigh(calls, weights={"robbery": 4}).total.tolist() == [4, 1]


def test_a_call_one_half_life_old_counts_half():
    calls = calls_at([0, 0, 0], [0, 0, 0], ["2015-01-01", "2014-01-01", "2013-01-01"])
    assert weigh(calls, half_life_days=365).total == pytest.approx([1, 0.5, 0.25])


def test_a_date_only_call_weighs_what_calls_weigh_on_average():
    calls = calls_at(
        [0] * 3,
        [0] * 3,
        ["2014-05-01T01:00", "2014-05-01T12:00", "2014-05-01"],
        [True, True, False],
    )
    weights = weigh(calls, {"night": 5})
    assert weights.total.tolist() == [5, 1, 3]
    by_shift = weights.by_shift(np.array([0, 0, 1]), 2)
    assert by_shift == pytest.approx(np.array([[5, 1, 0], [2.5, 0.5, 0]]))


def test_shifts_that_all_weigh_nothing_leave_nothing(shifts):
    calls = calls_at([0, 0], [0, 0], has_time=[True, False])
    weights = weigh(calls, {"night": 0, "day": 0, "evening": 0})
    assert weights.total.tolist() == [0, 0]
    assert weights.unknown_shift_parts.sum() == pytest.approx(1)


def test_no_calls_have_no_weight():
    assert len(weigh(calls_at([], [], categories=())).total) == 0


@given(
    arrays.arrays(float, 20, elements=st.floats(0, 100)),
    arrays.arrays(np.int8, 20, elements=st.integers(-1, 2)),
    arrays.arrays(np.int64, 20, elements=st.integers(-1, 4)),
)
def test_grouping_loses_no_weight(total, shift, group):
    weights = CallWeights(total, shift, np.array([0.2, 0.3, 0.5]), ("a", "b", "c"))
    by_shift = weights.by_shift(group, 5)
    assert by_shift.sum() == pytest.approx(total[group >= 0].sum())
    for number in range(5):
        assert by_shift[number].sum() == pytest.approx(total[group == number].sum())
