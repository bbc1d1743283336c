"""What one person may work in four weeks."""

from __future__ import annotations

import dataclasses

from optimizer.demand.settings import DAY_MINUTES
from optimizer.deployment.settings import CrewSettings
from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.errors import InputError

DAYS = 28
WEEKS = 4


@dataclasses.dataclass(frozen=True, slots=True)
class WorkRules:
    """Shifts and rest of one person; the four weeks repeat, so that every rule runs over their end.

    Parameters
    ----------
    start, end
        Of the s shifts, minutes after midnight of the day on which they begin.
    most_minutes
        On duty in four weeks.
    rest_minutes
        Between the end of a duty and the beginning of the next.
    most_days
        On duty in a row.
    leave_days
        In a row, once in four weeks.
    """

    start: tuple[int, ...]
    end: tuple[int, ...]
    most_minutes: int
    rest_minutes: int
    most_days: int
    leave_days: int

    @classmethod
    def from_settings(cls, crew: CrewSettings, shifts: DutyShifts) -> WorkRules:
        """Take the rules of [crew].

        Raises
        ------
        InputError
            Nobody may work a single shift.
        """
        rules = cls(
            start=shifts.start,
            end=shifts.end,
            most_minutes=int(WEEKS * 60 * crew.hours_per_week + 1e-6),
            rest_minutes=round(60 * crew.rest_hours),
            most_days=crew.most_days,
            leave_days=crew.leave_days,
        )
        longest = max(shifts.minutes)
        if longest > rules.most_minutes:
            raise InputError(
                f"[crew] hours_per_week is {crew.hours_per_week:g}, so nobody may work a shift of "
                f"{longest / 60:g} hours once in four weeks; it takes at least "
                f"{longest / 60 / WEEKS:g}, or shorter shifts"
            )
        return rules

    @property
    def shifts(self) -> range:
        """Their indices."""
        return range(len(self.start))

    @property
    def minutes(self) -> tuple[int, ...]:
        """Length of each shift."""
        return tuple(end - start for start, end in zip(self.start, self.end, strict=True))

    def too_soon(self, shift: int, days: int) -> list[int]:
        """List the shifts that may not follow a shift so many days later."""
        return [
            other
            for other in self.shifts
            if days * DAY_MINUTES + self.start[other] - self.end[shift] < self.rest_minutes
        ]

    def clashes(self) -> list[tuple[int, int, list[int]]]:
        """List each shift with the shifts that may not follow it so many days later."""
        found = []
        for shift in self.shifts:
            days = 1
            while (soon := self.too_soon(shift, days)) and days < DAYS:
                found.append((shift, days, soon))
                days += 1
        return found

    def apart(self, shift: int) -> tuple[list[int], list[int]]:
        """List shifts of a day, this one among them, and of the next: nobody can work two."""
        soon = self.too_soon(shift, 1)
        late = [other for other in self.shifts if set(soon) <= set(self.too_soon(other, 1))]
        return late, soon
