"""Layers of geometry (GeoPackage, GeoJSON, shapefile, GeoParquet) as tables."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

from optimizer.errors import InputError
from optimizer.places.columns import nearest
from optimizer.places.geojson import check_geojson
from optimizer.places.source_table import SourceTable

_GEOJSON = {".geojson", ".json"}


def read_vector(path: Path, layer: str | None = None) -> SourceTable:
    """Read one layer with its geometry and CRS.

    Parameters
    ----------
    path
        A file GDAL can read.
    layer
        Its name; may be left out where only one layer has geometry or bears the file's name.

    Raises
    ------
    InputError
        If the file is no vector file, the layer is not clear, or it has no CRS.
    """
    import pyogrio

    options = {}
    if path.suffix.lower() in _GEOJSON:
        check_geojson(path)
        options["DATE_AS_STRING"] = "YES"
    try:
        chosen = _choose_layer(path, layer)
        meta, table = pyogrio.read_arrow(path, layer=chosen, **options)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise InputError(
            f"{path.name}: the file cannot be read as a layer of geometry ({error})"
        ) from None
    name = meta["geometry_name"] or "wkb_geometry"
    if name not in table.column_names:
        return SourceTable(path, table)
    if meta["crs"] is None:
        raise InputError(
            f"{path.name}: the layer has no coordinate reference system; "
            "save it with one (a shapefile needs its .prj)"
        )
    return _with_geometry(path, table, name, pyproj.CRS.from_user_input(meta["crs"]))


def read_parquet(path: Path) -> SourceTable:
    """Read a Parquet file, with geometry if it is a GeoParquet one.

    Raises
    ------
    InputError
        If it is not Parquet.
    """
    try:
        table = _decoded(pq.read_table(path))
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path.name}: the file is not Parquet ({error})") from None
    described = (table.schema.metadata or {}).get(b"geo")
    if described is None:
        return SourceTable(path, table)
    geo = json.loads(described)
    name = geo["primary_column"]
    crs = geo["columns"][name].get("crs", "OGC:CRS84")
    if crs is None:
        raise InputError(f"{path.name}: the geometry has no CRS; save it with one")
    return _with_geometry(path, table, name, pyproj.CRS.from_user_input(crs))


def _decoded(table: pa.Table) -> pa.Table:
    """Write the values of dictionary columns out."""
    for index, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            plain = table.column(index).cast(field.type.value_type)
            table = table.set_column(index, field.name, plain)
    return table


def _with_geometry(path: Path, table: pa.Table, name: str, crs: pyproj.CRS) -> SourceTable:
    geometry = shapely.from_wkb(table[name].to_numpy(zero_copy_only=False))
    empty = shapely.is_empty(geometry)
    geometry[empty] = None
    return SourceTable(path, table.drop_columns([name]), geometry=geometry, crs=crs)


def _choose_layer(path: Path, layer: str | None) -> str:
    import pyogrio

    layers = pyogrio.list_layers(path)
    names = [str(name) for name in layers[:, 0]]
    if layer is not None:
        if layer in names:
            return layer
        close = nearest(layer, names)
        advice = f'did you mean "{close}"?' if close else f"it has {', '.join(names)}"
        raise InputError(f'{path.name}: there is no layer "{layer}"; {advice}')
    spatial = [str(name) for name, kind in layers if kind is not None] or names
    if len(spatial) > 1 and path.stem in spatial:
        return path.stem
    if len(spatial) != 1:
        raise InputError(
            f"{path.name}: the file has {len(spatial)} layers ({', '.join(spatial)}); "
            "save the one that is meant as a file of its own"
        )
    return spatial[0]
