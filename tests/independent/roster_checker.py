"""Whether a roster may be worked: it knows the rules of duty, and no solver and no planner.

Rows are what roster.csv has: person, rank, day (1 to 28, day 1 a Monday), shift, unit, duty. The
four weeks repeat, so that day 1 follows day 28.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

DAYS = 28


@dataclass(frozen=True)
class Duty:
    """The rules. Shifts are name -> (begin, end) in hours, ends beyond 24 after midnight; vehicles
    are kind -> (how many there are, people aboard, sworn officers among them).
    """

    shifts: Mapping[str, tuple[float, float]]
    vehicles: Mapping[str, tuple[int, int, int]]
    hours_per_week: float = 44
    rest_hours: float = 11
    most_days: int = 6
    leave_days: int = 2


def roster_faults(
    rows: Iterable[Mapping[str, Any]],
    duty: Duty,
    manned: Mapping[tuple[int, str], Mapping[str, int]] | None = None,
) -> list[str]:
    """All faults of one platform's roster; ``manned`` is (weekday, shift) -> kind -> vehicles that
    the planner says are manned in every week.
    """
    rows = list(rows)
    people: dict[str, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    found = []
    for row in rows:
        if int(row["day"]) in people[row["person"]]:
            found.append(f"{row['person']} has two rows for day {row['day']}")
        people[row["person"]][int(row["day"])] = row
    for person, days in people.items():
        if sorted(days) != list(range(1, DAYS + 1)):
            found.append(f"{person} lacks days")
            continue
        found += [f"{person}: {fault}" for fault in _person_faults(days, duty)]
    found += _crew_faults(rows, duty)
    if manned is not None:
        found += _claim_faults(rows, manned)
    return found


def sunday_faults(
    rows: Iterable[Mapping[str, Any]], said: int, on_sundays: Mapping[str, int]
) -> list[str]:
    """What is wrong with the Sundays of one platform's people.

    Parameters
    ----------
    said
        People who are said to have no Sunday of the four free.
    on_sundays
        Rank -> people who are said to be on duty on a Sunday. Where a quarter of a rank could be
        off, nobody of it may lack one.
    """
    people: dict[tuple[str, str], int] = {}
    for row in rows:
        who = row["rank"], row["person"]
        works = int(row["day"]) % 7 == 0 and row["duty"] == "on"
        people[who] = people.get(who, 0) + works
    lacking = [who for who, worked in people.items() if worked == 4]
    found = [] if len(lacking) == said else [f"{len(lacking)} lack a Sunday, said {said}"]
    for rank in {rank for rank, _ in people}:
        count = sum(own == rank for own, _ in people)
        free = count - on_sundays.get(rank, 0)
        if any(own == rank for own, _ in lacking) and 4 * free >= count:
            found.append(f"{rank}: {free} of {count} could be off on any Sunday")
    return found


def weekday_faults(manned: Mapping[tuple[int, str], Mapping[str, int]]) -> list[str]:
    """Kinds of vehicles, where the need is alike on all days: weekdays differ by one at most."""
    found = []
    for kind in sorted({kind for vehicles in manned.values() for kind in vehicles}):
        days = [sum(n.get(kind, 0) for (day, _), n in manned.items() if day == d) for d in range(7)]
        if max(days) - min(days) > 1:
            found.append(f"{kind} by weekday: {days}")
    return found


def _person_faults(days: Mapping[int, Mapping[str, Any]], duty: Duty) -> Iterator[str]:
    ordered = [days[day] for day in range(1, DAYS + 1)]
    if len({row["rank"] for row in ordered}) != 1:
        yield "two ranks"
    spans = []
    for day, row in enumerate(ordered):
        if row["duty"] == "on":
            if row["shift"] not in duty.shifts or not row["unit"]:
                yield f"on duty on day {day + 1} without a shift or a unit"
                continue
            begin, end = duty.shifts[row["shift"]]
            spans.append((24 * day + begin, 24 * day + end))
        elif row["shift"] or row["unit"] or row["duty"] not in ("off", "leave"):
            yield f"neither on duty nor off on day {day + 1}"
    yield from _time_faults(spans, duty)
    on = [row["duty"] == "on" for row in ordered]
    if duty.most_days < DAYS and _longest_run(on) > duty.most_days:
        yield f"{_longest_run(on)} days in a row"
    leave = [row["duty"] == "leave" for row in ordered]
    if sum(leave) != duty.leave_days or _longest_run(leave) != duty.leave_days:
        yield f"leave is {sum(leave)} days, {_longest_run(leave)} in a row"


def _time_faults(spans: list[tuple[float, float]], duty: Duty) -> Iterator[str]:
    """Hours and rest, of begin and end of every duty in hours of the four weeks."""
    hours = sum(end - begin for begin, end in spans)
    if hours > 4 * duty.hours_per_week + 1e-9:
        yield f"{hours:g} hours in four weeks"
    if spans:
        following = [*spans[1:], (spans[0][0] + 24 * DAYS, 0)]
        for (_, end), (begin, _) in zip(spans, following, strict=True):
            if begin - end < duty.rest_hours - 1e-9:
                yield f"{begin - end:g} hours of rest after hour {end:g}"


def _longest_run(days: list[bool]) -> int:
    """The longest run of days in a circle."""
    if all(days):
        return len(days)
    longest = run = 0
    for day in days * 2:
        run = run + 1 if day else 0
        longest = max(longest, run)
    return longest


def _kind(unit: str) -> str:
    """Such as "car" of "P01-car2"."""
    return re.sub(r"\d+$", "", unit.rpartition("-")[2])


def _crew_faults(rows: list[Mapping[str, Any]], duty: Duty) -> Iterator[str]:
    """Every unit on the street has its people, and no more units of a kind than there are."""
    aboard: dict[tuple[int, str, str], list[str]] = defaultdict(list)
    for row in rows:
        if row["duty"] == "on":
            aboard[int(row["day"]), row["shift"], row["unit"]].append(row["rank"])
    units: Counter[tuple[int, str, str]] = Counter()
    for (day, shift, unit), ranks in sorted(aboard.items()):
        kind = _kind(unit)
        if kind == "spare":
            continue
        if kind not in duty.vehicles:
            yield f"{unit} is no vehicle"
            continue
        units[day, shift, kind] += 1
        _, people, officers = duty.vehicles[kind]
        if len(ranks) != people or ranks.count("officer") < officers:
            yield f"{unit} in the {shift} of day {day} has {sorted(ranks)}"
    for (day, shift, kind), count in units.items():
        if count > duty.vehicles[kind][0]:
            yield f"{count} of {kind} in the {shift} of day {day}"


def _claim_faults(
    rows: list[Mapping[str, Any]], manned: Mapping[tuple[int, str], Mapping[str, int]]
) -> Iterator[str]:
    """What the planner says is manned is manned, in all four weeks, and nothing else."""
    seen = {
        (int(row["day"]), row["shift"], row["unit"])
        for row in rows
        if row["duty"] == "on" and _kind(row["unit"]) != "spare"
    }
    for day in range(1, DAYS + 1):
        for (weekday, shift), vehicles in manned.items():
            if weekday == (day - 1) % 7:
                count = Counter(_kind(unit) for d, s, unit in seen if (d, s) == (day, shift))
                if {kind: n for kind, n in vehicles.items() if n} != dict(count):
                    yield f"day {day}, {shift}: said {dict(vehicles)}, found {dict(count)}"
