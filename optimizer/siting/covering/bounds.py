"""How good could any plan be? A Lagrangian bound, and the sites that no better plan uses.

Relaxing z_j <= sum_{i covers j} y_i with prices 0 <= u_j <= w_j leaves

    L(u) = sum_j (w_j - u_j) + max { sum_i c_i y_i : y keeps the rules },
    c_i  = sum_{j covered by i} u_j,

which bounds every plan from above for any prices. The best prices give the bound of the linear
program (the inner problem is integral). They are sought by the volume algorithm
(Barahona & Anbil 2000, doi:10.1007/s101070050002).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover, Rules
from optimizer.siting.problem import Codes, Flags, Indices, Weights

ROUNDING = 1e-9
PATIENCE = 5
LARGEST_SHARE = 0.5


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """An upper bound on the weight any plan can cover, and the prices that prove it.

    Parameters
    ----------
    value
        The bound, rounding error allowed for.
    prices
        u, one for each point [n].
    site_values
        c with the price of the rule on previous sites added [m].
    chosen
        Flags of the sites that the relaxed problem opens [m].
    """

    value: float
    prices: Weights
    site_values: Weights
    chosen: Flags


def first_prices(cover: Cover, plan: Indices) -> Weights:
    """Prices that suit a good plan: full where it covers nothing, half where once, else none."""
    opened = np.zeros(len(cover.site_ptr) - 1, dtype=np.bool_)
    opened[plan] = True
    times = times_covered(cover, opened)
    return cover.weight * np.where(times == 0, 1.0, np.where(times == 1, 0.5, 0.0))


def bound_at(cover: Cover, rules: Rules, prices: Weights) -> Bound:
    """Evaluate L(u)."""
    values = site_values(cover, prices)
    chosen, moves_price = _best_sites(rules, values)
    total = float(cover.weight.sum())
    bound = float((cover.weight - prices).sum()) + float(values[chosen].sum())
    priced = values + moves_price * rules.previous
    return Bound(bound + ROUNDING * total, prices, priced, chosen)


def tighten(
    cover: Cover,
    rules: Rules,
    prices: Weights,
    *,
    target: float,
    enough: float,
    iterations: int,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Bound:
    """Lower the bound by moving the prices; stop early at `enough`.

    Parameters
    ----------
    cover, rules
        The reduced problem.
    prices
        Where to start [n].
    target
        Weight of the best plan known: the bound cannot fall below it.
    enough
        A bound this low needs no more work.
    iterations
        Evaluations of L at most.
    out_of_time
        Asked at each iteration.
    """
    best = bound_at(cover, rules, prices)
    sites = best.chosen.astype(np.float64)
    points = _wanted(cover, best)
    stride, idle = 1.0, 0
    for _ in range(iterations):
        if best.value <= enough or out_of_time():
            break
        slope = _expected_cover(cover, sites) - points
        slope[(slope > 0) & (best.prices <= 0)] = 0.0
        slope[(slope < 0) & (best.prices >= cover.weight)] = 0.0
        steepness = float(slope @ slope)
        if steepness <= 0:
            break
        length = stride * max(best.value - target, ROUNDING * best.value) / steepness
        prices = np.clip(best.prices - length * slope, 0.0, cover.weight)
        trial = bound_at(cover, rules, prices)
        wanted = _wanted(cover, trial)
        steepest = _expected_cover(cover, trial.chosen.astype(np.float64)) - wanted
        share = _mixing_share(slope, steepest)
        sites += share * (trial.chosen - sites)
        points += share * (wanted - points)
        if trial.value < best.value:
            stride = min(2.0, stride * 1.1) if slope @ steepest >= 0 else stride
            best, idle = trial, 0
        else:
            idle += 1
        if idle >= PATIENCE:
            stride, idle = stride * 0.66, 0
    return best


def _wanted(cover: Cover, bound: Bound) -> Weights:
    """Points that the relaxed problem covers: those whose price is under their weight [n]."""
    return (bound.prices < cover.weight).astype(np.float64)


def _mixing_share(slope: Weights, steepest: Weights) -> float:
    """Share of the new direction that makes the mixture shortest, within bounds."""
    change = steepest - slope
    length = float(change @ change)
    best = -float(slope @ change) / length if length > 0 else LARGEST_SHARE
    return min(LARGEST_SHARE, max(LARGEST_SHARE / 10, best))


def excluded_sites(rules: Rules, bound: Bound, below: float) -> tuple[Flags, Flags]:
    """Sites that no plan worth `below` or more opens, and sites that every such plan opens.

    A site outside the relaxed plan would have to push out the least valuable site of its region,
    and one inside would make room for the next: if that brings the bound under `below`, it is so.
    """
    closed = np.zeros_like(bound.chosen)
    opened = np.zeros_like(bound.chosen)
    for r in range(len(rules.budgets)):
        here = rules.region == r
        inside, outside = here & bound.chosen, here & ~bound.chosen
        if inside.any():
            least = bound.site_values[inside].min()
            closed |= outside & (bound.value - (least - bound.site_values) < below)
        else:
            closed |= outside
        if outside.any():
            following = bound.site_values[outside].max()
            opened |= inside & (bound.value - (bound.site_values - following) < below)
        else:
            opened |= inside
    return opened, closed


def _best_sites(rules: Rules, values: Weights) -> tuple[Flags, float]:
    """Open the most valuable sites that keep the rules; the price of the rule on previous sites.

    Where too few previous sites are among the best of each region, the cheapest exchanges bring
    them in: within a region their cost rises with each exchange, so the last one is the price.
    """
    order = np.lexsort((-values, rules.region))
    region = rules.region[order]
    rank = np.arange(len(order)) - np.searchsorted(region, region)
    chosen = np.zeros(len(values), dtype=np.bool_)
    chosen[order[rank < rules.budgets[region]]] = True
    price = 0.0
    lacking = rules.least_kept - int((chosen & rules.previous).sum())
    if lacking > 0:
        out, into, cost = _exchanges(rules, values, chosen)
        cheapest = np.argsort(cost, kind="stable")[:lacking]
        chosen[out[cheapest]] = False
        chosen[into[cheapest]] = True
        price = float(cost[cheapest[-1]])
    return chosen, price


def _exchanges(rules: Rules, values: Weights, chosen: Flags) -> tuple[Indices, Indices, Weights]:
    """Pair, in each region, the least of the new sites chosen with the best previous ones not."""
    out, into = [], []
    for r in range(len(rules.budgets)):
        here = rules.region == r
        new = np.flatnonzero(here & chosen & ~rules.previous)
        old = np.flatnonzero(here & ~chosen & rules.previous)
        pairs = min(len(new), len(old))
        out.append(new[np.argsort(values[new], kind="stable")][:pairs])
        into.append(old[np.argsort(-values[old], kind="stable")][:pairs])
    leaving, entering = np.concatenate(out), np.concatenate(into)
    return leaving, entering, values[leaving] - values[entering]


@compiled
def site_values(cover: Cover, prices: Weights) -> Weights:
    """Add up the prices of the points that each site covers: c [m]."""
    values = np.zeros(len(cover.site_ptr) - 1)
    for i in range(len(values)):
        total = 0.0
        for k in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
            total += prices[cover.site_points[k]]
        values[i] = total
    return values


@compiled
def times_covered(cover: Cover, opened: Flags) -> Codes:
    """Count the given sites that cover each point [n]."""
    times = np.zeros(len(cover.weight), dtype=np.int32)
    for i in range(len(opened)):
        if opened[i]:
            for k in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
                times[cover.site_points[k]] += 1
    return times


@compiled
def _expected_cover(cover: Cover, sites: Weights) -> Weights:
    """How often each point is covered when the sites open to the given degrees."""
    cover_of_point = np.zeros(len(cover.weight))
    for i in range(len(sites)):
        if sites[i] > 1e-9:
            for k in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
                cover_of_point[cover.site_points[k]] += sites[i]
    return cover_of_point
