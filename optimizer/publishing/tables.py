"""CSV for commanders: any spreadsheet opens it as what it is, text as text, numbers as numbers."""

from __future__ import annotations

import csv
import io
import math
import numbers
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from optimizer.archive import write_file

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


def harmless(value: object) -> object:
    """Keep a spreadsheet from running a cell: text that begins like a formula gets a leading ``'``.

    True numbers are exempt, so that ``-93.27`` stays a number.
    """
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Lay out rows as CSV; a missing value and NaN are empty cells.

    Raises
    ------
    ValueError
        A row has a column that is not in ``columns``.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(columns), lineterminator="\r\n", restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return buffer.getvalue()


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a table in UTF-8 with a byte order mark, whole or not at all."""
    write_file(path, csv_text(columns, rows).encode("utf-8-sig"))


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return int(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        return repr(float(value)) if math.isfinite(float(value)) else ""
    return harmless(str(value))
