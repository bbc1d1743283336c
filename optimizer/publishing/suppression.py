"""Counts of calls that are too small to be published, also where they follow from others."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from optimizer.evaluation import DAYS_PER_YEAR


@dataclasses.dataclass(frozen=True, slots=True)
class Threshold:
    """The least number of calls that is told.

    Parameters
    ----------
    least
        Smaller numbers of calls are not published.
    years
        Over which calls were counted: tables tell calls a year.
    """

    least: int
    years: float

    @classmethod
    def over(cls, window: tuple[dt.date, dt.date] | None, least: int) -> Threshold:
        """Make the threshold of a window of calls; given counts are those of a year."""
        days = DAYS_PER_YEAR if window is None else (window[1] - window[0]).days
        return cls(least, days / DAYS_PER_YEAR)

    def tells(self, calls_per_year: float) -> bool:
        """Say whether a number may be told by itself."""
        return round(calls_per_year * self.years) >= self.least

    def told(self, calls_per_year: Sequence[float]) -> list[bool]:
        """Say which parts of a known sum may be told.

        The rest of the sum is known too, so the smallest parts stay out until they come to enough
        together, or to nothing.
        """
        calls = [round(number * self.years) for number in calls_per_year]
        order = sorted(range(len(calls)), key=lambda part: (calls[part], part))
        hidden, rest = 0, 0
        for part in order:
            if calls[part] >= self.least and (rest == 0 or rest >= self.least):
                break
            hidden, rest = hidden + 1, rest + calls[part]
        left_out = set(order[:hidden])
        return [part not in left_out for part in range(len(calls))]
