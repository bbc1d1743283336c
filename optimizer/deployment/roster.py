"""The roster of one platform: what it can man, with whom, and on which vehicle everybody sits."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.crews import Crew
from optimizer.deployment.duty_plan import PlatformRoster, RosterRow, ShiftNeed, Status
from optimizer.deployment.lines import LEAVE, OFF
from optimizer.deployment.manning import Fix, Manning, man, smallest_fix
from optimizer.deployment.settings import VEHICLES, CrewSettings
from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.deployment.staffing import WEEKDAYS, Need, short_of, units_needed
from optimizer.deployment.unit_names import spare_name, unit_name
from optimizer.deployment.work_rules import DAYS, WEEKS, WorkRules

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rank = Literal["officer", "auxiliary"]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DutyWork:
    """The work of one grid by weekday and shift of duty, shapes (7, s).

    Parameters
    ----------
    hours
        In each such shift, in the mean.
    calls_per_year
        In all such shifts of a year.
    """

    hours: Floats
    calls_per_year: Floats


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a need comes to; platforms that are alike share one.

    Parameters
    ----------
    fix
        More people for the needed vehicles, none where they are manned; None: unknown.
    full
        More people for every vehicle around the clock; None: unknown.
    """

    manning: Manning
    fix: Fix | None
    full: Fix | None


def need_of(crew: Crew, hours: Floats, shifts: DutyShifts, utilisation: float) -> Need:
    """Count the response units that hours of work need, by weekday and shift, shape (7, s)."""
    always = sum(crew.always[1:])
    lengths = [minutes / 60 for minutes in shifts.minutes]
    return Need(
        crew,
        tuple(
            tuple(
                max(always, units_needed(float(each), length, utilisation))
                for each, length in zip(day, lengths, strict=True)
            )
            for day in hours
        ),
    )


def full_need(crew: Crew, shifts: int) -> Need:
    """Ask for every vehicle around the clock."""
    return Need(crew.all_always(), ((crew.response_units,) * shifts,) * WEEKDAYS)


def short_vehicles(need: Need) -> int:
    """Count the response units that the busiest shift needs beyond those there are."""
    return max(0, max(map(max, need.units)) - need.crew.response_units)


def answer(need: Need, rules: WorkRules, full: Fix | None) -> Answer:
    """Man a need, and find the smallest fix where the crew is too small for it."""
    manning = man(need, rules)
    if not short_of(need, manning.vehicles).any():
        return Answer(manning, Fix(0, 0), full)
    enough = dataclasses.replace(need, crew=need.crew.with_more_vehicles(short_vehicles(need)))
    return Answer(manning, smallest_fix(enough, rules), full)


def platform_roster(
    platform_id: str,
    need: Need,
    found: Answer,
    work: DutyWork,
    shifts: DutyShifts,
    settings: CrewSettings,
) -> PlatformRoster:
    """Write the roster of a platform."""
    crew, manning = need.crew, found.manning
    short = short_of(need, manning.vehicles)
    lengths = np.array(shifts.minutes) / 60
    units = manning.vehicles[..., 1:].sum(axis=-1)
    needs = tuple(_needs(need, manning, work, shifts))
    status: Status = (
        "infeasible" if short.any() else ("optimal" if manning.is_proven else "feasible")
    )
    fix, full = found.fix, found.full
    return PlatformRoster(
        platform_id=platform_id,
        crew_class=crew.crew_class,
        officers=crew.officers,
        auxiliaries=crew.auxiliaries,
        status=status,
        needs=needs,
        rows=tuple(_rows(platform_id, crew, manning, shifts)),
        hours_needed=_hours_needed(need, lengths),
        hours_available=(crew.officers + crew.auxiliaries) * settings.hours_per_week,
        short_officers=None if fix is None else fix.officers,
        short_auxiliaries=None if fix is None else fix.auxiliaries,
        short_vehicles=short_vehicles(need),
        short_shifts=WEEKS * int((short > 0).sum()),
        utilisation=_utilisation(float(work.hours.sum()), float((units * lengths).sum())),
        busiest=max(each.utilisation for each in needs),
        full_officers=None if full is None else full.officers,
        full_auxiliaries=None if full is None else full.auxiliaries,
    )


