"""How many are on duty in every shift of the week: the staffing program, by hours alone.

It leaves out who works when. What it promises is thus a bound, and what it asks for of each rank is
what :mod:`optimizer.deployment.lines` has to find people for.
"""

from __future__ import annotations

import dataclasses
import math
from itertools import product

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from optimizer.deployment.cp_search import Budget, Found, search
from optimizer.deployment.crews import Crew
from optimizer.deployment.work_rules import WEEKS, WorkRules

Ints = NDArray[np.int64]
WEEKDAYS = 7
LINE = 4
"""People of a line, a week apart."""
_EFFORT = 2.0


@dataclasses.dataclass(frozen=True, slots=True)
class Need:
    """What a platform has, and the response units that its calls need.

    Parameters
    ----------
    units
        By weekday and shift; at least those of ``crew.always``.
    """

    crew: Crew
    units: tuple[tuple[int, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Staffing:
    """Vehicles manned and people on duty in every shift of a week.

    Parameters
    ----------
    vehicles
        Shape (7, s, 3), in the order of VEHICLES.
    officers, auxiliaries
        Shape (7, s).
    worth
        What the program makes of it, see :func:`staff`; its units are alike for one need.
    is_proven
        No staffing within the hours is worth more.
    """

    vehicles: Ints
    officers: Ints
    auxiliaries: Ints
    worth: int
    is_proven: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Hours:
    """What people may work.

    Parameters
    ----------
    most_minutes
        Of one person in four weeks, as far as shifts and rest let him use them.
    spared_officers, spared_auxiliaries
        Minutes per week that are not planned with, since no lines were found that use them.
    sundays
        Whether every officer, and every auxiliary, keeps a Sunday of the four weeks free.
    """

    most_minutes: int
    spared_officers: int = 0
    spared_auxiliaries: int = 0
    sundays: tuple[bool, bool] = (False, False)


def units_needed(hours: float, shift_hours: float, utilisation: float) -> int:
    """Count the units whose hours of work stay within the line: hours / (units x shift) <= line."""
    return math.ceil(hours / (shift_hours * utilisation) - 1e-9)


def short_of(need: Need, vehicles: Ints) -> Ints:
    """Count the needed vehicles that are not manned in each shift, shape (7, s).

    Those always manned count by kind, further response units whatever they are.
    """
    always = np.array(need.crew.always)
    missing = np.maximum(always - vehicles, 0)
    further = np.array(need.units) - always[1:].sum()
    spare = np.maximum(vehicles - always, 0)[..., 1:].sum(axis=-1)
    return np.asarray(missing.sum(axis=-1) + np.maximum(further - spare, 0))


def staff(
    need: Need, rules: WorkRules, hours: Hours, budget: Budget, *, only_needed: bool = False
) -> Staffing | None:
    """Man the needed vehicles first, then further ones evenly, within the hours of the people.

    The k-th response unit beyond the need is worth the less the larger k is, in whatever shift,
    and a command vehicle beyond it less than any; all of them together less than one needed
    vehicle. Days of a week carry as equal loads as that allows.

    Parameters
    ----------
    only_needed
        Man no further vehicles.

    Returns
    -------
    The best found; None: the budget did not do for any, though manning nothing is one.
    """
    week = Week(need, rules)
    week.limit(need.crew.officers, need.crew.auxiliaries, hours)
    week.aim()
    if only_needed:
        week.model.add(week.further == 0)
    found = search(week.model, effort=_EFFORT, budget=budget)
    return None if found is None else week.staffing(found)


def level(
    need: Need, rules: WorkRules, hours: Hours, known: Staffing, budget: Budget
) -> Staffing | None:
    """Spread what a staffing mans as evenly over the weekdays as its worth allows.

    Least is the sum, over the kinds of vehicles and all response units, of the distance of each
    weekday from the mean of the week; then the load of the heaviest day.

    Returns
    -------
    Of the same worth; None: none was found that is more even.
    """
    week = Week(need, rules)
    week.limit(need.crew.officers, need.crew.auxiliaries, hours)
    week.model.add(week.worth >= known.worth)
    week.spread()
    week.start_from(known)
    found = search(week.model, effort=_EFFORT, budget=budget)
    if found is None:
        return None
    even = dataclasses.replace(week.staffing(found), is_proven=known.is_proven)
    return even if unevenness(even.vehicles) < unevenness(known.vehicles) else None


def unevenness(vehicles: Ints) -> int:
    """Sum how far the weekdays lie from the mean of the week, in sevenths of a vehicle.

    By kind, and for all response units together.
    """
    by_day = vehicles.sum(axis=1)
    totals = np.column_stack([by_day, by_day[:, 1:].sum(axis=1)])
    return int(np.abs(WEEKDAYS * totals - totals.sum(axis=0)).sum())


def free_each_sunday(people: int) -> int:
    """Count those who must be off on any one Sunday for each to have one of four: of a line one."""
    return people // LINE + (people % LINE > 0)


def man_nothing(rules: WorkRules) -> Staffing:
    """Leave every vehicle where it stands."""
    shape = (WEEKDAYS, len(rules.shifts))
    nobody = np.zeros(shape, np.int64)
    return Staffing(np.zeros((*shape, 3), np.int64), nobody, nobody, worth=0, is_proven=False)


def fewest_people(
    need: Need, rules: WorkRules, hours: Hours, budget: Budget
) -> tuple[int, int] | None:
    """Count officers and auxiliaries without whom the needed vehicles cannot be manned: a bound.

    Nobody of the crew is sent away. The sum is least, then the officers.

    Returns
    -------
    None: the vehicles are too few, or the budget is.
    """
    if short_of(need, np.broadcast_to(need.crew.vehicles, (WEEKDAYS, len(rules.shifts), 3))).any():
        return None
    crew = need.crew
    week = Week(need, rules)
    most = (
        2
        * WEEKS
        * WEEKDAYS
        * len(rules.shifts)
        * sum(there * aboard for there, aboard in zip(crew.vehicles, crew.aboard, strict=True))
    )
    officers = week.model.new_int_var(crew.officers, crew.officers + most, "officers")
    auxiliaries = week.model.new_int_var(crew.auxiliaries, crew.auxiliaries + most, "auxiliaries")
    week.limit(officers, auxiliaries, hours)
    week.model.add(week.needed == week.most_needed)
    week.model.minimize((most + 1) * (officers + auxiliaries) + officers)
    found = search(week.model, effort=_EFFORT, budget=budget)
    return None if found is None else (found.value(officers), found.value(auxiliaries))


class Week:
    """The program of one week; variables by weekday and shift."""

    def __init__(self, need: Need, rules: WorkRules) -> None:
        self.model = cp_model.CpModel()
        self.vehicles: list[list[list[cp_model.IntVar]]] = []
        self.officers: list[list[cp_model.IntVar]] = []
        self.auxiliaries: list[list[cp_model.LinearExpr]] = []
        self.needed: cp_model.LinearExprT = 0
        self.further: cp_model.LinearExprT = 0
        self.most_needed = 0
        self._rules, self._crew = rules, need.crew
        for day in need.units:
            slots = [self._slot(need.crew, units) for units in day]
            self.vehicles.append([vehicles for vehicles, _, _ in slots])
            self.officers.append([officers for _, officers, _ in slots])
            self.auxiliaries.append([auxiliaries for _, _, auxiliaries in slots])

    @property
    def worth(self) -> cp_model.LinearExprT:
        """Needed vehicles first, then further ones."""
        most = sum(_worths(self._crew)) * WEEKDAYS * len(self._rules.shifts) + 1
        return most * self.needed + self.further

    def aim(self) -> None:
        """Seek the greatest worth, and then equal loads on the days of the week."""
        people = self._crew.officers + self._crew.auxiliaries
        self.model.maximize((people + 1) * self.worth - self._heaviest())

    def spread(self) -> None:
        """Seek equal numbers of vehicles on the days of the week, and then equal loads."""
        people = self._crew.officers + self._crew.auxiliaries
        by_day = [[sum(slot[kind] for slot in day) for kind in range(3)] for day in self.vehicles]
        most = WEEKDAYS * len(self._rules.shifts) * sum(self._crew.vehicles)
        apart: list[cp_model.IntVar] = []
        for kinds in ((0,), (1,), (2,), (1, 2)):
            totals = [sum(day[kind] for kind in kinds) for day in by_day]
            for total in totals:
                apart.append(self.model.new_int_var(0, most, ""))
                self.model.add(apart[-1] >= WEEKDAYS * total - sum(totals))
                self.model.add(apart[-1] >= sum(totals) - WEEKDAYS * total)
        self.model.minimize((people + 1) * sum(apart) + self._heaviest())

    def _heaviest(self) -> cp_model.IntVar:
        """Count the people on duty on the day that has most."""
        people = self._crew.officers + self._crew.auxiliaries
        heaviest = self.model.new_int_var(0, people, "")
        for officers, auxiliaries in zip(self.officers, self.auxiliaries, strict=True):
            self.model.add(heaviest >= sum(officers) + sum(auxiliaries))
        return heaviest

    def staffing(self, found: Found) -> Staffing:
        """Read an answer."""
        return Staffing(
            vehicles=np.array([[[found.value(v) for v in s] for s in d] for d in self.vehicles]),
            officers=np.array([[found.value(o) for o in day] for day in self.officers]),
            auxiliaries=np.array([[found.value(a) for a in day] for day in self.auxiliaries]),
            worth=found.value(self.worth),
            is_proven=found.is_optimal,
        )

    def start_from(self, staffing: Staffing) -> None:
        """Hand over a known answer."""
        for day, shift in np.ndindex(staffing.officers.shape):
            known = staffing.vehicles[day, shift].tolist()
            for vehicles, count in zip(self.vehicles[day][shift], known, strict=True):
                self.model.add_hint(vehicles, count)
            self.model.add_hint(self.officers[day][shift], int(staffing.officers[day, shift]))

    def _slot(
        self, crew: Crew, units: int
    ) -> tuple[list[cp_model.IntVar], cp_model.IntVar, cp_model.LinearExpr]:
        """Add one shift: vehicles, officers and auxiliaries in it."""
        model = self.model
        vehicles = [model.new_int_var(0, there, "") for there in crew.vehicles]
        people = cp_model.LinearExpr.weighted_sum(vehicles, crew.aboard)
        officers = model.new_int_var(0, sum(crew.vehicles) * max(crew.aboard), "")
        model.add(officers >= cp_model.LinearExpr.weighted_sum(vehicles, crew.officers_aboard))
        model.add(officers <= people)
        always = [model.new_int_var(0, count, "") for count in crew.always]
        for manned, base in zip(vehicles, always, strict=True):
            model.add(base <= manned)
        most_needed = max(0, min(units, crew.response_units) - crew.always[1] - crew.always[2])
        needed = model.new_int_var(0, most_needed, "")
        further = [model.new_bool_var("") for _ in range(crew.response_units)]
        response = vehicles[1] + vehicles[2]
        model.add(always[1] + always[2] + needed + sum(further) <= response)
        self.needed += sum(always) + needed
        self.most_needed += sum(crew.always) + most_needed
        *worths, command = _worths(crew)
        self.further += cp_model.LinearExpr.weighted_sum(further, worths)
        self.further += command * (vehicles[0] - always[0])
        return vehicles, officers, people - officers

    def limit(
        self, officers: int | cp_model.IntVar, auxiliaries: int | cp_model.IntVar, hours: Hours
    ) -> None:
        """Hold the weeks of people within their hours, and each to one shift a day."""
        minutes = self._rules.minutes
        for people, on_duty, spared, keeps_sunday in (
            (officers, self.officers, hours.spared_officers, hours.sundays[0]),
            (auxiliaries, self.auxiliaries, hours.spared_auxiliaries, hours.sundays[1]),
        ):
            worked = sum(
                length * count
                for day in on_duty
                for length, count in zip(minutes, day, strict=True)
            )
            most = people * hours.most_minutes
            if isinstance(most, int):
                most = max(0, most - WEEKS * spared)
            self.model.add(WEEKS * worked <= most)
            away = self._on_leave(people) if isinstance(people, int) else [0] * WEEKDAYS
            for day, absent in zip(on_duty, away, strict=True):
                self.model.add(sum(day) <= people - absent)
            if keeps_sunday and isinstance(people, int):
                self.model.add(sum(on_duty[-1]) <= people - free_each_sunday(people))
            for weekday, shift in product(range(WEEKDAYS), self._rules.shifts):
                late, soon = self._rules.apart(shift)
                following = on_duty[(weekday + 1) % WEEKDAYS]
                others = [on_duty[weekday][s] for s in late] + [following[s] for s in soon]
                self.model.add(sum(others) <= people)

    def _on_leave(self, people: int) -> list[cp_model.LinearExpr]:
        """Count, by weekday, the people whom leave keeps from a shift manned every week.

        Of each line somebody is away every week; those with a line each are away in turn. A leave
        of several weeks keeps as many of a line away on all days, and one more on those left over.
        """
        length = self._rules.leave_days
        if length == 0:
            return [0 for _ in range(WEEKDAYS)]
        if length > WEEKDAYS:
            weeks, over = divmod(length, WEEKDAYS)
            always = weeks * (people // LINE) - (-weeks * (people % LINE) // WEEKS)
            starts = [self.model.new_int_var(0, people, "") for _ in range(WEEKDAYS)]
            self.model.add(sum(starts) == people // LINE)
            return [
                sum(starts[(day - k) % WEEKDAYS] for k in range(over)) + always
                for day in range(WEEKDAYS)
            ]
        starts = [self.model.new_int_var(0, people, "") for _ in range(WEEKDAYS - length + 1)]
        self.model.add(sum(starts) == people // LINE + (people % LINE > 0))
        return [sum(starts[max(0, day - length + 1) : day + 1]) + 0 for day in range(WEEKDAYS)]


def _worths(crew: Crew) -> list[int]:
    """Worth of the first, second, ... response unit beyond the need, and of a command vehicle."""
    return [2 * (crew.response_units - rank) for rank in range(crew.response_units)] + [1]
