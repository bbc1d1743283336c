"""From geometries and points to the plain data of a map."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.publishing.degrees import Polygons
from optimizer.publishing.map_content import MapCells

_UNITS_PER_DEGREE = 1_000_000
_METRES_PER_DEGREE = 111_320.0


def polygons_of(geometry: shapely.Geometry | None) -> Polygons:
    """Return the polygons of a WGS-84 geometry as rings; lines and points in it are left out."""
    if geometry is None or geometry.is_empty:
        return ()
    parts = (part for part in _parts(geometry) if part.geom_type == "Polygon" and not part.is_empty)
    return tuple(
        tuple(shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors))
        for part in parts
    )


def count_cells(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    calls: NDArray[np.int64],
    late: NDArray[np.int64],
    *,
    cell_m: float = 200.0,
    suppress_below: int = 0,
) -> tuple[MapCells, MapCells]:
    """Add up calls, and those of them that come too late, by cells of about `cell_m` metres.

    Cells are counted in whole millionths of a degree: floating-point cells disagree on edges.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).
    calls, late
        Number of calls at each place, and how many of them are not reached in time, shape (n,).
    suppress_below
        Smaller counts are not published, nor are late calls where the difference of the two
        counts would tell a smaller one.
    """
    if len(lon) == 0:
        return MapCells(), MapCells()
    x = np.rint(np.asarray(lon) * _UNITS_PER_DEGREE).astype(np.int64)
    y = np.rint(np.asarray(lat) * _UNITS_PER_DEGREE).astype(np.int64)
    step_y = round(cell_m / _METRES_PER_DEGREE * _UNITS_PER_DEGREE)
    step_x = round(step_y / math.cos(math.radians(float(np.median(lat)))))
    x0, y0 = int(x.min()), int(y.min())
    cell, inverse = np.unique(
        np.column_stack(((y - y0) // step_y, (x - x0) // step_x)), axis=0, return_inverse=True
    )
    total, missed = np.zeros(len(cell), dtype=np.int64), np.zeros(len(cell), dtype=np.int64)
    np.add.at(total, inverse.ravel(), np.asarray(calls))
    np.add.at(missed, inverse.ravel(), np.asarray(late))
    least = max(suppress_below, 1)
    grid = MapCells(
        lon0=x0 / _UNITS_PER_DEGREE,
        lat0=y0 / _UNITS_PER_DEGREE,
        step_lon=step_x / _UNITS_PER_DEGREE,
        step_lat=step_y / _UNITS_PER_DEGREE,
    )
    told = (missed == total) | (total - missed >= least)
    return (
        _filled(grid, cell, total, total >= least),
        _filled(grid, cell, missed, (missed >= least) & told),
    )


def _filled(
    grid: MapCells, cell: NDArray[np.int64], calls: NDArray[np.int64], shown: NDArray[np.bool_]
) -> MapCells:
    return dataclasses.replace(
        grid,
        row=tuple(cell[shown, 0].tolist()),
        col=tuple(cell[shown, 1].tolist()),
        calls=tuple(calls[shown].tolist()),
    )


def _parts(geometry: shapely.Geometry) -> list[shapely.Geometry]:
    """Take a geometry apart until no collection is left."""
    parts = [geometry]
    while any(hasattr(part, "geoms") for part in parts):
        parts = [piece for part in parts for piece in getattr(part, "geoms", [part])]
    return parts
