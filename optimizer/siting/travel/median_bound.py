"""What must any p-median plan cost? A Lagrangian bound, and the sites no better plan uses.

Relaxing "every point is served once" with prices u_j leaves

    L(u) = sum_j u_j + min { sum_i r_i y_i : y keeps the rules },
    r_i  = sum_j min(0, w_j t_ij - u_j),

which bounds every plan from below for any prices (Beasley 1993, EJOR 65, 383-399).
Only ways cheaper than the price count, so the sorted lists are read at their beginning. The best
prices are sought by the volume algorithm (Barahona & Anbil 2000, doi:10.1007/s101070050002), whose
averaged choice of sites also shows where to branch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Rules
from optimizer.siting.problem import Flags, Indices, Weights
from optimizer.siting.travel.ways import Ways

PATIENCE = 8
LARGEST_SHARE = 0.3
ROUNDING = 1e-12
LEAST_ROOM = 1e-4
ASKED_EVERY = 10
OPEN, FREE, CLOSED = 1, 0, -1

Decided = npt.NDArray[np.int8]


class MedianBound(NamedTuple):
    """A bound from below and what proves it.

    value: L(u), rounding error allowed for; prices: u [n]; site_values: r less the price of the
    rule on previous sites [m]; chosen: sites that the relaxed problem opens [m]; degree: share of
    the latest relaxed plans that open each site [m]; stride: share of the way to the target that
    the last step went.
    """

    value: float
    prices: Weights
    site_values: Weights
    chosen: Flags
    degree: Weights
    stride: float


def first_prices(ways: Ways, plan: Indices) -> Weights:
    """Prices that suit a good plan: half-way between a point's two cheapest sites [n]."""
    opened = np.zeros(len(ways.site_ptr) - 1, dtype=np.bool_)
    opened[plan] = True
    return _between_two(ways, opened)


@compiled
def _between_two(ways: Ways, opened: Flags) -> Weights:
    prices = np.zeros(len(ways.point_ptr) - 1)
    for j in range(len(prices)):
        found = 0
        for k in range(ways.point_ptr[j], ways.point_ptr[j + 1]):
            if opened[ways.point_sites[k]]:
                cost = ways.point_costs[k]
                prices[j] = cost if found == 0 else 0.5 * (prices[j] + cost)
                found += 1
                if found == 2:
                    break
    return prices


@compiled
def _best_sites(rules: Rules, decided: Decided, values: Weights, chosen: Flags) -> float:
    """Open the sites of least value that keep the rules; return the price of a previous site.

    Where too few previous sites are among the best of each region, the cheapest exchanges bring
    them in: within a region their cost rises with each, so the last one is the price. It is inf
    where the decisions leave no plan.
    """
    left = rules.budgets.copy()
    lacking = rules.least_kept
    for i in range(len(values)):
        chosen[i] = decided[i] == OPEN
        if chosen[i]:
            left[rules.region[i]] -= 1
            lacking -= int(rules.previous[i])
    for i in np.argsort(values, kind="mergesort"):
        if decided[i] == FREE and left[rules.region[i]] > 0:
            chosen[i] = True
            left[rules.region[i]] -= 1
            lacking -= int(rules.previous[i])
    price = 0.0 if (left == 0).all() else np.inf
    while lacking > 0 and price < np.inf:
        price, out, into = _cheapest_exchange(rules, decided, values, chosen)
        if out >= 0:
            chosen[out], chosen[into] = False, True
        lacking -= 1
    return price


@compiled
def _cheapest_exchange(
    rules: Rules, decided: Decided, values: Weights, chosen: Flags
) -> tuple[float, int, int]:
    """Find the chosen new site and the previous site not chosen whose exchange costs least."""
    regions = len(rules.budgets)
    worst, best = np.full(regions, -1), np.full(regions, -1)
    for i in range(len(values)):
        r = rules.region[i]
        if decided[i] != FREE or chosen[i] == rules.previous[i]:
            continue
        if chosen[i] and (worst[r] < 0 or values[i] > values[worst[r]]):
            worst[r] = i
        if not chosen[i] and (best[r] < 0 or values[i] < values[best[r]]):
            best[r] = i
    cost, out, into = np.inf, -1, -1
    for r in range(regions):
        if worst[r] >= 0 and best[r] >= 0 and values[best[r]] - values[worst[r]] < cost:
            cost, out, into = values[best[r]] - values[worst[r]], worst[r], best[r]
    return cost, out, into


@compiled
def bound_at(ways: Ways, rules: Rules, decided: Decided, prices: Weights) -> MedianBound:
    """Evaluate L(u)."""
    m = len(decided)
    values, chosen, total = np.zeros(m), np.zeros(m, dtype=np.bool_), 0.0
    for j in range(len(prices)):
        price = prices[j]
        total += price
        for k in range(ways.point_ptr[j], ways.point_ptr[j + 1]):
            saved = price - ways.point_costs[k]
            if saved <= 0:
                break
            values[ways.point_sites[k]] -= saved
    value = total
    moved = _best_sites(rules, decided, values, chosen)
    for i in range(m):
        if chosen[i]:
            value += values[i]
    if moved == np.inf:
        value = np.inf
    elif moved > 0:
        values -= moved * rules.previous
    return MedianBound(
        value - ROUNDING * total, prices, values, chosen, chosen.astype(np.float64), 1.0
    )


