"""One group's division: prices, a first division at these prices, moves over its borders."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from optimizer.districts.borders import BEST, Schedule, new_state
from optimizer.districts.borders import search_borders as search
from optimizer.districts.exact import exact_division, is_small
from optimizer.districts.ground import Ground, Ints
from optimizer.districts.loads import ROUNDING, evaluate
from optimizer.districts.nearest import nearest_division
from optimizer.districts.prices import Prices, best_prices
from optimizer.districts.start import demand_of, field_of, priced_division
from optimizer.solvers import Status

SWEEPS = 150
STIFF = 60.0
STYLES = ((0.5, 0.4), (1.0, 0.4), (0.2, 0.2), (0.5, 0.1))
"""Softness and learning of the searches: no one style is best everywhere."""
MOST_UNITS = 2_000_000
"""Units that all styles may go through; of larger ground fewer styles are tried."""
MARGINS = (0.0005, 0.002)
"""By how much less than the tolerance charges begin, as moves come in whole units."""


class Found(NamedTuple):
    """A group's division, and a bound on the travel of all within the tolerance, s per day."""

    labels: Ints
    bound_s: float


def divide(ground: Ground, tolerance: float, known: Ints | None = None) -> Found | None:
    """Divide the ground of one group; None: no division within the tolerance was found.

    Parameters
    ----------
    known
        A division within the tolerance, from which a search begins as well.
    """
    if ground.platform_count == 1 or not ground.calls.any():
        only = nearest_division(ground)
        return Found(only, _travel(ground, only))
    prices = best_prices(demand_of(ground), tolerance + ROUNDING)
    labels = known
    for start in (priced_division(ground, prices.price), known):
        if start is not None:
            found = _searched(ground, start, prices, tolerance)
            labels = _shorter(ground, labels, found)
    bound_s = prices.bound_s
    if is_small(ground) and (labels is None or _travel(ground, labels) > bound_s):
        exact = exact_division(ground, tolerance, labels)
        proven = _checked(ground, exact.labels, tolerance)
        labels = _shorter(ground, labels, proven)
        if proven is not None and labels is not None and exact.status is Status.OPTIMAL:
            bound_s = _travel(ground, labels)
        elif exact.bound_s is not None:
            bound_s = max(bound_s, exact.bound_s * (1 - ROUNDING))
    return None if labels is None else Found(labels, bound_s)


def _searched(ground: Ground, start: Ints, prices: Prices, tolerance: float) -> Ints | None:
    """Search in several styles; return the division with least travel."""
    field = field_of(ground)
    styles = STYLES[: max(1, MOST_UNITS // ground.unit_count)]
    best, least_s = None, math.inf
    for margin in MARGINS:
        aim = tolerance - min(margin, tolerance / 2)
        for soft, learning in styles:
            state = new_state(field, start, prices.over, prices.under)
            search(field, state, Schedule(tolerance, aim, SWEEPS, soft, STIFF, learning))
            if state.sums[BEST] < least_s:
                best, least_s = state.best, float(state.sums[BEST])
        if best is not None:
            break
    return best


def _checked(ground: Ground, labels: Ints | None, tolerance: float) -> Ints | None:
    """Take a division only if it is one, whatever a solver's own tolerances are."""
    if labels is None:
        return None
    loads = evaluate(ground, labels)
    return labels if loads.connected and loads.spread <= tolerance + ROUNDING else None


def _shorter(ground: Ground, one: Ints | None, other: Ints | None) -> Ints | None:
    if one is None or other is None:
        return other if one is None else one
    return one if _travel(ground, one) <= _travel(ground, other) else other


def _travel(ground: Ground, labels: Ints) -> float:
    """Add up the travel of all calls, seconds per day."""
    return math.fsum(ground.calls * ground.travel_s[labels, np.arange(ground.unit_count)])
