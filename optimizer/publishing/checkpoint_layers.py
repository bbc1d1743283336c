"""The layers of plan.gpkg that show checkpoints."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pyproj
import shapely

from optimizer.checkpoints import CheckpointPlan, RingPlan
from optimizer.publishing.checkpoint_tables import (
    checkpoint_tables,
    containment_row,
    net_table,
    post_table,
)
from optimizer.publishing.frames import frame, point_frame
from optimizer.publishing.table_rows import Row


def checkpoint_layers(
    plan: CheckpointPlan, crs: pyproj.CRS, *, on_earth: bool
) -> dict[str, gpd.GeoDataFrame]:
    """Give the layers by name, in the study's CRS; an empty one is left out when written."""
    layers = {
        "rings": frame(map(_ring_row, plan.rings), map(_ground, plan.rings), crs),
        "checkpoints": point_frame(post_table(plan.rings, on_earth=on_earth), crs),
        "ring_routes": _routes(plan.rings, crs),
    }
    if plan.containment is not None:
        nets, shares = plan.containment.nets, plan.containment.shares
        at = [shapely.Point(plan.ways.x_m[net.node], plan.ways.y_m[net.node]) for net in nets]
        rows = [containment_row(net, shares, on_earth=on_earth) for net in nets]
        layers["containment"] = frame(rows, at, crs)
        layers["nets"] = point_frame(net_table(nets, on_earth=on_earth), crs)
    tables = checkpoint_tables(plan, on_earth=on_earth)
    for name in ("gates", "standing"):
        if f"{name}.csv" in tables:
            layers[name] = point_frame(tables[f"{name}.csv"][1], crs)
    return layers


def _ring_row(ring: RingPlan) -> Row:
    return {"ring": ring.name, "posts": len(ring.posts), "status": ring.seal.status,
            "beyond_data_share": round(ring.beyond_data_share, 6)}  # fmt: skip


def _ground(ring: RingPlan) -> shapely.Geometry:
    """Give the ground between the two polygons of a ring."""
    return ring.outer.difference(ring.inner)


def _routes(rings: Iterable[RingPlan], crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Lay out the certificates, and the leaks of open rings."""
    rows, shapes = [], []
    for ring in rings:
        for number, route in enumerate(ring.routes, start=1):
            rows.append({"ring": ring.name, "role": "certificate", "number": number})
            shapes.append(route)
        if ring.leak is not None:
            rows.append({"ring": ring.name, "role": "leak", "number": 1})
            shapes.append(ring.leak)
    return frame(rows, shapes, crs)
