"""The layers of plan.gpkg that show checkpoints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import geopandas as gpd
import pandas as pd
import pyproj
import shapely

from optimizer.checkpoints import CheckpointPlan, RingPlan
from optimizer.publishing.checkpoint_tables import (
    checkpoint_tables,
    containment_row,
    net_table,
    post_table,
)


def checkpoint_layers(
    plan: CheckpointPlan, crs: pyproj.CRS, *, on_earth: bool
) -> dict[str, gpd.GeoDataFrame]:
    """Give the layers by name, in the study's CRS; an empty one is left out when written."""
    posts = list(post_table(plan.rings, on_earth=on_earth))
    layers = {
        "rings": _frame(map(_ring_row, plan.rings), map(_ground, plan.rings), crs),
        "checkpoints": _frame(posts, map(_point, posts), crs),
        "ring_routes": _routes(plan.rings, crs),
    }
    if plan.containment is not None:
        nets, shares = plan.containment.nets, plan.containment.shares
        at = [shapely.Point(plan.ways.x_m[net.node], plan.ways.y_m[net.node]) for net in nets]
        rows = [containment_row(net, shares, on_earth=on_earth) for net in nets]
        manned = list(net_table(nets, on_earth=on_earth))
        layers["containment"] = _frame(rows, at, crs)
        layers["nets"] = _frame(manned, map(_point, manned), crs)
    tables = checkpoint_tables(plan, on_earth=on_earth)
    for name in ("gates", "standing"):
        if f"{name}.csv" in tables:
            listed = list(tables[f"{name}.csv"][1])
            layers[name] = _frame(listed, map(_point, listed), crs)
    return layers


def _frame(
    rows: Iterable[Mapping[str, object]], shapes: Iterable[shapely.Geometry], crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(pd.DataFrame(list(rows)), geometry=list(shapes), crs=crs)


def _point(row: Mapping[str, object]) -> shapely.Point:
    return shapely.Point(row["x"], row["y"])


def _ring_row(ring: RingPlan) -> Mapping[str, object]:
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
    return _frame(rows, shapes, crs)
