"""Who owns which ground? Main grids around platforms: connected, balanced, aligned, drawn."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.districts.balance import Division, balanced_division
    from optimizer.districts.grid_plan import Crosswalk, GridLoad, GridPlan, GridRow, GridVariant
    from optimizer.districts.ground import Ground
    from optimizer.districts.loads import Loads, evaluate
    from optimizer.districts.nearest import nearest_division
    from optimizer.districts.settings import GridSettings
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "Crosswalk",
    "Division",
    "GridLoad",
    "GridPlan",
    "GridRow",
    "GridSettings",
    "GridVariant",
    "Ground",
    "Loads",
    "balanced_division",
    "evaluate",
    "nearest_division",
]
