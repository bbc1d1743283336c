"""From people and need to lines: what a crew can man, and the smallest fix where it falls short."""

from __future__ import annotations

import dataclasses
from itertools import count

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.cp_search import search
from optimizer.deployment.lines import Lines, draw_lines, fair_lines, most_minutes
from optimizer.deployment.staffing import (
    Hours,
    Need,
    Staffing,
    Week,
    fewest_people,
    short_of,
    staff,
)
from optimizer.deployment.work_rules import WorkRules

Ints = NDArray[np.int64]
_EFFORT = 0.5
_PATIENCE = 3


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Manning:
    """Vehicles manned every week, and everybody's four weeks.

    Parameters
    ----------
    vehicles
        By weekday, shift and kind, shape (7, s, 3).
    officers, auxiliaries
        Shift, OFF or LEAVE by person and day, shapes (o, 28) and (a, 28).
    is_proven
        Nothing worth more fits into the people's hours, whatever the lines.
    """

    vehicles: Ints
    officers: Ints
    auxiliaries: Ints
    is_proven: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Fix:
    """So many more people, and every needed vehicle is manned."""

    officers: int
    auxiliaries: int


def man(need: Need, rules: WorkRules) -> Manning:
    """Man as much as the crew can: needed vehicles first, then further ones evenly.

    The staffing program says what the hours allow. Where no lines are found for that, a shift a
    week is spared of the rank that lacks them, and another, until there are.
    """
    bound = staff(need, rules, Hours(most_minutes(rules)))
    staffing, people = _man_what_lines_do(need, rules, bound)
    if short_of(need, staffing.vehicles).any() and not short_of(need, bound.vehicles).any():
        # Lines may be missing for further vehicles only; what the smallest fix promises must hold.
        staffing, people = _man_needed_only(need, rules) or (staffing, people)
    is_proven = bound.is_proven and staffing.worth == bound.worth
    if not is_proven:
        staffing, people = _improve(need, rules, staffing, people)
        is_proven = staffing.is_proven or staffing.worth == bound.worth
    fair = (
        fair_lines(need.crew.officers, staffing.officers, rules),
        fair_lines(need.crew.auxiliaries, staffing.auxiliaries, rules),
    )
    officers, auxiliaries = (
        plain if better is None else better for better, plain in zip(fair, people, strict=True)
    )
    return Manning(staffing.vehicles, officers, auxiliaries, is_proven)


def _improve(
    need: Need, rules: WorkRules, known: Staffing, people: tuple[Ints, Ints]
) -> tuple[Staffing, tuple[Ints, Ints]]:
    """Look for more with staffing and lines in one program, from a known answer on."""
    week = Week(need, rules)
    week.limit(need.crew.officers, need.crew.auxiliaries, Hours(most_minutes(rules)))
    week.aim()
    week.start_from(known)
    officers = Lines(need.crew.officers, rules, week.model)
    officers.cover(week.officers)
    officers.start_from(people[0])
    auxiliaries = Lines(need.crew.auxiliaries, rules, week.model)
    auxiliaries.cover(week.auxiliaries)
    auxiliaries.start_from(people[1])
    found = search(week.model, effort=_EFFORT)
    if found is None or week.staffing(found).worth < known.worth:
        return dataclasses.replace(known, is_proven=False), people
    return week.staffing(found), (officers.plans(found.value), auxiliaries.plans(found.value))


def _man_what_lines_do(
    need: Need, rules: WorkRules, staffing: Staffing
) -> tuple[Staffing, tuple[Ints, Ints]]:
    """Spare shifts of the rank that lacks lines until there are lines for both."""
    hours, shift = Hours(most_minutes(rules)), max(rules.minutes)
    while True:
        officers = draw_lines(need.crew.officers, staffing.officers, rules)
        auxiliaries = draw_lines(need.crew.auxiliaries, staffing.auxiliaries, rules)
        if officers is not None and auxiliaries is not None:
            return staffing, (officers, auxiliaries)
        hours = dataclasses.replace(
            hours,
            spared_officers=hours.spared_officers + shift * (officers is None),
            spared_auxiliaries=hours.spared_auxiliaries + shift * (auxiliaries is None),
        )
        staffing = staff(need, rules, hours)


def smallest_fix(need: Need, rules: WorkRules) -> Fix:
    """Find how many more people man every needed vehicle: as few as are found.

    The staffing program with people as variables says below which number the hours do not do; from
    there on numbers are tried in turn, in growing steps once several did not do.
    """
    crew = need.crew
    fewest, auxiliaries = fewest_people(need, rules, Hours(most_minutes(rules)))
    for extra in count():
        people = fewest + auxiliaries + extra + max(0, extra - _PATIENCE) ** 2
        for officers in range(fewest, min(fewest + _PATIENCE, people - crew.auxiliaries + 1)):
            more = crew.with_people(officers, people - officers)
            if _man_needed_only(dataclasses.replace(need, crew=more), rules) is not None:
                return Fix(officers - crew.officers, people - officers - crew.auxiliaries)
    raise AssertionError("numbers do not end")


def _man_needed_only(need: Need, rules: WorkRules) -> tuple[Staffing, tuple[Ints, Ints]] | None:
    """Man every needed vehicle and no other; None: no lines were found that do."""
    staffing = staff(need, rules, Hours(most_minutes(rules)), only_needed=True)
    if short_of(need, staffing.vehicles).any():
        return None
    officers = draw_lines(need.crew.officers, staffing.officers, rules)
    if officers is None:
        return None
    auxiliaries = draw_lines(need.crew.auxiliaries, staffing.auxiliaries, rules)
    return None if auxiliaries is None else (staffing, (officers, auxiliaries))
