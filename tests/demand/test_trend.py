"""Trends by periods of four weeks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import PoissonRegressor

from optimizer.demand.trend import PERIODS_PER_YEAR, periods_before, trend_per_year

YEAR = np.arange(39) / PERIODS_PER_YEAR


@given(st.floats(-0.6, 1.5), st.floats(2, 500))
def test_steady_growth_is_found(growth, level):
    counts = level * (1 + growth) ** YEAR
    assert trend_per_year(counts[None]) == pytest.approx([growth], abs=1e-4)


def test_one_riot_does_not_tilt_the_trend():
    counts = np.full(39, 20.0)
    counts[36] = 900
    assert abs(trend_per_year(counts[None])[0]) < 0.03


def test_tame_counts_have_the_trend_of_a_plain_poisson_regression():
    counts = np.random.default_rng(0).poisson(200 * 1.15**YEAR).astype(float)
    model = PoissonRegressor(alpha=0, tol=1e-10).fit(YEAR[:, None], counts)
    assert trend_per_year(counts[None])[0] == pytest.approx(np.expm1(model.coef_[0]), abs=0.01)


def test_too_few_periods_or_no_calls_have_no_trend():
    assert np.isnan(trend_per_year(np.ones((2, 5)))).all()
    assert np.isnan(trend_per_year(np.zeros((1, 39))))[0]


def test_an_extreme_series_stays_finite():
    counts = np.zeros((2, 39))
    counts[0, -1] = counts[1, 0] = 1e6
    rise, fall = trend_per_year(counts)
    assert rise > 10
    assert -1 <= fall < -0.9


def test_periods_end_with_the_window_and_dates_count_by_day():
    time = np.array(
        ["2014-12-31T23:59", "2014-12-31", "2014-12-04", "2014-12-03", "2014-11-05", "2015-01-01"],
        "M8[m]",
    )
    start, end = np.datetime64("2014-11-01"), np.datetime64("2015-01-01")
    period, count = periods_before(time, start, end)
    assert count == 2  # 61 days
    assert period.tolist() == [1, 1, 1, 0, -1, -1]
