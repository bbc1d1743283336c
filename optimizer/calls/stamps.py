"""Times as written: mixed formats, days without a time, offsets; nothing guessed row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from optimizer.calls.stamp_fields import StampFields, read_fields
from optimizer.errors import InputError
from optimizer.places import blank_to_null

_CLOCK_DIRECTIVES = re.compile(r"%[HIMScXfp]")


@dataclass(frozen=True, slots=True, eq=False)
class Stamps:
    """Times of one file as written, before anybody asks in which zone.

    Parameters
    ----------
    minute
        datetime64[m][n], NaT where missing or bad, midnight where only the day is known.
    has_time
        bool[n], more than a day is known.
    missing, bad
        bool[n], an empty cell; a cell that is no time.
    zoned
        bool[n], the stamp says its offset from UTC.
    zulu
        bool[n], it says so by a bare `Z`, which exports also write behind local time.
    offset_minutes
        int16[n], where zoned.
    warnings
        Sentences.
    """

    minute: NDArray[np.datetime64]
    has_time: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    zoned: NDArray[np.bool_]
    zulu: NDArray[np.bool_]
    offset_minutes: NDArray[np.int16]
    warnings: tuple[str, ...] = ()


def parse_stamps(column: pa.ChunkedArray, time_format: str | None, file: str) -> Stamps:
    """Read a column of times.

    Parameters
    ----------
    column
        Text in any mixture of known formats, or timestamps or dates of a typed file.
    time_format
        strptime format, where the user states one; then nothing else is a time.
    file
        Name, for warnings.

    Raises
    ------
    InputError
        If `time_format` is no format.
    """
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _typed(column)
    text = column.cast(pa.string())
    if time_format is not None:
        return _by_format(blank_to_null(text), time_format, file)
    fields = read_fields(text)
    odd = ~(fields.known | fields.missing)
    if odd.any():
        fields.replace(odd, read_fields(blank_to_null(text.filter(pa.array(odd)))))
    return _resolve(fields, file)


def _typed(column: pa.ChunkedArray) -> Stamps:
    kind = column.type
    missing = column.is_null().to_numpy()
    zoned = np.full(len(column), pa.types.is_timestamp(kind) and kind.tz is not None) & ~missing
    instants = column.cast(pa.timestamp("s"), safe=False) if pa.types.is_date(kind) else column
    minute = instants.to_numpy().astype("M8[m]")
    has_time = np.full(len(column), pa.types.is_timestamp(kind)) & ~missing
    none = np.zeros(len(column), bool)
    return Stamps(minute, has_time, missing, none, zoned, zoned, np.zeros(len(column), np.int16))


def _by_format(text: pa.ChunkedArray, time_format: str, file: str) -> Stamps:
    missing = text.is_null().to_numpy()
    coded = text.dictionary_encode().combine_chunks()
    zoned = "%z" in time_format
    try:
        unique = pd.to_datetime(
            pd.Series(coded.dictionary.to_pylist(), dtype=object),
            format=time_format,
            errors="coerce",
            utc=zoned,
        )
    except ValueError as error:
        raise InputError(
            f'{file}: time_format "{time_format}" is no strptime format ({error}); '
            'write one such as "%Y-%m-%d %H:%M"'
        ) from None
    moments = unique.dt.tz_localize(None).to_numpy().astype("M8[m]")
    minute = np.full(len(text), np.datetime64("NaT", "m"))
    minute[~missing] = moments[coded.indices.drop_null().to_numpy()]
    bad = np.isnat(minute) & ~missing
    known = ~(bad | missing)
    has_time = known & bool(_CLOCK_DIRECTIVES.search(time_format))
    none = np.zeros(len(text), bool)
    return Stamps(
        minute, has_time, missing, bad, known & zoned, none, np.zeros(len(text), np.int16)
    )


def _resolve(fields: StampFields, file: str) -> Stamps:
    """Decide between day/month and month/day by the file's own evidence, and build the times."""
    either = fields.day_or_month
    day_first_rows = either & (fields.month > 12) & (fields.day <= 12)
    month_first_rows = either & (fields.day > 12) & (fields.month <= 12)
    open_rows = either & (fields.month <= 12) & (fields.day <= 12) & (fields.month != fields.day)
    day_first = int(day_first_rows.sum()) > int(month_first_rows.sum())
    turn = day_first_rows | (open_rows & day_first)
    month = np.where(turn, fields.day, fields.month)
    day = np.where(turn, fields.month, fields.day)
    known, day_start = _days(fields.year, month, day)
    known &= fields.known
    minute = day_start.astype("M8[m]") + fields.minute_of_day.astype("m8[m]")
    minute[~known] = np.datetime64("NaT", "m")
    return Stamps(
        minute,
        fields.has_time & known,
        fields.missing,
        ~known & ~fields.missing,
        fields.zoned & known,
        fields.zulu & known,
        fields.offset_minutes,
        _order_warnings(day_first_rows, month_first_rows, open_rows, file),
    )


def _days(
    year: NDArray[np.int16], month: NDArray[np.int8], day: NDArray[np.int8]
) -> tuple[NDArray[np.bool_], NDArray[np.datetime64]]:
    """Build days, and tell which exist; by table, since NumPy's calendar is slow row by row."""
    all_months = np.arange(-1970 * 12, 8030 * 12 + 1).astype("M8[M]")
    month_start = all_months.astype("M8[D]").astype(np.int64)
    possible = (month >= 1) & (month <= 12) & (day >= 1)
    index = year.astype(np.int64) * 12 + np.where(possible, month, 1) - 1
    start = month_start[index] + day - 1
    return possible & (start < month_start[index + 1]), start.astype("M8[D]")


def _order_warnings(
    day_first: NDArray[np.bool_],
    month_first: NDArray[np.bool_],
    open_: NDArray[np.bool_],
    file: str,
) -> tuple[str, ...]:
    days, months, unclear = int(day_first.sum()), int(month_first.sum()), int(open_.sum())
    if not unclear or bool(days) != bool(months):
        return ()
    taken = "day/month" if days > months else "month/day"
    evidence = (
        f"{days} dates can only be day/month and {months} only month/day"
        if days
        else "no date tells day from month"
    )
    sentence = (
        f"{file}: {evidence}; {unclear} dates that could be either were read as {taken}; "
        "set time_format if that is wrong"
    )
    return (sentence,)
