"""How do people see it?  Maps, tables and reports of a plan."""

from optimizer.archive import require_free_folder, write_file, write_json
from optimizer.publishing.book import publish
from optimizer.publishing.checkpoint_content import (
    MapCheckpoints,
    MapGate,
    MapNet,
    MapNetPost,
    MapPost,
    MapRing,
    MapStandingUnit,
)
from optimizer.publishing.checkpoint_map import map_ring
from optimizer.publishing.drill_content import DrillContent, DrillMove, DrillReach
from optimizer.publishing.drill_map import drill_content, net_content
from optimizer.publishing.drill_page import render_drill
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
    "DrillContent",
    "DrillMove",
    "DrillReach",
    "MapCells",
    "MapCheckpoints",
    "MapContent",
    "MapDistrict",
    "MapGate",
    "MapGround",
    "MapHotspot",
    "MapKeySite",
    "MapNet",
    "MapNetPost",
    "MapPlace",
    "MapPlatform",
    "MapPost",
    "MapRing",
    "MapRoads",
    "MapStandingUnit",
    "MapTier",
    "count_cells",
    "drill_content",
    "map_ring",
    "net_content",
    "polygons_of",
    "publish",
    "render_drill",
    "render_map",
    "require_free_folder",
    "write_file",
    "write_json",
]
