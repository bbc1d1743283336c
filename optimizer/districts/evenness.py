"""The most even division of one group: searches for equal loads from many beginnings.

A search that moves border units cannot pass over a state in which a whole valley changes hands. So
it begins anew from divisions at drawn prices, until some are even enough; the draws are the same on
every machine.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from optimizer.districts.borders import BEST, SPREAD, Schedule, State, new_state
from optimizer.districts.borders import search_borders as search
from optimizer.districts.exact import exact_division, is_small
from optimizer.districts.ground import Ground, Ints
from optimizer.districts.loads import ROUNDING, evaluate
from optimizer.districts.prices import Prices, best_prices
from optimizer.districts.start import beginnings, demand_of, field_of
from optimizer.districts.unavoidable import unavoidable_spread
from optimizer.solvers import Status

STEPS = 1000
"""A tolerance that is loosened is rounded up to one part in this."""
SWEEPS, SOFT, STIFF = 300, 10.0, 10_000.0
ENOUGH = 4
"""Of so many divisions that are even enough, the one with least travel is taken."""
DRAWS = 200_000
"""Units, all drawn beginnings together; of small ground there are `MOST_DRAWS`."""
MOST_DRAWS = 150


class Even(NamedTuple):
    """The smallest tolerance that was met, a division that meets it, and what none goes below."""

    tolerance: float
    labels: Ints
    impossible_below: float


def most_even(ground: Ground, tolerance: float) -> Even:
    """Find the smallest tolerance, in steps, that a search, or on small ground a program, meets.

    Parameters
    ----------
    tolerance
        One at which no division was found; what meets it is even enough.
    """
    prices = best_prices(demand_of(ground), tolerance + ROUNDING)
    states: list[State] = []
    for start in beginnings(ground, prices, min(MOST_DRAWS, DRAWS // ground.unit_count)):
        states.append(_levelled(ground, start, prices, tolerance))
        enough = [state for state in states if state.sums[BEST] < math.inf]
        if len(enough) == ENOUGH:
            break
    if enough:
        return Even(tolerance, min(enough, key=lambda state: float(state.sums[BEST])).best, 0.0)
    labels = min(states, key=lambda state: float(state.sums[SPREAD])).even
    proven = unavoidable_spread(ground)
    most = math.ceil((_spread(ground, labels) - ROUNDING) * STEPS)
    least = max(math.floor(tolerance * STEPS), math.ceil(proven * STEPS) - 1)
    while is_small(ground) and most - least > 1:
        middle = (least + most) // 2
        exact = exact_division(ground, middle / STEPS, None)
        if exact.status is Status.INFEASIBLE:
            proven = max(proven, middle / STEPS)
        if exact.labels is not None and _spread(ground, exact.labels) <= middle / STEPS + ROUNDING:
            labels, most = exact.labels, middle
        else:
            least = middle
    return Even(most / STEPS, labels, min(proven, _spread(ground, labels)))


def _levelled(ground: Ground, start: Ints, prices: Prices, tolerance: float) -> State:
    """Search for equal loads, and note the division with least travel within the tolerance."""
    field = field_of(ground)
    state = new_state(field, start, prices.over, prices.under)
    search(field, state, Schedule(tolerance, 0.0, SWEEPS, SOFT, STIFF, 1.0))
    return state


def _spread(ground: Ground, labels: Ints) -> float:
    """Measure a division anew; inf where it is not connected."""
    loads = evaluate(ground, labels)
    return loads.spread if loads.connected else math.inf
