"""The faults of real call records, planted on purpose and counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.example.calls import SyntheticCalls
from optimizer.example.fabric import Floats, Ints
from optimizer.example.rhythm import OFFICER_INITIATED

AS_OF = np.datetime64("2025-01-01")

# fault: share of the calls that have it; a call has one at most
FAULTS: dict[str, float] = {
    "none": 0.0,
    "no_coordinates": 0.012,
    "zero_coordinates": 0.006,
    "bad_coordinates": 0.002,
    "swapped_coordinates": 0.004,
    "out_of_area": 0.004,
    "no_time": 0.001,
    "bad_time": 0.0015,
    "date_only": 0.015,
    "missing_category": 0.01,
    "duplicate": 0.006,
    "repeat_report": 0.02,
}
FAULT_CODE = {name: code for code, name in enumerate(FAULTS)}
BEFORE_WINDOW = 0.003
AWAY = 25.0  # metres between two reports of one event, at most


@dataclass(frozen=True, slots=True)
class ExampleTruth:
    """What a perfect cleaner finds in the example.

    Parameters
    ----------
    calls
        Events that happened, each told once.
    rows
        Rows of all files together.
    rows_by_file
        Rows of each file, headings not counted.
    planted
        Number of rows by fault; a duplicate or a repeat report counts the row that is too many.
        ``repeat_report`` holds only those that were planted: busy places repeat by chance as well.
    excluded, excluded_later
        Rows that officers started themselves, before `AS_OF` and after.
    after_as_of
        Rows of `AS_OF` or later, whatever their category.
    """

    calls: int
    rows: int
    rows_by_file: dict[str, int]
    planted: dict[str, int]
    excluded: int
    excluded_later: int
    after_as_of: int


@dataclass(frozen=True, slots=True, eq=False)
class DirtyCalls:
    """Rows in order of time, faults marked but not yet written down.

    Parameters
    ----------
    x_m, y_m, time, category
        As in `SyntheticCalls`, shape (rows,).
    fault
        Index into `FAULTS`, shape (rows,).
    number
        Number of the record; a duplicate has that of its original, the row before it.
    """

    x_m: Floats
    y_m: Floats
    time: NDArray[np.datetime64]
    category: Ints
    fault: Ints
    number: Ints


def plant_faults(calls: SyntheticCalls, seed: int = 0) -> DirtyCalls:
    """Spoil some calls before `AS_OF`, tell some twice and mix in some that are too old."""
    rng = np.random.default_rng([seed, 6])
    fault = _draw_faults(calls, rng)
    again = np.flatnonzero(fault == FAULT_CODE["repeat_report"])
    fault[again] = FAULT_CODE["none"]  # the first report is in order, the second is not
    old = np.sort(rng.choice(len(calls), round(len(calls) * BEFORE_WINDOW), replace=False))
    row = np.concatenate([np.arange(len(calls)), again, old])
    kind = np.repeat([0, 1, 2], [len(calls), again.size, old.size])
    time = calls.time[row]
    time[kind == 1] += rng.integers(60, 9 * 60, again.size)
    start = calls.time[0].astype("datetime64[D]").astype("datetime64[s]")
    time[kind == 2] = start - rng.integers(3600, 60 * 86400, old.size)
    fault = np.where(kind == 1, FAULT_CODE["repeat_report"], np.where(kind == 2, 0, fault[row]))
    category = np.where(
        (kind == 2) & (calls.category[row] == OFFICER_INITIATED), 0, calls.category[row]
    )
    away = np.where(kind == 1, AWAY / np.sqrt(2), 0.0)
    x_m = calls.x_m[row] + away * rng.uniform(-1, 1, row.size)
    y_m = calls.y_m[row] + away * rng.uniform(-1, 1, row.size)

    order = np.argsort(time, kind="stable")
    copies = 1 + (fault[order] == FAULT_CODE["duplicate"])
    rows = np.repeat(order, copies)
    number = np.repeat(np.arange(order.size), copies)
    return DirtyCalls(x_m[rows], y_m[rows], time[rows], category[rows], fault[rows], number)


def _draw_faults(calls: SyntheticCalls, rng: np.random.Generator) -> Ints:
    """Give each call at most one fault; what comes after `AS_OF` stays clean."""
    in_time = calls.time < AS_OF - np.timedelta64(15, "m")
    sound = rng.permutation(np.flatnonzero(in_time & (calls.category != OFFICER_INITIATED)))
    count = np.round(np.array(list(FAULTS.values())) * sound.size).astype(np.int64)
    fault = np.zeros(len(calls), dtype=np.int64)
    fault[sound[: count.sum()]] = np.repeat(np.arange(len(FAULTS)), count)
    return fault


def tell_truth(dirty: DirtyCalls, calls: int, rows_by_file: dict[str, int]) -> ExampleTruth:
    """Count what was planted."""
    planted = np.bincount(dirty.fault, minlength=len(FAULTS))
    counted = {name: int(planted[code]) for name, code in FAULT_CODE.items() if code}
    counted["duplicate"] //= 2  # original and copy carry the mark
    start = np.datetime64("2022-01-01")
    counted["before_window"] = int((dirty.time < start).sum())
    late, own = dirty.time >= AS_OF, dirty.category == OFFICER_INITIATED
    return ExampleTruth(
        calls=calls,
        rows=dirty.time.size,
        rows_by_file=rows_by_file,
        planted=counted,
        excluded=int((own & ~late).sum()),
        excluded_later=int((own & late).sum()),
        after_as_of=int(late.sum()),
    )
