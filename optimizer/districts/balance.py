"""Equal loads at the least travel, for every group of platforms."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from optimizer.districts.connect import within_reach
from optimizer.districts.dead_ends import without_dead_ends
from optimizer.districts.ground import Ground, Ints
from optimizer.districts.loads import ROUNDING, evaluate
from optimizer.districts.search import STEPS, Even, Found, divide, most_even
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
        Mean travel time over all calls, seconds, and what no division within the tolerance goes
        below.
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


class _Part(NamedTuple):
    """A group's ground without dead ends, and where its units and platforms are in the whole."""

    ground: Ground
    unit: Ints
    joined: Ints
    platform: Ints


def balanced_division(
    ground: Ground,
    tolerance: float,
    *,
    time_limit_s: float = 20.0,
    progress: Progress | None = None,
) -> Division:
    """Divide the ground so that loads differ from the mean of their group by the tolerance at most.

    The work is counted, not timed, so that every machine finds the same division; the time limit
    is a safety net, in CPU seconds for each group once it has a first division. Where no division
    within the tolerance is found, it is loosened for all groups to the smallest one, in steps of a
    thousandth, at which one is.

    Raises
    ------
    ValueError
        The tolerance is not above 0.
    SolverError
        The answer does not survive re-evaluation.
    """
    if not tolerance > 0:
        message = f"tolerance must be above 0, not {tolerance}"
        raise ValueError(message)
    ground = within_reach(ground)
    parts = [_part(ground, group) for group in range(ground.group_count)]
    found = [divide(part.ground, tolerance, time_limit_s) for part in parts]
    if None not in found:
        return _division(ground, parts, found, tolerance)
    even = [
        most_even(part.ground, tolerance, time_limit_s) if done is None else Even(0, done.labels)
        for part, done in zip(parts, found, strict=True)
    ]
    held = max(tolerance, *(level.tolerance for level in even))
    if progress is not None:
        progress(f"No division with loads within {tolerance:.1%}; {held:.1%} can be met")
    found = [
        divide(part.ground, held, time_limit_s, level.labels)
        for part, level in zip(parts, even, strict=True)
    ]
    return _division(ground, parts, found, held)


def smallest_spread(ground: Ground, *, time_limit_s: float = 20.0) -> Division:
    """Divide the ground as evenly as can be found; its tolerance is the nearest that is met."""
    return balanced_division(ground, 1 / STEPS, time_limit_s=time_limit_s)


def _part(ground: Ground, group: int) -> _Part:
    """Take one group's ground out, with dead ends joined to what they hang on."""
    unit = np.flatnonzero(ground.group_of_unit == group).astype(np.int32)
    platform = np.flatnonzero(ground.group_of_platform == group).astype(np.int32)
    near = ground.adjacency[unit][:, unit].tocsr()
    own = Ground(
        ground.calls[unit],
        ground.handling_s[unit],
        ground.travel_s[np.ix_(platform, unit)],
        near.indptr,
        near.indices,
        np.searchsorted(unit, ground.seed[platform]).astype(np.int32),
        np.zeros(len(unit), dtype=np.int32),
        np.zeros(len(platform), dtype=np.int32),
    )
    smaller, joined = without_dead_ends(own)
    return _Part(smaller, unit, joined, platform)


def _division(
    ground: Ground, parts: list[_Part], found: list[Found | None], held: float
) -> Division:
    """Join the divisions of the groups, and measure the whole anew.

    Raises
    ------
    SolverError
        It is not connected, or not within the tolerance.
    """
    labels = np.full(ground.unit_count, -1, dtype=np.int32)
    bound_s = 0.0
    for part, done in zip(parts, found, strict=True):
        if done is not None:
            labels[part.unit] = part.platform[done.labels[part.joined]]
            bound_s += done.bound_s
    loads, total = evaluate(ground, labels), float(ground.calls.sum())
    if not loads.connected or loads.spread > held + 2 * ROUNDING:
        raise SolverError(
            f"Grids that were said to be connected, with loads within {held:.4%} of their mean, "
            f"are {'' if loads.connected else 'not '}connected and differ by {loads.spread:.4%}."
        )
    bound_s = min(bound_s / total, loads.travel_s) if total else 0.0
    status: Status = "optimal" if loads.travel_s <= bound_s * (1 + ROUNDING) else "feasible"
    return Division(labels, status, loads.travel_s, bound_s, loads.spread, held)
