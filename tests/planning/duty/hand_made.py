"""Grids, rosters and hotspots made by hand, as the plans of patrols take them."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from optimizer.demand import Hotspots
from optimizer.deployment import PlatformRoster, ShiftNeed
from optimizer.districts import GridPlan, GridRow, GridVariant
from optimizer.evaluation import Platform

DAY = (("night", 0, 28_800), ("day", 28_800, 57_600), ("evening", 57_600, 86_400))


def grids_of(platforms: Sequence[Platform], owner: np.ndarray) -> GridPlan:
    """Grids that own given nodes; what patrols do not read is left empty."""
    zeros = np.zeros(len(platforms))
    variant = GridVariant("nearest", owner.astype(np.int32), zeros, zeros,
                          zeros.astype(np.int32), 0.0, np.inf, np.full(1, np.inf), np.zeros(1),
                          0.0, 0.0, "feasible", 0.0)  # fmt: skip
    rows = tuple(
        GridRow(f"G-{one.platform_id}", one.name, one.platform_id, "", np.inf, 0.0, 0.0, {}, 1.0,
                0.0, 0.0, 0.0, 0.0, "", 0.0, 0.0, 0.0, 0, 1.0, shapely.Point())
        for one in platforms
    )  # fmt: skip
    return GridPlan("nearest", (variant, variant), rows, (), (), (), 0, 0.1, 0, 0, 0)


def roster_of(platform: Platform, cars: int, motorcycles: int = 0, quiet: int = 0):
    """The same units in every shift, ``quiet`` fewer cars on Wednesdays."""
    needs = tuple(
        ShiftNeed(weekday, name, start, end, 1.0, 100.0, 1,
                  {"response_car": cars - quiet * (weekday == 2), "motorcycle": motorcycles},
                  1, 1, 0.5)
        for weekday in range(7) for name, start, end in DAY
    )  # fmt: skip
    return PlatformRoster(platform.platform_id, "", 8, 24, "feasible", needs, (), 0.0, 0.0, 0, 0,
                          0, 0, 0.0, 0.0)  # fmt: skip


def hotspots_at(*squares: tuple[float, float, float]) -> Hotspots:
    """Hotspots of 100 m around (x, y), each with a weight."""
    table = gpd.GeoDataFrame(
        {"hotspot_id": [f"H{n:02d}" for n in range(1, len(squares) + 1)],
         "weight": [weight for *_, weight in squares]},
        geometry=[shapely.box(x - 50, y - 50, x + 50, y + 50) for x, y, _ in squares],
    )  # fmt: skip
    return Hotspots(table, None, 1.0, None)
