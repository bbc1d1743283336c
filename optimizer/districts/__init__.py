"""Who owns which ground? Main grids around platforms: connected, balanced, aligned, drawn."""

from optimizer.districts.grid_plan import Crosswalk, GridLoad, GridPlan, GridRow, GridVariant
from optimizer.districts.settings import GridSettings

__all__ = [
    "Crosswalk",
    "GridLoad",
    "GridPlan",
    "GridRow",
    "GridSettings",
    "GridVariant",
]
