"""How do people see it?  Maps, tables and reports of a plan."""

from optimizer.archive import require_free_folder, write_file, write_json
from optimizer.publishing.book import publish
from optimizer.publishing.map_content import (
    MapCells,
    MapContent,
    MapDistrict,
    MapGround,
    MapHotspot,
    MapKeySite,
    MapPlace,
    MapPlatform,
    MapRoads,
    MapTier,
)
from optimizer.publishing.map_shapes import count_cells, polygons_of
from optimizer.publishing.maps import render_map

__all__ = [
    "MapCells",
    "MapContent",
    "MapDistrict",
    "MapGround",
    "MapHotspot",
    "MapKeySite",
    "MapPlace",
    "MapPlatform",
    "MapRoads",
    "MapTier",
    "count_cells",
    "polygons_of",
    "publish",
    "render_map",
    "require_free_folder",
    "write_file",
    "write_json",
]
