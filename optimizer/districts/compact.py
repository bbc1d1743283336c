"""Shorter borders for a little more travel, so that a grid is ground that a crew knows as one.

Least travel alone lets grids run out along fast roads, a street wide. Beginning with such a
division, the search goes on with a charge for every metre of border between grids. Where a grid
then has further pieces or holes on the map, as roads cross without a junction, it is mended, and
the search goes on among divisions in which no further ones come up. Where that does not lead to
whole grids within the tolerance, it begins anew from drawn divisions.
"""

from __future__ import annotations

import dataclasses
import math
from itertools import chain, islice

import numpy as np

from optimizer.districts.balance import Division
from optimizer.districts.borders import BEST, Field, Schedule, new_state, search_borders
from optimizer.districts.connect import within_reach
from optimizer.districts.exact import is_small
from optimizer.districts.ground import Ground, Ints, group_ground
from optimizer.districts.lay import Lay
from optimizer.districts.loads import ROUNDING, evaluate
from optimizer.districts.mend import mended
from optimizer.districts.prices import Prices, best_prices
from optimizer.districts.start import beginnings, demand_of, field_of
from optimizer.errors import SolverError

COMPACTNESS = 0.3
"""What borders everywhere would cost, as a share of all travel."""
DRAWS, MOST_DRAWS = 20_000, 20
"""Units, all drawn beginnings of whole grids together, and most beginnings."""
MARGIN = 0.0005
SWEEPS, SOFT, STIFF, LEARNING = 150, 0.5, 60.0, 0.4


def compacted(ground: Ground, division: Division, lay: Lay) -> Division:
    """Shorten the borders of a balanced division, and leave each grid in one piece on the map.

    Small ground, where it may be proven, is left where its grids are in one piece each.

    Parameters
    ----------
    lay
        How the ground of the units lies on the map.

    Raises
    ------
    SolverError
        The answer does not survive re-evaluation.
    """
    ground, labels = within_reach(ground), division.labels.copy()
    for group, tolerance in enumerate(division.tolerance_of_group.tolist()):
        own, unit, platform = group_ground(ground, group)
        if len(platform) > 1 and own.calls.any():
            start = np.searchsorted(platform, labels[unit]).astype(np.int32)
            found = _whole(own, start, tolerance, lay.of(unit))
            labels[unit] = platform[found]
    loads = evaluate(ground, labels)
    over = loads.spread_of_group - division.tolerance_of_group
    if not loads.connected or (over > 2 * ROUNDING).any():
        raise SolverError("Grids with shortened borders are not connected or not balanced.")
    is_optimal = loads.travel_s <= division.bound_s * (1 + ROUNDING)
    return dataclasses.replace(
        division, labels=labels, travel_s=loads.travel_s, spread=loads.spread,
        status="optimal" if is_optimal else "feasible",
    )  # fmt: skip


def _whole(ground: Ground, labels: Ints, tolerance: float, lay: Lay) -> Ints:
    """Shorten the borders of one group, then mend what is not in one piece, where that can be."""
    charge = COMPACTNESS * _travel_s(ground, labels) / max(float(lay.beside_m.sum()) / 2, 1.0)
    field = field_on_map(ground, lay, charge)
    prices = best_prices(demand_of(ground), tolerance + ROUNDING)
    if not is_small(ground):
        labels = _shortened(field, labels, prices, tolerance, is_whole=False)
    best, least = labels, (lay.faults(labels), _travel_s(ground, labels))
    if least[0] == 0:
        return best
    draws = min(MOST_DRAWS, DRAWS // ground.unit_count)
    for start in chain([labels], islice(beginnings(ground, prices, draws), draws)):
        mend = mended(ground, start, lay)
        found = _shortened(field, mend, prices, tolerance, is_whole=True)
        worth = (lay.faults(found), _travel_s(ground, found))
        if worth < least and evaluate(ground, found).spread <= tolerance + ROUNDING:
            best, least = found, worth
        if start is labels and least[0] == 0:
            break
    return best


def _travel_s(ground: Ground, labels: Ints) -> float:
    """Add up the travel of all calls, seconds per day."""
    return math.fsum(ground.calls * ground.travel_s[labels, np.arange(ground.unit_count)])


def field_on_map(ground: Ground, lay: Lay, charge: float) -> Field:
    """Lay ground out with its borders on the map; what is nobody's comes behind its units."""
    field, beside = field_of(ground), lay.beside_m
    more = beside.shape[0] - ground.unit_count
    return field._replace(
        indptr=np.pad(field.indptr, (0, more), "edge"),
        travel=np.pad(field.travel, ((0, more), (0, 0))),
        weight=np.pad(field.weight, (0, more)),
        calls=np.pad(field.calls, (0, more)),
        handling=np.pad(field.handling, (0, more)),
        is_seed=np.pad(field.is_seed, (0, more), constant_values=True),
        beside_indptr=beside.indptr.astype(np.int64),
        beside=beside.indices.astype(np.int32),
        charge=charge * beside.data,
    )


def _shortened(
    field: Field, labels: Ints, prices: Prices, tolerance: float, *, is_whole: bool
) -> Ints:
    """Search on with charges for borders, within the tolerance."""
    everywhere = np.pad(labels, (0, len(field.calls) - len(labels)), constant_values=-1)
    state = new_state(field, everywhere, prices.over, prices.under)
    aim = tolerance - min(MARGIN, tolerance / 2)
    schedule = Schedule(tolerance, aim, SWEEPS, SOFT, STIFF, LEARNING, is_whole)
    search_borders(field, state, schedule)
    return state.best[: len(labels)] if state.sums[BEST] < np.inf else labels
