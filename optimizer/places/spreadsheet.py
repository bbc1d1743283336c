"""Sheets of Excel and LibreOffice files as tables of text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import python_calamine as calamine

from optimizer.errors import InputError
from optimizer.places.columns import nearest
from optimizer.places.delimited import distinct_names
from optimizer.places.source_table import SourceTable


def read_spreadsheet(path: Path, sheet: str | None = None) -> SourceTable:
    """Read one sheet; its first row that is not blank names the columns.

    Parameters
    ----------
    path
        xlsx, xlsm, xlsb, xls or ods.
    sheet
        Its name; the first sheet with cells when left out.

    Raises
    ------
    InputError
        If the file is no workbook, has no such sheet, or the sheet is empty.
    """
    try:
        workbook = calamine.CalamineWorkbook.from_path(path)
    except (calamine.CalamineError, OSError) as error:
        raise InputError(f"{path.name}: the file is not a spreadsheet ({error})") from None
    rows = _rows(workbook, path, sheet)
    filled = [row for row in rows if any(cell != "" for cell in row)]
    if not filled:
        raise InputError(f"{path.name}: the sheet is empty; it needs a row of column names")
    names = distinct_names([_as_text(cell) or "" for cell in filled[0]])
    columns = zip(*filled[1:], strict=True) if filled[1:] else ([] for _ in names)
    cells = [pa.array(map(_as_text, column), pa.string()) for column in columns]
    return SourceTable(path, pa.table(cells, names=names))


def _rows(workbook: calamine.CalamineWorkbook, path: Path, sheet: str | None) -> list[list[object]]:
    names = workbook.sheet_names
    if sheet is not None and sheet not in names:
        close = nearest(sheet, names)
        advice = f'did you mean "{close}"?' if close else f"it has {', '.join(names)}"
        raise InputError(f'{path.name}: there is no sheet "{sheet}"; {advice}')
    for name in names if sheet is None else [sheet]:
        rows: list[list[object]] = workbook.get_sheet_by_name(name).to_python()
        if rows:
            return rows
    return []


def _as_text(cell: object) -> str | None:
    """Write a cell as a CSV export would: whole numbers without a point, dates in ISO."""
    if cell == "":
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    return str(cell)
