"""The calls that lie near a road: where, when, and how long each takes beside the way there."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
from numpy.typing import NDArray

from optimizer.calls import NO_CATEGORY, Calls
from optimizer.demand import CountedPlaces, Shifts
from optimizer.demand.points import merged_places
from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.evaluation import DAYS_PER_YEAR
from optimizer.planning.faults import present
from optimizer.planning.inputs import CityInputs
from optimizer.roads import RoadNetwork, snap
from optimizer.study import Study

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WEEKDAYS = 7


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PlacedCalls:
    """The k calls of the planning window, or counted places, within ``max_snap_m`` of a road.

    Every call counts once, whatever it weighs in siting: work is hours.

    Parameters
    ----------
    node, category
        Road node and code of the category of each, shape (k,).
    per_day
        Calls a day that each stands for, shape (k,).
    weight
        What siting makes of them, a day: calls x weights, shape (k,).
    category_names
        The c categories.
    scene_s
        Seconds that a call of each category takes beside the way there: turnout and handling,
        shape (c,).
    times
        Local wall clock, and False where only the day is known, shapes (k,); None with counts,
        which are those of a year and fall evenly into its hours.
    weekday_share
        Share of each weekday in the days of the calls, Monday first, shape (7,).
    """

    node: Ints
    category: NDArray[np.int32]
    per_day: Floats
    weight: Floats
    category_names: tuple[str, ...]
    scene_s: Floats
    times: tuple[NDArray[np.datetime64], NDArray[np.bool_]] | None
    weekday_share: Floats

    def hours_per_day(self, way_s: Floats) -> Floats:
        """Give the hours of work a day that each makes, with the ways to all nodes, shape (k,)."""
        return self.per_day * (self.scene_s[self.category] + way_s[self.node]) / 3600

    def by_shift(self, shifts: Shifts) -> Floats:
        """Divide the calls a day among the shifts of demand, shape (k, s)."""
        shift = np.full(len(self.node), -1)
        if self.times is not None:
            shift = shifts.of_times(*self.times)
        return self.per_day[:, None] * _parts(shift, shifts.at_minute, len(shifts.names))

    def by_week(self, group: Ints, count: int, amount: Floats, shifts: DutyShifts) -> Floats:
        """Give the mean amount of each weekday and shift of duty by group, shape (count, 7, s).

        Parameters
        ----------
        group
            Of each call, shape (k,).
        amount
            Of each call, in the mean of all days, shape (k,).
        """
        weekday, shift = np.zeros(len(group), np.int64), np.full(len(group), -1)
        if self.times is not None:
            weekday, shift = shifts.place(*self.times)
        parts = amount[:, None] * _parts(shift, shifts.at_minute, len(shifts))
        row = group * WEEKDAYS + weekday
        sums = np.column_stack([totals(row, part, count * WEEKDAYS) for part in parts.T])
        week = sums.reshape(count, WEEKDAYS, len(shifts))
        if self.times is None:
            return np.repeat(week[:, :1], WEEKDAYS, axis=1)
        return np.asarray(week / self.weekday_share[:, None], dtype=float)


def placed_calls(study: Study, inputs: CityInputs) -> PlacedCalls:
    """Put the calls, or the counts, of a study on its roads."""
    crew, limit_m = study.settings.crew, study.settings.roads.max_snap_m
    turnout_s, places = study.settings.standards.turnout_seconds, inputs.source.places
    names: tuple[str, ...] = (NO_CATEGORY,)
    if isinstance(places, Calls):
        names = places.categories or names
    minutes = [crew.handling.get(name, crew.handling_minutes) for name in names]
    scene_s = 60 * np.array(minutes) + turnout_s
    if isinstance(places, CountedPlaces):
        used = np.flatnonzero(places.distance_m <= limit_m)
        per_day = places.weight[used] / DAYS_PER_YEAR
        node, category = places.node[used].astype(np.int64), np.zeros(len(used), np.int32)
        even = np.full(WEEKDAYS, 1 / WEEKDAYS)
        return PlacedCalls(node, category, per_day, per_day, names, scene_s, None, even)
    window = present(inputs.source.window)
    days = (window[1] - window[0]).days
    used, node = _near(places, inputs.network, limit_m)
    return PlacedCalls(
        node=node,
        category=places.category[used],
        per_day=np.full(len(used), 1 / days),
        weight=present(inputs.source.weights).total[used] / days,
        category_names=names,
        scene_s=scene_s,
        times=(places.time[used], places.has_time[used]),
        weekday_share=_weekday_share(*window),
    )


def totals(of: NDArray[np.integer], value: Floats, count: int) -> Floats:
    """Add up values by what each is of, shape (count,)."""
    return np.bincount(of, value, minlength=count).astype(np.float64)


def _near(calls: Calls, network: RoadNetwork, limit_m: float) -> tuple[Ints, Ints]:
    """Find the calls that lie near a road, and the road node of each."""
    first, place = merged_places(calls.x_m, calls.y_m)
    snapped = snap(network, calls.x_m[first], calls.y_m[first])
    near = np.flatnonzero((snapped.distance_m <= limit_m)[place])
    return near, snapped.node[place[near]].astype(np.int64)


def _parts(shift: NDArray[np.integer], at_minute: NDArray[np.int8], count: int) -> Floats:
    """Say which part of each call falls into which shift, shape (k, count).

    Those of unknown hour (-1) fall as the others do; where none is known, as the minutes of a day.
    """
    known = shift[shift >= 0] if (shift >= 0).any() else at_minute
    share = np.bincount(known, minlength=count) / len(known)
    return np.where((shift >= 0)[:, None], shift[:, None] == np.arange(count), share)


def _weekday_share(first: dt.date, end: dt.date) -> Floats:
    """Count each weekday of a window, at least one, over its days."""
    days = (first.weekday() + np.arange((end - first).days)) % WEEKDAYS
    return np.maximum(np.bincount(days, minlength=WEEKDAYS), 1) / len(days)
