"""How good could any plan be where further units count? A Lagrangian bound, and sites out of it.

With W_j(n) the worth of n units in reach of point j, relaxing n_j <= sum_{i covers j} y_i with
prices u_j >= 0 leaves

    L(u) = sum_j max_n (W_j(n) - u_j n) + max { sum_i c_i y_i : least <= y <= most, budgets },
    c_i  = sum_{j covered by i} u_j,

which bounds every plan from above; the rule on previous sites is left out of it. The prices are
sought by the volume algorithm (Barahona & Anbil 2000, doi:10.1007/s101070050002).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from optimizer.siting.compiled import compiled
from optimizer.siting.covering.bounds import site_values
from optimizer.siting.problem import Flags, Indices, Weights
from optimizer.siting.repeated.search import Stack

ROUNDING = 1e-9
PATIENCE = 10
LARGEST_SHARE = 0.1
ASKED_EVERY = 20


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RepeatedBound:
    """An upper bound, the prices that prove it [n], c [m], and units of the relaxed plan [m]."""

    value: float
    prices: Weights
    site_values: Weights
    units: Indices


def first_prices(stack: Stack, times: Indices) -> Weights:
    """Prices that suit a good plan: midway between what the last unit added and the next would."""
    levels = stack.worth.shape[1]
    padded = np.column_stack([stack.worth, np.zeros(len(stack.worth))])
    points = np.arange(len(padded))
    following = padded[points, np.minimum(times, levels)]
    last = np.where(times == 0, following, padded[points, np.minimum(times, levels) - 1])
    return (following + last) / 2


def tighten(
    stack: Stack,
    prices: Weights,
    *,
    target: float,
    enough: float,
    iterations: int,
    out_of_time: Callable[[], bool] = lambda: False,
) -> RepeatedBound:
    """Lower the bound by moving the prices; stop early at `enough`.

    Parameters
    ----------
    stack
        The problem.
    prices
        Where to start [n].
    target
        Worth of the best plan known: the bound cannot fall below it.
    enough
        A bound this low needs no more work.
    iterations
        Evaluations of L at most.
    out_of_time
        Asked every `ASKED_EVERY` of them.
    """
    limit = stack.worth.max(axis=1, initial=0.0)
    best_prices = np.clip(prices, 0.0, limit)
    best, mixture, _ = _evaluated(stack, best_prices)
    stride, idle = 1.0, 0
    for step in range(iterations):
        if best <= enough or (step % ASKED_EVERY == 0 and out_of_time()):
            break
        slope = mixture.copy()
        slope[((slope > 0) & (best_prices <= 0)) | ((slope < 0) & (best_prices >= limit))] = 0.0
        steepness = float(slope @ slope)
        if steepness <= 0:
            break
        length = stride * max(best - target, ROUNDING * abs(best)) / steepness
        trial = np.clip(best_prices - length * slope, 0.0, limit)
        value, steepest, _ = _evaluated(stack, trial)
        change = steepest - mixture
        size = float(change @ change)
        share = -float(mixture @ change) / size if size > 0 else LARGEST_SHARE
        mixture += min(LARGEST_SHARE, max(LARGEST_SHARE / 10, share)) * change
        if value < best:
            if slope @ steepest >= 0:
                stride = min(2.0, 1.1 * stride)
            best, best_prices, idle = value, trial, 0
        else:
            idle += 1
        if idle >= PATIENCE:
            stride, idle = 0.66 * stride, 0
    units = _evaluated(stack, best_prices)[2]
    slack = ROUNDING * float(stack.worth.sum())
    return RepeatedBound(best + slack, best_prices, site_values(stack.cover, best_prices), units)


def decided(stack: Stack, bound: RepeatedBound, below: float) -> tuple[Indices, Flags]:
    """Units that every plan worth `below` or more has at each site, and sites where none has any.

    A unit outside the relaxed plan would have to push out the least valuable of its region, and one
    taken away would make room for the next.
    """
    least, closed = stack.least.copy(), np.zeros(len(stack.most), dtype=np.bool_)
    for r in range(len(stack.budgets)):
        here = stack.region == r
        inside = here & (bound.units > stack.least)
        outside = here & (bound.units == 0)
        spare = here & (bound.units < stack.most)
        if inside.any():
            cheapest = bound.site_values[inside].min()
            closed |= outside & (bound.value - (cheapest - bound.site_values) < below)
        else:
            closed |= outside
        following = bound.site_values[spare].max(initial=-np.inf)
        fixed = inside & (bound.value - (bound.site_values - following) < below)
        least[fixed] = bound.units[fixed]
    return least, closed


@compiled
def _wanted(worth: Weights, price: float) -> tuple[float, int]:
    """Find how often a point wants to be covered at its price, and what that leaves it with."""
    most, times, total = 0.0, 0, 0.0
    for k in range(len(worth)):
        total += worth[k] - price
        if total > most:
            most, times = total, k + 1
    return most, times


@compiled
def _best_units(stack: Stack, values: Weights) -> Indices:
    """Fill each region with as many units as may stand at its most valuable sites."""
    units = stack.least.copy()
    left = stack.budgets.copy()
    for i in range(len(units)):
        left[stack.region[i]] -= units[i]
    for i in np.argsort(-values):
        more = min(stack.most[i] - units[i], left[stack.region[i]])
        units[i] += more
        left[stack.region[i]] -= more
    return units


@compiled
def _evaluated(stack: Stack, prices: Weights) -> tuple[float, Weights, Indices]:
    """Evaluate L: its value, by how much each point is covered too often, and the units."""
    total = 0.0
    slope = np.zeros(len(prices))
    for j in range(len(prices)):
        most, times = _wanted(stack.worth[j], prices[j])
        total += most
        slope[j] = -times
    values = site_values(stack.cover, prices)
    units = _best_units(stack, values)
    for i in range(len(units)):
        if units[i] > 0:
            total += units[i] * values[i]
            for a in range(stack.cover.site_ptr[i], stack.cover.site_ptr[i + 1]):
                slope[stack.cover.site_points[a]] += units[i]
    return total, slope, units
