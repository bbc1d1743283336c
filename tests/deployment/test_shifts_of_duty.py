"""Shifts of duty: whose hours hold, and the weekday of calls after midnight."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.demand import DemandSettings
from optimizer.deployment import CrewSettings
from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.deployment.work_rules import WorkRules
from optimizer.errors import InputError

OVER_MIDNIGHT = {"late": "14:00-22:00", "night": "22:00-06:00", "early": "06:00-14:00"}


def shifts_of(demand: DemandSettings | None = None, **crew: object) -> DutyShifts:
    return DutyShifts.from_settings(CrewSettings(**crew), demand or DemandSettings())


def test_hours_come_from_the_crew_then_from_demand_then_from_equal_parts() -> None:
    demand = DemandSettings(shifts={"work": "06:00-18:00", "rest": "18:00-06:00"})
    assert shifts_of(demand, shift_hours=OVER_MIDNIGHT).names == ("early", "late", "night")
    assert shifts_of(demand, shifts=2).names == ("work", "rest")
    third = shifts_of(demand, shifts=3)
    assert third.names == ("shift 1", "shift 2", "shift 3")
    assert third.start == (0, 480, 960)
    assert third.minutes == (480, 480, 480)


def test_seven_shifts_fill_the_day_to_the_minute() -> None:
    seven = shifts_of(shifts=7)
    assert sum(seven.minutes) == 1440
    assert max(seven.minutes) - min(seven.minutes) <= 1


def test_one_shift_is_the_whole_day() -> None:
    whole = shifts_of(shifts=1)
    assert (whole.start, whole.end) == ((0,), (1440,))


def test_one_shift_begins_when_it_is_said_to() -> None:
    whole = shifts_of(shifts=1, shift_hours={"a": "06:00-06:00"})
    assert (whole.start, whole.end) == ((360,), (1800,))
    time = np.array(["2026-11-23T05:59", "2026-11-23T06:00"], dtype="M8[m]")
    assert whole.place(time, np.array([True, True]))[0].tolist() == [6, 0]
    demand = DemandSettings(shifts={"a": "08:00-08:00"})
    assert shifts_of(demand, shifts=1).start == (480,)


def test_a_call_after_midnight_belongs_to_the_day_before() -> None:
    shifts = shifts_of(shift_hours=OVER_MIDNIGHT)
    assert (shifts.start[2], shifts.end[2]) == (22 * 60, 30 * 60)
    time = np.array(
        ["2026-11-23T05:59", "2026-11-23T06:00", "2026-11-23T22:00", "2026-11-22T23:00",
         "2026-11-24T00:00"], dtype="M8[m]",
    )  # fmt: skip
    weekday, shift = shifts.place(time, np.array([True, True, True, True, False]))
    assert [shifts.names[code] for code in shift[:4]] == ["night", "early", "night", "night"]
    assert weekday.tolist() == [6, 0, 0, 6, 1], "2026-11-23 is a Monday"
    assert shift[4] == -1


@pytest.mark.parametrize(
    ("crew", "sentence"),
    [
        ({"shifts": 2, "shift_hours": OVER_MIDNIGHT}, "shifts is 2, but shift_hours has 3"),
        ({"shift_hours": {"day": "06:00-18:00"}}, "00:00 is in none"),
        ({"shift_hours": {"day": "noon"}}, "no span of the day"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(crew: dict[str, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        shifts_of(**crew)


def test_all_faults_of_the_hours_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        shifts_of(shifts=2, shift_hours={"day": "noon", "late": "18:00-25:00", "on": "06:00-07:00"})
    assert len(caught.value.faults) == 3
    assert [fault for fault in caught.value.faults if "'noon' is no span" in fault]
    assert [fault for fault in caught.value.faults if "goes past 24:00" in fault]


def test_a_week_too_short_for_a_single_shift_is_refused_with_the_least_that_would_do() -> None:
    crew = CrewSettings(shifts=1, hours_per_week=5)
    with pytest.raises(InputError, match=r"shift of 24 hours once in four weeks.*at least 6,"):
        WorkRules.from_settings(crew, DutyShifts.from_settings(crew, DemandSettings()))


def test_what_may_not_follow_a_shift() -> None:
    crew = CrewSettings(rest_hours=11)
    rules = WorkRules.from_settings(crew, DutyShifts.from_settings(crew, DemandSettings()))
    night, day, evening = rules.shifts
    assert rules.too_soon(evening, 1) == [night, day]
    assert rules.too_soon(day, 1) == [night]
    assert rules.too_soon(night, 1) == []
    assert rules.clashes() == [(day, 1, [night]), (evening, 1, [night, day])]
    assert rules.apart(day) == ([day, evening], [night])
