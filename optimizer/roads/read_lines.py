"""Lines of a GIS file: GeoPackage, shapefile, GeoJSON, Parquet."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from optimizer.errors import InputError
from optimizer.roads.rows import RoadRows, Values, choose_columns
from optimizer.roads.settings import RoadsSettings

Objects = NDArray[np.object_]

LINE, LINES = int(shapely.GeometryType.LINESTRING), int(shapely.GeometryType.MULTILINESTRING)


def read_gis_file(path: Path, settings: RoadsSettings) -> RoadRows:
    """Read the lines of a file that GDAL knows.

    Raises
    ------
    InputError
        The file cannot be read, has no lines or several layers of them, or lacks a named column.
    """
    import pyogrio

    try:
        layer = settings.layer or _only_line_layer(path)
        info = pyogrio.read_info(path, layer=layer)
        columns = choose_columns(list(info["fields"]), settings, path.name)
        meta, _, geometry, fields = pyogrio.raw.read(
            path, layer=layer, columns=list(columns.values()), force_2d=True
        )
    except pyogrio.errors.DataSourceError as error:
        raise InputError(f"{path.name} cannot be read as a road file: {error}.") from error
    by_name = dict(zip(meta["fields"], fields, strict=True))
    crs = CRS.from_user_input(meta["crs"]) if meta["crs"] else None
    values = {role: by_name[column].astype(object) for role, column in columns.items()}
    return _only_lines(RoadRows(path.name, crs, _from_wkb(geometry, path), values, columns))


def read_parquet(path: Path, settings: RoadsSettings) -> RoadRows:
    """Read the lines of a Parquet file; its geometry column is WKB, described (GeoParquet) or not.

    Raises
    ------
    InputError
        The file cannot be read, has no geometry, or lacks a named column.
    """
    try:
        schema = pq.read_schema(path)
        geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
        geometry = geo.get("primary_column", "geometry")
        if geometry not in schema.names:
            raise InputError(
                f'{path.name}: there is no column "{geometry}" with the lines as WKB; the columns '
                f"are {', '.join(schema.names)}"
            )
        columns = choose_columns(
            [name for name in schema.names if name != geometry], settings, path.name
        )
        table = pq.read_table(path, columns=[geometry, *dict.fromkeys(columns.values())])
    except pa.ArrowException as error:
        raise InputError(f"{path.name} cannot be read as a Parquet file: {error}.") from error
    lines = _from_wkb(table.column(geometry).to_numpy(zero_copy_only=False), path)
    values = {role: _values(table.column(column)) for role, column in columns.items()}
    crs = _parquet_crs(geo.get("columns", {}).get(geometry)) if geo else None
    return _only_lines(RoadRows(path.name, crs, lines, values, columns))


def _values(column: pa.ChunkedArray) -> Values:
    """Keep whole numbers; those without a sign would turn to floats beside those with one."""
    if pa.types.is_signed_integer(column.type) and column.null_count == 0:
        whole: Values = column.to_numpy()
        return whole
    return np.array(column.to_pylist(), dtype=object)


def _parquet_crs(column: dict[str, Any] | None) -> CRS | None:
    """Return the CRS of a GeoParquet column: none written means WGS-84, null means unknown."""
    if column is None:
        return None
    crs = column.get("crs", "OGC:CRS84")
    return CRS.from_user_input(crs) if crs else None


def _only_line_layer(path: Path) -> str:
    import pyogrio

    layers = pyogrio.list_layers(path)
    lines = [name for name, kind in layers if kind is not None and "LineString" in kind]
    candidates = lines or [name for name, kind in layers if kind is not None]
    if len(candidates) == 1:
        return str(candidates[0])
    found = ", ".join(f'"{name}"' for name in candidates) or "none"
    raise InputError(
        f"{path.name}: the roads need one layer of lines, but the file has {found}; "
        'name it with layer = "..." in [roads]'
    )


def _from_wkb(geometry: Objects, path: Path) -> Objects:
    try:
        lines: Objects = np.asarray(shapely.from_wkb(geometry), dtype=object)
    except (shapely.GEOSException, TypeError) as error:
        raise InputError(f"{path.name}: the geometry column is not WKB: {error}.") from error
    tall = shapely.get_coordinate_dimension(lines) > 2
    lines[tall] = shapely.force_2d(lines[tall])
    return lines


def _only_lines(rows: RoadRows) -> RoadRows:
    """Take multi-part lines apart; leave out what is missing, no line or nowhere, and count it."""
    missing = shapely.is_missing(rows.lines) | shapely.is_empty(rows.lines)
    kind = shapely.get_type_id(rows.lines)
    is_line = np.isin(kind, (LINE, LINES))
    finite = np.isfinite(shapely.bounds(rows.lines)).all(axis=1)
    nowhere = is_line & ~missing & ~finite
    counts = {
        "without geometry": int(missing.sum()),
        "not a line": int((~missing & ~is_line).sum()),
        "coordinates not finite": int(nowhere.sum()),
    }
    kept = is_line & ~missing & finite
    dropped = {reason: count for reason, count in counts.items() if count}
    rows = dataclasses.replace(rows.take(kept), dropped=dropped)
    if (kind[kept] == LINE).all():
        return rows
    parts, origin = shapely.get_parts(rows.lines, return_index=True)
    values = {role: column[origin] for role, column in rows.values.items()}
    return dataclasses.replace(rows, lines=parts, values=values)
