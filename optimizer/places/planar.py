"""The plane in metres on which a study measures."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray

from optimizer.errors import InputError

Metres = NDArray[np.float64]
Degrees = NDArray[np.float64]

WGS84 = pyproj.CRS.from_epsg(4326)

LARGEST_STRETCH = 0.02
"""How far lengths on the plane may be off, as a part of the true ones."""

LOCAL_CRS = pyproj.CRS.from_proj4(
    "+proj=tmerc +lat_0=0 +lon_0=0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
)
"""A plane that is nowhere on Earth, for networks given in metres without a CRS."""


def is_local(crs: pyproj.CRS) -> bool:
    """Tell whether `crs` is the plane without a place on Earth."""
    return bool(crs == LOCAL_CRS)


def parse_crs(spec: str, where: str) -> pyproj.CRS:
    """Read a CRS as users write it ("EPSG:26915", "ESRI:102696", WKT, PROJ).

    Parameters
    ----------
    spec
        The text.
    where
        The setting it stands in, for the fault.

    Raises
    ------
    InputError
        If PROJ does not know it.
    """
    try:
        return pyproj.CRS.from_user_input(spec)
    except pyproj.exceptions.CRSError:
        raise InputError(
            f'{where}: "{spec}" is not a coordinate reference system that PROJ knows; '
            'write an authority and a code such as "EPSG:26915"'
        ) from None


def planar_crs(spec: str | None, lon: ArrayLike, lat: ArrayLike) -> pyproj.CRS:
    """Choose the plane of a study: the one named, else the UTM zone of the data.

    Parameters
    ----------
    spec
        The study's `crs`, or None.
    lon, lat
        Degrees WGS-84 of the data; NaN is skipped. Their middle decides when `spec` is None, and
        is where a named plane has to be true to scale.

    Returns
    -------
    pyproj.CRS
        Projected, in metres.

    Raises
    ------
    InputError
        If the named CRS is unknown, not projected, not in metres or, as Web Mercator is away from
        the equator, not true to scale; or if there is neither a name nor a place.
    """
    lon, lat = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    known = np.isfinite(lon) & np.isfinite(lat)
    middle = (float(np.median(lon[known])), float(np.median(lat[known]))) if known.any() else None
    if spec is not None:
        crs = parse_crs(spec, "study.crs")
        _require_metres(crs, spec)
        if middle is not None:
            _require_true_scale(crs, spec, *middle)
        return crs
    if middle is None:
        raise InputError(
            "study.crs: it is not set and no place has a longitude and latitude to choose it from; "
            'write the planar CRS of the city such as "EPSG:32649"'
        )
    return _utm_of(*middle)


def project(lon: ArrayLike, lat: ArrayLike, crs: pyproj.CRS) -> tuple[Metres, Metres]:
    """Project WGS-84 degrees to the plane; what has no place in it becomes NaN."""
    return transform(lon, lat, WGS84, crs)


def unproject(x_m: ArrayLike, y_m: ArrayLike, crs: pyproj.CRS) -> tuple[Degrees, Degrees]:
    """Turn places of the plane into WGS-84 longitude and latitude; the inverse of `project`."""
    return transform(x_m, y_m, crs, WGS84)


def transform(
    x: ArrayLike, y: ArrayLike, source: pyproj.CRS, target: pyproj.CRS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Move places between two CRSs, each in (east, north) order and its own units.

    Returns
    -------
    tuple of numpy.ndarray
        East and north in `target`; NaN for both where the place cannot be expressed.
    """
    east, north = _transformer(source, target).transform(
        np.asarray(x, np.float64), np.asarray(y, np.float64)
    )
    lost = ~(np.isfinite(east) & np.isfinite(north))
    return np.where(lost, np.nan, east), np.where(lost, np.nan, north)


@cache
def _transformer(source: pyproj.CRS, target: pyproj.CRS) -> pyproj.Transformer:
    """Make a transformer once: that takes longer than using it on a few places."""
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _require_metres(crs: pyproj.CRS, spec: str) -> None:
    if not crs.is_projected:
        raise InputError(
            f'study.crs: "{spec}" is in degrees, but distances need a plane in metres; '
            'choose the UTM zone of the city, for example "EPSG:32649", or leave it out'
        )
    units = {axis.unit_name for axis in crs.axis_info[:2]}
    if any(axis.unit_conversion_factor != 1.0 for axis in crs.axis_info[:2]):
        raise InputError(
            f'study.crs: "{spec}" measures in {" and ".join(sorted(units))}, not in metres; '
            "choose a CRS in metres (inputs may keep their own CRS)"
        )


def _require_true_scale(crs: pyproj.CRS, spec: str, lon: float, lat: float) -> None:
    factors = pyproj.Proj(crs).get_factors(lon, lat)
    for scale in (factors.tissot_semimajor, factors.tissot_semiminor):
        if not abs(scale - 1) <= LARGEST_STRETCH:  # nor is it where the plane ends
            raise InputError(
                f'study.crs: a metre is {scale:.3g} m long in "{spec}" at the data\'s middle, '
                f"longitude {lon:g}, latitude {lat:g}, so every distance would be wrong; write "
                f'"{_utm_of(lon, lat).to_string()}" (inputs may keep their own CRS) or leave it out'
            )


def _utm_of(lon: float, lat: float) -> pyproj.CRS:
    if not (-180 <= lon <= 180 and -80 <= lat <= 84):
        raise InputError(
            f"study.crs: no UTM zone holds the data's middle, longitude {lon:g}, latitude {lat:g}; "
            "check the coordinates or write the planar CRS"
        )
    zone = max(math.ceil((lon + 180) / 6), 1)  # a place between two zones is in the western one
    return pyproj.CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)
