"""Rosters: the independent checker passes all of them, and their figures are their rows'."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.deployment import CrewSettings
from optimizer.deployment.roster import short_vehicles
from optimizer.deployment.staffing import Need
from tests.deployment.crews import faults, manned, parts, roster
from tests.independent.roster_checker import weekday_faults

OVER_MIDNIGHT = {"early": "06:00-13:00", "late": "13:00-21:00", "night": "21:00-06:00"}


@settings(max_examples=8)
@given(
    people=st.tuples(st.integers(0, 6), st.integers(1, 10)),
    shifts=st.sampled_from([{"shifts": 1}, {"shifts": 2}, {"shift_hours": OVER_MIDNIGHT}]),
    rules=st.fixed_dictionaries(
        {
            "hours_per_week": st.sampled_from([24, 40, 44, 56]),
            "rest_hours": st.sampled_from([0, 11, 16, 48]),
            "most_days": st.integers(1, 7),
            "leave_days": st.sampled_from([0, 1, 2, 7, 9]),
        }
    ),
    seed=st.integers(0, 9),
)
def test_the_checker_passes_whatever_is_produced(
    people: tuple[int, int], shifts: dict, rules: dict, seed: int
) -> None:
    crew = CrewSettings(officers=people[0], auxiliaries=people[1], **shifts, **rules)
    hours = np.random.default_rng(seed).gamma(2, 3, (7, len(parts(crew)[1])))
    assert faults(roster(crew, hours, mend=False), crew) == []


def test_the_usual_crew_passes_and_shares_its_nights() -> None:
    """Everybody has about as many nights as everybody else: the relief rotates."""
    crew = CrewSettings()
    found = roster(crew)
    assert faults(found, crew) == []
    assert (found.status, found.short_shifts) == ("optimal", 0)
    nights = Counter(row.person for row in found.rows if row.shift == "night")
    assert len(nights) == 32
    assert max(nights.values()) - min(nights.values()) <= 3
    on_leave = Counter(row.day for row in found.rows if row.duty == "leave")
    assert sum(on_leave.values()) == 2 * 32
    assert max(on_leave.values()) <= 8, "of each four people one is on leave at a time"


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"motorcycles": 2, "officers": 6, "auxiliaries": 18},
        {"officers": 10, "auxiliaries": 28},
        {
            "command_vehicles": 0,
            "response_cars": 1,
            "motorcycles": 2,
            "officers": 4,
            "auxiliaries": 8,
        },
        {"shifts": 2, "officers": 6, "auxiliaries": 14},
    ],
)
def test_vehicles_are_spread_evenly_and_everybody_has_a_sunday(own: dict) -> None:
    """The need is alike on all days: of no kind two more are manned on one weekday than another."""
    crew = CrewSettings(**own)
    found = roster(crew, mend=False)
    assert faults(found, crew) == []
    kinds = ("command_vehicle", "response_car", "motorcycle")
    by_shift = {(n.weekday, n.shift): {kind: n.vehicles[kind] for kind in kinds}
                for n in found.needs}  # fmt: skip
    assert weekday_faults(by_shift) == []
    assert found.without_free_sunday == 0
    sundays = Counter(row.person for row in found.rows if row.day % 7 == 0 and row.duty != "on")
    assert len(sundays) == crew.officers + crew.auxiliaries


def test_a_needed_vehicle_goes_before_a_free_sunday() -> None:
    """Four officers, all needed on Sundays: in cars around the clock, one of them in two shifts."""
    crew = CrewSettings(
        command_vehicles=0, response_cars=2, motorcycles=0, officers=4, auxiliaries=12,
        shifts=2, hours_per_week=56, leave_days=0,
    )  # fmt: skip
    hours = np.zeros((7, 2))
    hours[6] = 12 * 0.6 * 1.5
    found = roster(crew, hours, mend=False)
    assert faults(found, crew) == []
    assert found.short_shifts == 0
    assert [n.vehicles["response_car"] for n in found.needs if n.weekday == 6] == [2, 2]
    assert found.without_free_sunday == 4
    officers = [row for row in found.rows if row.rank == "officer" and row.day % 7 == 0]
    assert {row.duty for row in officers} == {"on"}


def test_two_runs_give_the_same_roster() -> None:
    crew = CrewSettings(officers=3, auxiliaries=6, shifts=2)
    hours = np.random.default_rng(5).gamma(2, 3, (7, 2))
    assert roster(crew, hours) == roster(crew, hours)


def test_utilisation_is_work_over_the_hours_of_manned_units() -> None:
    """Six response units in every shift of 8 hours: 48 hours of duty; 12 hours of work are 25 %."""
    hours = np.full((7, 3), 12.0)
    hours[4, 2] = 24.0
    found = roster(CrewSettings(), hours)
    assert {need.needed for need in found.needs} == {3, 5}
    assert found.needs[0].utilisation == pytest.approx(0.25)
    assert found.busiest == pytest.approx(0.5)
    assert found.utilisation == pytest.approx((20 * 12 + 24) / (21 * 48))


def test_hours_needed_are_those_of_the_needed_vehicles() -> None:
    """A car always and two motorcycles more: four people in 21 shifts of 8 hours."""
    found = roster(CrewSettings(), np.full((7, 3), 12.0))
    assert found.hours_needed == pytest.approx(4 * 21 * 8)
    assert found.hours_available == pytest.approx(32 * 44)


def test_too_few_people_are_said_so_with_the_smallest_fix() -> None:
    """Three units are needed at all hours; 2 + 4 people cannot, those that the fix makes can."""
    crew = CrewSettings(officers=2, auxiliaries=4)
    found = roster(crew, 12.0)
    assert (found.status, found.short_vehicles) == ("infeasible", 0)
    units = [(need.vehicles["response_car"], need.vehicles["motorcycle"]) for need in found.needs]
    short = [cars < 1 or cars + motorcycles < 3 for cars, motorcycles in units]
    assert found.short_shifts == 4 * sum(short)
    assert faults(found, crew) == []
    mended = crew.model_copy(
        update={
            "officers": 2 + found.short_officers,
            "auxiliaries": 4 + found.short_auxiliaries,
        }
    )
    assert roster(mended, 12.0).short_shifts == 0
    people = 6 + found.short_officers + found.short_auxiliaries
    assert people == -(-21 * 4 * 2 // 11), "four seats in 21 shifts, 5.5 duties a person"


def test_too_few_vehicles_are_said_so() -> None:
    """40 hours of work in a shift need nine units at 60 %, and there are six."""
    found = roster(CrewSettings(officers=14, auxiliaries=40), 40.0)
    assert (found.status, found.short_vehicles) == ("infeasible", 3)
    assert found.short_shifts == 4 * 21
    assert manned(found)["response_car"] == 42
    assert short_vehicles(Need(parts(CrewSettings())[0], ((9, 1, 1),) * 7)) == 3


def test_a_platform_that_mans_nothing_is_busy_without_end() -> None:
    crew = CrewSettings(officers=0, auxiliaries=1, motorcycles=0)
    found = roster(crew, 1.0)
    assert (found.status, found.busiest) == ("infeasible", float("inf"))
    assert faults(found, crew) == []
