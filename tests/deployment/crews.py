"""Crews and rosters for tests: what the planner makes, in the words of the independent checker."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.demand import DemandSettings
from optimizer.deployment import CrewSettings, PlatformRoster
from optimizer.deployment.crews import Crew, crew_of
from optimizer.deployment.manning import Fix, man
from optimizer.deployment.roster import Answer, DutyWork, answer, need_of, platform_roster
from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.deployment.work_rules import WorkRules
from tests.independent.roster_checker import Duty, roster_faults, sunday_faults

KINDS = {"command_vehicle": "command", "response_car": "car", "motorcycle": "moto"}
NO_FIX = Fix(0, 0)


def parts(settings: CrewSettings) -> tuple[Crew, DutyShifts, WorkRules]:
    shifts = DutyShifts.from_settings(settings, DemandSettings())
    return crew_of(settings, ""), shifts, WorkRules.from_settings(settings, shifts)


def roster(
    settings: CrewSettings, hours: NDArray[np.float64] | float = 0.0, *, mend: bool = True
) -> PlatformRoster:
    """The roster of platform P01 for so many hours of work in each weekday and shift; ``mend``:
    with the smallest fix, where it falls short.
    """
    crew, shifts, rules = parts(settings)
    work = np.broadcast_to(np.asarray(hours, float), (7, len(shifts)))
    need = need_of(crew, work, shifts, settings.utilisation)
    found = answer(need, rules, NO_FIX) if mend else Answer(man(need, rules), NO_FIX, NO_FIX)
    return platform_roster("P01", need, found, DutyWork(work, work), shifts, settings)


def manned(found: PlatformRoster) -> dict[str, int]:
    """Vehicle -> shifts of the week in which one is manned."""
    return {kind: sum(need.vehicles[kind] for need in found.needs) for kind in KINDS}


def faults(found: PlatformRoster, settings: CrewSettings) -> list[str]:
    """What the independent checker finds wrong with a roster."""
    crew = parts(settings)[0]
    duty = Duty(
        shifts={n.shift: (n.start_s / 3600, n.end_s / 3600) for n in found.needs},
        vehicles=dict(
            zip(
                KINDS.values(),
                zip(crew.vehicles, crew.aboard, crew.officers_aboard, strict=True),
                strict=True,
            )
        ),
        hours_per_week=settings.hours_per_week,
        rest_hours=settings.rest_hours,
        most_days=settings.most_days,
        leave_days=settings.leave_days,
    )
    claims = {
        (need.weekday, need.shift): {KINDS[kind]: n for kind, n in need.vehicles.items()}
        for need in found.needs
    }
    rows = list(map(dataclasses.asdict, found.rows))
    sunday = [need for need in found.needs if need.weekday == 6]
    on_sundays = {
        "officer": sum(need.officers for need in sunday),
        "auxiliary": sum(need.auxiliaries for need in sunday),
    }
    return [
        *roster_faults(rows, duty, claims),
        *sunday_faults(rows, found.without_free_sunday, on_sundays),
    ]
