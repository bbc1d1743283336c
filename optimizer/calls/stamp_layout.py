"""The ways people write a time, as patterns over its signature.

A signature is a stamp in which every digit reads `0`, every letter `a` and every blank a space. All
stamps of one signature have the same fields in the same places, so a file of millions of stamps
needs one pattern match per signature.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]


def _class_of_bytes() -> NDArray[np.uint8]:
    table = np.arange(256, dtype=np.uint8)
    table[ord("0") : ord("9") + 1] = ord("0")
    table[ord("A") : ord("Z") + 1] = ord("a")
    table[ord("a") : ord("z") + 1] = ord("a")
    table[ord("\t")] = ord(" ")
    return table


SIGNATURE_OF = _class_of_bytes()
"""uint8[256]: the byte a byte becomes in a signature."""

_DATES = (
    r"(?P<year>0000)(?P<s>[-/.])(?P<month>00?)(?P=s)(?P<day>00?)",
    r"(?P<year>0000) ?年 ?(?P<month>00?) ?月 ?(?P<day>00?) ?(?:日|号)?",
    r"(?P<first>00?)(?P<s>[-/.])(?P<second_part>00?)(?P=s)(?P<year>0000|00)",
    r"(?:a{3,9},? +)?(?P<name>a{3,9})\.? +(?P<day>00?)(?:aa)?,? +(?P<year>0000)",
    r"(?:a{3,9},? +)?(?P<day>00?)[- ]+(?P<name>a{3,9})[-, ]+(?P<year>0000|00)",
)
_GAP = r"(?:(?P<t>a)|,? +|(?<=日)|(?<=号))"
_HALF_FIRST = r"(?:(?P<morning>上午|凌晨|早上) ?|(?P<afternoon>下午|晚上) ?)?"
_HALF_LAST = r"(?: ?(?P<half>aa|a\.a\.)(?!a))?"
_TIMES = (
    r"(?P<hour>00?):(?P<minute>00?)(?::(?P<second>00?)(?:[.,]0{1,9})?)?" + _HALF_LAST,
    r"(?P<hour>00?)(?:时|点)(?:(?P<minute>00?)(?:分(?:(?P<second>00?)秒?)?)?)?",
)
_COMPACT_DATE = r"(?P<year>0000)(?P<month>00)(?P<day>00)"
_COMPACT_TIME = r"(?:(?P<t>a)| +)?(?P<hour>00)(?P<minute>00)(?:(?P<second>00)(?:\.0{1,9})?)?"
_ZONE = (
    r"(?: ?(?P<zulu>a)| ?(?P<sign>[-+])(?P<zone_hour>00)(?::?(?P<zone_minute>00))?"
    r"| (?P<zone_name>a{3,4}))?"
)
_COUNTS = (
    r"(?P<serial>0{5})(?:\.(?P<fraction>0{1,17}))?",
    r"(?P<epoch_s>0{10})",
    r"(?P<epoch_ms>0{13})",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of a stamp stand, as byte spans by name."""

    spans: dict[str, Span]

    def __contains__(self, field: str) -> bool:
        return field in self.spans

    def number(self, stamps: NDArray[np.uint8], field: str) -> NDArray[np.int64]:
        """Read a field of digits of stamps uint8[length, n]; 0 where there is no such field."""
        value = np.zeros(stamps.shape[1], np.int64)
        start, end = self.spans.get(field, (0, 0))
        for row in stamps[start:end]:
            value *= 10
            value += row
            value -= ord("0")
        return value

    def letters(self, stamps: NDArray[np.uint8], field: str, count: int) -> NDArray[np.int64]:
        """Read the first letters of a field in lower case, packed one byte each."""
        value = np.zeros(stamps.shape[1], np.int64)
        start, _ = self.spans[field]
        for row in stamps[start : start + count]:
            value *= 256
            value += row | 0x20
        return value

    def says(self, stamps: NDArray[np.uint8], field: str, *words: str) -> NDArray[np.bool_]:
        """Tell which stamps start a field with one of some words of equal length."""
        packed = self.letters(stamps, field, len(words[0]))
        found = np.zeros(len(packed), bool)
        for word in words:
            found |= packed == int.from_bytes(word.encode(), "big")
        return found


@cache
def layout_of(signature: bytes) -> Layout | None:
    """Match a signature against the known ways to write a time; None if none fits."""
    for pattern in _patterns():
        match = pattern.fullmatch(signature)
        if match is not None:
            spans = {name: match.span(name) for name in pattern.groupindex if match[name]}
            return Layout(spans)
    return None


@cache
def _patterns() -> tuple[re.Pattern[bytes], ...]:
    return tuple(re.compile(source.encode()) for source in (*_COUNTS, *_stamp_sources()))


def _stamp_sources() -> Iterator[str]:
    yield f"{_COMPACT_DATE}(?:{_COMPACT_TIME}{_ZONE})?"
    for date in _DATES:
        yield date
        for time in _TIMES:
            yield f"{date}{_GAP}{_HALF_FIRST}{time}{_ZONE}"
