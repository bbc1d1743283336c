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
    """Put rows where their ``x`` and ``y`` say."""
    listed = list(rows)
    return frame(listed, [shapely.Point(row["x"], row["y"]) for row in listed], crs)
