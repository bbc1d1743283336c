"""Who works when: lines of four weeks that give every shift of the week its people.

A line is a plan of 28 days. Four people work it, each a week after the one before, so that every
week has each of its weeks once and all four share its nights and weekends: the relief rotates. The
up to three people of a rank that are left have a line each. In a large rank, teams work most of the
lines, as many people in each week of it. The four weeks repeat.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from optimizer.deployment.cp_search import Budget, search
from optimizer.deployment.staffing import LINE, WEEKDAYS, free_each_sunday
from optimizer.deployment.work_rules import DAYS, WEEKS, WorkRules

Ints = NDArray[np.int64]
OFF, LEAVE = -1, -2
"""Days without a shift."""
_EFFORT = 0.8
_FAIR_EFFORT = 0.65
_SLACKS = (0, 2)
_PART = 3
"""A search takes at most one part in so many of the budget left, so that others may follow."""
_MOST_SHARED, _OF_FOUR = 12, 4
"""About so many lines that people share do for any rank; so many of them, at least, are of four."""
_WRITING = 3e-5
"""Effort of writing down one variable or constraint of the program, about seconds."""


def idle_lines(people: int, rules: WorkRules) -> Ints:
    """Give everybody a plan without a duty, of the shape of :func:`draw_lines`."""
    plans = np.full((people, DAYS), OFF)
    for person, plan in enumerate(plans):
        plan[(WEEKDAYS * (person % WEEKS) + np.arange(rules.leave_days)) % DAYS] = LEAVE
    return plans


def effort_of_writing(people: int, rules: WorkRules) -> float:
    """Estimate the effort of writing down the program of so many people, about seconds."""
    of_a_day = len(rules.shifts) + len(rules.clashes())
    return _WRITING * len(_people_of_lines(people)) * DAYS * of_a_day


def _people_of_lines(people: int) -> list[int]:
    """Tell how many people work each line of a rank: teams, then four, then one alone."""
    shared = people // LINE
    in_teams = max(0, shared - _OF_FOUR)
    team = max(1, -(-in_teams // (_MOST_SHARED - _OF_FOUR)))
    teams, rest = divmod(in_teams, team)
    last = [LINE * rest] if rest > _OF_FOUR else [LINE] * rest
    of_four = [LINE] * (shared - in_teams)
    return [LINE * team] * teams + last + of_four + [1] * (people % LINE)


def draw_lines(
    people: int, wanted: Ints, rules: WorkRules, budget: Budget, *, free_sunday: bool = False
) -> Ints | None:
    """Give everybody a plan of four weeks such that enough are on duty in every shift.

    Parameters
    ----------
    people
        Number of them.
    wanted
        People on duty by weekday and shift, shape (7, s), every week.
    free_sunday
        Everybody has a Sunday on which no duty begins.

    Returns
    -------
    Shift, OFF or LEAVE of each on each day, shape (people, 28); None: there is no such plan, or
    none was found.
    """
    return _search(people, wanted, rules, budget, free_sunday=free_sunday)


def fair_lines(
    people: int, wanted: Ints, rules: WorkRules, budget: Budget, *, free_sunday: bool = False
) -> Ints | None:
    """Do as :func:`draw_lines`, with everybody's share of nights and of all duties nearly equal.

    If it can be, everybody has as many free Sundays as the others, or one more; else everybody has
    one; else, unless ``free_sunday`` asks for that, some have none.
    """
    can_be_free = int(wanted[-1].sum()) <= people - free_each_sunday(people)
    tries: list[tuple[int, dict[str, bool]]] = [
        (slack, {"even_sundays": True}) for slack in _SLACKS
    ]
    tries += [(_SLACKS[-1], {"free_sunday": True})] if can_be_free else []
    tries += [] if free_sunday else [(slack, {}) for slack in _SLACKS]
    for slack, of_sundays in tries:
        plans = _search(people, wanted, rules, budget, slack=slack, **of_sundays)
        if plans is not None:
            return plans
    return None


def _search(
    people: int,
    wanted: Ints,
    rules: WorkRules,
    budget: Budget,
    *,
    slack: int | None = None,
    even_sundays: bool = False,
    free_sunday: bool = False,
) -> Ints | None:
    """Search for plans, with shares this near each other; None: however they are shared."""
    if people == 0:
        return None if wanted.any() else np.empty((0, DAYS), np.int64)
    if budget.left <= effort_of_writing(people, rules):
        return None
    lines = Lines(people, rules)
    lines.cover(wanted)
    if slack is not None:
        lines.share(wanted, slack)
    if even_sundays:
        lines.share_sundays(wanted)
    elif free_sunday:
        lines.free_a_sunday()
    effort = _EFFORT if slack is None else _FAIR_EFFORT
    effort = min(effort, budget.left / _PART)
    found = search(lines.model, effort=effort, budget=budget, relax=False)
    return None if found is None else lines.plans(found.value)


@functools.lru_cache(maxsize=64)
def most_minutes(rules: WorkRules) -> int:
    """Find the most that one person can be on duty in four weeks."""
    lines = Lines(1, rules)
    worked = lines.minutes_of(0)
    lines.model.maximize(worked)
    found = search(lines.model, effort=2.0)
    return rules.most_minutes if found is None or not found.is_optimal else found.value(worked)


class Lines:
    """The program of one rank: ``on[line][day][shift]``, and the first day of each line's leave."""

    def __init__(
        self, people: int, rules: WorkRules, model: cp_model.CpModel | None = None
    ) -> None:
        self.model = cp_model.CpModel() if model is None else model
        self._rules = rules
        self._clashes = rules.clashes()
        self._people = _people_of_lines(people)
        self._on = [
            [[self.model.new_bool_var("") for _ in rules.shifts] for _ in range(DAYS)]
            for _ in self._people
        ]
        self._leave: list[dict[int, cp_model.IntVar]] = []
        for line, days in enumerate(self._on):
            self._rest(days)
            self.model.add(self.minutes_of(line) <= rules.most_minutes)
            alone = line - (len(self._people) - people % LINE)
            self._leave.append(self._grant_leave(days, max(0, alone) % WEEKS))

    def minutes_of(self, line: int) -> cp_model.LinearExpr:
        """Sum the minutes on duty of a line."""
        return sum(
            length * on
            for day in self._on[line]
            for length, on in zip(self._rules.minutes, day, strict=True)
        )

    def _rest(self, days: list[list[cp_model.IntVar]]) -> None:
        rules = self._rules
        for at in range(DAYS):
            self.model.add_at_most_one(days[at])
            for shift, later, soon in self._clashes:
                then = days[(at + later) % DAYS]
                self.model.add_at_most_one([days[at][shift], *(then[other] for other in soon)])
            if rules.most_days < DAYS:
                row = [on for k in range(rules.most_days + 1) for on in days[(at + k) % DAYS]]
                self.model.add(sum(row) <= rules.most_days)

    def _grant_leave(
        self, days: list[list[cp_model.IntVar]], week: int
    ) -> dict[int, cp_model.IntVar]:
        """Keep a line's days of leave free, in one week of it.

        Nobody's leave is then cut in two by the end of the four weeks, unless it is longer than a
        week.
        """
        length = self._rules.leave_days
        if length == 0:
            return {}
        first = WEEKDAYS * week
        count = WEEKDAYS - length + 1 if length <= WEEKDAYS else WEEKDAYS
        begins = {day: self.model.new_bool_var("") for day in range(first, first + count)}
        self.model.add_exactly_one(begins.values())
        for day, is_first in begins.items():
            for k in range(length):
                for on in days[(day + k) % DAYS]:
                    self.model.add_implication(is_first, ~on)
        return begins

    def cover(self, wanted: Ints | Sequence[Sequence[cp_model.LinearExprT]]) -> None:
        """Have enough people on duty in every shift of every week."""
        alone = [days for days, count in zip(self._on, self._people, strict=True) if count == 1]
        shared = [(days, count // LINE) for days, count in zip(self._on, self._people, strict=True)]
        for weekday, shift in product(range(WEEKDAYS), self._rules.shifts):
            dates = range(weekday, DAYS, WEEKDAYS)
            together = [team * days[date][shift] for days, team in shared if team for date in dates]
            for date in dates if alone else dates[:1]:
                on_duty = together + [days[date][shift] for days in alone]
                self.model.add(sum(on_duty) - wanted[weekday][shift] >= 0)

    def share(self, wanted: Ints, slack: int) -> None:
        """Hold everybody's duties in each shift, and in all, near those of the others."""
        people = sum(self._people)
        for shifts in [[shift] for shift in self._rules.shifts] + [list(self._rules.shifts)]:
            duties = WEEKS * int(wanted[:, shifts].sum())
            least, most = duties // people, -(-duties // people)
            for days in self._on:
                worked = sum(day[shift] for day in days for shift in shifts)
                self.model.add(worked >= least - slack)
                self.model.add(worked <= most + slack)

    def free_a_sunday(self) -> None:
        """Keep a Sunday of each line free of duties that begin on it."""
        for days in self._on:
            sundays = days[WEEKDAYS - 1 :: WEEKDAYS]
            self.model.add(sum(on for day in sundays for on in day) < WEEKS)

    def share_sundays(self, wanted: Ints) -> None:
        """Hold the Sundays on which a duty of each line begins within one of each other."""
        least, rest = divmod(WEEKS * int(wanted[-1].sum()), sum(self._people))
        for days in self._on:
            worked = sum(on for day in days[WEEKDAYS - 1 :: WEEKDAYS] for on in day)
            self.model.add_linear_constraint(worked, least, min(WEEKS, least + (rest > 0)))

    def start_from(self, plans: Ints) -> None:
        """Hand over a known answer; of a line that several work, the first one's plan."""
        person = 0
        for days, begins, count in zip(self._on, self._leave, self._people, strict=True):
            plan = plans[person]
            for day, shift in np.ndindex(DAYS, len(self._rules.shifts)):
                self.model.add_hint(days[day][shift], bool(plan[day] == shift))
            for day, is_first in begins.items():
                before = plan[day - 1] == LEAVE and self._rules.leave_days < DAYS
                self.model.add_hint(is_first, bool(plan[day] == LEAVE and not before))
            person += count

    def plans(self, value: Callable[[cp_model.IntVar], int]) -> Ints:
        """Read everybody's plan from an answer."""
        rows = []
        for line, count in enumerate(self._people):
            plan = np.full(DAYS, OFF)
            for day, shift in np.ndindex(DAYS, len(self._rules.shifts)):
                if value(self._on[line][day][shift]):
                    plan[day] = shift
            for day, is_first in self._leave[line].items():
                if value(is_first):
                    plan[(day + np.arange(self._rules.leave_days)) % DAYS] = LEAVE
            rows += [np.roll(plan, -WEEKDAYS * k) for k in range(count)]
        return np.array(rows)
