"""What a call counts: by its category, its age and its shift."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
from numpy.typing import NDArray

from optimizer.calls import Calls, CallsSettings
from optimizer.demand.shifts import NO_SHIFT, Shifts

MINUTES_PER_DAY = 24 * 60


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CallWeights:
    """The weight of n calls, and its part in each of s shifts.

    A call with a date only has no shift of its own. It is spread over the shifts as the calls
    with a clock time are, so it weighs what those weigh on average.

    Parameters
    ----------
    total
        Weight of every call, shape (n,).
    shift
        Shift of every call, shape (n,); -1 for calls with a date only.
    unknown_shift_parts
        How the weight of a call with a date only falls into the shifts, shape (s,), sum 1.
    shift_names
        The s shifts.
    """

    total: NDArray[np.float64]
    shift: NDArray[np.int8]
    unknown_shift_parts: NDArray[np.float64]
    shift_names: tuple[str, ...]

    def __post_init__(self) -> None:
        for array in (self.total, self.shift, self.unknown_shift_parts):
            array.flags.writeable = False

    def by_shift(self, group: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
        """Sum the weights of groups of calls in every shift, shape (groups, s).

        Parameters
        ----------
        group
            Group of every call, shape (n,), 0 to groups - 1; negative: none.
        """
        shifts = len(self.shift_names)
        inside = group >= 0
        known = inside & (self.shift != NO_SHIFT)
        cell = group[known] * shifts + self.shift[known]
        sums = np.bincount(cell, self.total[known], minlength=groups * shifts)
        unknown = inside & ~known
        spread = np.bincount(group[unknown], self.total[unknown], minlength=groups)
        return sums.reshape(groups, shifts) + np.outer(spread, self.unknown_shift_parts)


def call_weights(
    calls: Calls, settings: CallsSettings, shifts: Shifts, as_of: dt.date
) -> CallWeights:
    """Weigh every call by category x recency x shift.

    Parameters
    ----------
    calls
        The n calls of the planning window.
    settings
        ``weights`` by category (default 1) and ``half_life_days``: a call that old counts half.
    shifts
        Shifts of the day and their weights.
    as_of
        Day on which a call would have age 0.
    """
    by_category = np.array([settings.weights.get(name, 1.0) for name in calls.categories])
    shift = shifts.of_times(calls.time, calls.has_time)
    parts, mean = shifts.spread(shift)
    total = np.where(shift == NO_SHIFT, mean, shifts.weight[shift])
    total *= by_category[calls.category] if len(by_category) else 1.0
    if settings.half_life_days is not None:
        age = np.datetime64(as_of, "m") - calls.time
        total *= 0.5 ** (age.astype(np.int64) / (MINUTES_PER_DAY * settings.half_life_days))
    return CallWeights(total, shift, parts, shifts.names)
