"""Road networks drawn by hand: straight streets between numbered places."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import shapely

from optimizer.districts import GridPolygons, Tessellation
from optimizer.places import LOCAL_CRS
from optimizer.roads import NetworkReport, RoadNetwork


def drawn(places: Sequence[tuple[float, float]], streets: Sequence[tuple[int, int]]) -> RoadNetwork:
    """Join places, in metres, by straight streets that are driven both ways at 10 m/s."""
    x_m, y_m = np.array(places, dtype=float).T
    arcs = sorted({pair for a, b in streets for pair in ((a, b), (b, a))})
    tail, head = np.array(arcs).T
    ends = np.stack([np.column_stack([x_m[e], y_m[e]]) for e in (tail, head)], axis=1)
    length_m = np.hypot(x_m[tail] - x_m[head], y_m[tail] - y_m[head])
    return RoadNetwork(
        node_ids=[str(i) for i in range(len(places))], x_m=x_m, y_m=y_m, tail=tail, head=head,
        travel_ms=100 * length_m, length_m=length_m, line=np.arange(len(arcs)),
        lines=shapely.linestrings(ends), line_name=[""] * len(arcs), line_class=[""] * len(arcs),
        line_speed_kph=np.full(len(arcs), 36.0), crs=LOCAL_CRS,
        report=NetworkReport("drawn by hand", len(arcs), {}, 0, {}, {}),
    )  # fmt: skip


def town(side: int, step_m: float = 100.0) -> RoadNetwork:
    """A square town: junction ``column + side * row`` stands at that multiple of the step."""
    places = [(step_m * column, step_m * row) for row in range(side) for column in range(side)]
    across = [(i, i + 1) for i in range(side * side) if i % side < side - 1]
    along = [(i, i + side) for i in range(side * (side - 1))]
    return drawn(places, across + along)


def assert_tiled(drawn: GridPolygons, tessellation: Tessellation) -> None:
    """No gaps, no overlaps, borders in common, and nothing beyond the served area."""
    polygons = drawn.polygons
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    whole = shapely.coverage_union_all(polygons)
    assert shapely.area(polygons).sum() == pytest.approx(whole.area)
    assert whole.symmetric_difference(tessellation.outline).area < 0.002 * whole.area
    assert shapely.get_num_interior_rings(shapely.get_parts(whole)).sum() == 0
