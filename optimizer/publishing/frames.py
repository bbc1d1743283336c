"""Rows of a table with their shapes, as a layer of plan.gpkg."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import CRS

from optimizer.publishing.table_rows import Row


def frame(rows: Iterable[Row], shapes: Iterable[shapely.Geometry], crs: CRS) -> gpd.GeoDataFrame:
    """Join each row with its shape."""
    return gpd.GeoDataFrame(pd.DataFrame(list(rows)), geometry=list(shapes), crs=crs)


def point_frame(rows: Iterable[Row], crs: CRS) -> gpd.GeoDataFrame:
    """Put rows where their ``x`` and ``y`` say; a row without a place has an empty point."""
    listed = list(rows)
    known = [row["x"] == row["x"] for row in listed]  # NaN is not itself
    points = [
        shapely.Point(row["x"], row["y"]) if is_known else shapely.Point()
        for row, is_known in zip(listed, known, strict=True)
    ]
    return frame(listed, points, crs)
