"""The ground under the invented city: a meandering river and gently bent streets."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

Floats = NDArray[np.float64]

CRS = "EPSG:32649"
ORIGIN_LON, ORIGIN_LAT = 111.9, 27.9

RIVER_HALF_WIDTH_M = 140.0
BANK_M = 260.0  # from the middle of the river to the riverside roads, on the flat plan
MEANDER_REACH_M = 4500.0
ROUNDING = 0.42  # 0 leaves the city square, 0.5 makes it an ellipse


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Turns a flat plan, river along its axis ``u = 0``, into planar coordinates.

    Parameters
    ----------
    half_m, west_m, east_m
        How far the city reaches on the flat plan up and down the river and to either side, metres.
    meander
        Amplitude (m), wavelength (m) and phase of each wave of the river, shape (waves, 3).
    swell
        Amplitude (m), wave numbers along u and v (1/m) and phase of each wave that bends the
        streets, shape (2, waves, 4): first the shift along u, then along v.
    turn_rad
        Angle of the river against north.
    """

    half_m: float
    west_m: float
    east_m: float
    meander: Floats
    swell: Floats
    turn_rad: float

    @staticmethod
    def drawn(half_m: float, west_m: float, east_m: float, rng: np.random.Generator) -> Terrain:
        """Draw a terrain at random."""
        meander = np.column_stack(
            [[560.0, 150.0], rng.uniform([9000, 3400], [11000, 4200]), rng.uniform(0, 6.28, 2)]
        )
        length = rng.uniform(2600, 6000, (2, 5))
        heading = rng.uniform(0, 2 * np.pi, (2, 5))
        number = 2 * np.pi / length
        swell = np.stack(
            [
                0.016 * length,
                number * np.cos(heading),
                number * np.sin(heading),
                rng.uniform(0, 2 * np.pi, (2, 5)),
            ],
            axis=2,
        )
        return Terrain(half_m, west_m, east_m, meander, swell, float(rng.uniform(-0.35, 0.35)))

    def bent(self, u: ArrayLike, v: ArrayLike) -> tuple[Floats, Floats]:
        """Bend points of the flat plan (metres) into the frame of the river (metres)."""
        u, v = np.asarray(u, dtype=float), np.asarray(v, dtype=float)
        across = np.where(u > 0, u / self.east_m, u / self.west_m)
        x = u * np.sqrt(np.maximum(1 - ROUNDING * (v / self.half_m) ** 2, 0.4))
        y = v * np.sqrt(np.maximum(1 - ROUNDING * across**2, 0.4))
        shift_u, shift_v = (
            sum((a * np.sin(k * x + m * y + phase) for a, k, m, phase in waves), np.zeros_like(x))
            for waves in self.swell
        )
        y = y + shift_v
        x = x + shift_u * (1 - np.exp(-((x / 600) ** 2)))
        return x + self.river(y) * np.exp(-((x / MEANDER_REACH_M) ** 2)), y

    def river(self, y: ArrayLike) -> Floats:
        """Give the middle of the river at each ``y`` of its frame (metres)."""
        y = np.asarray(y, dtype=float)
        waves = (a * np.sin(2 * np.pi * y / length + phase) for a, length, phase in self.meander)
        return np.asarray(sum(waves, np.zeros_like(y)))

    def turned(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Turn points of the frame of the river into planar coordinates (metres)."""
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        east, north = _origin()
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        return east + cos * x - sin * y, north + sin * x + cos * y

    def frame(self, x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
        """Turn planar coordinates back into the frame of the river (metres)."""
        east, north = _origin()
        x, y = np.asarray(x_m, dtype=float) - east, np.asarray(y_m, dtype=float) - north
        cos, sin = np.cos(self.turn_rad), np.sin(self.turn_rad)
        return cos * x + sin * y, cos * y - sin * x

    def water(self) -> shapely.Polygon:
        """Draw the river from one edge of the prefecture to the other, in its frame."""
        y = np.linspace(-4.6 * self.half_m, 4.6 * self.half_m, 400 + int(self.half_m / 20))
        half = RIVER_HALF_WIDTH_M - 25 + 25 * np.sin(y / 900)
        west = np.column_stack([self.river(y) - half, y])
        east = np.column_stack([self.river(y) + half, y])
        return shapely.Polygon(np.concatenate([west, east[::-1]]))


def to_lonlat(x_m: ArrayLike, y_m: ArrayLike) -> tuple[Floats, Floats]:
    """Turn planar coordinates into longitude and latitude (WGS-84), rounded to 1e-6 degrees."""
    lon, lat = _between(CRS, "EPSG:4326").transform(x_m, y_m)
    return np.round(lon, 6), np.round(lat, 6)


def inside(shape: shapely.Geometry, x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Tell which points lie inside a shape; quick for many points."""
    shapely.prepare(shape)
    return np.asarray(shapely.contains_xy(shape, x, y))


@functools.cache
def _between(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _origin() -> tuple[float, float]:
    east, north = _between("EPSG:4326", CRS).transform(ORIGIN_LON, ORIGIN_LAT)
    return float(east), float(north)
