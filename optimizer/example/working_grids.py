"""The working grids of the city: its blocks, a finer division that police grids never split."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.example.city import City
from optimizer.example.fabric import Floats
from optimizer.example.layers import Feature
from optimizer.example.layout import Quarter
from optimizer.example.zones import BEHIND_M, Zone, quarter_polygon

SLIVER = 0.1  # part of a block that is too little for a grid of its own


def working_grid_features(city: City, zones: tuple[Zone, ...]) -> list[Feature]:
    """Draw the blocks that have streets, each within its district; the county towns have none."""
    layout = city.layout
    first_streets = (layout.u_lines[0], layout.u_lines[layout.river + 1], layout.new_zone.u0)
    u = _behind(layout.u_lines, np.isin(layout.u_lines, first_streets))
    v = _behind(layout.v_lines, np.isin(layout.v_lines, (layout.v_lines[0], layout.old_town.v0)))
    built_up = quarter_polygon(city, layout.city).buffer(2 * BEHIND_M)
    grounds = [
        shapely.union_all(
            [zone.polygon.intersection(built_up) for zone in zones if zone.district == district]
        )
        for district in sorted({zone.district for zone in zones})
    ]
    blocks = [
        quarter_polygon(city, Quarter(u[p], v[q], u[p + 1], v[q + 1]))
        for p in range(u.size - 1)
        for q in range(v.size - 1)
        if p != layout.river
    ]
    shares = [ground for ground in grounds for _ in blocks]
    pieces = shapely.intersection(blocks * len(grounds), shares)
    large = shapely.area(pieces) > SLIVER * np.tile(shapely.area(blocks), len(grounds))
    built = shapely.STRtree(shapely.points(city.x_m, city.y_m)).query(pieces, predicate="contains")
    large &= np.bincount(built[0], minlength=pieces.size) > 0
    return [
        (piece, {"cell_id": f"W-{number:03d}"})
        for number, piece in enumerate(pieces[large].tolist(), start=1)
    ]


def _behind(lines: Floats, before: NDArray[np.bool_]) -> Floats:
    """Move borders off the streets, behind the houses on the far side; some to the near side."""
    return np.where(before, lines - BEHIND_M, lines + BEHIND_M)
