"""Tables of named places: platforms, key sites, stations, counts, candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, model_validator

from optimizer.errors import InputError
from optimizer.places.cells import Numbers, labels, numbers, one_line, texts
from optimizer.places.columns import guess_column, missing_columns
from optimizer.places.coordinates import CoordinateColumns, choose_columns, read_coordinates
from optimizer.places.datum import Datum
from optimizer.places.planar import is_local
from optimizer.places.source_table import SourceTable
from optimizer.places.tables import read_source

_LISTED_ROWS = 3


class PlaceSource(BaseModel):
    """Where a table of places lies, and which columns say what; a bare text is its path."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    path: str
    id: str | None = None
    name: str | None = None
    weight: str | None = None
    longitude: str | None = None
    latitude: str | None = None
    x: str | None = None
    y: str | None = None
    node: str | None = None
    crs: str | None = None
    datum: Datum = "wgs84"
    encoding: str = "auto"

    @model_validator(mode="before")
    @classmethod
    def _bare_path(cls, value: Any) -> Any:
        return {"path": value} if isinstance(value, str) else value


def read_places(source: PlaceSource, crs: pyproj.CRS, root: Path = Path()) -> gpd.GeoDataFrame:
    """Read places onto the study's plane.

    Parameters
    ----------
    source
        The table; its path is relative to `root`.
    crs
        Planar CRS of the study; also what x and y mean when the source names no CRS.
    root
        Folder of the study.

    Returns
    -------
    geopandas.GeoDataFrame
        `place_id`, `name` (the id where there is none), `weight` (1 where there is none), `node`
        (the road network's own id, or None) and `geometry` (a point; None where `node` says it).

    Raises
    ------
    InputError
        All faults at once: columns that are missing, rows without a place, ids given twice,
        weights that are no numbers or negative.
    """
    places, faults = read_usable_places(source, crs, root)
    if faults:
        raise InputError(faults)
    return places


