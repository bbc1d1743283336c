"""Calls fall into shifts by the minute; those with a date only fall nowhere."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.demand import DemandSettings, Shifts


def test_a_shift_begins_on_its_minute(shifts):
    time = np.array(["2014-01-01T07:59", "2014-01-01T08:00", "2014-01-01T23:59"], "M8[m]")
    assert shifts.of_times(time, np.ones(3, bool)).tolist() == [0, 1, 2]


def test_times_before_1970_have_a_shift_too(shifts):
    time = np.array(["1969-12-31T23:00", "1969-12-31T01:00"], "M8[m]")
    assert shifts.of_times(time, np.ones(2, bool)).tolist() == [2, 0]


def test_a_date_is_no_midnight(shifts):
    time = np.array(["2014-01-01", "2014-01-01"], "M8[m]")
    assert shifts.of_times(time, np.array([True, False])).tolist() == [0, -1]


def test_unknown_hours_follow_the_known_ones():
    shifts = Shifts.from_settings(DemandSettings(shift_weights={"night": 3}))
    parts, mean = shifts.spread(np.array([0, 1, 1, 2, -1, -1], np.int8))
    # shares 1/4, 1/2, 1/4; weighed 3/4, 1/2, 1/4
    assert mean == pytest.approx(1.5)
    assert parts == pytest.approx([0.5, 1 / 3, 1 / 6])


def test_without_any_known_hour_the_day_decides():
    shifts = Shifts.from_settings(DemandSettings(shifts={"a": "06:00-24:00", "b": "00:00-06:00"}))
    parts, mean = shifts.spread(np.array([-1], np.int8))
    assert (parts.tolist(), mean) == ([0.75, 0.25], 1.0)
