"""Rosters of all platforms, from the calls of their grids."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from optimizer.calls import Calls
from optimizer.demand import CountedPlaces
from optimizer.demand.points import merged_places
from optimizer.deployment import PlatformRoster
from optimizer.deployment.crews import crew_of
from optimizer.deployment.manning import smallest_fix
from optimizer.deployment.roster import answer, full_need, need_of, platform_roster
from optimizer.deployment.shifts_of_duty import DAY_MINUTES, DutyShifts
from optimizer.districts import GridPlan
from optimizer.evaluation import DAYS_PER_YEAR, Platform
from optimizer.planning.duty_inputs.crew import check_crew
from optimizer.planning.faults import present
from optimizer.planning.inputs import CityInputs
from optimizer.roads import snap, travel_times
from optimizer.study import Study

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WEEKDAYS = 7
LONGEST_S = 20_000.0
"""Ways are timed up to this, and longer ones taken to be of this length."""
_WORKERS = 2


def plan_rosters(
    study: Study, inputs: CityInputs, platforms: Sequence[Platform], grids: GridPlan
) -> tuple[PlatformRoster, ...]:
    """Man the vehicles of every platform for four weeks.

    Platforms that need the same and have the same crew are solved once.

    Raises
    ------
    InputError
        [crew] cannot be meant.
    """
    crew_settings = study.settings.crew
    shifts, rules = check_crew(study, inputs.zones, inputs.source)
    hours = work_hours(study, inputs, platforms, grids, shifts)
    needs = [
        need_of(crew_of(crew_settings, platform.district), own, shifts, crew_settings.utilisation)
        for platform, own in zip(platforms, hours, strict=True)
    ]
    distinct, crews = list(dict.fromkeys(needs)), list(dict.fromkeys(n.crew for n in needs))
    with ThreadPoolExecutor(_WORKERS) as pool:
        full = dict(
            zip(
                crews,
                pool.map(lambda crew: smallest_fix(full_need(crew, len(shifts)), rules), crews),
                strict=True,
            )
        )
        found = dict(
            zip(
                distinct,
                pool.map(lambda need: answer(need, rules, full[need.crew]), distinct),
                strict=True,
            )
        )
    return tuple(
        platform_roster(platform.platform_id, need, found[need], own, shifts, crew_settings)
        for platform, need, own in zip(platforms, needs, hours, strict=True)
    )


def work_hours(
    study: Study,
    inputs: CityInputs,
    platforms: Sequence[Platform],
    grids: GridPlan,
    shifts: DutyShifts,
) -> Floats:
    """Work out the mean hours of work of each platform's grid, by weekday and shift of duty.

    A call takes the turnout, the way from its own platform, and the handling of its category. Calls
    of unknown hour fall into the shifts as the others do; counts are of one year and fall evenly
    into weekdays and hours.

    Returns
    -------
    Shape (p, 7, s).
    """
    way_s = _way_s(inputs, platforms, grids)
    owner, places = grids.variant.grid_of_node, inputs.source.places
    beside_s = study.settings.standards.turnout_seconds
    limit_m, crew = study.settings.roads.max_snap_m, study.settings.crew
    if isinstance(places, CountedPlaces):
        used = np.flatnonzero(places.distance_m <= limit_m)
        node = places.node[used]
        spent_s = 60 * crew.handling_minutes + beside_s + way_s[node]
        yearly_s = np.bincount(owner[node], places.weight[used] * spent_s, len(platforms))
        parts = np.tile(np.array(shifts.minutes) / DAY_MINUTES, (WEEKDAYS, 1))
        return np.multiply.outer(yearly_s / DAYS_PER_YEAR / 3600, parts)
    used, node = _nodes(places, inputs, limit_m)
    minutes = np.array([crew.handling.get(c, crew.handling_minutes) for c in places.categories])
    spent_s = 60 * minutes[places.category[used]] + beside_s + way_s[node]
    weekday, shift = shifts.place(places.time[used], places.has_time[used])
    total_s = _sums(owner[node] * WEEKDAYS + weekday, shift, spent_s, len(platforms), shifts)
    return total_s / 3600 / _weekdays(*present(inputs.source.window))[:, None]


def _nodes(calls: Calls, inputs: CityInputs, limit_m: float) -> tuple[Ints, NDArray[np.int32]]:
    """Find the calls that lie near a road, and the road node of each."""
    first, place = merged_places(calls.x_m, calls.y_m)
    snapped = snap(inputs.network, calls.x_m[first], calls.y_m[first])
    near = np.flatnonzero((snapped.distance_m <= limit_m)[place])
    return near, snapped.node[place[near]]


def _sums(day: Ints, shift: Ints, spent_s: Floats, platforms: int, shifts: DutyShifts) -> Floats:
    """Sum seconds by platform, weekday and shift; those of unknown shift fall as the others do."""
    known, rows = shift >= 0, platforms * WEEKDAYS
    sums = np.bincount(
        day[known] * len(shifts) + shift[known], spent_s[known], minlength=rows * len(shifts)
    )
    parts = np.array(shifts.minutes, dtype=float)
    if known.any():
        parts = np.bincount(shift[known], minlength=len(shifts)).astype(float)
    spread = np.bincount(day[~known], spent_s[~known], minlength=rows)
    found = sums.reshape(rows, len(shifts)) + np.outer(spread, parts / parts.sum())
    return np.asarray(found.reshape(platforms, WEEKDAYS, len(shifts)), dtype=float)


def _weekdays(first: dt.date, end: dt.date) -> Floats:
    """Count each weekday of a window, Monday first; at least one, so that one may divide by it."""
    days = (first.weekday() + np.arange((end - first).days)) % WEEKDAYS
    return np.maximum(np.bincount(days, minlength=WEEKDAYS), 1).astype(float)


def _way_s(inputs: CityInputs, platforms: Sequence[Platform], grids: GridPlan) -> Floats:
    """Time the way to every node from the platform that owns it, shape (n,)."""
    owner = grids.variant.grid_of_node
    way_s = np.full(inputs.network.node_count, LONGEST_S)
    for index, platform in enumerate(platforms):
        own = np.flatnonzero(owner == index)
        times = travel_times(inputs.network, np.array([platform.node]), own, LONGEST_S, workers=1)
        way_s[own[times.target]] = times.travel_s
    return way_s
