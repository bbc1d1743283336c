"""Small tables of places, as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from numpy.typing import ArrayLike

from optimizer.example.terrain import to_lonlat

Row = Sequence[object]


def table(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Write a small table of plain cells as CSV."""
    lines = [",".join(columns), *(",".join(map(str, row)) for row in rows)]
    return ("\n".join(lines) + "\n").encode("utf-8-sig")


def degrees(x_m: ArrayLike, y_m: ArrayLike) -> tuple[float, float]:
    """Turn one place into the longitude and latitude that a table holds."""
    lon, lat = to_lonlat(x_m, y_m)
    return float(lon), float(lat)
