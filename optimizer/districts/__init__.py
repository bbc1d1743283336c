"""Who owns which ground? Main grids around platforms: connected, balanced, aligned, drawn."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.districts.balance import Division, balanced_division
    from optimizer.districts.cells import NO_CELL, Cells, units_of_cells
    from optimizer.districts.compact import compacted
    from optimizer.districts.connect import within_reach
    from optimizer.districts.grid_plan import Crosswalk, GridLoad, GridPlan, GridRow, GridVariant
    from optimizer.districts.ground import Ground
    from optimizer.districts.lay import Lay
    from optimizer.districts.loads import Loads, evaluate, held_bound
    from optimizer.districts.nearest import allowed_travel, nearest_division
    from optimizer.districts.polygons import GridPolygons, draw_grids
    from optimizer.districts.settings import GridSettings
    from optimizer.districts.tessellation import Tessellation, tessellate
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "NO_CELL",
    "Cells",
    "Crosswalk",
    "Division",
    "GridLoad",
    "GridPlan",
    "GridPolygons",
    "GridRow",
    "GridSettings",
    "GridVariant",
    "Ground",
    "Lay",
    "Loads",
    "Tessellation",
    "allowed_travel",
    "balanced_division",
    "compacted",
    "draw_grids",
    "evaluate",
    "held_bound",
    "nearest_division",
    "tessellate",
    "units_of_cells",
    "within_reach",
]
