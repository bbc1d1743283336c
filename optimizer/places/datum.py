"""WGS-84, GCJ-02 and BD-09: where a Chinese map service says a place is, and where it is.

GCJ-02 shifts WGS-84 by some hundred metres, mainland China only; BD-09 shifts GCJ-02 again. Both
are known as formulas from WGS-84; the way back is a fixed point, and the shift changes by about a
thousandth of itself over its own length, so each step wins three digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from optimizer.places.mainland import on_mainland

Datum = Literal["wgs84", "gcj02", "bd09"]
Degrees = NDArray[np.float64]

_STEPS = 8  # six already reach the rounding of a double
_SEMI_MAJOR_M = 6_378_245.0  # Krasovsky 1940
_ECCENTRICITY_2 = 0.00669342162296594323
_BD_FREQUENCY = np.pi * 3000.0 / 180.0


def to_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Move places of a datum to WGS-84.

    Parameters
    ----------
    lon, lat
        Degrees in `datum`; NaN stays NaN.
    datum
        What the coordinates are given in.

    Returns
    -------
    tuple of numpy.ndarray
        Longitude and latitude in WGS-84; places outside mainland China are as given.
    """
    return _where_shifted(_invert(_FROM_WGS84[datum]), lon, lat)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, datum: Datum) -> tuple[Degrees, Degrees]:
    """Move WGS-84 places to another datum; the inverse of `to_wgs84` away from the border."""
    return _where_shifted(_FROM_WGS84[datum], lon, lat)


_Shift = Callable[[Degrees, Degrees], tuple[Degrees, Degrees]]


def _where_shifted(move: _Shift, lon: ArrayLike, lat: ArrayLike) -> tuple[Degrees, Degrees]:
    """Apply `move` to the places on the mainland, and copy the others."""
    new_lon = np.array(lon, dtype=np.float64)
    new_lat = np.array(lat, dtype=np.float64)
    moved = on_mainland(new_lon, new_lat)
    new_lon[moved], new_lat[moved] = move(new_lon[moved], new_lat[moved])
    return new_lon, new_lat


def _invert(move: _Shift) -> _Shift:
    """Undo `move` by iteration: start from the answer, correct by what is still missing."""

    def undo(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
        guess_lon, guess_lat = lon.copy(), lat.copy()
        for _ in range(_STEPS):
            there_lon, there_lat = move(guess_lon, guess_lat)
            guess_lon += lon - there_lon
            guess_lat += lat - there_lat
        return guess_lon, guess_lat

    return undo


def _identity(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    return lon, lat


def _wgs84_to_gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    east, north = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(east))
    ripple = _waves(east, (20.0, 6.0), (20.0, 2.0))
    north_m = (
        -100.0 + 2.0 * east + 3.0 * north + 0.2 * north**2 + 0.1 * east * north + 0.2 * root
        + ripple + _waves(north, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    )  # fmt: skip
    east_m = (
        300.0 + east + 2.0 * north + 0.1 * east**2 + 0.1 * east * north + 0.1 * root
        + ripple + _waves(east, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    )  # fmt: skip
    phi = np.radians(lat)
    flat = 1.0 - _ECCENTRICITY_2 * np.sin(phi) ** 2
    prime_vertical_m = _SEMI_MAJOR_M / np.sqrt(flat)
    meridian_m = prime_vertical_m * (1.0 - _ECCENTRICITY_2) / flat
    return (
        lon + np.degrees(east_m / (prime_vertical_m * np.cos(phi))),
        lat + np.degrees(north_m / meridian_m),
    )


def _waves(degrees: Degrees, *terms: tuple[float, float]) -> Degrees:
    """Two thirds of a sum of sines, each with its amplitude in metres and its frequency."""
    total = np.zeros_like(degrees)
    for amplitude_m, frequency in terms:
        total += amplitude_m * np.sin(frequency * np.pi * degrees)
    return total * (2.0 / 3.0)


def _gcj02_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * _BD_FREQUENCY)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * _BD_FREQUENCY)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _wgs84_to_bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    return _gcj02_to_bd09(*_wgs84_to_gcj02(lon, lat))


_FROM_WGS84: dict[Datum, _Shift] = {
    "wgs84": _identity,
    "gcj02": _wgs84_to_gcj02,
    "bd09": _wgs84_to_bd09,
}
