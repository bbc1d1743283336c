"""How calls rise or fall from year to year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PERIOD_DAYS = 28
PERIODS_PER_YEAR = 13
FEWEST_PERIODS = 6
STEPS = 50
HUBER = 1.345
LARGEST_STEP = 0.5
STEEPEST = 5.0


def periods_before(
    time: NDArray[np.datetime64], start: np.datetime64, end: np.datetime64
) -> tuple[Integers, int]:
    """Count whole periods of 28 days back from the end of the window; the oldest is 0.

    Whole weeks leave no trace of weekdays, and a call known by its day falls where it belongs.

    Parameters
    ----------
    time
        Stamps, shape (n,).
    start, end
        First day of the window, and the day after its last.

    Returns
    -------
    Period of every stamp, -1 outside the whole ones, and the number of periods.
    """
    count = int((end.astype("M8[D]") - start.astype("M8[D]")).astype(np.int64)) // PERIOD_DAYS
    age = (end.astype("M8[D]") - time.astype("M8[D]")).astype(np.int64) - 1
    period = count - 1 - age // PERIOD_DAYS
    return np.where((period >= 0) & (period < count), period, -1), count


def trend_per_year(counts: Floats) -> Floats:
    """Change per year of several series of counts; 0.1 is a tenth more each year.

    Poisson regression of the count on time, in which periods far from the line (a riot, a month
    without data) weigh less: Huber's weights on Pearson residuals (Cantoni & Ronchetti 2001,
    doi:10.1198/016214501753209004).

    Parameters
    ----------
    counts
        Calls of h places in p successive periods of 28 days, shape (h, p).

    Returns
    -------
    Array of shape (h,), NaN where fewer than six periods or no calls are known.
    """
    periods = counts.shape[1]
    if periods < FEWEST_PERIODS:
        return np.full(len(counts), np.nan)
    year = (np.arange(periods) - (periods - 1) / 2) / PERIODS_PER_YEAR
    level, slope = np.log(counts.mean(axis=1) + 0.5 / periods), np.zeros(len(counts))
    for _ in range(STEPS):
        mean = np.exp(level[:, None] + slope[:, None] * year)
        residual = (counts - mean) / np.sqrt(mean)
        spread = np.maximum(1.0, np.median(np.abs(residual), axis=1, keepdims=True) / 0.6745)
        trust = np.minimum(1.0, HUBER * spread / np.maximum(np.abs(residual), 1e-12))
        weight, pull = trust * mean, trust * (counts - mean)
        centre = (weight @ year) / weight.sum(axis=1)
        ahead = year - centre[:, None]
        step = (pull * ahead).sum(axis=1) / (weight * ahead**2).sum(axis=1)
        slope_step = np.clip(step, -LARGEST_STEP, LARGEST_STEP)
        level += np.clip(
            pull.sum(axis=1) / weight.sum(axis=1) - step * centre, -LARGEST_STEP, LARGEST_STEP
        )
        slope = np.clip(slope + slope_step, -STEEPEST, STEEPEST)
    return np.where(counts.sum(axis=1) > 0, np.expm1(slope), np.nan)
