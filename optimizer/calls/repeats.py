"""Calls that report what an earlier call reported."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CROWDED = 32  # pairs per call beyond which cells are worth four sorts


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """Calls of which some may be repeats.

    Parameters
    ----------
    x_m, y_m
        float64[n], metres.
    minute
        int64[n], of any origin.
    category
        int32[n], from 0.
    """

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    minute: NDArray[np.int64]
    category: NDArray[np.int32]

    def repeated(self, metres: float, minutes: float) -> NDArray[np.bool_]:
        """Find calls with an earlier one of their category nearby; both limits are inclusive.

        Calls are sorted by category and time, and each is compared with those shortly before it.
        Where that would be too many, they are also parted by place: two places within r of each
        other share a cell in one of four grids of width 2r, each shifted by r.

        Returns
        -------
        numpy.ndarray
            bool[n], True for every report but the first of a chain; of calls of one minute the
            earlier row comes first.
        """
        found = np.zeros(len(self.minute), bool)
        if len(found) < 2:
            return found
        clock = self.minute - self.minute.min()
        window = int(minutes)
        sweep = _Sweep.of(self.category.astype(np.int64), clock, window)
        if sweep.pairs() <= _CROWDED * len(found):
            sweep.mark(found, self, metres)
            return found
        for shift_x, shift_y in ((0, 0), (1, 0), (0, 1), (1, 1)):
            cell = self._cells(metres, shift_x, shift_y)
            _Sweep.of(cell, clock, window).mark(found, self, metres)
        return found

    def _cells(self, metres: float, shift_x: int, shift_y: int) -> NDArray[np.int64]:
        """Give each combination of category and cell that occurs a number from 0 on."""
        columns = np.floor((self.x_m / metres + shift_x) / 2)
        rows = np.floor((self.y_m / metres + shift_y) / 2)
        number = self.category.astype(np.int64)
        for axis in (columns, rows):
            code = np.unique(axis, return_inverse=True)[1]
            number = np.unique(number * (int(code.max()) + 1) + code, return_inverse=True)[1]
        return number


@dataclass(frozen=True, slots=True, eq=False)
class _Sweep:
    """Calls in the order of group and time.

    Parameters
    ----------
    order
        int64[n], rows in that order.
    key
        int64[n], group and minute packed, ascending; groups are more than a window apart.
    window
        Minutes.
    """

    order: NDArray[np.int64]
    key: NDArray[np.int64]
    window: int

    @classmethod
    def of(cls, group: NDArray[np.int64], clock: NDArray[np.int64], window: int) -> _Sweep:
        span = int(clock.max()) + window + 1
        key = group * span + clock
        order = np.argsort(key, kind="stable")
        return cls(order, key[order], window)

    def pairs(self) -> int:
        """Count the pairs of one group within the window."""
        earliest = np.searchsorted(self.key, self.key - self.window)
        return int((np.arange(len(self.key)) - earliest).sum())

    def mark(self, found: NDArray[np.bool_], reports: Reports, metres: float) -> None:
        """Mark calls with a match among those shortly before them."""
        active = np.arange(len(self.order))
        back = 0
        while len(active):
            back += 1
            active = active[active >= back]
            near = self.key[active] - self.key[active - back] <= self.window
            active = active[near & ~found[self.order[active]]]
            late, early = self.order[active], self.order[active - back]
            gap_m = np.hypot(
                reports.x_m[late] - reports.x_m[early], reports.y_m[late] - reports.y_m[early]
            )
            same = gap_m <= metres
            found[late[same]] = True
            active = active[~same]
