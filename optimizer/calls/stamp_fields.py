"""Year, month, day, clock and offset out of text, for all rows of one signature at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from optimizer.calls.stamp_layout import SIGNATURE_OF, Layout, layout_of

_BLOCK_ROWS = 1 << 18
_LONGEST_STAMP = 48
_FREQUENT_SIGNATURES = 24
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EXCEL_DAY_ZERO = np.datetime64("1899-12-30", "m")
_EXCEL_SERIALS = (20_000, 80_000)  # 1954 to 2119
_EPOCH_S = (631_152_000, 4_102_444_800)  # 1990 to 2100
_CENTURY_TURNS_AT = 70  # two digits: 1970 to 2069


@dataclass(frozen=True, slots=True, eq=False)
class StampFields:
    """Fields of n stamps; where `day_or_month`, `month` is the first number, `day` the second."""

    year: NDArray[np.int16]
    month: NDArray[np.int8]
    day: NDArray[np.int8]
    minute_of_day: NDArray[np.int16]
    offset_minutes: NDArray[np.int16]
    known: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    has_time: NDArray[np.bool_]
    day_or_month: NDArray[np.bool_]
    zoned: NDArray[np.bool_]
    zulu: NDArray[np.bool_]

    @classmethod
    def blank(cls, rows: int) -> StampFields:
        """Make fields in which nothing is known yet."""
        kinds = [np.int16, np.int8, np.int8, np.int16, np.int16, *[np.bool_] * 6]
        return cls(*(np.zeros(rows, kind) for kind in kinds))

    def replace(self, rows: NDArray[np.bool_], others: StampFields) -> None:
        """Put the fields of other stamps in place of some."""
        for field in fields(StampFields):
            getattr(self, field.name)[rows] = getattr(others, field.name)


def read_fields(text: pa.ChunkedArray) -> StampFields:
    """Read every stamp of a column of text without blanks about it; null is missing."""
    result = StampFields.blank(len(text))
    position = 0
    for chunk in text.chunks:
        for start in range(0, len(chunk), _BLOCK_ROWS):
            block = chunk.slice(start, _BLOCK_ROWS)
            rows = slice(position, position + len(block))
            result.missing[rows] = block.is_null().to_numpy(zero_copy_only=False)
            _read_block(block, result, position)
            position = rows.stop
    return result


def _read_block(block: pa.StringArray, result: StampFields, position: int) -> None:
    offsets = np.frombuffer(block.buffers()[1], np.int32)[
        block.offset : block.offset + len(block) + 1
    ]
    data = np.frombuffer(block.buffers()[2] or b"", np.uint8)
    lengths = np.diff(offsets)
    for length in np.unique(lengths[(lengths > 0) & (lengths <= _LONGEST_STAMP)]):
        rows = np.flatnonzero(lengths == length)
        starts = offsets[:-1][rows]
        stamps = np.empty((length, len(rows)), np.uint8)
        for place in range(length):
            np.take(data, starts + place, out=stamps[place])
        for layout, which in _by_layout(stamps):
            whole = isinstance(which, slice) and len(rows) == len(block)
            target = slice(position, position + len(block)) if whole else rows[which] + position
            _Reading(layout, stamps[:, which]).store(result, target)


def _by_layout(stamps: NDArray[np.uint8]) -> Iterator[tuple[Layout, NDArray[np.bool_] | slice]]:
    """Group stamps of one length by their signature, leaving out those no layout fits."""
    signatures = SIGNATURE_OF[stamps]
    rest = np.ones(stamps.shape[1], bool)
    for _ in range(_FREQUENT_SIGNATURES):
        signature = signatures[:, int(np.argmax(rest))]
        same = (signatures == signature[:, None]).all(axis=0)
        layout = layout_of(signature.tobytes())
        if layout is not None:
            yield layout, slice(None) if same.all() else same
        rest &= ~same
        if not rest.any():
            return
    rare, group = np.unique(signatures[:, rest], axis=1, return_inverse=True)
    for number, signature in enumerate(rare.T):
        layout = layout_of(signature.tobytes())
        if layout is not None:
            which = rest.copy()
            which[rest] = group.ravel() == number
            yield layout, which


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """Stamps of one layout: uint8[length, n]."""

    layout: Layout
    stamps: NDArray[np.uint8]

    def store(self, result: StampFields, rows: NDArray[np.intp] | slice) -> None:
        found = self._counted() if self._is_count() else self._written()
        for field in fields(StampFields):
            if field.name in found:
                getattr(result, field.name)[rows] = found[field.name]

    def _is_count(self) -> bool:
        return "year" not in self.layout

    def _number(self, field: str) -> NDArray[np.int64]:
        return self.layout.number(self.stamps, field)

    def _counted(self) -> dict[str, NDArray[np.generic] | bool]:
        """Read days since 1900 (Excel) or seconds since 1970 (UTC)."""
        if "serial" in self.layout:
            days = self._number("serial")
            start, end = self.layout.spans.get("fraction", (0, 0))
            minutes = np.rint(self._number("fraction") / 10.0 ** (end - start) * 1440)
            moment = _EXCEL_DAY_ZERO + (days * 1440 + minutes.astype(np.int64)).astype("m8[m]")
            known = (days >= _EXCEL_SERIALS[0]) & (days < _EXCEL_SERIALS[1])
            clock, zoned = "fraction" in self.layout, False
        else:
            seconds = self._number("epoch_s") + self._number("epoch_ms") // 1000
            moment = (seconds // 60).astype("M8[m]")
            known = (seconds >= _EPOCH_S[0]) & (seconds < _EPOCH_S[1])
            clock = zoned = True
        day = moment.astype("M8[D]")
        month = day.astype("M8[M]")
        return {
            "year": month.astype("M8[Y]").astype(np.int64) + 1970,
            "month": month.astype(np.int64) % 12 + 1,
            "day": (day - month).astype(np.int64) + 1,
            "minute_of_day": (moment - day).astype(np.int64),
            "known": known,
            "has_time": known & clock,
            "zoned": known & zoned,
        }

    def _written(self) -> dict[str, NDArray[np.generic] | bool]:
        """Read a date and perhaps a clock and an offset."""
        minute_of_day, clock_known = self._clock()
        offset, zulu, zone_known = self._zone()
        month, day = self._month_and_day()
        known = clock_known & zone_known
        clock = "hour" in self.layout
        zoned = zulu | ("sign" in self.layout)
        return {
            "year": self._year(),
            "month": month,
            "day": day,
            "minute_of_day": minute_of_day,
            "offset_minutes": offset,
            "known": known,
            "has_time": known & clock,
            "day_or_month": known & ("first" in self.layout),
            "zoned": known & zoned,
            "zulu": known & zulu,
        }

    def _year(self) -> NDArray[np.int64]:
        year = self._number("year")
        start, end = self.layout.spans["year"]
        if end - start == 2:
            year += np.where(year < _CENTURY_TURNS_AT, 2000, 1900)
        return year

    def _month_and_day(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if "first" in self.layout:
            return self._number("first"), self._number("second_part")
        if "name" not in self.layout:
            return self._number("month"), self._number("day")
        packed = self.layout.letters(self.stamps, "name", 3)
        month = np.zeros(len(packed), np.int64)
        for number, name in enumerate(_MONTHS, start=1):
            month[packed == int.from_bytes(name.encode(), "big")] = number
        return month, self._number("day")

    def _clock(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Give the minute of the day, and whether the clock can show it; 24:00 ends a day."""
        hour, minute, second = (self._number(name) for name in ("hour", "minute", "second"))
        known = (minute < 60) & (second <= 60) & ((hour < 24) | ((hour == 24) & (minute == 0)))
        if "t" in self.layout:
            known &= self.layout.says(self.stamps, "t", "t")
        afternoon = np.full(len(hour), "afternoon" in self.layout)
        morning = np.full(len(hour), "morning" in self.layout)
        if "half" in self.layout:
            morning = self.layout.says(self.stamps, "half", "a")
            afternoon = self.layout.says(self.stamps, "half", "p")
            start, end = self.layout.spans["half"]
            m = self.stamps[start + (end - start) // 2] | 0x20
            known &= (morning | afternoon) & (m == ord("m"))
        hour = np.where(afternoon & (hour < 12), hour + 12, hour)
        hour = np.where(morning & (hour == 12), 0, hour)
        return hour * 60 + minute, known

    def _zone(self) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
        """Give the offset in minutes, whether it is a bare Z, and whether it is one at all."""
        rows = self.stamps.shape[1]
        offset = self._number("zone_hour") * 60 + self._number("zone_minute")
        zulu, known = np.zeros(rows, bool), offset <= 14 * 60
        if "sign" in self.layout:
            minus = self.stamps[self.layout.spans["sign"][0]] == ord("-")
            offset = np.where(minus, -offset, offset)
        if "zulu" in self.layout:
            zulu = self.layout.says(self.stamps, "zulu", "z")
            known &= zulu
        if "zone_name" in self.layout:
            zulu = self.layout.says(self.stamps, "zone_name", "utc", "gmt")
        return offset, zulu, known
