"""GeoJSON as RFC 7946 means it: drivers accept much that is not, and lose it without a word."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pyproj

from optimizer.errors import InputError

_DEPTH = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_LISTED_FAULTS = 10


def check_geojson(path: Path) -> None:
    """Refuse a GeoJSON file that is not what it claims.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    InputError
        One fault for each of the first ten wrong features, and how many more there are.
    """
    try:
        document = json.loads(path.read_text("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name}: the file is not JSON in UTF-8 ({error})") from None
    faults = [f"{path.name}: {fault}" for fault in _document_faults(document)]
    if len(faults) > _LISTED_FAULTS:
        more = len(faults) - _LISTED_FAULTS
        faults = [*faults[:_LISTED_FAULTS], f"{path.name}: {more} more features are wrong"]
    if faults:
        raise InputError(faults)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number in JSON")


def _document_faults(document: Any) -> Iterator[str]:
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            yield 'the FeatureCollection has no list "features"; export the layer again'
            return
    elif kind == "Feature":
        features = [document]
    elif kind in _DEPTH or kind == "GeometryCollection":
        features = [{"type": "Feature", "geometry": document}]
    else:
        yield f'"type" is {kind!r}, not "FeatureCollection"; export the layer as GeoJSON'
        return
    yield from _crs_faults(document.get("crs"))
    for number, feature in enumerate(features, start=1):
        fault = _feature_fault(feature)
        if fault:
            yield f"feature {number} {fault}"


def _crs_faults(member: Any) -> Iterator[str]:
    """Check the CRS member of files older than RFC 7946."""
    if member is None:
        return
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    try:
        pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError:
        yield f'"crs" names {name!r}, which PROJ does not know; export in longitude and latitude'


def _feature_fault(feature: Any) -> str | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return 'is not an object of type "Feature"'
    properties = feature.get("properties")
    if properties is not None and not isinstance(properties, dict):
        return 'has "properties" that are not an object'
    if "geometry" not in feature:
        return 'has no "geometry"; write null where there is none'
    return _geometry_fault(feature["geometry"])


def _geometry_fault(geometry: Any) -> str | None:
    if geometry is None:
        return None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list):
            return "has a GeometryCollection without geometries"
        return next(filter(None, map(_geometry_fault, parts)), None)
    if kind not in _DEPTH:
        return f"has a geometry of type {kind!r}"
    return _coordinates_fault(geometry.get("coordinates"), _DEPTH[kind], kind)


def _coordinates_fault(value: Any, depth: int, kind: str) -> str | None:
    """Find the first fault of nested positions; an empty list is an empty geometry."""
    if not isinstance(value, list):
        return f"has {kind} coordinates {value!r} where a list belongs"
    if not value:
        return None
    if depth > 0:
        inner = (_coordinates_fault(part, depth - 1, kind) for part in value)
        return next(filter(None, inner), None) or _line_fault(value, depth, kind)
    if not 2 <= len(value) <= 4 or not all(_is_number(number) for number in value):
        return f"has the {kind} position {value!r}, which is not two or three finite numbers"
    return None


def _line_fault(positions: list[Any], depth: int, kind: str) -> str | None:
    if depth != 1 or kind == "MultiPoint":
        return None
    if kind.endswith("Polygon"):
        if len(positions) < 4:
            return f"has a {kind} ring of {len(positions)} positions; a ring needs four"
        if positions[0][:2] != positions[-1][:2]:
            return f"has a {kind} ring that does not end where it starts"
    elif len(positions) < 2:
        return f"has a {kind} of one position; a line needs two"
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
