"""Coordinates as a table gives them, and the way from there to the study's plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.places.cells import Numbers, numbers
from optimizer.places.columns import Role, guess_column, missing_columns
from optimizer.places.datum import Datum, to_wgs84
from optimizer.places.planar import WGS84, is_local, parse_crs, transform
from optimizer.places.source_table import SourceTable

_Pair = tuple[Role, Role]
_PAIRS: tuple[_Pair, ...] = (("longitude", "latitude"), ("x", "y"))


class CoordinateKeys(Protocol):
    """Settings that say where a table holds its places."""

    @property
    def longitude(self) -> str | None: ...  # noqa: D102
    @property
    def latitude(self) -> str | None: ...  # noqa: D102
    @property
    def x(self) -> str | None: ...  # noqa: D102
    @property
    def y(self) -> str | None: ...  # noqa: D102
    @property
    def node(self) -> str | None: ...  # noqa: D102
    @property
    def crs(self) -> str | None: ...  # noqa: D102
    @property
    def datum(self) -> Datum: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class CoordinateColumns:
    """Which columns hold the places, and how.

    Parameters
    ----------
    kind
        "degrees" and "plane" have two columns, "node" one, "geometry" none.
    names
        Of the columns, east before north.
    """

    kind: Literal["degrees", "plane", "node", "geometry"]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """One place per row, as written.

    Parameters
    ----------
    east, north
        float64[n] in `crs` and `datum`; NaN where missing or bad.
    missing, bad
        bool[n]; `bad` is text that is no number.
    crs
        What the numbers mean.
    datum
        Of degrees in China.
    """

    east: NDArray[np.float64]
    north: NDArray[np.float64]
    missing: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    crs: pyproj.CRS
    datum: Datum = "wgs84"

    def on_earth(self) -> NDArray[np.bool_]:
        """Tell which places can be: degrees within their range, anything finite on a plane."""
        known = np.isfinite(self.east) & np.isfinite(self.north)
        if self.crs.is_geographic:
            known &= (np.abs(self.east) <= 180.0) & (np.abs(self.north) <= 90.0)
        return known

    def swapped(self, which: NDArray[np.bool_]) -> Coordinates:
        """Take some rows and read their east as north."""
        return Coordinates(
            self.north[which],
            self.east[which],
            self.missing[which],
            self.bad[which],
            self.crs,
            self.datum,
        )

    def to_plane(self, crs: pyproj.CRS) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bring the places onto the study's plane, in metres; NaN for those that cannot be."""
        usable = self.on_earth()
        x_m, y_m = np.full(len(usable), np.nan), np.full(len(usable), np.nan)
        places = np.column_stack([self.east[usable], self.north[usable]])
        unique, inverse = unique_places(places)
        east, north = unique.T
        if self.datum != "wgs84":
            east, north = to_wgs84(east, north, self.datum)
        east, north = transform(east, north, self.crs, crs)
        x_m[usable], y_m[usable] = east[inverse], north[inverse]
        return x_m, y_m


def unique_places(
    places: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Merge equal places: float64[k, 2] without repeats, and intp[n] which of them each row is."""
    east, easts = pd.factorize(places[:, 0])
    north, norths = pd.factorize(places[:, 1])
    inverse, pairs = pd.factorize(east * len(norths) + north)
    first, second = np.divmod(pairs, max(len(norths), 1))
    return np.column_stack([easts[first], norths[second]]), inverse


def choose_columns(
    keys: CoordinateKeys,
    columns: Sequence[str],
    has_geometry: bool,
    file: str,
    *,
    on_earth: bool = True,
) -> CoordinateColumns:
    """Find how a table gives its places: as the settings say, by geometry, or by usual names.

    Longitude and latitude go before x and y, unless the study's plane lies nowhere on Earth.

    Raises
    ------
    InputError
        If a named column is missing, or there is no sign of a place.
    """
    named = {role: getattr(keys, role) for pair in _PAIRS for role in pair}
    if keys.node is not None:
        return _checked(CoordinateColumns("node", (keys.node,)), columns, file)
    for kind, (first, second) in zip(("degrees", "plane"), _PAIRS, strict=True):
        if named[first] is not None and named[second] is not None:
            pair = CoordinateColumns(kind, (named[first], named[second]))  # type: ignore[arg-type]
            return _checked(pair, columns, file)
    if has_geometry:
        return CoordinateColumns("geometry", ())
    kinds = tuple(zip(("degrees", "plane"), _PAIRS, strict=True))
    return _guessed(columns, file, kinds if on_earth else kinds[::-1])


def read_coordinates(
    source: SourceTable, chosen: CoordinateColumns, keys: CoordinateKeys, crs: pyproj.CRS
) -> Coordinates:
    """Read the places of a table that gives them by numbers or by geometry.

    Parameters
    ----------
    source
        The table.
    chosen
        Any kind but "node".
    keys
        The settings, for `crs` and `datum`.
    crs
        The study's plane: what x and y mean when the settings name no CRS.

    Raises
    ------
    InputError
        If CRS, datum and kind of coordinates contradict each other.
    """
    if chosen.kind == "geometry":
        east_of, north_of = source.points()
        missing = ~(np.isfinite(east_of) & np.isfinite(north_of))
        given, none = source.crs or WGS84, np.zeros(len(missing), bool)
        columns = (Numbers(east_of, missing, none), Numbers(north_of, missing, none))
    else:
        given = WGS84 if chosen.kind == "degrees" else crs
        if keys.crs is not None:
            given = parse_crs(keys.crs, f"{source.path.name}, crs")
        columns = (numbers(source.table[chosen.names[0]]), numbers(source.table[chosen.names[1]]))
    _check_meaning(source.path.name, chosen.kind, given, keys.datum, crs)
    east, north = columns
    return Coordinates(
        east.values,
        north.values,
        (east.missing | north.missing) & ~(east.bad | north.bad),
        east.bad | north.bad,
        given,
        keys.datum,
    )


def _check_meaning(file: str, kind: str, given: pyproj.CRS, datum: Datum, crs: pyproj.CRS) -> None:
    faults = []
    if kind == "degrees" and not given.is_geographic:
        faults.append(
            f'{file}: crs "{given.to_string()}" is not in degrees, but longitude and latitude are; '
            "name the columns x and y, or leave crs out"
        )
    if datum != "wgs84" and not given.is_geographic:
        faults.append(
            f'{file}: datum "{datum}" is for longitude and latitude, but the places are in '
            f'"{given.to_string()}"; leave the datum out'
        )
    if is_local(crs) and not is_local(given):
        faults.append(
            f'{file}: the places are in "{given.to_string()}", but the road network has no CRS to '
            "place them by; give x and y in the network's metres, or set study.crs"
        )
    if faults:
        raise InputError(faults)


def _checked(chosen: CoordinateColumns, columns: Sequence[str], file: str) -> CoordinateColumns:
    faults = missing_columns(chosen.names, columns, file)
    if faults:
        raise InputError(faults)
    return chosen


def _guessed(
    columns: Sequence[str], file: str, kinds: Sequence[tuple[str, _Pair]]
) -> CoordinateColumns:
    for kind, (first, second) in kinds:
        east, north = guess_column(first, columns), guess_column(second, columns)
        if east is not None and north is not None:
            return CoordinateColumns(kind, (east, north))  # type: ignore[arg-type]
    node = guess_column("node", columns)
    if node is not None:
        return CoordinateColumns("node", (node,))
    listed = ", ".join(f'"{name}"' for name in columns)
    raise InputError(
        f"{file}: no columns of places were found among {listed or 'none'}; "
        "name longitude and latitude, x and y, or node"
    )
