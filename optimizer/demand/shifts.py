"""The shifts of a day, and how calls fall into them."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.demand.settings import DAY_MINUTES, DemandSettings, shift_minutes

NO_SHIFT = -1


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Shifts:
    """The shifts of a day and the weight of a call in each.

    Parameters
    ----------
    names
        The s shifts, in the order of the study.
    weight
        Weight of a call in each, shape (s,).
    at_minute
        Shift of every minute of the day, shape (1440,).
    """

    names: tuple[str, ...]
    weight: NDArray[np.float64]
    at_minute: NDArray[np.int8]

    @classmethod
    def from_settings(cls, settings: DemandSettings) -> Shifts:
        """Lay the study's shifts over the day."""
        names = tuple(settings.shifts)
        at_minute = np.full(DAY_MINUTES, NO_SHIFT, np.int8)
        for code, hours in enumerate(settings.shifts.values()):
            at_minute[shift_minutes(hours)] = code
        weight = np.array([settings.shift_weights.get(name, 1.0) for name in names])
        weight.flags.writeable = at_minute.flags.writeable = False
        return cls(names, weight, at_minute)

    def of_times(
        self, time: NDArray[np.datetime64], has_time: NDArray[np.bool_]
    ) -> NDArray[np.int8]:
        """Find the shift of every call, shape (n,); -1 where only the day is known.

        Parameters
        ----------
        time
            Local wall clock, shape (n,).
        has_time
            False where only the day is known, shape (n,).
        """
        minute = (time - time.astype("M8[D]")).astype("m8[m]").astype(np.int64)
        return np.where(has_time, self.at_minute[minute], np.int8(NO_SHIFT))

    def spread(self, shift: NDArray[np.int8]) -> tuple[NDArray[np.float64], float]:
        """Tell how demand of unknown hour falls into the shifts, and what a call then weighs.

        It follows the calls whose hour is known; without any, the hours of the day.

        Parameters
        ----------
        shift
            Shift of every call, shape (n,); -1 where only the day is known.

        Returns
        -------
        Parts of the weight by shift, shape (s,), sum 1, and the mean weight of a call.
        """
        known = shift[shift != NO_SHIFT] if (shift != NO_SHIFT).any() else self.at_minute
        shares = np.bincount(known, minlength=len(self.names)) / len(known)
        weighed = shares * self.weight
        mean = float(weighed.sum())
        return weighed / mean if mean > 0 else shares, mean
