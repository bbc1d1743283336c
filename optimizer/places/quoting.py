"""Text tables in which somebody forgot to close a quotation mark."""

from __future__ import annotations

import csv
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_LONGEST_CELL_LINES = 20


def swallowed_rows(table: pa.Table, delimiter: str) -> bool:
    """Tell whether some cell looks as if it held whole rows: a quotation mark must be missing.

    A line inside the cell has as many delimiters as a row, or the cell has very many lines.
    """
    row_delimiters = max(table.num_columns - 1, 1)
    for column in table.columns:
        tall = column.filter(pc.match_substring(column, "\n"))
        for cell in pc.unique(tall).to_pylist():
            lines = cell.split("\n")
            if len(lines) > _LONGEST_CELL_LINES:
                return True
            if any(line.count(delimiter) >= row_delimiters for line in lines[1:]):
                return True
    return False


def mend_quotes(lines: Sequence[str], delimiter: str, columns: int) -> tuple[list[str], int]:
    """Keep the records that are whole; a stray quotation mark costs its own line only.

    Parameters
    ----------
    lines
        Lines with their line ends, header included.
    delimiter
        Between cells.
    columns
        Cells a record must have where it spans several lines.

    Returns
    -------
    tuple
        The lines of whole records, and the number of lines given up.
    """
    whole: list[str] = []
    given_up = 0
    position = 0
    while position < len(lines):
        record = lines[position]
        length = 1
        if '"' in record:
            record, length = _record_at(lines, position, delimiter, columns)
        if length:
            whole.append(record)
        else:
            given_up += 1
        position += max(length, 1)
    return whole, given_up


def _record_at(
    lines: Sequence[str], position: int, delimiter: str, columns: int
) -> tuple[str, int]:
    """Find the record that starts at a line, and how many lines it spans; 0 if it never closes."""
    candidates = [*lines[position : position + _LONGEST_CELL_LINES], "\n"]
    reader = csv.reader(candidates, delimiter=delimiter)
    try:
        next(reader)
        length = reader.line_num
        if length == 1:
            return candidates[0], 1
        strict = csv.reader(candidates[:length], delimiter=delimiter, strict=True)
        whole = length < len(candidates) and len(next(strict)) == columns
    except csv.Error:
        whole = False
    return ("".join(candidates[:length]), length) if whole else ("", 0)
