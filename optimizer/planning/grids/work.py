"""The work at every road node: calls per day by category and shift, and how long each takes."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.calls import NO_CATEGORY, Calls
from optimizer.demand import CountedPlaces
from optimizer.demand.points import merged_places
from optimizer.evaluation import DAYS_PER_YEAR
from optimizer.planning.faults import present
from optimizer.planning.inputs import CityInputs
from optimizer.roads import snap
from optimizer.study import Study

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CallWork:
    """Calls of the same category at the same road node, k such pairs.

    Parameters
    ----------
    node, category
        Road node and code of the category of each pair, shape (k,).
    calls
        Calls per day in each of s shifts, shape (k, s).
    weight
        What the plan makes of them, per day: calls x weights, shape (k,).
    category_names, shift_names
        The c categories and the s shifts.
    scene_s
        Seconds that a call of each category takes beside the way there: turnout and handling,
        shape (c,).
    node_count
        Number of road nodes n.
    """

    node: Ints
    category: Ints
    calls: Floats
    weight: Floats
    category_names: tuple[str, ...]
    shift_names: tuple[str, ...]
    scene_s: Floats
    node_count: int

    def calls_of_nodes(self) -> Floats:
        """Count the calls per day at every node, shape (n,)."""
        return totals(self.node, self.calls.sum(axis=1), self.node_count)

    def scene_s_of_nodes(self) -> Floats:
        """Average the seconds beside the way there over the calls of every node, shape (n,)."""
        calls = self.calls_of_nodes()
        spent_s = self.calls.sum(axis=1) * self.scene_s[self.category]
        total_s = totals(self.node, spent_s, self.node_count)
        return np.divide(total_s, calls, out=np.zeros(self.node_count), where=calls > 0)

    def weight_of_nodes(self) -> Floats:
        """Sum the weight per day at every node, shape (n,)."""
        return totals(self.node, self.weight, self.node_count)


def call_work(study: Study, inputs: CityInputs) -> CallWork:
    """Gather the calls of the planning window, or the counts, at their road nodes.

    Every call counts once, whatever it weighs in siting: work is hours. A call of unknown hour
    falls into the shifts as the others do; counts are of one year and fall into the shifts as
    demand does.
    """
    crew, standards = study.settings.crew, study.settings.standards
    places, limit_m = inputs.source.places, study.settings.roads.max_snap_m
    if isinstance(places, CountedPlaces):
        node, category, names, shifts, weight = _counted(places, inputs, limit_m)
    else:
        node, category, names, shifts, weight = _called(places, inputs, limit_m)
    used = np.flatnonzero(node >= 0)
    key = node[used].astype(np.int64) * len(names) + category[used]
    pairs, of_row = np.unique(key, return_inverse=True)
    minutes = [crew.handling.get(name, crew.handling_minutes) for name in names]
    return CallWork(
        node=(pairs // len(names)).astype(np.int32),
        category=(pairs % len(names)).astype(np.int32),
        calls=np.column_stack([totals(of_row, part[used], len(pairs)) for part in shifts.T]),
        weight=totals(of_row, weight[used], len(pairs)),
        category_names=names,
        shift_names=inputs.shifts.names,
        scene_s=60 * np.array(minutes) + standards.turnout_seconds,
        node_count=inputs.network.node_count,
    )


_Rows = tuple[NDArray[np.int64], Ints, tuple[str, ...], Floats, Floats]
"""Node (-1: too far from a road), category, names of the categories, calls per day by shift, and
weight per day, of every row."""


def _called(calls: Calls, inputs: CityInputs, limit_m: float) -> _Rows:
    days = window_days(inputs)
    first, place = merged_places(calls.x_m, calls.y_m)
    snapped = snap(inputs.network, calls.x_m[first], calls.y_m[first])
    near = snapped.distance_m <= limit_m
    node = np.where(near, snapped.node, -1).astype(np.int64)[place]
    shift = inputs.shifts.of_times(calls.time, calls.has_time)
    known = shift[shift >= 0] if (shift >= 0).any() else inputs.shifts.at_minute
    share = np.bincount(known, minlength=len(inputs.shifts.names)) / len(known)
    by_shift = np.where(
        (shift >= 0)[:, None], shift[:, None] == np.arange(len(share)), share
    ).astype(float)
    weight = present(inputs.source.weights).total / days
    return node, calls.category, calls.categories or (NO_CATEGORY,), by_shift / days, weight


def _counted(counts: CountedPlaces, inputs: CityInputs, limit_m: float) -> _Rows:
    near = counts.distance_m <= limit_m
    node = np.where(near, counts.node, -1).astype(np.int64)
    share, _ = inputs.shifts.spread(np.empty(0, np.int8))
    per_day = counts.weight / window_days(inputs)
    category = np.zeros(len(node), np.int32)
    return node, category, (NO_CATEGORY,), np.outer(per_day, share), per_day


def window_days(inputs: CityInputs) -> float:
    """Give the days that the calls come from; counts are those of a year."""
    window = inputs.source.window
    return DAYS_PER_YEAR if window is None else float((window[1] - window[0]).days)


def totals(of: NDArray[np.integer], value: Floats, count: int) -> Floats:
    """Add up values by what each is of, shape (count,)."""
    return np.bincount(of, value, minlength=count).astype(np.float64)
