"""Rosters of all platforms, from the calls of their grids."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment import PlatformRoster
from optimizer.deployment.crews import crew_of
from optimizer.deployment.manning import smallest_fix
from optimizer.deployment.roster import DutyWork, answer, full_need, need_of, platform_roster
from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.districts import GridPlan
from optimizer.evaluation import DAYS_PER_YEAR, Platform
from optimizer.planning.duty_inputs.crew import check_crew
from optimizer.planning.grids.ground import travel_from
from optimizer.planning.inputs import CityInputs
from optimizer.planning.placed_calls import placed_calls
from optimizer.study import Study

Floats = NDArray[np.float64]

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
    work = duty_work(study, inputs, platforms, grids, shifts)
    needs = [
        need_of(
            crew_of(crew_settings, platform.district), own.hours, shifts, crew_settings.utilisation
        )
        for platform, own in zip(platforms, work, strict=True)
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
        for platform, need, own in zip(platforms, needs, work, strict=True)
    )


def duty_work(
    study: Study,
    inputs: CityInputs,
    platforms: Sequence[Platform],
    grids: GridPlan,
    shifts: DutyShifts,
) -> tuple[DutyWork, ...]:
    """Work out the work of each platform's grid.

    A call takes the turnout, the way from its own platform, and the handling of its category. Calls
    of unknown hour fall into the shifts as the others do; counts are of one year and fall evenly
    into weekdays and hours.
    """
    calls = placed_calls(study, inputs)
    hours = calls.hours_per_day(_way_s(inputs, platforms, grids))
    owner, count = grids.variant.grid_of_node[calls.node].astype(np.int64), len(platforms)
    by_year = DAYS_PER_YEAR * calls.weekday_share[:, None]
    return tuple(
        map(
            DutyWork,
            calls.by_week(owner, count, hours, shifts),
            calls.by_week(owner, count, calls.per_day, shifts) * by_year,
        )
    )


def _way_s(inputs: CityInputs, platforms: Sequence[Platform], grids: GridPlan) -> Floats:
    """Time the way to every node from the platform that owns it, shape (n,)."""
    seat = np.array([platform.node for platform in platforms], dtype=np.int32)
    owner = grids.variant.grid_of_node
    way_s: Floats = travel_from(inputs.network, seat)[owner, np.arange(len(owner))]
    return way_s
