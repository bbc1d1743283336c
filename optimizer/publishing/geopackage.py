"""plan.gpkg: every layer of the plan for QGIS, byte for byte the same for the same plan."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
from shapely.geometry import Point, box

from optimizer.places import is_local
from optimizer.plan import CityPlan
from optimizer.publishing.checkpoint_layers import checkpoint_layers
from optimizer.publishing.deployment_layers import duty_layers, grid_layers
from optimizer.publishing.map_content import MapCells, MapContent
from optimizer.publishing.plan_tables import plan_tables, threshold_of


def write_geopackage(path: Path, plan: CityPlan, content: MapContent) -> None:
    """Write the layers of a plan; small cells stay out, as on the map."""
    day = content.as_of.isoformat()
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{day}T00:00:00.000Z"})
    try:
        for layer, frame in _layers(plan, content).items():
            if len(frame):
                pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _layers(plan: CityPlan, content: MapContent) -> dict[str, gpd.GeoDataFrame]:
    crs = plan.network.crs
    _, rows = plan_tables(plan)["plan.csv"]
    at = [Point(platform.x_m, platform.y_m) for platform in plan.platforms]
    network = plan.network
    layers = {
        "platforms": gpd.GeoDataFrame(pd.DataFrame(list(rows)), geometry=at, crs=crs),
        "ground": plan.ground,
        "existing": plan.existing.drop(columns="node", errors="ignore"),
        "key_sites": plan.key_sites,
        "demand_cells": _cells(content.demand),
        "uncovered_cells": _cells(content.uncovered),
        "roads": gpd.GeoDataFrame(
            {
                "name": list(network.line_name),
                "class": list(network.line_class),
                "speed_kph": network.line_speed_kph,
            },
            geometry=network.lines,
            crs=crs,
        ),
    }
    if plan.hotspots is not None:
        layers["hotspots"] = plan.hotspots.table
    outlines = plan.zones.outlines()
    shares = plan.coverage.by_district()
    layers["districts"] = outlines.assign(covered_share=outlines["district"].map(shares))
    threshold, on_earth = threshold_of(plan), not is_local(crs)
    layers |= grid_layers(plan.grids, threshold, crs)
    layers |= duty_layers(plan.duty, threshold, crs, on_earth=on_earth)
    if plan.checkpoints is not None:
        layers |= checkpoint_layers(plan.checkpoints, crs, on_earth=on_earth)
    return layers


def _cells(cells: MapCells) -> gpd.GeoDataFrame:
    low = cells.corners()[: len(cells.row)]
    high = cells.corners()[len(cells.row) :]
    squares = [box(*corner, *opposite) for corner, opposite in zip(low, high, strict=True)]
    return gpd.GeoDataFrame({"calls": list(cells.calls)}, geometry=squares, crs="EPSG:4326")
