"""Places and shapes in WGS-84 degrees, longitude first, and whether they lie on Earth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Coordinates: TypeAlias = NDArray[np.float64]
"""Longitude and latitude in degrees, shape (k, 2)."""

Polygons: TypeAlias = tuple[tuple[Coordinates, ...], ...]
"""A multipolygon: polygons, each an outer ring followed by its holes."""

Named: TypeAlias = tuple[str, Coordinates]
"""What is drawn, by the name that a fault calls it, and its coordinates."""


def point(lon: float, lat: float) -> Coordinates:
    """Return one place as coordinates of shape (1, 2)."""
    return np.array([[lon, lat]], dtype=float)


def no_line() -> Coordinates:
    """Return a line without a vertex."""
    return np.empty((0, 2))


def corners(name: str, polygons: Polygons) -> list[Named]:
    """Return every ring of the polygons under one name."""
    return [(name, ring) for polygon in polygons for ring in polygon]


def earth_faults(drawn: Iterable[Named]) -> list[str]:
    """Return one sentence for each thing with a place that is not on Earth."""
    faults = []
    for name, coordinates in drawn:
        inside = (np.abs(coordinates) <= (180.0, 90.0)).all(axis=1)
        if not inside.all():
            lon, lat = coordinates[~inside][0].tolist()
            faults.append(
                f"{name} lies at longitude {lon}, latitude {lat}, which is not on Earth: "
                "give WGS-84 degrees, longitude first"
            )
    return faults
