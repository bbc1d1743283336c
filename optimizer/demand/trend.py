"""How calls rise or fall from year to year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PERIOD_DAYS = 28
PERIODS_PER_YEAR = 13
FEWEST_PERIODS = 6


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

    The Theil-Sen slope of the logarithm of the counts (Sen 1968,
    doi:10.1080/01621459.1968.10480934): a median over pairs of periods, so that one riot does not
    tilt it. With two years or more only periods of the same season are paired (Hirsch, Slack &
    Smith 1982, doi:10.1029/WR018i001p00107).

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
    first, second = np.triu_indices(periods, 1)
    if periods >= 2 * PERIODS_PER_YEAR:
        same_season = (second - first) % PERIODS_PER_YEAR == 0
        first, second = first[same_season], second[same_season]
    level = np.log(counts + 0.5)
    slope = (level[:, second] - level[:, first]) / (second - first)
    change = np.expm1(np.median(slope, axis=1) * PERIODS_PER_YEAR)
    return np.where(counts.sum(axis=1) > 0, change, np.nan)
