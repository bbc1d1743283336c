"""One group's division: prices, a first division at these prices, moves over its borders."""

from __future__ import annotations

import math
import time
from typing import NamedTuple

import numpy as np

from optimizer.districts.borders import BEST, SPREAD, Field, Schedule, State, new_state
from optimizer.districts.borders import search_borders as search
from optimizer.districts.connect import connected
from optimizer.districts.exact import exact_division, is_small
from optimizer.districts.ground import Ground, Ints
from optimizer.districts.loads import ROUNDING, evaluate
from optimizer.districts.nearest import nearest_division
from optimizer.districts.prices import Demand, Prices, best_prices
from optimizer.solvers import Status

SWEEPS = 150
STIFF = 60.0
STYLES = ((0.5, 0.4), (1.0, 0.4), (0.2, 0.2), (0.5, 0.1))
"""Softness and learning of the searches: no one style is best everywhere."""
MARGINS = (0.0005, 0.002)
"""By how much less than the tolerance charges begin, as moves come in whole units."""
LIGHT = 1e-6
"""Weight of a unit without calls, in mean calls: it goes where it is near."""
STEPS = 1000
"""A tolerance that is loosened is rounded up to one part in this."""


class Found(NamedTuple):
    """A group's division, and a bound on the travel of all within the tolerance, s per day."""

    labels: Ints
    bound_s: float


class Even(NamedTuple):
    """The smallest tolerance that was met, and a division that does."""

    tolerance: float
    labels: Ints


def divide(
    ground: Ground, tolerance: float, limit_s: float, known: Ints | None = None
) -> Found | None:
    """Divide the ground of one group; None: no division within the tolerance was found.

    Parameters
    ----------
    limit_s
        CPU seconds after the first search, when no other one begins, and for the program.
    known
        A division within the tolerance.
    """
    if ground.platform_count == 1 or not ground.calls.any():
        only = nearest_division(ground)
        return Found(only, _travel(ground, only))
    prices = best_prices(_demand(ground), tolerance + ROUNDING)
    labels = _shorter(ground, known, _searched(ground, prices, tolerance, limit_s))
    bound_s = prices.bound_s
    if is_small(ground) and (labels is None or _travel(ground, labels) > bound_s):
        exact = exact_division(ground, tolerance, labels, limit_s)
        labels = _shorter(ground, labels, _checked(ground, exact.labels, tolerance))
        if labels is not None and exact.status is Status.OPTIMAL:
            bound_s = _travel(ground, labels)
        elif exact.bound_s is not None:
            bound_s = max(bound_s, exact.bound_s * (1 - ROUNDING))
    return None if labels is None else Found(labels, bound_s)


def most_even(ground: Ground, tolerance: float, limit_s: float) -> Even:
    """Find the smallest tolerance, in steps, that a search, or on small ground a program, meets.

    Parameters
    ----------
    tolerance
        One that is known, or feared, to be too small.
    """
    prices = best_prices(_demand(ground), tolerance + ROUNDING)
    starts = (_priced_division(ground, prices), nearest_division(ground))
    states = [_levelled(ground, start, prices) for start in starts]
    best = min(states, key=lambda state: float(state.sums[SPREAD]))
    labels, most = best.even, _rounded_up(float(best.sums[SPREAD]))
    least = math.floor(tolerance * STEPS)
    while is_small(ground) and most - least > 1:
        middle = (least + most) // 2
        exact = exact_division(ground, middle / STEPS, None, limit_s)
        found = _checked(ground, exact.labels, middle / STEPS)
        least, most = (middle, most) if found is None else (least, middle)
        labels = labels if found is None else found
    return Even(most / STEPS, labels)


def _rounded_up(spread: float) -> int:
    return math.ceil((spread - ROUNDING) * STEPS)


def _searched(ground: Ground, prices: Prices, tolerance: float, limit_s: float) -> Ints | None:
    """Search in several styles; return the division with least travel."""
    field, start = _field(ground), _priced_division(ground, prices)
    best, least_s, end = None, math.inf, math.inf
    for margin in MARGINS:
        aim = tolerance - min(margin, tolerance / 2)
        for soft, learning in STYLES:
            if time.thread_time() > end:
                break
            state = new_state(field, start, prices.over, prices.under)
            search(field, state, Schedule(tolerance, aim, SWEEPS, soft, STIFF, learning))
            end = min(end, time.thread_time() + limit_s)
            if state.sums[BEST] < least_s:
                best, least_s = state.best, float(state.sums[BEST])
        if best is not None:
            break
    return best


def _levelled(ground: Ground, start: Ints, prices: Prices) -> State:
    """Search for equal loads."""
    field = _field(ground)
    state = new_state(field, start, prices.over, prices.under)
    search(field, state, Schedule(0.0, 0.0, 2 * SWEEPS, 1.0, 10 * STIFF, 0.4))
    return state


def _priced_division(ground: Ground, prices: Prices) -> Ints:
    """Give every unit to whom it costs least at the prices, then join what is cut off."""
    price = prices.price[:, None]
    priced_s = ground.travel_s + price * (ground.handling_s + ground.travel_s)
    labels = priced_s.argmin(axis=0).astype(np.int32)
    labels[ground.seed] = np.arange(ground.platform_count)
    return connected(ground, labels, priced_s)


def _demand(ground: Ground) -> Demand:
    busy = ground.calls > 0
    travel_s = np.ascontiguousarray(ground.travel_s.T[busy])
    return Demand(travel_s, ground.calls[busy], ground.handling_s[busy])


def _field(ground: Ground) -> Field:
    """Lay the ground out for compiled code, which knows read-only arrays apart."""
    is_seed = np.zeros(ground.unit_count, dtype=np.bool_)
    is_seed[ground.seed] = True
    light = LIGHT * ground.calls.mean()
    return Field(
        ground.indptr.copy(), ground.neighbour.copy(), np.ascontiguousarray(ground.travel_s.T),
        np.maximum(ground.calls, light), ground.calls.copy(), ground.handling_s.copy(), is_seed,
    )  # fmt: skip


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