@compiled
def _unserved(ways: Ways, bound: MedianBound) -> Weights:
    """Count 1 less the times that each point is served by the relaxed problem [n]."""
    lack = np.zeros(len(bound.prices))
    for j in range(len(lack)):
        if ways.point_ptr[j + 1] > ways.point_ptr[j]:
            lack[j] = 1.0
        for k in range(ways.point_ptr[j], ways.point_ptr[j + 1]):
            if ways.point_costs[k] >= bound.prices[j]:
                break
            lack[j] -= bound.chosen[ways.point_sites[k]]
    return lack


@compiled
def _moved(ways: Ways, prices: Weights, slope: Weights, length: float) -> Weights:
    """Go along the slope; no price is below the cheapest way, where it only lowers the bound."""
    moved = prices + length * slope
    for j in range(len(moved)):
        if ways.point_ptr[j + 1] > ways.point_ptr[j]:
            moved[j] = max(moved[j], ways.point_costs[ways.point_ptr[j]])
    return moved


class _Climb(NamedTuple):
    """The best bound so far; averaged slope [n] and choice of sites [m]; stride; steps in vain."""

    best: MedianBound
    slope: Weights
    degree: Weights
    stride: float
    idle: int


def tighten(  # noqa: PLR0913  the problem, where to start, when to stop
    ways: Ways,
    rules: Rules,
    decided: Decided,
    prices: Weights,
    target: float,
    enough: float,
    iterations: int,
    stride: float,
    *,
    out_of_time: Callable[[], bool] = lambda: False,
) -> MedianBound:
    """Raise the bound by moving the prices.

    Parameters
    ----------
    ways, rules
        The problem.
    decided
        Of each site: OPEN, FREE or CLOSED [m].
    prices
        Where to start [n].
    target
        Cost of the best plan known: the bound cannot rise above it by much.
    enough
        A bound this high needs no more work.
    iterations
        Evaluations of L at most.
    stride
        Share of the way to the target that the first step goes.
    out_of_time
        Asked every `ASKED_EVERY` of them.
    """
    best = bound_at(ways, rules, decided, prices)
    climb = _Climb(best, _unserved(ways, best), best.degree.copy(), float(stride), 0)
    for done in range(0, iterations, ASKED_EVERY):
        steps = min(ASKED_EVERY, iterations - done)
        climb = _climbed(ways, rules, decided, climb, float(target), float(enough), steps)
        if climb.best.value >= enough or out_of_time():
            break
    return climb.best._replace(degree=climb.degree, stride=climb.stride)


@compiled
def _climbed(
    ways: Ways,
    rules: Rules,
    decided: Decided,
    climb: _Climb,
    target: float,
    enough: float,
    steps: int,
) -> _Climb:
    """Go on for some steps; the slope and the degree are changed in place."""
    best, slope, degree, stride, idle = climb
    for _ in range(steps):
        steepness = (slope * slope).sum()
        if best.value >= enough or steepness <= 0:
            break
        length = stride * max(target - best.value, LEAST_ROOM * target) / steepness
        trial = bound_at(ways, rules, decided, _moved(ways, best.prices, slope, length))
        steepest = _unserved(ways, trial)
        change = steepest - slope
        size = (change * change).sum()
        share = -(slope * change).sum() / size if size > 0 else LARGEST_SHARE
        share = min(LARGEST_SHARE, max(LARGEST_SHARE / 10, share))
        agree = (slope * steepest).sum()
        degree += share * (trial.degree - degree)
        slope += share * change
        if trial.value > best.value:
            stride = min(2.0, stride * 1.1) if agree >= 0 else stride
            best, idle = trial, 0
        else:
            idle += 1
        if idle >= PATIENCE:
            stride, idle = stride * 0.66, 0
    return _Climb(best, slope, degree, stride, idle)


@compiled
def decide(rules: Rules, decided: Decided, bound: MedianBound, below: float) -> tuple[Decided, int]:
    """Open and close free sites where every plan that costs less than `below` has them so.

    A site that the relaxed plan leaves out would push out the dearest free one of its region, and
    one inside would make room for the next: if that lifts the bound to `below`, it is decided.
    Returns the decisions and how many sites are still free.
    """
    regions = len(rules.budgets)
    dearest, following = np.full(regions, -np.inf), np.full(regions, np.inf)
    for i in range(len(decided)):
        r = rules.region[i]
        if decided[i] == FREE and bound.chosen[i]:
            dearest[r] = max(dearest[r], bound.site_values[i])
        elif decided[i] == FREE:
            following[r] = min(following[r], bound.site_values[i])
    new, free = decided.copy(), 0
    for i in range(len(decided)):
        if decided[i] != FREE:
            continue
        r = rules.region[i]
        rise = bound.site_values[i] - dearest[r]
        if bound.chosen[i]:
            rise = following[r] - bound.site_values[i]
        if bound.value + rise >= below:
            new[i] = OPEN if bound.chosen[i] else CLOSED
        else:
            free += 1
    return new, free


def dearest_ways(ways: Ways, decided: Decided, prices: Weights, room: float) -> Weights:
    """Find what each point's way costs at most in plans within `room` of the bound [n].

    A dearer way lifts the bound by what it costs above the price; and nobody passes an open site.
    """
    return np.minimum(prices + room, _at_open_sites(ways, decided))


@compiled
def _at_open_sites(ways: Ways, decided: Decided) -> Weights:
    costs = np.full(len(ways.point_ptr) - 1, np.inf)
    for j in range(len(costs)):
        for k in range(ways.point_ptr[j], ways.point_ptr[j + 1]):
            if decided[ways.point_sites[k]] == OPEN:
                costs[j] = ways.point_costs[k]
                break
    return costs
