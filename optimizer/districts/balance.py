"""Equal loads at the least travel: prices, a first division at these prices, moves over borders."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal

import numpy as np

from optimizer.districts.borders import Field, balance, new_state
from optimizer.districts.connect import connected, within_reach
from optimizer.districts.ground import Ground, Ints
from optimizer.districts.loads import ROUNDING, evaluate
from optimizer.districts.nearest import nearest_division
from optimizer.districts.prices import Demand, best_prices
from optimizer.errors import SolverError

Status = Literal["optimal", "feasible"]
Progress = Callable[[str], object]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Division:
    """A division of the ground with loads within a tolerance.

    Parameters
    ----------
    labels
        Platform of each unit, shape (U,); all grids are connected.
    status
        "optimal": no division within the tolerance has less travel.
    travel_s, bound_s
        Mean travel time over all calls, seconds, and what no division within the tolerance,
        connected or not, goes below.
    spread
        Largest difference of a load from the mean of its group, as a share of it.
    tolerance
        What the loads were held to: the tolerance asked for, or the nearest one that was met.
    """

    labels: Ints
    status: Status
    travel_s: float
    bound_s: float
    spread: float
    tolerance: float


def balanced_division(
    ground: Ground,
    tolerance: float,
    *,
    time_limit_s: float = 20.0,
    progress: Progress | None = None,
) -> Division:
    """Divide the ground so that loads differ from their mean by the tolerance at most.

    Raises
    ------
    SolverError
        The answer does not survive re-evaluation.
    """
    ground = within_reach(ground)
    labels = np.empty(ground.unit_count, dtype=np.int32)
    bound, held = 0.0, tolerance
    for g in range(ground.group_count):
        part, unit, platform = group_ground(ground, g)
        found, bound_s, loosened = _divide(part, tolerance)
        labels[unit] = platform[found]
        bound += bound_s
        held = max(held, loosened)
    total = ground.calls.sum()
    measured = evaluate(ground, labels)
    if not measured.connected or measured.spread > held + ROUNDING:
        raise SolverError("The balanced division is not what it was said to be.")
    return Division(
        labels, "feasible", measured.travel_s, bound / total if total else 0.0, measured.spread, held
    )


def group_ground(ground: Ground, group: int) -> tuple[Ground, Ints, Ints]:
    """Take one group's ground out: it, and which units and platforms of the whole it has."""
    unit = np.flatnonzero(ground.group_of_unit == group)
    platform = np.flatnonzero(ground.group_of_platform == group).astype(np.int32)
    near = ground.adjacency[unit][:, unit].tocsr()
    near.sort_indices()
    part = Ground(
        ground.calls[unit],
        ground.handling_s[unit],
        ground.travel_s[np.ix_(platform, unit)],
        near.indptr,
        near.indices,
        np.searchsorted(unit, ground.seed[platform]),
        np.zeros(len(unit)),
        np.zeros(len(platform)),
    )
    return part, unit, platform


def _divide(ground: Ground, tolerance: float) -> tuple[Ints, float, float]:
    travel = np.ascontiguousarray(ground.travel_s.T)
    busy = ground.calls > 0
    demand = Demand(travel[busy], ground.calls[busy], ground.handling_s[busy])
    prices = best_prices(demand, tolerance)
    is_seed = np.zeros(ground.unit_count, dtype=bool)
    is_seed[ground.seed] = True
    weight = np.where(busy, ground.calls, 1e-6 * ground.calls.mean())
    field = Field(ground.indptr.copy(), ground.neighbour.copy(), travel, weight,
                  ground.calls.copy(), ground.handling_s.copy(), is_seed)
    priced = ground.travel_s + prices.price[:, None] * (ground.handling_s + ground.travel_s)
    labels = priced.argmin(axis=0).astype(np.int32)
    labels[ground.seed] = np.arange(ground.platform_count)
    labels = connected(ground, labels, priced - priced.min())
    state = new_state(field, labels, prices.over, prices.under)
    balance(field, state, tolerance, 200, 5.0)
    if np.isfinite(state.best_cost[0]):
        return state.best, prices.bound_s, tolerance
    labels = nearest_division(ground)
    best = state.labels
    spread = evaluate(ground, best).spread
    return best, prices.bound_s, np.ceil(1000 * spread) / 1000
