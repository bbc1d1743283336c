"""The rosters of a plan of Minneapolis, held against the rules of duty and the calls of the grids.

Nothing of the package is imported. Crews are those of the study; seats and rules, of which it
says nothing, those of docs/formats.md.
"""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from .published import Row, column, read_rows
from .roster_checker import Duty, roster_faults, sunday_faults, weekday_faults
from .workload import SHIFTS, hours_of

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis")]

DUTY = Duty(shifts=SHIFTS, vehicles={"command": (1, 2, 1), "car": (2, 2, 1), "moto": (4, 1, 0)})
OFFICERS, AUXILIARIES = 8, 24
COLUMNS = {"command": "command_vehicles", "car": "response_cars", "moto": "motorcycles"}
LINE = 0.6
ALWAYS_CARS = 1


@pytest.fixture(scope="module")
def roster(minneapolis_plan: Path) -> dict[str, list[Row]]:
    """The days of the people of each platform."""
    found: dict[str, list[Row]] = {}
    for row in read_rows(minneapolis_plan, "roster.csv"):
        found.setdefault(row["platform_id"], []).append(row)
    return found


@pytest.fixture(scope="module")
def needs(minneapolis_plan: Path) -> dict[tuple[str, int, str], Row]:
    """What is said of each platform, weekday and shift."""
    rows = read_rows(minneapolis_plan, "staffing.csv")
    return {(row["platform_id"], int(row["weekday"]), row["shift"]): row for row in rows}


@pytest.fixture(scope="module")
def crews(minneapolis_plan: Path) -> dict[str, Row]:
    return {row["platform_id"]: row for row in read_rows(minneapolis_plan, "crews.csv")}


def test_every_platform_has_its_people_and_shifts(
    roster: dict, needs: dict, crews: dict, plan_rows: list[Row]
) -> None:
    ids = [row["platform_id"] for row in plan_rows]
    assert list(roster) == list(crews) == ids
    assert set(needs) == {
        (one, day, shift) for one in ids for day in range(1, 8) for shift in SHIFTS
    }
    for platform in ids:
        ranks = {row["person"]: row["rank"] for row in roster[platform]}
        assert Counter(ranks.values()) == {"officer": OFFICERS, "auxiliary": AUXILIARIES}
        assert all(person.startswith(f"{platform}-") for person in ranks)
        assert all(
            row["unit"].startswith(f"{platform}-") for row in roster[platform] if row["unit"]
        )
        assert [crews[platform][key] for key in ("officers", "auxiliaries")] == [
            str(OFFICERS), str(AUXILIARIES),
        ]  # fmt: skip


def test_rosters_keep_the_rules_and_man_what_is_said(roster: dict, needs: dict) -> None:
    """Rest, days in a row, hours and leave; seats and sworn officers; the vehicles that are said
    to be manned, in all four weeks, and no others.
    """
    for platform, rows in roster.items():
        manned = {
            (weekday - 1, shift): {kind: int(row[name]) for kind, name in COLUMNS.items()}
            for (owner, weekday, shift), row in needs.items()
            if owner == platform
        }
        assert roster_faults(rows, DUTY, manned) == []


def test_sundays_are_shared_and_those_without_are_told(
    roster: dict, needs: dict, crews: dict, summary: dict
) -> None:
    for platform, rows in roster.items():
        on_sundays = {
            rank: sum(int(needs[platform, 7, shift][name]) for shift in SHIFTS)
            for rank, name in (("officer", "officers"), ("auxiliary", "auxiliaries"))
        }
        said = int(crews[platform]["without_free_sunday"])
        assert sunday_faults(rows, said, on_sundays) == []
    told = summary["rosters"]["without_free_sunday"]
    assert told == sum(int(row["without_free_sunday"]) for row in crews.values())


def test_vehicles_are_manned_evenly_over_the_week(needs: dict, roster: dict) -> None:
    """Of each kind weekdays differ by one at most, where the need is alike on all of them."""
    for platform in roster:
        own = {key[1:]: row for key, row in needs.items() if key[0] == platform}
        if all(len({own[day, shift]["needed"] for day in range(1, 8)}) == 1 for shift in SHIFTS):
            by_shift = {
                (day - 1, shift): {kind: int(row[name]) for kind, name in COLUMNS.items()}
                for (day, shift), row in own.items()
            }
            assert weekday_faults(by_shift) == []


def test_days_and_hours_of_the_table_agree(roster: dict, needs: dict) -> None:
    for row in (row for rows in roster.values() for row in rows):
        week, weekday = divmod(int(row["day"]) - 1, 7)
        assert (int(row["week"]), int(row["weekday"])) == (week + 1, weekday + 1)
        begin, end = SHIFTS[row["shift"]] if row["shift"] else (None, None)
        assert row["start"] == ("" if begin is None else f"{begin:02}:00")
        assert row["end"] == ("" if end is None else f"{end % 24:02}:00")
    for (_, _, shift), row in needs.items():
        begin, end = SHIFTS[shift]
        assert (row["start"], row["end"]) == (f"{begin:02}:00", f"{end % 24:02}:00")


