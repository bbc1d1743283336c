"""The checker of rosters finds what is wrong: a roster by hand, and every rule broken in turn."""

from __future__ import annotations

import pytest

from tests.independent.roster_checker import Duty, roster_faults, sunday_faults, weekday_faults

Row = dict[str, object]
DUTY = Duty(
    shifts={"day": (8, 20), "night": (20, 32)}, vehicles={"car": (1, 2, 1)}, hours_per_week=42,
    rest_hours=12, most_days=4, leave_days=2,
)  # fmt: skip


def person(name: str, rank: str, plan: str) -> list[Row]:
    """A person's four weeks, a letter a day: d and n on duty in the car, s spare by day."""
    shifts = {"d": "day", "n": "night", "s": "day"}
    return [
        {
            "person": name, "rank": rank, "day": day, "shift": shifts.get(letter, ""),
            "unit": {"d": "P-car1", "n": "P-car1", "s": "P-spare"}.get(letter, ""),
            "duty": "on" if letter in shifts else "leave" if letter == "L" else "off",
        }
        for day, letter in enumerate(plan, start=1)
    ]  # fmt: skip


GOOD = "dd.nn.." + "dd....." + "LL....." + ".dd.nn."


def pair(officer: str, auxiliary: str) -> list[Row]:
    return person("O1", "officer", officer) + person("A1", "auxiliary", auxiliary)


def test_a_good_roster_has_no_faults() -> None:
    claims = {(0, "day"): {"car": 0}, (2, "night"): {"car": 0}}
    assert roster_faults(pair(GOOD, GOOD), DUTY) == []
    assert roster_faults(pair(GOOD, GOOD), DUTY, claims) != [], "the car is manned on day 1"


@pytest.mark.parametrize(
    ("officer", "auxiliary", "words"),
    [
        (GOOD, GOOD.replace("nn", "n.", 1), "has ['officer']"),
        (GOOD.replace("nn..", "ndn.", 1), GOOD.replace("nn..", "ndn.", 1), "0 hours of rest"),
        (GOOD[:22] + "sss...", GOOD[:20] + "sssss...", "5 days in a row"),
        (GOOD.replace("L", ".", 1), GOOD, "leave is 1 days"),
        (GOOD.replace("LL.", "L.L"), GOOD, "1 in a row"),
        ("sss.sss.sss.sss.sss...LL....", GOOD, "180 hours in four weeks"),
        (GOOD[:-1] + "n", GOOD[:-1] + "n", "0 hours of rest"),
    ],
    ids=["alone", "rest", "row", "no leave", "split leave", "hours", "over the end"],
)  # fmt: skip
def test_a_broken_rule_is_found(officer: str, auxiliary: str, words: str) -> None:
    found = roster_faults(pair(officer, auxiliary), DUTY)
    assert any(words in fault for fault in found), found


def test_two_auxiliaries_do_not_make_a_car() -> None:
    rows = person("A1", "auxiliary", GOOD) + person("A2", "auxiliary", GOOD)
    assert any("has ['auxiliary', 'auxiliary']" in fault for fault in roster_faults(rows, DUTY))


def test_lost_and_double_days_and_strange_units_are_found() -> None:
    rows = pair(GOOD, GOOD)
    assert "A1 lacks days" in roster_faults(rows[:-1], DUTY)
    assert any("two rows" in fault for fault in roster_faults([*rows, rows[-1]], DUTY))
    strange = [{**row, "unit": "P-boat1"} if row["duty"] == "on" else row for row in rows]
    assert "P-boat1 is no vehicle" in roster_faults(strange, DUTY)
    second = [*rows, *person("O2", "officer", GOOD), *person("A2", "auxiliary", GOOD)]
    for row in second[2 * 28 :]:
        row["unit"] = str(row["unit"]).replace("car1", "car2")
    assert any(fault.startswith("2 of car") for fault in roster_faults(second, DUTY))


def test_sundays_that_are_missing_are_found() -> None:
    """An officer on duty on the first three Sundays, then on all four of them."""
    three, four = "......d" * 3 + "LL.....", "......d" * 4
    assert sunday_faults(person("O1", "officer", three), 0, {"officer": 1}) == []
    lacking = person("O1", "officer", four)
    assert sunday_faults(lacking, 1, {"officer": 1}) == []
    assert sunday_faults(lacking, 0, {"officer": 1}) == ["1 lack a Sunday, said 0"]
    crew = lacking + person("O2", "officer", four) + person("O3", "officer", "LL" + "." * 26)
    assert sunday_faults(crew, 2, {"officer": 2}) == ["officer: 1 of 3 could be off on any Sunday"]
    assert sunday_faults(crew, 2, {"officer": 3}) == []


def test_uneven_weekdays_are_found() -> None:
    even = {(day, "day"): {"car": 2, "command": int(day < 3)} for day in range(7)}
    assert weekday_faults(even) == []
    uneven = even | {(0, "night"): {"car": 1}, (5, "day"): {"car": 1}}
    assert weekday_faults(uneven) == ["car by weekday: [3, 2, 2, 2, 2, 1, 2]"]
