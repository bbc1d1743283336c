"""A table as it lies in its file, before anybody asks what it means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class SourceTable:
    """Rows and columns of one file, and what reading it brought to light.

    Parameters
    ----------
    path
        The file.
    table
        Attributes. Text files and spreadsheets give text only: ids keep their leading zeros and
        only an empty cell is null.
    geometry
        object[n] of shapely geometries, None where a feature has none; None for a plain table.
    crs
        Of the geometry.
    encoding
        Of a text file.
    broken_rows
        Rows with too few or too many cells; they are not in `table`.
    notes
        What a person should know, one sentence each.
    """

    path: Path
    table: pa.Table
    geometry: NDArray[np.object_] | None = None
    crs: pyproj.CRS | None = None
    encoding: str | None = None
    broken_rows: int = 0
    notes: tuple[str, ...] = ()

    def points(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give one place per feature: a point itself, a point within anything larger.

        Returns
        -------
        tuple of numpy.ndarray
            float64[n] east and north in `crs`; NaN where there is no geometry.
        """
        geometry = self.geometry
        if geometry is None:
            nowhere = np.full(self.table.num_rows, np.nan)
            return nowhere, nowhere.copy()
        larger = shapely.get_type_id(geometry) > 0
        if larger.any():
            geometry = geometry.copy()
            geometry[larger] = shapely.point_on_surface(geometry[larger])
        return shapely.get_x(geometry), shapely.get_y(geometry)
