"""From people and need to lines: what a crew can man, and the smallest fix where it falls short."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from itertools import count

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.cp_search import Budget, search
from optimizer.deployment.crews import Crew
from optimizer.deployment.lines import (
    Lines,
    draw_lines,
    effort_of_writing,
    fair_lines,
    idle_lines,
    most_minutes,
)
from optimizer.deployment.staffing import (
    Hours,
    Need,
    Staffing,
    Week,
    fewest_people,
    level,
    man_nothing,
    short_of,
    staff,
)
from optimizer.deployment.work_rules import WorkRules

Ints = NDArray[np.int64]
Known = tuple[Staffing, tuple[Ints, Ints]]
"""Vehicles manned, and plans of officers and auxiliaries that man them."""
_IMPROVING, _MANNING, _NEEDED, _LEVEL, _FAIR = 0.5, 4.0, 5.0, 0.5, 2.0
_FIX_IN_TURN, _FIX_IN_PARTS = 2.5, 2.5
"""Counts of work that the parts of an answer may take, about seconds."""
_PARTS = (1.1, 1.25, 1.6, 2.5)
_PATIENCE = 3
_LEAST_SPARED = 240
"""Minutes."""
_HURRY = 3
"""Further shifts spared at a time once half of the budget is gone; more later."""


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

    The staffing program says what the hours allow, and whose rank can have a Sunday off for
    everybody without a needed vehicle less. Where no lines are found for that, shifts of a week
    are spared of the rank that lacks them until there are. What all this may take is a count
    of work; the best found within it is returned, and is_proven is False where more may be manned.
    """
    bound, hours = _most_by_hours(need, rules)
    known = None if bound is None else _man_what_lines_do(need, rules, hours, bound)
    can_man_all = bound is None or not short_of(need, bound.vehicles).any()
    if can_man_all and (known is None or short_of(need, known[0].vehicles).any()):
        # Lines may be missing for further vehicles only; what the smallest fix promises must hold.
        free = dataclasses.replace(hours, sundays=(False, False))
        for each in dict.fromkeys((hours, free)):
            needed = _man_needed_only(need, rules, each, Budget(_NEEDED))
            if needed is not None:
                known, hours = needed, each
                break
    staffing, people = known or _stay_at_home(need, rules)
    most = bound.worth if bound is not None and bound.is_proven else None
    is_proven = staffing.worth == most
    if not is_proven:
        staffing, people = _improve(need, rules, hours, staffing, people)
        is_proven = staffing.is_proven or staffing.worth == most
    staffing, people = _made_fair(need, rules, hours, staffing, people)
    return Manning(staffing.vehicles, *people, is_proven)


def _most_by_hours(need: Need, rules: WorkRules) -> tuple[Staffing | None, Hours]:
    """Find what hours allow, with a Sunday off for the ranks where no needed vehicle suffers."""
    budget, free = Budget(_MANNING), Hours(most_minutes(rules))
    most = staff(need, rules, free, budget)
    if most is None:
        return None, free
    short = int(short_of(need, most.vehicles).sum())
    for sundays in ((True, True), (False, True), (True, False)):
        hours = dataclasses.replace(free, sundays=sundays)
        found = staff(need, rules, hours, budget)
        if found is not None and int(short_of(need, found.vehicles).sum()) <= short:
            return found, hours
    return most, free


def _made_fair(
    need: Need, rules: WorkRules, hours: Hours, staffing: Staffing, people: tuple[Ints, Ints]
) -> Known:
    """Spread what is manned evenly over the weekdays, and nights and Sundays over the people."""
    even = level(need, rules, hours, staffing, Budget(_LEVEL))
    if even is not None:
        found = _fair(need, rules, hours, even, None)
        if found is not None:
            return even, found
    return staffing, _fair(need, rules, hours, staffing, people) or people


def _fair(
    need: Need,
    rules: WorkRules,
    hours: Hours,
    staffing: Staffing,
    plain: tuple[Ints, Ints] | None,
) -> tuple[Ints, Ints] | None:
    """Draw fair lines for both ranks, or else any; None: there are none for one of them."""
    drawn = []
    of_ranks = (
        (need.crew.officers, staffing.officers, hours.sundays[0]),
        (need.crew.auxiliaries, staffing.auxiliaries, hours.sundays[1]),
    )
    for rank, (people, wanted, free_sunday) in enumerate(of_ranks):
        plans = fair_lines(people, wanted, rules, Budget(_FAIR), free_sunday=free_sunday)
        if plans is None and plain is not None:
            plans = plain[rank]
        if plans is None:
            plans = draw_lines(people, wanted, rules, Budget(_FAIR), free_sunday=free_sunday)
        if plans is None:
            return None
        drawn.append(plans)
    return drawn[0], drawn[1]


def _stay_at_home(need: Need, rules: WorkRules) -> Known:
    return man_nothing(rules), (
        idle_lines(need.crew.officers, rules),
        idle_lines(need.crew.auxiliaries, rules),
    )


