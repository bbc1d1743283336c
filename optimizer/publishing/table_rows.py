"""What the rows of published tables share: places, times of the day, minutes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeAlias

Row: TypeAlias = Mapping[str, object]
Table: TypeAlias = tuple[tuple[str, ...], Iterable[Row]]

PLACE = ("lon", "lat", "x", "y")


class Place(Protocol):
    """Anything with a place on Earth and in the plane."""

    @property
    def lon(self) -> float:
        """WGS-84 degrees."""

    @property
    def lat(self) -> float:
        """WGS-84 degrees."""

    @property
    def x_m(self) -> float:
        """Metres in the study's CRS."""

    @property
    def y_m(self) -> float:
        """Metres in the study's CRS."""


def place_columns(place: Place, *, on_earth: bool) -> dict[str, object]:
    """Give the columns of a place; without degrees where they mean nothing."""
    degrees = {"lon": round(place.lon, 6), "lat": round(place.lat, 6)} if on_earth else {}
    return {**degrees, "x": round(place.x_m, 2), "y": round(place.y_m, 2)}


def minutes(seconds: float) -> float | None:
    """Turn seconds into minutes as they are published; None for never."""
    return round(seconds / 60, 3) if math.isfinite(seconds) else None


def share(value: float) -> float | None:
    """Round a share as it is published; None where it is of nothing."""
    return round(value, 4) if math.isfinite(value) else None


def clock(seconds: float) -> str:
    """Write seconds after midnight as the time that a clock shows, also on the day after."""
    hours, rest = divmod(round(seconds) % 86_400, 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"
