"""Shorter borders for a little more travel, so that a grid is ground that a crew knows as one.

Least travel alone lets grids run out along fast roads, a street wide. Beginning with such a
division, the search goes on with a charge for every metre of border between grids.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy.sparse import csr_array

from optimizer.districts.balance import Division
from optimizer.districts.borders import BEST, Schedule, new_state, search_borders
from optimizer.districts.connect import within_reach
from optimizer.districts.exact import is_small
from optimizer.districts.ground import Ground, Ints, group_ground
from optimizer.districts.loads import ROUNDING, evaluate
from optimizer.districts.prices import best_prices
from optimizer.districts.start import demand_of, field_of
from optimizer.errors import SolverError

COMPACTNESS = 0.3
"""What borders everywhere would cost, as a share of all travel."""
MARGIN = 0.0005
SWEEPS, SOFT, STIFF, LEARNING = 150, 0.5, 60.0, 0.4


def compacted(ground: Ground, division: Division, beside: csr_array) -> Division:
    """Shorten the borders of a balanced division; small ground, where it may be proven, is left.

    Parameters
    ----------
    beside
        Metres along which the ground of two units meets, symmetric, shape (U, U).

    Raises
    ------
    SolverError
        The answer does not survive re-evaluation.
    """
    ground, labels = within_reach(ground), division.labels.copy()
    for group, tolerance in enumerate(division.tolerance_of_group.tolist()):
        own, unit, platform = group_ground(ground, group)
        if len(platform) > 1 and own.calls.any() and not is_small(own):
            start = np.searchsorted(platform, labels[unit]).astype(np.int32)
            meets = beside[unit][:, unit].tocsr()
            labels[unit] = platform[_shortened(own, start, tolerance, meets)]
    loads = evaluate(ground, labels)
    over = loads.spread_of_group - division.tolerance_of_group
    if not loads.connected or (over > 2 * ROUNDING).any():
        raise SolverError("Grids with shortened borders are not connected or not balanced.")
    is_optimal = loads.travel_s <= division.bound_s * (1 + ROUNDING)
    return dataclasses.replace(
        division, labels=labels, travel_s=loads.travel_s, spread=loads.spread,
        status="optimal" if is_optimal else "feasible",
    )  # fmt: skip


def _shortened(ground: Ground, labels: Ints, tolerance: float, beside: csr_array) -> Ints:
    """Search on with charges for borders, within the tolerance."""
    travel_s = ground.calls @ ground.travel_s[labels, np.arange(ground.unit_count)]
    charge = COMPACTNESS * travel_s / max(float(beside.sum()) / 2, 1.0)
    prices = best_prices(demand_of(ground), tolerance + ROUNDING)
    field = field_of(ground)._replace(
        beside_indptr=beside.indptr.astype(np.int64),
        beside=beside.indices.astype(np.int32),
        charge=charge * beside.data,
    )
    state = new_state(field, labels, prices.over, prices.under)
    aim = tolerance - min(MARGIN, tolerance / 2)
    search_borders(field, state, Schedule(tolerance, aim, SWEEPS, SOFT, STIFF, LEARNING))
    return state.best if state.sums[BEST] < np.inf else labels
