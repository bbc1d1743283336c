"""What a crew can man, by hand, by trying everything, and by another solver."""

from __future__ import annotations

import dataclasses
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import coo_array

from optimizer.deployment import CrewSettings
from optimizer.deployment.manning import man, smallest_fix
from optimizer.deployment.roster import full_need
from optimizer.deployment.staffing import Need, short_of, units_needed
from tests.deployment.crews import faults, parts, roster
from tests.independent.roster_checker import Duty, roster_faults

ONE_MOTORCYCLE = {"command_vehicles": 0, "response_cars": 0, "motorcycles": 1, "always": {}}


def need_of(crew: CrewSettings, units: int) -> Need:
    own, shifts, _ = parts(crew)
    return Need(own, ((units,) * len(shifts),) * 7)


@pytest.mark.parametrize(
    ("hours", "units"), [(0.0, 0), (0.1, 1), (4.8, 1), (4.81, 2), (9.6, 2), (20.0, 5)]
)
def test_units_needed_keep_the_work_at_or_below_the_line(hours: float, units: int) -> None:
    """In a shift of 8 hours and a line of 60 % a unit has 4.8 hours for calls."""
    assert units_needed(hours, 8, 0.6) == units


def test_short_vehicles_count_by_kind_and_then_by_number() -> None:
    need = need_of(CrewSettings(always={"response_car": 1}), 3)
    vehicles = np.zeros((7, 3, 3), int)
    vehicles[0, 0] = (0, 1, 2)
    vehicles[0, 1] = (0, 0, 3)  # three units, but not the car
    vehicles[0, 2] = (1, 2, 0)
    assert short_of(need, vehicles)[0].tolist() == [0, 1, 1]
    assert short_of(need, vehicles)[1].tolist() == [3, 3, 3]


def test_the_usual_crew_by_hand() -> None:
    """8 officers at 44 hours give 22 duties each in four weeks, 44 a week: two cars in 21 shifts
    take 42 and leave two for the command vehicle. 24 auxiliaries give 132 a week: four motorcycles
    and a seat in each car take 126, two command shifts two more.
    """
    crew = CrewSettings()
    found = man(need_of(crew, 1), parts(crew)[2])
    assert found.vehicles.sum(axis=(0, 1)).tolist() == [2, 42, 84]
    assert found.is_proven
    assert found.vehicles[..., 1:].min(axis=(0, 1)).tolist() == [2, 4], "all response units, always"


def test_everything_around_the_clock_takes_seven_people_more() -> None:
    """Ten people in 21 shifts are 210 duties a week; at 5.5 a person 38 people are too few, and
    three officers in each shift are 63 duties, so that 11 are.
    """
    crew = CrewSettings()
    own, shifts, rules = parts(crew)
    fix = smallest_fix(full_need(own, len(shifts)), rules)
    assert fix is not None
    assert fix.officers + fix.auxiliaries == 39 - 32
    assert own.officers + fix.officers >= 12


def test_a_crew_too_small_is_short_and_the_fix_is_the_smallest() -> None:
    """One officer gives 22 duties, and a car around the clock takes 84 of an officer and 84 more.

    Four of each have 88; with three officers, or seven people, the hours do not do.
    """
    crew = CrewSettings(officers=1, auxiliaries=0)
    need, rules = need_of(crew, 1), parts(crew)[2]
    found = man(need, rules)
    assert found.is_proven
    assert short_of(need, found.vehicles).sum() == 21, "a car needs two"
    fix = smallest_fix(need, rules)
    assert fix is not None
    assert (fix.officers, fix.auxiliaries) == (3, 4)
    enough = dataclasses.replace(need, crew=need.crew.with_people(4, 4))
    assert not short_of(need, man(enough, rules).vehicles).any()


def test_no_people_man_vehicles_that_are_not_there() -> None:
    """Seven units are needed of six."""
    crew = CrewSettings()
    assert smallest_fix(need_of(crew, 7), parts(crew)[2]) is None


