"""How much could any plan serve within its sites' hours? A Lagrangian bound.

Relaxing sum_i f_ij <= h_j with prices 0 <= u_j <= w_j leaves each site a knapsack of its own:

    L(u) = sum_j u_j + max { sum_i K_i(u) y_i : y keeps the numbers of platforms },
    K_i(u) = max { sum_j (w_j - u_j) x_j : sum_j h_j x_j <= C_i, 0 <= x_j <= 1, i reaches j }.

All knapsacks are filled in one pass over the points in order of (w_j - u_j) / h_j. The rule on
previous sites is left out of the bound, which stays a bound without it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from optimizer.siting.compiled import compiled
from optimizer.siting.problem import Codes, Flags, Indices, Weights

ROUNDING = 1e-9
PATIENCE = 8
MEMORY = 0.7
FIRST_PRICES = (0.0, 0.5, 1.0)


class Knapsacks(NamedTuple):
    """Group -> sites as a CSR, hours and weight of the groups, and what the sites may do.

    point_ptr, point_sites: sites that reach each group; hours, weight [g]; capacity [m];
    region [m], budgets [r]; kept and forbidden sites [m].
    """

    point_ptr: Indices
    point_sites: Codes
    hours: Weights
    weight: Weights
    capacity: Weights
    region: Codes
    budgets: Indices
    kept: Flags
    forbidden: Flags


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ServiceBound:
    """An upper bound on the weight served, its prices, the worth of each site, the relaxed plan."""

    value: float
    prices: Weights
    worth: Weights
    chosen: Flags


def bound_at(sacks: Knapsacks, prices: Weights) -> ServiceBound:
    """Evaluate L(u)."""
    order = _order(sacks, prices)
    everybody = np.ones(len(sacks.capacity), dtype=np.bool_)
    worth = _filled(sacks, prices, order, everybody)[0]
    chosen = _best_sites(sacks, worth)
    value = float(prices.sum()) + float(worth[chosen].sum())
    return ServiceBound(value + ROUNDING * float(sacks.weight.sum()), prices, worth, chosen)


def tighten(
    sacks: Knapsacks,
    *,
    target: float,
    enough: float,
    iterations: int,
    out_of_time: Callable[[], bool] = lambda: False,
) -> ServiceBound:
    """Lower the bound by moving the prices along a remembered slope; stop early at `enough`.

    Parameters
    ----------
    sacks
        The problem.
    target
        Weight that a plan at hand serves.
    enough
        A bound this low needs no more work.
    iterations
        Evaluations of L at most.
    out_of_time
        Asked at each iteration.
    """
    starts = [bound_at(sacks, part * sacks.weight) for part in FIRST_PRICES]
    best = min(starts, key=lambda bound: bound.value)
    now, slope = best, np.zeros(len(best.prices))
    stride, idle = 1.0, 0
    for _ in range(iterations):
        if best.value <= enough or out_of_time():
            break
        given = _filled(sacks, now.prices, _order(sacks, now.prices), now.chosen)[1]
        slope = (1.0 - given) + MEMORY * slope
        slope[(slope > 0) & (now.prices <= 0)] = 0.0
        slope[(slope < 0) & (now.prices >= sacks.weight)] = 0.0
        steepness = float(slope @ (slope * sacks.weight))
        if steepness <= 0:
            break
        length = stride * max(now.value - target, ROUNDING * now.value) / steepness
        moved = np.clip(now.prices - length * sacks.weight * slope, 0.0, sacks.weight)
        now, idle = bound_at(sacks, moved), idle + 1
        if now.value < best.value:
            best, idle = now, 0
        if idle >= PATIENCE:
            now, slope = best, np.zeros(len(best.prices))
            stride, idle = stride * 0.6, 0
    return best


def excluded_sites(sacks: Knapsacks, bound: ServiceBound, below: float) -> tuple[Flags, Flags]:
    """Sites that every plan worth `below` or more opens, and sites that none of them opens."""
    opened, closed = np.zeros_like(bound.chosen), np.zeros_like(bound.chosen)
    for r in range(len(sacks.budgets)):
        here = (sacks.region == r) & ~sacks.kept & ~sacks.forbidden
        inside, outside = here & bound.chosen, here & ~bound.chosen
        least = bound.worth[inside].min(initial=np.inf)
        following = bound.worth[outside].max(initial=-np.inf)
        closed |= outside & (bound.value - (least - bound.worth) < below)
        opened |= inside & (bound.value - (bound.worth - following) < below)
    return opened, closed


def _order(sacks: Knapsacks, prices: Weights) -> Indices:
    """Sort groups by worth of an hour, best first; those without work cost nothing and lead."""
    profit = sacks.weight - prices
    worth = np.divide(profit, sacks.hours, out=np.full(len(prices), np.inf), where=sacks.hours > 0)
    order: Indices = np.argsort(-worth, kind="stable")
    return order


def _best_sites(sacks: Knapsacks, worth: Weights) -> Flags:
    """Open the kept sites and the most valuable others of each region."""
    rank = np.where(sacks.kept, np.inf, np.where(sacks.forbidden, -np.inf, worth))
    order = np.lexsort((-rank, sacks.region))
    region = sacks.region[order]
    place = np.arange(len(order)) - np.searchsorted(region, region)
    chosen = np.zeros(len(worth), dtype=np.bool_)
    chosen[order[place < sacks.budgets[region]]] = True
    return chosen


@compiled
def _filled(
    sacks: Knapsacks, prices: Weights, order: Indices, some: Flags
) -> tuple[Weights, Weights]:
    """Fill the knapsacks of some sites: worth of each [m], how often each group is taken [g]."""
    room = sacks.capacity.copy()
    worth = np.zeros(len(room))
    taken = np.zeros(len(prices))
    for j in order:
        profit, hours = sacks.weight[j] - prices[j], sacks.hours[j]
        if profit <= 0:
            continue
        for a in range(sacks.point_ptr[j], sacks.point_ptr[j + 1]):
            i = sacks.point_sites[a]
            if some[i] and (hours == 0 or room[i] > 0):
                share = 1.0 if hours <= room[i] else room[i] / hours
                room[i] -= share * hours
                worth[i] += share * profit
                taken[j] += share
    return worth, taken