def _improve(
    need: Need, rules: WorkRules, hours: Hours, known: Staffing, people: tuple[Ints, Ints]
) -> Known:
    """Look for more with staffing and lines in one program, from a known answer on."""
    crew = need.crew
    if sum(effort_of_writing(each, rules) for each in (crew.officers, crew.auxiliaries)) > 1:
        return dataclasses.replace(known, is_proven=False), people
    week = Week(need, rules)
    spared = dataclasses.replace(hours, spared_officers=0, spared_auxiliaries=0)
    week.limit(need.crew.officers, need.crew.auxiliaries, spared)
    week.aim()
    week.start_from(known)
    officers = Lines(need.crew.officers, rules, week.model)
    officers.cover(week.officers)
    officers.start_from(people[0])
    if hours.sundays[0]:
        officers.free_a_sunday()
    auxiliaries = Lines(need.crew.auxiliaries, rules, week.model)
    auxiliaries.cover(week.auxiliaries)
    auxiliaries.start_from(people[1])
    if hours.sundays[1]:
        auxiliaries.free_a_sunday()
    found = search(week.model, effort=_IMPROVING)
    if found is None or week.staffing(found).worth < known.worth:
        return dataclasses.replace(known, is_proven=False), people
    return week.staffing(found), (officers.plans(found.value), auxiliaries.plans(found.value))


def _man_what_lines_do(
    need: Need, rules: WorkRules, hours: Hours, staffing: Staffing
) -> Known | None:
    """Spare shifts of the rank that lacks lines until there are lines for both.

    One at a time; after several twice as many each time, and the more, the more of the budget is
    gone. None: it did not do.
    """
    budget, shift = Budget(_MANNING), max(_LEAST_SPARED, *rules.minutes)
    for tried in count():
        officers, auxiliaries = _drawn(need, rules, hours, staffing, budget)
        if officers is not None and auxiliaries is not None:
            return staffing, (officers, auxiliaries)
        left = max(budget.left, _MANNING / 100)
        hurry = int(_HURRY * (_MANNING - left) / left)
        spared = shift * (2 ** max(0, tried - _PATIENCE) + hurry)
        hours = dataclasses.replace(
            hours,
            spared_officers=hours.spared_officers + spared * (officers is None),
            spared_auxiliaries=hours.spared_auxiliaries + spared * (auxiliaries is None),
        )
        fewer = staff(need, rules, hours, budget)
        if fewer is None:
            return None
        staffing = fewer
    raise AssertionError("numbers do not end")


def smallest_fix(need: Need, rules: WorkRules) -> Fix | None:
    """Find how many more people man every needed vehicle: as few as are found.

    The staffing program with people as variables says below which number the hours do not do; from
    there on numbers are tried in turn. Once that has taken its count of work, larger and larger
    parts more are tried for a second count.

    Returns
    -------
    None: unknown. The vehicles are too few for any number of people, or no number was found.
    """
    budget, plain = Budget(_FIX_IN_TURN), Hours(most_minutes(rules))
    fewest = fewest_people(need, rules, plain, budget)
    if fewest is None:
        return None
    for people in _in_turn(need.crew, fewest):
        if budget.left <= 0:
            break
        if _man_needed_only(_with(need, people), rules, plain, budget) is not None:
            return _fix(need.crew, people)
    budget = Budget(_FIX_IN_PARTS)
    for part in _PARTS:
        people = (math.ceil(fewest[0] * part), math.ceil(fewest[1] * part))
        if _man_needed_only(_with(need, people), rules, plain, budget) is not None:
            return _fix(need.crew, people)
    return None


def _in_turn(crew: Crew, fewest: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """List officers and auxiliaries, one more in all each time, without end."""
    officers, auxiliaries = fewest
    for people in count(officers + auxiliaries):
        for some in range(officers, min(officers + _PATIENCE, people - crew.auxiliaries + 1)):
            yield some, people - some


def _with(need: Need, people: tuple[int, int]) -> Need:
    return dataclasses.replace(need, crew=need.crew.with_people(*people))


def _fix(crew: Crew, people: tuple[int, int]) -> Fix:
    return Fix(people[0] - crew.officers, people[1] - crew.auxiliaries)


def _man_needed_only(need: Need, rules: WorkRules, hours: Hours, budget: Budget) -> Known | None:
    """Man every needed vehicle and no other; None: no lines were found that do."""
    staffing = staff(need, rules, hours, budget, only_needed=True)
    if staffing is None or short_of(need, staffing.vehicles).any():
        return None
    officers, auxiliaries = _drawn(need, rules, hours, staffing, budget)
    if officers is None or auxiliaries is None:
        return None
    return staffing, (officers, auxiliaries)


def _drawn(
    need: Need, rules: WorkRules, hours: Hours, staffing: Staffing, budget: Budget
) -> tuple[Ints | None, Ints | None]:
    """Draw lines for both ranks, with free Sundays where hours say so."""
    crew = need.crew
    of_officers, of_auxiliaries = hours.sundays
    return (
        draw_lines(crew.officers, staffing.officers, rules, budget, free_sunday=of_officers),
        draw_lines(
            crew.auxiliaries, staffing.auxiliaries, rules, budget, free_sunday=of_auxiliaries
        ),
    )