def _needs(need: Need, manning: Manning, work: DutyWork, shifts: DutyShifts) -> Iterator[ShiftNeed]:
    for day, shift in np.ndindex(WEEKDAYS, len(shifts)):
        manned = manning.vehicles[day, shift]
        length, hours = shifts.minutes[shift] / 60, float(work.hours[day, shift])
        yield ShiftNeed(
            weekday=day,
            shift=shifts.names[shift],
            start_s=60.0 * shifts.start[shift],
            end_s=60.0 * shifts.end[shift],
            hours=hours,
            calls_per_year=float(work.calls_per_year[day, shift]),
            needed=need.units[day][shift],
            vehicles={name: int(n) for name, n in zip(VEHICLES, manned, strict=True)},
            officers=_least_on_duty(manning.officers, day, shift),
            auxiliaries=_least_on_duty(manning.auxiliaries, day, shift),
            utilisation=_utilisation(hours, length * int(manned[1:].sum())),
        )


def _least_on_duty(plans: Ints, weekday: int, shift: int) -> int:
    """Count the people on duty in a shift in the week that has fewest."""
    return int((plans[:, weekday::WEEKDAYS] == shift).sum(axis=0).min()) if len(plans) else 0


def _utilisation(work_hours: float, duty_hours: float) -> float:
    return work_hours / duty_hours if duty_hours > 0 else float("inf")


def _hours_needed(need: Need, lengths: Floats) -> float:
    """Sum the person-hours of a week that the needed vehicles take, each as small as may be."""
    crew = need.crew
    always = sum(count * aboard for count, aboard in zip(crew.always, crew.aboard, strict=True))
    further = np.array(need.units) - sum(crew.always[1:])
    return float(((always + further * min(crew.aboard[1:])) * lengths).sum())


def _rows(
    platform_id: str, crew: Crew, manning: Manning, shifts: DutyShifts
) -> Iterator[RosterRow]:
    names = [f"{platform_id}-O{number + 1}" for number in range(crew.officers)]
    names += [f"{platform_id}-A{number + 1}" for number in range(crew.auxiliaries)]
    plans = np.concatenate([manning.officers, manning.auxiliaries])
    units = _units(platform_id, crew, manning, shifts)
    for person, name in enumerate(names):
        rank: Rank = "officer" if person < crew.officers else "auxiliary"
        for day, code in enumerate(plans[person].tolist()):
            if code in (OFF, LEAVE):
                duty: Literal["off", "leave"] = "off" if code == OFF else "leave"
                yield RosterRow(platform_id, name, rank, day + 1, "", "", duty)
            else:
                unit = units[day][person]
                yield RosterRow(platform_id, name, rank, day + 1, shifts.names[code], unit, "on")


def _units(
    platform_id: str, crew: Crew, manning: Manning, shifts: DutyShifts
) -> list[dict[int, str]]:
    """Seat everybody on duty: day by day, person -> unit."""
    seated: list[dict[int, str]] = []
    for day in range(DAYS):
        seats: dict[int, str] = {}
        for shift in range(len(shifts)):
            officers = np.flatnonzero(manning.officers[:, day] == shift).tolist()
            others = np.flatnonzero(manning.auxiliaries[:, day] == shift) + crew.officers
            vehicles = manning.vehicles[day % WEEKDAYS, shift].tolist()
            seats |= _seats(platform_id, crew, vehicles, officers, others.tolist())
        seated.append(seats)
    return seated


def _seats(
    platform_id: str,
    crew: Crew,
    vehicles: Sequence[int],
    officers: list[int],
    auxiliaries: list[int],
) -> dict[int, str]:
    """Fill the seats of one shift: officers' first, the others by auxiliaries, then by officers."""
    seats: dict[int, str] = {}
    open_seats: list[str] = []
    waiting = list(officers)
    for kind, count in enumerate(vehicles):
        for number in range(1, count + 1):
            unit = unit_name(platform_id, VEHICLES[kind], number)
            for _ in range(crew.officers_aboard[kind]):
                seats[waiting.pop(0)] = unit
            open_seats += [unit] * (crew.aboard[kind] - crew.officers_aboard[kind])
    people = [*auxiliaries, *waiting]
    seats.update(zip(people, open_seats, strict=False))
    for person in people[len(open_seats) :]:
        seats[person] = spare_name(platform_id)
    return seats
