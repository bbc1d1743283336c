"""The best prices of work, and with them a bound on the mean travel of every balanced division.

One group of p platforms, M the mean of their hours W_r, tolerance tau. Give the two rows of each
platform, W_r <= (1 + tau) M and W_r >= (1 - tau) M, multipliers a_r, b_r >= 0. M is the mean of
the loads as assigned, so both rows are linear with nothing on the right, and for every division
within the tolerance

    travel >= sum over units of calls x min over r of  t_r + lambda_r (handling + t_r),
    lambda_r = a_r - b_r - (1 / p) sum over s of  (1 + tau) a_s - (1 - tau) b_s.

The right side falls apart into units. Its largest value over a and b is that of the linear
relaxation. It is sought with the minimum smoothed, less and less (Nesterov 2005,
doi:10.1007/s10107-004-0552-5), by L-BFGS-B; what counts as bound is the true minimum at the end.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numba import njit
from scipy import optimize

from optimizer.districts.ground import Floats

SMOOTHING = (0.1, 0.02, 0.004, 0.0008)
EVALUATIONS = 150


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Units of one group as the prices see them.

    Parameters
    ----------
    travel_s
        Seconds from each platform, inf where it may not own the unit, shape (U, p).
    calls, handling_s
        Calls per day and mean seconds at the scene, shape (U,).
    """

    travel_s: Floats
    calls: Floats
    handling_s: Floats

    @property
    def platform_count(self) -> int:
        """Number of platforms p."""
        return self.travel_s.shape[1]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Multipliers of the two rows of each platform, and what they prove.

    Parameters
    ----------
    over, under
        a and b, shape (p,).
    price
        lambda, shape (p,).
    bound_s
        No division within the tolerance has less travel in all, seconds per day.
    """

    over: Floats
    under: Floats
    price: Floats
    bound_s: float


def best_prices(demand: Demand, tolerance: float) -> Prices:
    """Look for the prices with the best bound, and prove it."""
    p = demand.platform_count
    found = Prices(np.zeros(p), np.zeros(p), np.zeros(p), proven_travel(demand, np.zeros(p)))
    total = demand.calls.sum()
    if p == 1 or not total:
        return found
    start = np.zeros(2 * p)
    for share in SMOOTHING:
        smooth_s = share * max(found.bound_s / total, 1.0)
        start = optimize.minimize(
            _smoothed, start, (demand, tolerance, smooth_s), jac=True, method="L-BFGS-B",
            bounds=[(0.0, None)] * (2 * p),
            options={"maxfun": EVALUATIONS, "maxcor": 20, "ftol": 1e-9, "gtol": 1e-7},
        ).x  # fmt: skip
        over, under = np.split(start, 2)
        price = price_of(over, under, tolerance)
        bound_s = proven_travel(demand, price)
        if bound_s > found.bound_s:
            found = Prices(over, under, price, bound_s)
    return found


def price_of(over: Floats, under: Floats, tolerance: float) -> Floats:
    """Give lambda: the rows of a platform, less its part in the mean that all rows refer to."""
    mean = ((1 + tolerance) * over - (1 - tolerance) * under).sum() / len(over)
    return over - under - mean


def proven_travel(demand: Demand, price: Floats) -> float:
    """Give the bound at some prices, less all that rounding may have added to it.

    Each product and sum is off by at most its size times 2^-53, a price by as many sizes of the
    largest as there are platforms; the terms are then added exactly.
    """
    least, scale = _least(demand.travel_s, demand.calls, demand.handling_s, price)
    rounding = (len(price) + 16) * 2.0**-53 * (1 + np.abs(price).max()) * math.fsum(scale)
    return math.fsum(least) - rounding


def _smoothed(
    rows: Floats, demand: Demand, tolerance: float, smooth_s: float
) -> tuple[float, Floats]:
    """Give the smoothed bound per call and its slopes, turned round for a minimiser."""
    over, under = np.split(rows, 2)
    price = price_of(over, under, tolerance)
    value, work = _soft_least(
        demand.travel_s, demand.calls, demand.handling_s, price, smooth_s
    )  # fmt: skip
    mean = work.mean()
    slopes = np.concatenate([work - (1 + tolerance) * mean, (1 - tolerance) * mean - work])
    total = demand.calls.sum()
    return -value / total, -slopes / total


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _least(
    travel: Floats, calls: Floats, handling: Floats, price: Floats
) -> tuple[Floats, Floats]:
    """Give each unit's least priced travel, and the size of the numbers that it is made of."""
    least, scale = np.empty(len(calls)), np.empty(len(calls))
    for unit in range(len(calls)):
        best, size = np.inf, handling[unit]
        for r in range(len(price)):
            t = travel[unit, r]
            if t < np.inf:
                best = min(best, t + price[r] * (handling[unit] + t))
                size = max(size, t)
        least[unit] = calls[unit] * best
        scale[unit] = calls[unit] * 4 * (handling[unit] + size)
    return least, scale


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _soft_least(
    travel: Floats, calls: Floats, handling: Floats, price: Floats, smooth: float
) -> tuple[float, Floats]:
    """Give the sum of the soft minima, and the work that each platform has at them, seconds."""
    p = len(price)
    priced, work = np.empty(p), np.zeros(p)
    value = 0.0
    for unit in range(len(calls)):
        best = np.inf
        for r in range(p):
            t = travel[unit, r]
            priced[r] = t + price[r] * (handling[unit] + t) if t < np.inf else np.inf
            best = min(best, priced[r])
        total = 0.0
        for r in range(p):
            late = (priced[r] - best) / smooth
            priced[r] = math.exp(-late) if late < 40 else 0.0
            total += priced[r]
        value += calls[unit] * (best - smooth * math.log(total))
        for r in range(p):
            if priced[r] > 0:
                work[r] += calls[unit] * priced[r] / total * (handling[unit] + travel[unit, r])
    return value, work