def test_people_on_duty_are_those_of_the_leanest_week(roster: dict, needs: dict) -> None:
    for platform, rows in roster.items():
        on = Counter((r["rank"], int(r["day"]), r["shift"]) for r in rows if r["duty"] == "on")
        for (owner, weekday, shift), row in needs.items():
            if owner == platform:
                for rank, name in (("officer", "officers"), ("auxiliary", "auxiliaries")):
                    weeks = [on[rank, weekday + 7 * week, shift] for week in range(4)]
                    assert int(row[name]) == min(weeks)


def test_nights_and_leave_rotate(roster: dict) -> None:
    """Of each rank, nights are shared to within two, and at most one in four is on leave."""
    for rows in roster.values():
        for rank in ("officer", "auxiliary"):
            own = [row for row in rows if row["rank"] == rank]
            people = {row["person"] for row in own}
            nights = Counter(row["person"] for row in own if row["shift"] == "night")
            assert max(nights.values()) - min(nights[person] for person in people) <= 2
            away = Counter(row["day"] for row in own if row["duty"] == "leave")
            assert max(away.values()) <= len(people) / 4


@pytest.fixture(scope="module")
def hours(
    work: pd.DataFrame, owners: dict, away_s: np.ndarray
) -> dict[tuple[int, int, str], float]:
    """Mean hours of work by platform, weekday and shift.

    Here a call of unknown hour falls as the timed ones of the study that lie near a road.
    """
    owner = owners["grids"][work["node"]]
    parts = work[list(SHIFTS)].to_numpy().copy()
    parts[~work["timed"]] = parts[work["timed"]].mean(axis=0)
    spent = parts * hours_of(work, owners["grids"], away_s).to_numpy()[:, None]
    frame = pd.DataFrame(spent, columns=list(SHIFTS)).groupby([owner, work["weekday"]]).sum()
    days = np.bincount(pd.date_range("2012-01-01", "2014-12-31").day_of_week)
    return {
        (platform, weekday, shift): value / days[weekday - 1]
        for (platform, weekday), row in frame.iterrows()
        for shift, value in row.items()
    }


def test_work_units_needed_and_utilisation(needs: dict, hours: dict, plan_rows: list[Row]) -> None:
    """Units on the street are enough for the work at the line, and one car is always manned."""
    number = {row["platform_id"]: at for at, row in enumerate(plan_rows)}
    for (platform, weekday, shift), row in needs.items():
        found = hours[number[platform], weekday, shift]
        assert float(row["hours"]) == pytest.approx(found, abs=0.001)
        length = SHIFTS[shift][1] - SHIFTS[shift][0]
        needed = max(ALWAYS_CARS, math.ceil(found / (LINE * length) - 1e-9))
        assert int(row["needed"]) == needed
        cars, motorcycles = int(row["response_cars"]), int(row["motorcycles"])
        assert cars >= ALWAYS_CARS
        assert cars + motorcycles >= needed
        assert float(row["utilisation"]) == pytest.approx(
            found / (length * (cars + motorcycles)), abs=1e-4
        )


def test_crews(crews: dict, needs: dict, hours: dict, plan_rows: list[Row]) -> None:
    for at, (platform, crew) in enumerate(crews.items()):
        own = {key: row for key, row in needs.items() if key[0] == platform}
        work = sum(hours[at, weekday, shift] for _, weekday, shift in own)
        on_duty = sum(
            (SHIFTS[shift][1] - SHIFTS[shift][0])
            * (int(row["response_cars"]) + int(row["motorcycles"]))
            for (_, _, shift), row in own.items()
        )
        assert float(crew["utilisation"]) == pytest.approx(work / on_duty, abs=1e-4)
        busiest = max(float(row["utilisation"]) for row in own.values())
        assert float(crew["busiest"]) == pytest.approx(busiest, abs=1e-4)
        people = OFFICERS + AUXILIARIES
        assert float(crew["hours_available"]) == people * DUTY.hours_per_week
        assert all(row["needed"] == "1" for row in own.values()), "then only the car is needed"
        assert float(crew["hours_needed"]) == 7 * 24 * DUTY.vehicles["car"][1] * ALWAYS_CARS
        short = [crew[f"short_{of}"] for of in ("shifts", "officers", "auxiliaries", "vehicles")]
        assert (crew["status"], *short) == ("optimal", "0", "0", "0", "0")


def test_summary_of_rosters(summary: dict, roster: dict, crews: dict, needs: dict) -> None:
    told, rows = summary["rosters"], list(crews.values())
    people = {row["person"]: row["rank"] for own in roster.values() for row in own}
    ranks = Counter(people.values())
    assert (told["platforms"], told["shifts"]) == (len(roster), len(needs))
    assert (told["officers"], told["auxiliaries"]) == (ranks["officer"], ranks["auxiliary"])
    assert told["status"] == Counter(row["status"] for row in rows)
    for key in ("hours_needed", "hours_available"):
        assert told[key] == pytest.approx(sum(column(rows, key)), abs=0.1)
    for key in ("short_shifts", "short_officers", "short_auxiliaries", "short_vehicles"):
        assert told[key] == sum(int(row[key]) for row in rows)
    utilisation = column(list(needs.values()), "utilisation")
    assert told["utilisation_line"] == LINE
    assert told["busiest_shift"] == pytest.approx(max(utilisation), abs=1e-4)
    assert told["shifts_over_line"] == sum(value > LINE for value in utilisation)
