"""Where is it, and in which file? Tables, polygons, places, datums and the plane in metres."""

from optimizer.places.cells import Numbers, blank_to_null, numbers, one_line, texts
from optimizer.places.columns import guess_column, missing_columns, nearest
from optimizer.places.coordinates import (
    CoordinateColumns,
    Coordinates,
    choose_columns,
    read_coordinates,
)
from optimizer.places.datum import Datum, from_wgs84, to_wgs84
from optimizer.places.place_source import PlaceSource, read_places, read_usable_places
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
from optimizer.places.polygons import read_polygons
from optimizer.places.source_table import SourceTable
from optimizer.places.tables import expand_paths, read_source, read_table

__all__ = [
    "LOCAL_CRS",
    "WGS84",
    "CoordinateColumns",
    "Coordinates",
    "Datum",
    "Numbers",
    "PlaceSource",
    "SourceTable",
    "blank_to_null",
    "choose_columns",
    "expand_paths",
    "from_wgs84",
    "guess_column",
    "is_local",
    "missing_columns",
    "nearest",
    "numbers",
    "one_line",
    "parse_crs",
    "planar_crs",
    "project",
    "read_coordinates",
    "read_places",
    "read_polygons",
    "read_source",
    "read_table",
    "read_usable_places",
    "texts",
    "to_wgs84",
    "transform",
    "unproject",
]
