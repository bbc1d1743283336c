"""Numbers and names out of the cells of a column, without guessing and without losing a row."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_NUMBER = r"^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_DECIMAL_COMMA = re.compile(r"-?\d+,(?:\d{1,2}|\d{4,})")


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """A column read as numbers.

    Parameters
    ----------
    values
        float64[n], NaN where there is none.
    missing
        bool[n], the cell is empty.
    bad
        bool[n], the cell holds something that is no finite number.
    """

    values: NDArray[np.float64]
    missing: NDArray[np.bool_]
    bad: NDArray[np.bool_]


def numbers(column: pa.ChunkedArray) -> Numbers:
    """Read a column as numbers.

    Text may have spaces, full-width digits, a degree sign or a decimal comma ("114,3054"); a comma
    before exactly three digits could also part thousands and is refused.
    """
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return _from_text(column)
    missing = column.is_null().to_numpy()
    if not _is_numeric(column.type):
        return Numbers(np.full(len(column), np.nan), missing, ~missing)
    values = column.cast(pa.float64()).to_numpy()
    missing = missing | np.isnan(values)
    return _checked(values, missing)


def texts(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """Read a column as trimmed text, None where it is empty; whole numbers lose their ".0"."""
    if pa.types.is_floating(column.type):
        values = column.to_numpy()
        whole = np.isfinite(values) & (values == np.floor(values)) & (np.abs(values) < 2**53)
        as_text = np.empty(len(values), dtype=object)
        as_text[:] = [str(int(v)) if w else str(v) for v, w in zip(values, whole, strict=True)]
        as_text[np.isnan(values)] = None
        return as_text
    as_column = column if pa.types.is_string(column.type) else column.cast(pa.string())
    return np.asarray(blank_to_null(as_column).to_numpy(zero_copy_only=False), dtype=object)


def one_line(text: str) -> str:
    """Make blanks of line breaks, control characters and turns of the direction of writing.

    They would break a table in a terminal, or steer it.
    """
    return _HIDDEN.sub(" ", text).strip()


def labels(column: pa.ChunkedArray) -> NDArray[np.object_]:
    """Read a column as `texts` that people will see, each in one line; None where it is empty."""
    found = [None if text is None else one_line(text) or None for text in texts(column)]
    return np.array([*found, None], dtype=object)[:-1]


def blank_to_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Trim text and turn what is then empty into null."""
    if pc.any(pc.match_substring(column, "\x00")).as_py():
        column = pc.replace_substring(column, "\x00", "")
    trimmed = pc.utf8_trim_whitespace(column)
    blank = pc.equal(trimmed, "")
    if not pc.any(blank).as_py():
        return trimmed
    return pc.if_else(blank, pa.scalar(None, trimmed.type), trimmed)


def _from_text(column: pa.ChunkedArray) -> Numbers:
    missing = column.is_null().to_numpy()
    try:
        return _checked(column.cast(pa.float64()).to_numpy(), missing)
    except pa.ArrowInvalid:
        plain = pc.match_substring_regex(column, _NUMBER)
    values = pc.if_else(plain, column, pa.scalar(None, column.type)).cast(pa.float64()).to_numpy()
    odd = ~missing & ~plain.fill_null(False).to_numpy()
    rare = column.filter(pa.array(odd)).dictionary_encode().combine_chunks()
    written = blank_to_null(pa.chunked_array([rare.dictionary])).to_pylist()
    blank = np.array([text is None for text in written], bool)
    meaning = np.array([_rescue(text or "") for text in written], dtype=np.float64)
    codes = rare.indices.to_numpy()
    values, missing = values.copy(), missing.copy()
    values[odd], missing[odd] = meaning[codes], blank[codes]
    return _checked(values, missing)


def _checked(values: NDArray[np.float64], missing: NDArray[np.bool_]) -> Numbers:
    bad = ~np.isfinite(values) & ~missing
    return Numbers(np.where(bad, np.nan, values), missing, bad)


def _rescue(text: str) -> float:
    """Read a number that a person wrote for a person; NaN if it is none."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").rstrip("° ").lstrip("+")
    if _DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(",", ".")
    return float(plain) if re.fullmatch(_NUMBER, plain) else math.nan


def _is_numeric(kind: pa.DataType) -> bool:
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return bool(is_number)
