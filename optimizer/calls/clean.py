"""From raw rows to calls: every row is used, or dropped for one counted reason."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pyproj
from numpy.typing import NDArray

from optimizer.calls.advice import category_warnings, share_warnings, window_warnings
from optimizer.calls.duplicates import fingerprints, repeated_ids, repeated_rows
from optimizer.calls.placing import Area
from optimizer.calls.quality import REASONS, Quality, Reason
from optimizer.calls.read import RawCalls
from optimizer.calls.repeats import Reports
from optimizer.calls.rows import FindNodes, ParsedRows, parse_rows
from optimizer.calls.schema import NO_CATEGORY, Calls, CallsSettings
from optimizer.errors import InputError
from optimizer.places import blank_to_null

_SUSPECTED_MINUTES = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class CleanedCalls:
    """What a plan may be made from, and what came after.

    Parameters
    ----------
    planning
        Calls with window_start <= day < window_end.
    later
        Calls from `window_end` on, clean in every other respect, for testing the plan; in
        `quality` they count as dropped under "after_as_of".
    quality
        Account of every row.
    window_start, window_end
        First day, and the day after the last.
    """

    planning: Calls
    later: Calls
    quality: Quality
    window_start: dt.date
    window_end: dt.date


@dataclass(slots=True)
class _Ledger:
    """One reason per row; the first to claim a row keeps it."""

    reason: NDArray[np.int8]
    codes: dict[Reason, int] = field(
        default_factory=lambda: {reason: code for code, reason in enumerate(REASONS, start=1)}
    )

    def drop(self, reason: Reason, rows: NDArray[np.bool_]) -> None:
        self.reason[rows & (self.reason == 0)] = self.codes[reason]

    def under(self, reason: Reason) -> NDArray[np.bool_]:
        return np.equal(self.reason, self.codes[reason])

    def used(self) -> NDArray[np.bool_]:
        return np.equal(self.reason, 0)

    def counts(self) -> dict[Reason, int]:
        found = np.bincount(self.reason, minlength=len(REASONS) + 1)
        return {reason: int(found[code]) for reason, code in self.codes.items() if found[code]}


def clean_calls(
    raw: RawCalls,
    settings: CallsSettings,
    *,
    crs: pyproj.CRS,
    area: Area,
    as_of: dt.date,
    find_nodes: FindNodes | None = None,
) -> CleanedCalls:
    """Place, date and sift the rows of the call files.

    Parameters
    ----------
    raw
        From `read_calls`.
    settings
        The same settings.
    crs
        Planar CRS of the study.
    area
        Where calls can be.
    as_of
        The plan knows what happened before this day.
    find_nodes
        Looks up road nodes, where calls are placed by them.

    Raises
    ------
    InputError
        If CRS, datum or time format cannot be right, or no call is left to plan with.
    """
    start, end = planning_window(as_of, settings.years)
    rows = parse_rows(raw, settings, crs=crs, area=area, find_nodes=find_nodes)
    ledger = _Ledger(np.zeros(len(rows.x_m), np.int8))
    ledger.drop("duplicate", _duplicates(raw, settings, rows))
    for reason, mask in rows.reasons.items():
        ledger.drop(reason, mask)
    ledger.drop("excluded_category", rows.category.among(settings.exclude))
    ledger.drop("before_window", rows.time < np.datetime64(start))
    ledger.drop("after_as_of", rows.time >= np.datetime64(end))
    after = ledger.under("after_as_of")
    suspected = _repeat_reports(rows, settings, ledger.used() | after)
    if settings.repeat_minutes > 0:
        ledger.drop("repeat_report", suspected)
        after &= ~suspected
    planning = _calls(rows, ledger.used())
    later = _calls(rows, after)
    marked = {
        "date_only": ~rows.has_time,
        "missing_category": rows.category.among([NO_CATEGORY]),
        "suspected_repeat_reports": suspected,
    }
    quality = _quality(raw, rows, ledger, marked)
    if not len(planning):
        raise InputError(_nothing_left(quality, start, end))
    for sentence in (
        *category_warnings(settings, planning),
        *window_warnings(planning, start, end),
    ):
        quality = quality.with_warning(sentence)
    return CleanedCalls(planning, later, quality, start, end)


def planning_window(as_of: dt.date, years: float) -> tuple[dt.date, dt.date]:
    """Give the first day of the window before `as_of`, in whole months, and `as_of` itself."""
    month_number = as_of.year * 12 + as_of.month - 1 - round(years * 12)
    year, month = max(1, month_number // 12), month_number % 12 + 1
    day = min(as_of.day, calendar.monthrange(year, month)[1])
    return dt.date(year, month, day), as_of


def _duplicates(raw: RawCalls, settings: CallsSettings, rows: ParsedRows) -> NDArray[np.bool_]:
    """Find rows equal to an earlier one in every cell or, where an id is named, in their id."""
    tables = [file.source.table for file in raw.files]
    seen = fingerprints(
        rows.x_m, rows.y_m, rows.time.astype(np.int64), rows.category.codes.astype(np.int64)
    )
    repeated = repeated_rows(tables, seen)
    if settings.id is not None:
        columns = [blank_to_null(table[settings.id].cast("string")) for table in tables]
        repeated |= repeated_ids(columns)
    return repeated


def _repeat_reports(
    rows: ParsedRows,
    settings: CallsSettings,
    candidates: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    timed = np.flatnonzero(candidates & rows.has_time)
    reports = Reports(
        rows.x_m[timed],
        rows.y_m[timed],
        rows.time[timed].astype(np.int64),
        rows.category.codes[timed],
    )
    minutes = settings.repeat_minutes or _SUSPECTED_MINUTES
    found = reports.repeated(settings.repeat_metres, minutes)
    suspected = np.zeros(len(candidates), bool)
    suspected[timed[found]] = True
    return suspected


def _quality(
    raw: RawCalls, rows: ParsedRows, ledger: _Ledger, marked: dict[str, NDArray[np.bool_]]
) -> Quality:
    dropped = ledger.counts()
    broken = sum(file.source.broken_rows for file in raw.files)
    if broken:
        dropped["broken_row"] = broken
    used = ledger.used()
    counts = {name: int((used & mask).sum()) for name, mask in marked.items()}
    swapped = int((used & rows.swapped).sum())
    return Quality(
        read=len(raw),
        used=int(used.sum()),
        dropped=dropped,
        repaired={"swapped_coordinates": swapped} if swapped else {},
        kept_but_marked={name: count for name, count in counts.items() if count},
        files=raw.rows_per_file(),
        warnings=(*rows.warnings, *share_warnings(len(raw), dropped)),
    )


def _calls(
    rows: ParsedRows,
    which: NDArray[np.bool_],
) -> Calls:
    return Calls(
        rows.x_m[which],
        rows.y_m[which],
        rows.time[which],
        rows.has_time[which],
        rows.category.codes[which],
        rows.category.names,
    )


def _nothing_left(quality: Quality, start: dt.date, end: dt.date) -> str:
    counts = ", ".join(f"{count} {reason}" for reason, count in quality.dropped.items())
    return (
        f"calls: none of the {quality.read} rows can be planned with between {start} and {end} "
        f"({counts}); check the columns, crs, datum, as_of and years"
    )
