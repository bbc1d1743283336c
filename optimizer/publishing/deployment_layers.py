"""The layers of plan.gpkg that show grids and duty."""

from __future__ import annotations

import geopandas as gpd
from pyproj import CRS

from optimizer.deployment import Beat, DutyPlan, PatrolPlan
from optimizer.districts import GridPlan
from optimizer.publishing.duty_tables import duty_tables, round_columns
from optimizer.publishing.frames import frame, point_frame
from optimizer.publishing.grid_tables import grid_table
from optimizer.publishing.suppression import Threshold
from optimizer.publishing.table_rows import Row

POINTS = {
    "patrols.csv": "patrol_stops",
    "patrols_left_out.csv": "patrols_left_out",
    "quick_response.csv": "quick_response",
    "villages.csv": "villages",
}
"""Tables whose rows are points, and the layer of each."""


def grid_layers(plan: GridPlan, threshold: Threshold, crs: CRS) -> dict[str, gpd.GeoDataFrame]:
    """Give the grids of the plan, and those of the other variant."""
    _, rows = grid_table(plan, threshold)
    other = plan.variants[1]
    names = [{"grid_id": row.grid_id, "platform_id": row.platform_id} for row in plan.rows]
    return {
        "grids": frame(rows, [row.polygon for row in plan.rows], crs),
        f"grids_{other.name}": frame(names, plan.outlines, crs),
    }


def duty_layers(
    plan: DutyPlan, threshold: Threshold, crs: CRS, *, on_earth: bool
) -> dict[str, gpd.GeoDataFrame]:
    """Give beats, stops, zones, points and villages; an empty layer is left out when written."""
    tables = duty_tables(plan, threshold, on_earth=on_earth)
    layers = {
        layer: point_frame(tables[file][1], crs) for file, layer in POINTS.items() if file in tables
    }
    if plan.patrols is not None:
        layers["beats"] = _beats(plan.patrols, crs)
    if plan.zones is not None:
        shapes = [zone.outline for zone in plan.zones.zones]
        layers["patrol_zones"] = frame(tables["patrol_zones.csv"][1], shapes, crs)
    return layers


def _beats(plan: PatrolPlan, crs: CRS) -> gpd.GeoDataFrame:
    return frame(map(beat_row, plan.beats), [beat.path for beat in plan.beats], crs)


def beat_row(beat: Beat) -> Row:
    """Lay out a beat without its stops."""
    return {
        "beat_id": beat.beat_id,
        "platform_id": beat.platform_id,
        "grid_id": beat.grid_id,
        "shift": beat.shift,
        "unit": beat.unit,
        "vehicle": beat.vehicle,
        "rounds": beat.rounds,
        "driven_km": round(beat.driven_km, 3),
        "patrol_share": round(beat.patrol_share, 4),
        **round_columns(beat),
    }