def read_usable_places(
    source: PlaceSource, crs: pyproj.CRS, root: Path = Path()
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read places as `read_places` does, for callers that have more to ask of them.

    Returns
    -------
    The rows that have a place, and the faults of all rows: whoever finds no more raises these.

    Raises
    ------
    InputError
        The file cannot be read, or columns are missing.
    """
    table = read_source(root / source.path, encoding=source.encoding)
    columns = table.table.column_names
    file = table.path.name
    wanted = [name for name in (source.id, source.name, source.weight) if name is not None]
    faults = missing_columns(wanted, columns, file)
    if table.broken_rows:
        faults.append(f"{file}: {table.broken_rows} rows have too few or too many cells; mend them")
    if not table.table.num_rows:
        faults.append(f"{file}: the table has no rows; give at least one place")
    chosen = None
    try:
        chosen = choose_columns(
            source, columns, table.geometry is not None, file, on_earth=not is_local(crs)
        )
    except InputError as error:
        faults += error.faults
    if faults or chosen is None:
        raise InputError(faults)
    return _places(table, source, chosen, crs)


def _places(
    table: SourceTable, source: PlaceSource, chosen: CoordinateColumns, crs: pyproj.CRS
) -> tuple[gpd.GeoDataFrame, list[str]]:
    file = table.path.name
    ids = _ids(table, source.id)
    weight = _weights(table, source.weight)
    node: NDArray[np.object_] = np.full(len(ids), None, dtype=object)
    geometry = node.copy()
    advice = "fill in its coordinates or node"
    if chosen.kind == "node":
        node = texts(table.table[chosen.names[0]])
        placed = np.array([one is not None for one in node], bool)
    else:
        coordinates = read_coordinates(table, chosen, source, crs)
        x_m, y_m = coordinates.to_plane(crs)
        placed = np.isfinite(x_m) & np.isfinite(y_m)
        geometry[placed] = shapely.points(x_m[placed], y_m[placed])
        if chosen.kind == "degrees" and coordinates.swapped(~placed).on_earth().all():
            advice = "longitude and latitude seem to be swapped"
    negative = weight.bad | (weight.values < 0)
    faults = [
        *_row_faults(file, ~placed, _no_place(table, chosen, placed), advice),
        *_row_faults(file, negative, _wrong_weight(table, source, negative), "correct it"),
        *_repeated_ids(file, ids),
    ]
    data = {
        "place_id": ids,
        "name": _names(table, source.name, ids),
        "weight": np.where(weight.missing, 0.0, weight.values),
        "node": node,
    }
    frame = gpd.GeoDataFrame(data, geometry=list(geometry), crs=crs)
    return frame[placed].reset_index(drop=True), faults


def _ids(table: SourceTable, named: str | None) -> NDArray[np.object_]:
    """Take the named column, a usual one, the first that tells rows apart, or count from 1."""
    columns = table.table.column_names
    usual = named or guess_column("id", columns)
    for name in [usual] if usual is not None else columns:
        ids = labels(table.table[name])
        if usual is not None or _all_different(ids):
            return np.array(
                [str(i) if t is None else t for i, t in enumerate(ids, 1)], dtype=object
            )
    return np.array([str(i) for i in range(1, table.table.num_rows + 1)], dtype=object)


def _all_different(ids: NDArray[np.object_]) -> bool:
    return None not in set(ids) and len(set(ids)) == len(ids)


def _names(table: SourceTable, named: str | None, ids: NDArray[np.object_]) -> NDArray[np.object_]:
    columns = table.table.column_names
    likely = (name for name in columns if "name" in name.casefold() or "名" in name)
    column = named or next(likely, None)
    if column is None:
        return ids.copy()
    names = labels(table.table[column])
    return np.array([i if n is None else n for i, n in zip(ids, names, strict=True)], dtype=object)


def _weights(table: SourceTable, named: str | None) -> Numbers:
    if named is not None:
        return numbers(table.table[named])
    none = np.zeros(table.table.num_rows, bool)
    return Numbers(np.ones(table.table.num_rows), none, none)


def _no_place(table: SourceTable, chosen: CoordinateColumns, placed: NDArray[np.bool_]) -> str:
    """Say that rows have no place, and what the first has that is not empty."""
    for row in np.flatnonzero(~placed).tolist() if chosen.names else ():
        cells = [(name, table.table[name][row].as_py()) for name in chosen.names]
        if None not in (cell for _, cell in cells):
            written = ", ".join(f'{name} "{one_line(str(cell))}"' for name, cell in cells)
            return f"no usable place ({written})"
    return "no usable place"


def _wrong_weight(table: SourceTable, source: PlaceSource, wrong: NDArray[np.bool_]) -> str:
    """Say that rows have no weight, and what the first has instead."""
    what = "a weight that is no number from 0 up"
    if source.weight is None or not wrong.any():
        return what
    cell = table.table[source.weight][int(np.flatnonzero(wrong)[0])].as_py()
    return f'{what} ({source.weight} "{one_line(str(cell))}")'


def _row_faults(file: str, wrong: NDArray[np.bool_], what: str, advice: str) -> list[str]:
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return []
    listed = ", ".join(str(row + 1) for row in rows[:_LISTED_ROWS])
    more = f" and {len(rows) - _LISTED_ROWS} more" if len(rows) > _LISTED_ROWS else ""
    return [f"{file}: data row {listed}{more} has {what}; {advice}"]


def _repeated_ids(file: str, ids: Sequence[str] | NDArray[np.object_]) -> list[str]:
    repeated = [(one, count) for one, count in Counter(ids).items() if count > 1]
    faults = [
        f'{file}: the id "{one}" stands in {count} rows; give each place its own'
        for one, count in repeated[:_LISTED_ROWS]
    ]
    if len(repeated) > _LISTED_ROWS:
        more = len(repeated) - _LISTED_ROWS
        faults.append(f"{file}: so {'do' if more > 1 else 'does'} {more} more of its ids")
    return faults
