"""The shifts that people work: names, hours, and which call falls into which."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from optimizer.demand import DemandSettings, Shifts
from optimizer.demand.settings import DAY_MINUTES, shift_minutes
from optimizer.deployment.settings import CrewSettings
from optimizer.errors import InputError

_MONDAY = 4
"""The days of numpy count from a Thursday; this one was a Monday."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DutyShifts:
    """The s shifts of a day of duty, in the order in which they begin.

    Parameters
    ----------
    names
        Of the shifts.
    start, end
        Minutes after midnight of the day on which each begins; ends are larger than starts, beyond
        1440 after midnight.
    at_minute
        Shift of every minute of the day, shape (1440,).
    """

    names: tuple[str, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]
    at_minute: NDArray[np.int8]

    @classmethod
    def from_settings(cls, crew: CrewSettings, demand: DemandSettings) -> DutyShifts:
        """Take the hours that [crew] names, else those of [demand.shifts], else equal parts.

        Raises
        ------
        InputError
            The hours do not fill the day, or are not as many as the shifts.
        """
        if crew.shift_hours:
            faults = list(_hours_faults(crew))
            if faults:
                raise InputError(faults)
            demand = DemandSettings(shifts=crew.shift_hours)
        elif crew.shifts != len(demand.shifts):
            parts = np.arange(DAY_MINUTES) * crew.shifts // DAY_MINUTES
            names = tuple(f"shift {number}" for number in range(1, crew.shifts + 1))
            return cls._laid_out(names, parts.astype(np.int8))
        shifts = Shifts.from_settings(demand)
        hours = [demand.shifts[name] for name in shifts.names]
        first = shift_minutes(hours[0])[0] if len(hours) == 1 else 0
        return cls._laid_out(shifts.names, shifts.at_minute, first)

    @classmethod
    def _laid_out(
        cls, names: tuple[str, ...], at_minute: NDArray[np.int8], first: int = 0
    ) -> DutyShifts:
        """Find where shifts begin; a single one begins at minute ``first``."""
        before = np.roll(at_minute, 1)
        found = []
        for code in range(len(names)):
            begins = np.flatnonzero((at_minute == code) & (before != code))
            start = int(begins[0]) if len(begins) else first
            found.append((start, start + int((at_minute == code).sum()), code))
        found.sort()
        rank = np.empty(len(names), np.int8)
        rank[[code for _, _, code in found]] = np.arange(len(names))
        ordered = rank[at_minute]
        ordered.flags.writeable = False
        return cls(
            names=tuple(names[code] for _, _, code in found),
            start=tuple(start for start, _, _ in found),
            end=tuple(end for _, end, _ in found),
            at_minute=ordered,
        )

    def __len__(self) -> int:
        return len(self.names)

    @property
    def minutes(self) -> tuple[int, ...]:
        """Length of each shift."""
        return tuple(end - start for start, end in zip(self.start, self.end, strict=True))

    def place(
        self, time: NDArray[np.datetime64], has_time: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find weekday and shift of every call; those after midnight belong to the day before.

        Parameters
        ----------
        time
            Local wall clock, shape (n,).
        has_time
            False where only the day is known, shape (n,).

        Returns
        -------
        Weekday, 0 for Monday, and shift, -1 where only the day is known; shapes (n,).
        """
        day = time.astype("M8[D]")
        minute = (time - day).astype("m8[m]").astype(np.int64)
        shift = np.where(has_time, self.at_minute[minute], -1).astype(np.int64)
        is_next_day = has_time & (minute < np.array(self.start)[shift])
        number = day.astype(np.int64) - is_next_day
        return (number - _MONDAY) % 7, shift


def _hours_faults(crew: CrewSettings) -> Iterator[str]:
    """Tell what is wrong with shift_hours, each in a sentence."""
    if "shifts" in crew.model_fields_set and crew.shifts != len(crew.shift_hours):
        yield (
            f"[crew] shifts is {crew.shifts}, but shift_hours has {len(crew.shift_hours)}; "
            "make them agree, or leave shifts out"
        )
    unread = False
    for name, hours in crew.shift_hours.items():
        try:
            shift_minutes(hours)
        except ValueError as error:
            unread = True
            yield f"[crew] shift_hours, {name}: {error}"
    if not unread:
        try:
            DemandSettings(shifts=crew.shift_hours)
        except ValidationError as error:
            for fault in error.errors():
                yield f"[crew] shift_hours: {fault['msg'].removeprefix('Value error, ')}"
