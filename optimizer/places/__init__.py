"""Where is it, and in which file? Tables, polygons, places, datums and the plane in metres."""

from optimizer.places.columns import guess_column, missing_columns, nearest
from optimizer.places.datum import Datum, from_wgs84, to_wgs84
from optimizer.places.planar import (
    LOCAL_CRS,
    WGS84,
    is_local,
    parse_crs,
    planar_crs,
    project,
    transform,
    unproject,
)

__all__ = [
    "LOCAL_CRS",
    "WGS84",
    "Datum",
    "from_wgs84",
    "guess_column",
    "is_local",
    "missing_columns",
    "nearest",
    "parse_crs",
    "planar_crs",
    "project",
    "to_wgs84",
    "transform",
    "unproject",
]