UNUSUAL = [
    {"leave_days": 8},
    {"leave_days": 27},
    {"most_days": 1},
    {"shifts": 6},
    {"shifts": 24, "rest_hours": 48, "most_days": 1, "leave_days": 27},
]


@pytest.mark.parametrize("rules", UNUSUAL)
def test_unusual_rules_end_after_a_count_of_searches_with_a_valid_roster(
    rules: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Manning and fix have a count of work each, and every search takes some of it."""
    searches = []
    solve = cp_model.CpSolver.solve

    def counted(solver: cp_model.CpSolver, model: cp_model.CpModel) -> object:
        searches.append(solver.parameters.max_deterministic_time)
        return solve(solver, model)

    monkeypatch.setattr(cp_model.CpSolver, "solve", counted)
    crew = CrewSettings(officers=4, auxiliaries=9, motorcycles=2, **rules)
    found = roster(crew, 0.01)
    assert faults(found, crew) == []
    assert len(searches) < 60
    assert max(searches) <= 2.0


def test_a_long_leave_keeps_some_of_a_line_away_not_all() -> None:
    """Four people with eight days of leave each: one or two are away at a time, so that two of them
    man a motorcycle on every day of the week.
    """
    crew = CrewSettings(officers=0, auxiliaries=4, leave_days=8, shifts=1, **ONE_MOTORCYCLE)
    crew = crew.model_copy(update={"hours_per_week": 60})
    assert man(need_of(crew, 0), parts(crew)[2]).vehicles.sum() == 7


RULES = [
    {"rest_hours": 12, "most_days": 6, "leave_days": 2, "hours_per_week": 48},
    {"rest_hours": 24, "most_days": 3, "leave_days": 3, "hours_per_week": 60},
    {"rest_hours": 13, "most_days": 5, "leave_days": 0, "hours_per_week": 84},
    {"rest_hours": 36, "most_days": 2, "leave_days": 5, "hours_per_week": 40},
]


@pytest.mark.parametrize("rules", RULES)
def test_one_person_against_every_week_there_is(rules: dict[str, float]) -> None:
    """A shift manned every week is worked every week, so one person's best is a week repeated, with
    days of leave somewhere in the first: all 3 ** 7 weeks are tried, and judged by the checker.
    """
    crew = CrewSettings(officers=1, auxiliaries=0, shifts=2, **ONE_MOTORCYCLE, **rules)
    found = man(need_of(crew, 0), parts(crew)[2])
    duty = Duty({"early": (0, 12), "late": (12, 24)}, {"moto": (1, 1, 0)}, **rules)
    length = int(rules["leave_days"])
    best = 0
    for week in product(("", "early", "late"), repeat=7):
        worked = sum(map(bool, week))
        starts = [d for d in range(8 - length) if not any(week[d : d + length])]
        if worked > best and starts and not roster_faults(rows(week, starts[0], length), duty):
            best = worked
    assert found.vehicles.sum() == best
    assert found.is_proven


def rows(week: tuple[str, ...], start: int, length: int) -> list[dict[str, object]]:
    leave = range(start + 1, start + length + 1)
    return [
        {
            "person": "O1", "rank": "officer", "day": day, "shift": week[(day - 1) % 7],
            "unit": "P-moto1" if week[(day - 1) % 7] else "",
            "duty": "on" if week[(day - 1) % 7] else "leave" if day in leave else "off",
        }
        for day in range(1, 29)
    ]  # fmt: skip


@pytest.mark.parametrize(("people", "rules"), list(product((2, 3), RULES)))
def test_two_and_three_people_against_another_solver(people: int, rules: dict[str, float]) -> None:
    """The program of days and people, written out anew, in HiGHS by way of SciPy."""
    crew = CrewSettings(officers=people, auxiliaries=0, shifts=2, **ONE_MOTORCYCLE, **rules)
    found = man(need_of(crew, 0), parts(crew)[2])
    best = most_shifts_manned(people, **rules)
    assert found.vehicles.sum() <= best
    assert not found.is_proven or found.vehicles.sum() == best
    assert found.vehicles.sum() >= best - 1


def test_where_the_search_for_more_is_left_out_nothing_is_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two people man some shifts, and none are found at first; of many shifts a day, the program
    that would find them is not written down.
    """
    monkeypatch.setattr("optimizer.deployment.manning.effort_of_writing", lambda *_: 2.0)
    crew = CrewSettings(officers=2, auxiliaries=0, shifts=2, **ONE_MOTORCYCLE, **RULES[3])
    found = man(need_of(crew, 0), parts(crew)[2])
    assert found.vehicles.sum() < most_shifts_manned(2, **RULES[3])
    assert not found.is_proven


def most_shifts_manned(
    people: int, rest_hours: float, most_days: int, leave_days: int, hours_per_week: float
) -> int:
    """The most of 14 shifts of 12 hours that two or three people man in each of four weeks."""
    at = np.arange(people * 28 * 2).reshape(people, 28, 2)
    begins = at.size + np.arange(people * 7).reshape(people, 7)  # first day of leave, in week p
    is_manned = at.size + begins.size + np.arange(14).reshape(7, 2)
    rows_: list[tuple[list[int], list[float], float, float]] = []
    for p in range(people):
        rows_.append((at[p].ravel().tolist(), [1] * 56, 0, 4 * hours_per_week // 12))
        if leave_days:
            rows_.append((begins[p].tolist(), [1] * 7, 1, 1))
            rows_.append((begins[p, 8 - leave_days :].tolist(), [1] * (leave_days - 1), 0, 0))
        for day in range(28):
            rows_.append((at[p, day].tolist(), [1, 1], 0, 1))
            run = at[p, (day + np.arange(most_days + 1)) % 28].ravel()
            rows_.append((run.tolist(), [1] * len(run), 0, most_days))
            for shift, gap, other in product((0, 1), (1, 2), (0, 1)):
                if 24 * gap + 12 * (other - shift) - 12 < rest_hours:
                    pair = [at[p, day, shift], at[p, (day + gap) % 28, other]]
                    rows_.append((pair, [1, 1], 0, 1))
        for start, k, shift in product(range(7), range(leave_days), (0, 1)):
            pair = [begins[p, start], at[p, (7 * p + start + k) % 28, shift]]
            rows_.append((pair, [1, 1], 0, 1))
    for week, day, shift in product(range(4), range(7), (0, 1)):
        who = [is_manned[day, shift], *at[:, 7 * week + day, shift]]
        rows_.append((who, [1.0] + [-1.0] * people, -people, 0))
    size = int(is_manned.max()) + 1
    row = np.repeat(np.arange(len(rows_)), [len(r[0]) for r in rows_])
    column = np.concatenate([np.array(r[0], int) for r in rows_])
    value = np.concatenate([np.array(r[1], float) for r in rows_])
    matrix = coo_array((value, (row, column)), shape=(len(rows_), size)).tocsc()
    worth = np.zeros(size)
    worth[is_manned] = -1
    low, high = np.array([r[2] for r in rows_]), np.array([r[3] for r in rows_])
    answer = milp(
        worth, integrality=np.ones(size), bounds=(0, 1),
        constraints=LinearConstraint(matrix, low, high), options={"time_limit": 20},
    )  # fmt: skip
    return round(-answer.fun)


@settings(max_examples=6)
@given(
    officers=st.integers(0, 5),
    auxiliaries=st.integers(0, 7),
    units=st.integers(0, 3),
    more=st.sampled_from([(1, 0), (0, 1), (2, 3)]),
    hours_per_week=st.sampled_from([36, 44, 48]),
)
def test_more_people_never_man_fewer_vehicles(
    officers: int, auxiliaries: int, units: int, more: tuple[int, int], hours_per_week: int
) -> None:
    few = CrewSettings(
        officers=officers, auxiliaries=auxiliaries, hours_per_week=hours_per_week, shifts=2
    )
    many = few.model_copy(
        update={"officers": officers + more[0], "auxiliaries": auxiliaries + more[1]}
    )
    rules = parts(few)[2]
    short = [
        short_of(need, man(need, rules).vehicles).sum()
        for need in (need_of(few, units), need_of(many, units))
    ]
    assert short[1] <= short[0]
