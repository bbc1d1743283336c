"""One door for every kind of table: text, spreadsheet, Parquet, or a layer of geometry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from optimizer.errors import InputError
from optimizer.places.columns import missing_columns, nearest
from optimizer.places.delimited import read_delimited
from optimizer.places.source_table import SourceTable
from optimizer.places.spreadsheet import read_spreadsheet
from optimizer.places.vector_files import read_parquet, read_vector

_SPREADSHEETS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_LAYERS = {".gpkg", ".geojson", ".json", ".shp", ".fgb"}
_TEXTS = {".csv", ".tsv", ".txt", ".gz"}
_PARQUETS = {".parquet", ".geoparquet", ".pq"}


def read_source(path: Path, *, encoding: str = "auto", sheet: str | None = None) -> SourceTable:
    """Read any table as it lies, by the ending of its name.

    Parameters
    ----------
    path
        csv, tsv or txt (gzipped or not), xlsx and kin, parquet, gpkg, geojson, shp.
    encoding
        Of a text file; "auto" finds it.
    sheet
        Of a spreadsheet, or the layer of a GeoPackage.

    Raises
    ------
    InputError
        If there is no such file, or it is not what its name says.
    """
    if path.is_dir():
        raise InputError(f"{path}: this is a folder; name a file in it")
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; {_other_file(path)}")
    kind = path.suffix.lower()
    if kind in _SPREADSHEETS:
        return read_spreadsheet(path, sheet)
    if kind in _PARQUETS:
        return read_parquet(path)
    if kind in _LAYERS:
        return read_vector(path, sheet)
    if kind in _TEXTS:
        return read_delimited(path, encoding)
    raise InputError(
        f'{path.name}: files ending in "{kind}" are not known; '
        "use csv, csv.gz, xlsx, parquet, gpkg, geojson or shp"
    )


def _other_file(path: Path) -> str:
    """Advise on the name of a file that is not there."""
    if not path.parent.is_dir():
        return f"nor is there the folder {path.parent}"
    close = nearest(path.name, (other.name for other in path.parent.iterdir() if other.is_file()))
    return f"did you mean {close}?" if close else "check its name"


def read_table(
    path: Path,
    *,
    encoding: str = "auto",
    columns: Sequence[str] | None = None,
    sheet: str | None = None,
) -> pa.Table:
    """Read a table that must be whole.

    Parameters
    ----------
    path, encoding, sheet
        As for `read_source`.
    columns
        Columns to keep, in this order; all when left out.

    Returns
    -------
    pyarrow.Table
        Of a text file or spreadsheet, text with empty cells null. A layer's geometry is given as
        the columns `x` and `y` in its own CRS, where it has none of that name.

    Raises
    ------
    InputError
        If the file cannot be read, rows have too few or too many cells, or columns are missing.
    """
    source = read_source(path, encoding=encoding, sheet=sheet)
    table = source.table
    if source.geometry is not None:
        for name, values in zip("xy", source.points(), strict=True):
            if name not in table.column_names:
                table = table.append_column(name, pa.array(values))
    faults = missing_columns(columns or (), table.column_names, path.name)
    if source.broken_rows:
        faults.append(
            f"{path.name}: {source.broken_rows} rows do not have the {table.num_columns} cells "
            "that the line of column names has; correct them"
        )
    if faults:
        raise InputError(faults)
    return table if columns is None else table.select(list(columns))


def expand_paths(spec: str | Sequence[str], root: Path) -> list[Path]:
    """Find the files that a path, a list of paths or a glob names.

    Parameters
    ----------
    spec
        One or several; relative ones start at `root`. `*`, `?` and `[...]` match within a folder,
        `**` across folders.
    root
        The folder of the study.

    Returns
    -------
    list of pathlib.Path
        In the order given, each glob sorted, no file twice.

    Raises
    ------
    InputError
        One fault for each entry that matches no file.
    """
    found: dict[Path, None] = {}
    faults = []
    for entry in [spec] if isinstance(spec, str) else spec:
        matches = _matches(entry, root)
        if not matches:
            faults.append(f'"{entry}": no file of this name under {root}; check the path')
        found.update(dict.fromkeys(matches))
    if faults:
        raise InputError(faults)
    return list(found)


def _matches(entry: str, root: Path) -> list[Path]:
    path = root / entry
    if path.is_file():
        return [path]
    anchor = Path(path.anchor or ".")
    pattern = path.relative_to(anchor).as_posix()
    if not any(sign in pattern for sign in "*?["):
        return []
    return sorted(match for match in anchor.glob(pattern) if match.is_file())
