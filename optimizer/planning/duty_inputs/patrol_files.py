"""The must-patrol points and lines that [patrols] names, laid on the roads."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from optimizer.deployment.line_match import LineMatcher
from optimizer.deployment.street_ways import StreetWays
from optimizer.errors import InputError
from optimizer.places import (
    PlaceSource,
    guess_column,
    is_local,
    numbers,
    read_source,
    texts,
    transform,
)
from optimizer.planning.faults import Faults
from optimizer.planning.near_roads import read_near_roads
from optimizer.roads import RoadNetwork
from optimizer.siting.wording import counted
from optimizer.study import Study

Objects = NDArray[np.object_]

MOST_NAMED = 20
"""Lines that one fault names."""


@dataclasses.dataclass(frozen=True, slots=True)
class PatrolLine:
    """One must-patrol line on the roads.

    Parameters
    ----------
    directions
        Junctions along it, in each direction in which it can be driven: one or two.
    """

    line_id: str
    name: str
    weight: float
    directions: tuple[tuple[int, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PatrolFiles:
    """What the files of [patrols] say.

    Parameters
    ----------
    points
        ``place_id, name, weight`` and the index of their ``node``; None where there is no file.
    lines
        In the order of the file.
    """

    points: gpd.GeoDataFrame | None
    lines: tuple[PatrolLine, ...]


def read_patrol_files(study: Study, network: RoadNetwork) -> PatrolFiles:
    """Read the points and lines of [patrols].

    Raises
    ------
    InputError
        A file is missing or wrong, or points or lines lie off the roads: all faults.
    """
    settings, faults = study.settings.patrols, Faults()
    points: gpd.GeoDataFrame | None = None
    lines: tuple[PatrolLine, ...] | None = None
    listed, drawn = settings.points, settings.lines
    limit_m = study.settings.roads.max_snap_m
    if listed is not None:
        points = faults.of(lambda: _points(listed, network, study.root, limit_m))
    if drawn is not None:
        lines = faults.of(lambda: _lines(study.root / drawn, network))
    faults.raise_any()
    return PatrolFiles(points, lines or ())


def _points(
    source: PlaceSource, network: RoadNetwork, root: Path, limit_m: float
) -> gpd.GeoDataFrame:
    path = root / source.path
    table = read_source(path, encoding=source.encoding)
    shapes = table.geometry
    kinds = [] if shapes is None else sorted({one.geom_type for one in shapes if one is not None})
    if set(kinds) - {"Point"}:
        raise InputError(
            f"{path.name}: [patrols] points holds {', '.join(kinds)}; give points only, and lines "
            "to be driven as [patrols] lines"
        )
    if source.weight is None:
        usual = guess_column("weight", table.table.column_names)
        source = source.model_copy(update={"weight": usual})
    return read_near_roads(source, "must-patrol point", network, root, limit_m)


def _lines(path: Path, network: RoadNetwork) -> tuple[PatrolLine, ...]:
    drawn = _read_lines(path, network.crs)
    matcher = LineMatcher(StreetWays.over(network))
    lines, astray, faults = [], [], list[str]()
    for line_id, name, weight, shape in zip(*drawn, strict=True):
        parts = shapely.get_parts(shapely.line_merge(shape))
        for number, part in enumerate(parts, start=1):
            ways = tuple(way for one in (part, part.reverse()) if (way := matcher.match(one)))
            own_id = line_id if len(parts) == 1 else f"{line_id}-{number}"
            if ways:
                lines.append(PatrolLine(own_id, name, weight, ways))
            else:
                astray.append(name if name == own_id else f"{own_id} ({name})")
        if not len(parts):
            faults.append(f"{path.name}: the line {line_id} has no length; draw it, or delete it")
    if astray:
        faults.append(
            f"{path.name}: {counted(len(astray), 'must-patrol line')} "
            f"{'does' if len(astray) == 1 else 'do'} not run along roads that can be driven: "
            f"{_listed(astray)}; draw along roads that connect, and check CRS and one-way streets"
        )
    repeated = [own for own, count in Counter(line.line_id for line in lines).items() if count > 1]
    if repeated:
        faults.append(
            f"{path.name}: lines share an id: {_listed(repeated)}; give each line its own"
        )
    if faults:
        raise InputError(faults)
    return tuple(lines)


def _read_lines(path: Path, crs: pyproj.CRS) -> tuple[list[str], list[str], list[float], Objects]:
    """Read ids, names, weights and planar lines."""
    source = read_source(path)
    if source.geometry is None or source.crs is None:
        raise InputError(f"{path.name}: the file has no geometry; give a layer of lines")
    placed = ~shapely.is_missing(source.geometry)
    planar = _planar_lines(path, source.geometry[placed], source.crs, crs)
    rows, columns = np.flatnonzero(placed), source.table.column_names
    usual = guess_column("id", columns) or next(
        (name for name in columns if name.casefold() == "line_id"), None
    )
    named = next((name for name in columns if "name" in name.casefold() or "名" in name), None)
    weighed = guess_column("weight", columns)
    ids = [f"L{row + 1}" for row in rows.tolist()]
    if usual is not None:
        given = texts(source.table[usual])
        ids = [given[row] or own for row, own in zip(rows.tolist(), ids, strict=True)]
    ids_of = dict(zip(rows.tolist(), ids, strict=True))
    names = ids
    if named is not None:
        given = texts(source.table[named])
        names = [given[row] or line_id for row, line_id in zip(rows.tolist(), ids, strict=True)]
    weights = np.ones(len(rows))
    if weighed is not None:
        read = numbers(source.table[weighed])
        wrong = rows[(read.bad | (read.values < 0))[rows]].tolist()
        if wrong:
            cells = [f'"{source.table[weighed][row].as_py()}" of {ids_of[row]}' for row in wrong]
            raise InputError(
                f'{path.name}: the column "{weighed}" holds weights that are no numbers from 0 '
                f"up: {_listed(cells)}; correct them"
            )
        weights = np.where(read.missing, 1.0, read.values)[rows]
    return ids, names, weights.tolist(), planar


def _planar_lines(path: Path, shapes: Objects, given: pyproj.CRS, crs: pyproj.CRS) -> Objects:
    """Lay lines of a file into the plane of the roads."""
    kinds = sorted({shape.geom_type for shape in shapes})
    if not kinds or set(kinds) - {"LineString", "MultiLineString"}:
        raise InputError(
            f"{path.name}: the layer holds {', '.join(kinds) or 'nothing'}; give lines only"
        )
    if is_local(crs) and given != crs:
        raise InputError(
            f"{path.name}: the road network has no CRS to place lines by; set study.crs"
        )
    planar: Objects = shapely.transform(
        shapely.force_2d(shapes), lambda x, y: transform(x, y, given, crs), interleaved=False
    )
    if not np.isfinite(shapely.get_coordinates(planar)).all():
        raise InputError(
            f"{path.name}: some coordinates lie nowhere in its CRS, {given.name}; state the right "
            "CRS, or export in longitude and latitude, in this order"
        )
    return planar


def _listed(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
