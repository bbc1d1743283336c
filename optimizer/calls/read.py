"""Files of calls, checked for the columns they need and otherwise untouched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from optimizer.calls.schema import CallsSettings
from optimizer.errors import InputError
from optimizer.places import (
    CoordinateColumns,
    SourceTable,
    choose_columns,
    expand_paths,
    missing_columns,
    read_source,
)


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file of calls and where in it the places are."""

    source: SourceTable
    place: CoordinateColumns

    def __len__(self) -> int:
        return int(self.source.table.num_rows) + self.source.broken_rows

    @property
    def name(self) -> str:
        """Of the file."""
        return self.source.path.name


@dataclass(frozen=True, slots=True)
class RawCalls:
    """All rows of all files, as written. The only place where free text may still be."""

    files: tuple[RawFile, ...]

    def __len__(self) -> int:
        return sum(len(file) for file in self.files)

    def rows_per_file(self) -> dict[str, int]:
        """Count rows by file name; files of one name in several folders are counted together."""
        rows: dict[str, int] = {}
        for file in self.files:
            rows[file.name] = rows.get(file.name, 0) + len(file)
        return rows


def read_calls(settings: CallsSettings, root: Path) -> RawCalls:
    """Read the files of calls.

    Parameters
    ----------
    settings
        The `[calls]` table.
    root
        Folder of the study.

    Raises
    ------
    InputError
        All faults at once: files that are missing or unreadable, columns that are missing, no rows.
    """
    files: list[RawFile] = []
    faults: list[str] = []
    for path in expand_paths(settings.path, root):
        try:
            files.append(_read_file(settings, path))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    raw = RawCalls(tuple(files))
    if not len(raw):
        names = ", ".join(file.name for file in files)
        raise InputError(f"{names}: there is no row of calls below the column names; add the calls")
    return raw


def _read_file(settings: CallsSettings, path: Path) -> RawFile:
    source = read_source(path, encoding=settings.encoding, sheet=settings.sheet)
    columns = source.table.column_names
    wanted = [settings.time, settings.category, settings.id]
    faults = missing_columns([name for name in wanted if name is not None], columns, path.name)
    place = None
    try:
        place = choose_columns(settings, columns, source.geometry is not None, path.name)
    except InputError as error:
        faults += error.faults
    if faults or place is None:
        raise InputError(faults)
    return RawFile(source, place)
