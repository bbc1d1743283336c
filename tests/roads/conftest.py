"""Tiny road files and networks.

"Kreuz" is a small town in the plane of EPSG:32650 around (500000, 3400000): its streets are given
in metres from there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from optimizer.places import LOCAL_CRS
from optimizer.roads import NetworkReport, RoadNetwork, RoadsSettings, read_network

KREUZ = np.array([500_000.0, 3_400_000.0])
CRS = "EPSG:32650"

Street = Sequence[tuple[float, float]]
ReadStreets = Callable[..., RoadNetwork]
NetworkOf = Callable[..., RoadNetwork]


@pytest.fixture
def write_streets(tmp_path: Path) -> Callable[..., Path]:
    """Write streets, given as points in metres from the middle of Kreuz, to a file."""

    def write(
        streets: Sequence[Street], file: str = "roads.gpkg", crs: str = CRS, **columns: Any
    ) -> Path:
        lines = [shapely.LineString(np.array(street) + KREUZ) for street in streets]
        frame = gpd.GeoDataFrame(columns, geometry=lines, crs=CRS).to_crs(crs)
        path = tmp_path / file
        frame.to_parquet(path) if path.suffix == ".parquet" else frame.to_file(path)
        return path

    return write


@pytest.fixture
def read_streets(write_streets: Callable[..., Path]) -> ReadStreets:
    """Write streets to a file and read them back as a network."""

    def read(
        streets: Sequence[Street], settings: dict[str, Any] | None = None, **columns: Any
    ) -> RoadNetwork:
        path = write_streets(streets, **columns)
        return read_network(RoadsSettings(path=path.name, **(settings or {})), path.parent, CRS)

    return read


@pytest.fixture(scope="session")
def network_of() -> NetworkOf:
    """Build a network from arcs (tail, head, milliseconds); node i stands at (100 i, 0)."""

    def build(n: int, arcs: Sequence[tuple[int, int, float]], **changes: Any) -> RoadNetwork:
        tail, head, travel_ms = np.array(arcs, dtype=np.float64).reshape(-1, 3).T
        tail, head = tail.astype(np.int64), head.astype(np.int64)
        x_m = np.arange(n) * 100.0
        lines = shapely.linestrings(
            np.stack([np.column_stack([x_m[end], 0 * end]) for end in (tail, head)], axis=1)
        )
        given: dict[str, Any] = {
            "node_ids": [f"n{i}" for i in range(n)], "x_m": x_m, "y_m": np.zeros(n),
            "tail": tail, "head": head, "travel_ms": travel_ms,
            "length_m": np.abs(x_m[tail] - x_m[head]), "line": np.arange(len(tail)),
            "lines": lines, "line_name": [""] * len(tail), "line_class": [""] * len(tail),
            "line_speed_kph": np.full(len(tail), 36.0), "crs": LOCAL_CRS,
            "report": NetworkReport("test", len(tail), {}, 0, {}, {}),
        }  # fmt: skip
        return RoadNetwork(**(given | changes))

    return build


@pytest.fixture
def ways() -> Callable[[RoadNetwork], dict[tuple[tuple[int, int], tuple[int, int]], int]]:
    """Tell a network's arcs as (from, to) in whole metres from the middle of Kreuz -> seconds."""

    def tell(network: RoadNetwork) -> dict[tuple[tuple[int, int], tuple[int, int]], int]:
        places = np.column_stack([network.x_m, network.y_m])
        if network.crs != LOCAL_CRS:
            places = places - KREUZ
        at = [tuple(place) for place in np.rint(places).astype(int).tolist()]
        return {
            (at[tail], at[head]): round(ms / 1000)
            for tail, head, ms in zip(
                network.tail.tolist(), network.head.tolist(), network.travel_ms.tolist(),
                strict=True,
            )
        }  # fmt: skip

    return tell
