"""Layers of polygons: zones, forbidden ground, rings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.places.cells import texts
from optimizer.places.columns import missing_columns
from optimizer.places.planar import is_local, transform
from optimizer.places.tables import read_source


def read_polygons(path: Path, crs: pyproj.CRS, *, columns: Sequence[str] = ()) -> gpd.GeoDataFrame:
    """Read polygons onto the study's plane.

    Parameters
    ----------
    path
        gpkg, geojson, shp or GeoParquet.
    crs
        Planar CRS of the study.
    columns
        Attributes to keep, as text, None where empty.

    Returns
    -------
    geopandas.GeoDataFrame
        `columns` and valid geometry, in the order of the file. `attrs["warnings"]` are sentences
        on features without geometry, which are left out, and on those that crossed themselves and
        were mended.

    Raises
    ------
    InputError
        If the file cannot be read, has no CRS, lacks columns, holds anything but polygons or none
        at all, or has degrees out of their range.
    """
    source = read_source(path)
    faults = missing_columns(columns, source.table.column_names, path.name)
    if source.geometry is None or source.crs is None:
        raise InputError(
            [*faults, f"{path.name}: the file has no geometry; give a layer of polygons"]
        )
    present = ~shapely.is_missing(source.geometry)
    geometry = source.geometry[present]
    faults += _geometry_faults(geometry, source.crs, crs, path.name)
    if faults:
        raise InputError(faults)
    planar = shapely.transform(
        shapely.force_2d(geometry),
        lambda x, y: transform(x, y, source.crs, crs),
        interleaved=False,
    )
    crossed = ~shapely.is_valid(planar)
    planar[crossed] = shapely.make_valid(planar[crossed], method="structure", keep_collapsed=False)
    attributes = {
        name: pd.Series(texts(source.table[name])[present], dtype=object) for name in columns
    }
    frame = gpd.GeoDataFrame(attributes, geometry=planar, crs=crs)
    frame.attrs = {"warnings": _doubts(path.name, int((~present).sum()), int(crossed.sum()))}
    return frame


def _doubts(file: str, missing: int, crossed: int) -> tuple[str, ...]:
    doubts = []
    if missing:
        doubts.append(
            f"{file}: features without geometry: {missing}; they are left out, draw or delete them"
        )
    if crossed:
        doubts.append(
            f"{file}: polygons that cross themselves: {crossed}; they were mended, check how"
        )
    return tuple(doubts)


def _geometry_faults(
    geometry: NDArray[np.object_], given: pyproj.CRS, crs: pyproj.CRS, file: str
) -> list[str]:
    if not len(geometry):
        return [f"{file}: no feature has a geometry; give a layer of polygons"]
    faults = []
    kinds = {str(kind) for kind in np.unique([shape.geom_type for shape in geometry])}
    if kinds - {"Polygon", "MultiPolygon"}:
        faults.append(f"{file}: the layer holds {', '.join(sorted(kinds))}; give polygons only")
    if is_local(crs) and given != crs:
        faults.append(f"{file}: the road network has no CRS to place polygons by; set study.crs")
    west, south, east, north = shapely.total_bounds(geometry)
    if not np.isfinite([west, south, east, north]).all():
        faults.append(f"{file}: some coordinates are not finite numbers; mend the layer")
    elif given.is_geographic and not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        swapped = -90 <= west <= east <= 90 and -180 <= south <= north <= 180
        faults.append(
            f"{file}: coordinates reach from {west:g}, {south:g} to {east:g}, {north:g}, which are "
            "no degrees; "
            + ("write longitude before latitude" if swapped
               else "state the right CRS, or export in longitude and latitude")
        )  # fmt: skip
    return faults
