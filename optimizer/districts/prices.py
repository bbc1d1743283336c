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
from typing import NamedTuple

import numpy as np
from numba import njit
from scipy import optimize

from optimizer.districts.ground import Floats, Ints

SMOOTHING = (0.1, 0.02, 0.005, 0.001)
EVALUATIONS = 120
FEW = 12


class Demand(NamedTuple):
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


class Few(NamedTuple):
    """For each unit the platforms that are cheapest at some prices, and their travel, (U, k)."""

    platform: Ints
    travel_s: Floats


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
    p = demand.travel_s.shape[1]
    found = Prices(np.zeros(p), np.zeros(p), np.zeros(p), proven_travel(demand, np.zeros(p)))
    total = demand.calls.sum()
    if p == 1 or not total:
        return found
    rows = np.zeros(2 * p)
    for share in SMOOTHING:
        smooth_s = share * max(found.bound_s / total, 1.0)
        few = _few(*demand, _price(rows, tolerance), min(FEW, p))
        rows = optimize.minimize(
            _smoothed, rows, (demand, few, tolerance, smooth_s), jac=True, method="L-BFGS-B",
            bounds=[(0.0, None)] * (2 * p),
            options={"maxfun": EVALUATIONS, "maxcor": 20, "ftol": 1e-7, "gtol": 1e-8},
        ).x  # fmt: skip
        over, under = np.split(rows, 2)
        price = _price(rows, tolerance)
        bound_s = proven_travel(demand, price)
        if bound_s > found.bound_s:
            found = Prices(over, under, price, bound_s)
    return found


def _price(rows: Floats, tolerance: float) -> Floats:
    """Give lambda: the rows of a platform, less its part in the mean that all rows refer to."""
    over, under = np.split(rows, 2)
    mean = float(((1 + tolerance) * over - (1 - tolerance) * under).mean())
    price: Floats = over - under - mean
    return price


def proven_travel(demand: Demand, price: Floats) -> float:
    """Give the bound at some prices, less all that rounding may have added to it.

    Each product and sum is off by at most its size times 2^-53, a price by as many sizes of the
    largest as there are platforms; the terms are then added exactly.
    """
    least, scale = _least(*demand, price)
    largest = 1 + float(np.abs(price).max())
    rounding = (len(price) + 16) * 2.0**-53 * largest * math.fsum(scale)
    return math.fsum(least) - rounding


def _smoothed(
    rows: Floats, demand: Demand, few: Few, tolerance: float, smooth_s: float
) -> tuple[float, Floats]:
    """Give the smoothed bound per call and its slopes, turned round for a minimiser."""
    price = _price(rows, tolerance)
    value, work = _soft_least(*few, demand.calls, demand.handling_s, price, smooth_s)
    mean = work.mean()
    slopes = np.concatenate([work - (1 + tolerance) * mean, (1 - tolerance) * mean - work])
    total = demand.calls.sum()
    return -value / total, -slopes / total


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _least(travel: Floats, calls: Floats, handling: Floats, price: Floats) -> tuple[Floats, Floats]:
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
def _few(travel: Floats, calls: Floats, handling: Floats, price: Floats, count: int) -> Few:
    """List the platforms that are cheapest for each unit, cheapest first."""
    units = len(calls)
    platform = np.zeros((units, count), np.int32)
    near = np.full((units, count), np.inf)
    cost = np.empty(count)
    for unit in range(units):
        cost[:] = np.inf
        for r in range(len(price)):
            t = travel[unit, r]
            priced = t + price[r] * (handling[unit] + t)
            if not priced < cost[count - 1]:
                continue
            place = count - 1
            while place > 0 and priced < cost[place - 1]:
                cost[place] = cost[place - 1]
                platform[unit, place] = platform[unit, place - 1]
                near[unit, place] = near[unit, place - 1]
                place -= 1
            cost[place], platform[unit, place], near[unit, place] = priced, r, t
    return Few(platform, near)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _soft_least(
    platform: Ints, travel: Floats, calls: Floats, handling: Floats, price: Floats, smooth: float
) -> tuple[float, Floats]:
    """Give the sum of the soft minima, and the work that each platform has at them, seconds."""
    units, k = travel.shape
    share, work = np.empty(k), np.zeros(len(price))
    value = 0.0
    for unit in range(units):
        best = np.inf
        for j in range(k):
            t = travel[unit, j]
            share[j] = t + price[platform[unit, j]] * (handling[unit] + t) if t < np.inf else np.inf
            best = min(best, share[j])
        total = 0.0
        for j in range(k):
            late = (share[j] - best) / smooth
            share[j] = math.exp(-late) if late < 40 else 0.0
            total += share[j]
        value += calls[unit] * (best - smooth * math.log(total))
        for j in range(k):
            if share[j] > 0:
                part = calls[unit] * share[j] / total
                work[platform[unit, j]] += part * (handling[unit] + travel[unit, j])
    return value, work
