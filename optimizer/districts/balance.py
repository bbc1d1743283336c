"""Equal loads at the least travel, for every group of platforms."""

from __future__ import annotations

import dataclasses
import math
from typing import Literal, NamedTuple

import numpy as np

from optimizer.districts.connect import within_reach
from optimizer.districts.dead_ends import without_dead_ends
from optimizer.districts.evenness import most_even
from optimizer.districts.ground import Floats, Ground, Ints, group_ground
from optimizer.districts.loads import ROUNDING, evaluate, held_bound
from optimizer.districts.search import Found, divide
from optimizer.errors import SolverError

Status = Literal["optimal", "feasible"]


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
        Mean travel time over all calls, seconds, and what no division within the tolerances goes
        below.
    spread
        Largest difference of a load from the mean of its group, as a share of it.
    tolerance
        The largest of what the groups were held to.
    tolerance_of_group
        What the loads of each group were held to: the tolerance asked for, or the nearest one that
        was met, shape (g,).
    impossible_below
        Of each group that is not held to the tolerance asked for: no division has a smaller spread;
        0 where nothing is proven, and for all others, shape (g,).
    """

    labels: Ints
    status: Status
    travel_s: float
    bound_s: float
    spread: float
    tolerance: float
    tolerance_of_group: Floats
    impossible_below: Floats


class Part(NamedTuple):
    """A group's ground without dead ends, and where its units and platforms are in the whole."""

    ground: Ground
    unit: Ints
    joined: Ints
    platform: Ints


class _Held(NamedTuple):
    """A group's division, the tolerance it was held to, and the spread that none goes below."""

    found: Found
    tolerance: float
    impossible_below: float


def balanced_division(ground: Ground, tolerance: float) -> Division:
    """Divide the ground so that loads differ from the mean of their group by the tolerance at most.

    The work is counted, not timed, so that every machine finds the same division. Where no
    division of a group within the tolerance is found, it is loosened for that group alone to the
    smallest one, in steps of a thousandth, at which one is.

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
    parts = parts_of(ground)
    held = [_held(part.ground, tolerance) for part in parts]
    return _division(ground, parts, held)


def parts_of(ground: Ground) -> list[Part]:
    """Take the groups' grounds out, each within reach of its platforms."""
    return [_part(ground, group) for group in range(ground.group_count)]


def _part(ground: Ground, group: int) -> Part:
    """Take one group's ground out, with dead ends joined to what they hang on."""
    own, unit, platform = group_ground(ground, group)
    smaller, joined = without_dead_ends(own)
    return Part(smaller, unit, joined, platform)


def _held(ground: Ground, tolerance: float) -> _Held:
    """Divide one group's ground within the tolerance, or within the nearest one that is met.

    Raises
    ------
    SolverError
        A division that was found is not found again.
    """
    found = divide(ground, tolerance)
    if found is not None:
        return _Held(found, tolerance, 0.0)
    even = most_even(ground, tolerance)
    held = max(tolerance, even.tolerance)
    found = divide(ground, held, even.labels)
    if found is None:
        raise SolverError(f"Grids with loads within {held:.4%} of their mean were found and lost.")
    return _Held(found, held, even.impossible_below if held > tolerance else 0.0)


def _division(ground: Ground, parts: list[Part], held: list[_Held]) -> Division:
    """Join the divisions of the groups, and measure the whole anew.

    Raises
    ------
    SolverError
        It is not connected, not within the tolerances, or better than its bound.
    """
    labels = np.full(ground.unit_count, -1, dtype=np.int32)
    for part, one in zip(parts, held, strict=True):
        labels[part.unit] = part.platform[one.found.labels[part.joined]]
    loads, total = evaluate(ground, labels), float(ground.calls.sum())
    tolerances = np.array([one.tolerance for one in held])
    over = loads.spread_of_group - tolerances
    if not loads.connected or (over > 2 * ROUNDING).any():
        raise SolverError(
            f"Grids that were said to be connected, with loads within {tolerances.max():.4%} of "
            f"their mean at most, are {'' if loads.connected else 'not '}connected and differ by "
            f"{loads.spread:.4%}."
        )
    bound_s = math.fsum(one.found.bound_s for one in held) / total if total else 0.0
    bound_s = held_bound(bound_s, loads.travel_s)
    status: Status = "optimal" if loads.travel_s <= bound_s * (1 + ROUNDING) else "feasible"
    return Division(
        labels, status, loads.travel_s, bound_s, loads.spread, float(tolerances.max()),
        tolerances, np.array([one.impossible_below for one in held]),
    )  # fmt: skip
