"""The front door of the roads: any road file in, one network out, whole or its main part."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from optimizer.errors import InputError
from optimizer.places import LOCAL_CRS, WGS84, Datum, parse_crs, planar_crs, to_wgs84, transform
from optimizer.roads.assemble import Traits, assemble
from optimizer.roads.junctions import Segments, find_segments
from optimizer.roads.main_part import main_part
from optimizer.roads.network import NetworkReport, RoadNetwork, WholeNetwork
from optimizer.roads.oneways import FORWARD, row_directions
from optimizer.roads.read_graphml import read_graphml
from optimizer.roads.read_lines import read_gis_file, read_parquet
from optimizer.roads.read_osm import read_osm
from optimizer.roads.read_tables import read_tables
from optimizer.roads.rows import RoadRows, Role, as_texts
from optimizer.roads.settings import RoadsSettings
from optimizer.roads.speeds import RowSpeeds, first_of, row_speeds

Floats = NDArray[np.float64]
Objects = NDArray[np.object_]
Reader = Callable[[Path, RoadsSettings], RoadRows]

READERS: dict[str, Reader] = {
    ".gpkg": read_gis_file, ".shp": read_gis_file, ".geojson": read_gis_file,
    ".json": read_gis_file, ".parquet": read_parquet, ".geoparquet": read_parquet,
    ".graphml": read_graphml, ".pbf": read_osm, ".osm": read_osm,
}  # fmt: skip
"""How the name of a file ends -> its reader."""

METRES_A_DEGREE = 111_000
WIDEST_CITY_DEGREES = 5.0


def read_network(settings: RoadsSettings, root: Path, crs_spec: str | None) -> RoadNetwork:
    """Read a road file into a strongly connected network of travel times: its main part.

    Parameters
    ----------
    settings
        [roads] of the study.
    root
        Folder that the paths of the study are relative to.
    crs_spec
        The study's planar CRS; None: the UTM zone of the roads.

    Raises
    ------
    InputError
        The file is missing, of an unknown kind, empty, or has values that cannot be read, or no
        two of its places are connected.
    """
    return main_part(read_whole_network(settings, root, crs_spec))


def read_whole_network(settings: RoadsSettings, root: Path, crs_spec: str | None) -> WholeNetwork:
    """Read all roads of a file, those too that lead out of the data and never back.

    Parameters
    ----------
    settings, root, crs_spec
        As for :func:`read_network`, which is the main part of this; nodes have the same ids.

    Raises
    ------
    InputError
        The file is missing, of an unknown kind, empty, or has values that cannot be read.
    """
    rows = _without_classes(_read(settings, root), settings.drop_classes)
    rows = dataclasses.replace(rows, crs=_file_crs(rows, settings, crs_spec))
    if len(rows) == 0:
        raise InputError(f"{rows.source}: it has no roads for cars; left out: {rows.dropped}")
    faults: list[str] = []
    directions = row_directions(rows, settings.oneway_values, faults)
    length_m = _row_lengths(rows, faults)
    if faults:
        raise InputError(faults)
    speeds = row_speeds(rows, settings)
    segments = find_segments(rows, settings.split)
    crs = _study_crs(rows, segments, length_m, crs_spec)
    segments = _on_plane(segments, rows, settings.datum, crs)
    traits = _traits(rows, segments, directions, length_m, speeds.kph)
    report = _report(rows, segments, speeds)
    return assemble(segments, traits, crs, settings.speed_factor, report)


def _traits(
    rows: RoadRows,
    segments: Segments,
    directions: NDArray[np.int8],
    length_m: Floats,
    speed_kph: Floats,
) -> Traits:
    """Hand down to the segments what is known of their rows."""
    own_m = length_m[segments.row] * segments.share
    along = np.full_like(directions, FORWARD) if segments.directed else directions
    return Traits(
        length_m=np.where(np.isfinite(own_m), own_m, shapely.length(segments.lines)),
        direction=along[segments.row],
        speed_kph=speed_kph[segments.row],
        name=_texts(rows, "name")[segments.row],
        road_class=_texts(rows, "road_class")[segments.row],
    )


def _report(rows: RoadRows, segments: Segments, speeds: RowSpeeds) -> NetworkReport:
    """Account for the rows."""
    warnings = list(speeds.warnings)
    if segments.directed and not rows.directed:
        warnings.append(
            f"{rows.source}: there is no one-way column, and most roads stand there once for "
            "either way, so each row is read as one way."
        )
    return NetworkReport(
        source=rows.source,
        lines_read=len(rows) + sum(rows.dropped.values()),
        lines_dropped=dict(rows.dropped),
        lines_split=segments.lines_split,
        speeds_from=speeds.come_from,
        columns={str(role): column for role, column in rows.columns.items()},
        warnings=tuple(warnings),
    )


def _read(settings: RoadsSettings, root: Path) -> RoadRows:
    if settings.path is None:
        return read_tables(root, settings)
    path = root / settings.path
    if not path.is_file():
        raise InputError(f"[roads] path: there is no file {path}; paths are relative to the study.")
    name = path.name.casefold()
    reader = next((READERS[end] for end in READERS if name.endswith(end)), None)
    if reader is None:
        raise InputError(
            f"{path.name}: roads are read from {', '.join(READERS)}, or from two tables named by "
            "nodes and edges in [roads]; convert the file to one of these"
        )
    return reader(path, settings)


def _without_classes(rows: RoadRows, classes: tuple[str, ...]) -> RoadRows:
    """Leave out roads that no car may use, by their class."""
    if "road_class" not in rows.values:
        return rows
    unwanted = {name.casefold() for name in classes}
    texts, code = as_texts(rows.values["road_class"])
    folded = [first_of(text).casefold() for text in texts]
    gone = np.array([text in unwanted for text in folded], dtype=bool)[code]
    counts = dict.fromkeys(sorted(set(folded) & unwanted), 0)
    for text, count in zip(folded, np.bincount(code, minlength=len(texts)), strict=True):
        if text in counts:
            counts[text] += int(count)
    return dataclasses.replace(rows.take(~gone), dropped={**rows.dropped, **counts})


def _file_crs(rows: RoadRows, settings: RoadsSettings, crs_spec: str | None) -> CRS | None:
    """Settle the CRS of the file: [roads] crs, else its own, else the study's; None if unknown."""
    if settings.crs is not None:
        return parse_crs(settings.crs, "[roads] crs")
    if rows.crs is not None:
        return rows.crs
    return parse_crs(crs_spec, "[study] crs") if crs_spec is not None else None


def _study_crs(rows: RoadRows, segments: Segments, length_m: Floats, crs_spec: str | None) -> CRS:
    """Choose the plane to measure in, and refuse coordinates that nobody can place."""
    degrees_like = max(np.abs(segments.x).max(), np.abs(segments.y).max()) <= 180 and (
        np.ptp(segments.x) + np.ptp(segments.y) < WIDEST_CITY_DEGREES
    )
    if rows.crs is None and rows.nodes is None:
        raise InputError(
            f'{rows.source}: the file does not say its CRS; write it as crs = "EPSG:..." in [roads]'
        )
    misread = degrees_like and (rows.crs is None or rows.crs.is_projected)
    if misread and not _has_other_unit(rows, segments, length_m):
        raise InputError(
            f"{rows.source}: the coordinates, such as {segments.x[0]:.5f}, {segments.y[0]:.5f}, "
            'look like degrees, not metres; write crs = "EPSG:4326" in [roads]'
        )
    if rows.crs is None:
        return LOCAL_CRS
    lon, lat = transform(segments.x[:1000], segments.y[:1000], rows.crs, WGS84)
    return planar_crs(crs_spec, lon, lat)


def _has_other_unit(rows: RoadRows, segments: Segments, length_m: Floats) -> bool:
    """Tell whether the file's own lengths show that its small coordinates are no degrees."""
    drawn = np.asarray(shapely.length(segments.lines), dtype=np.float64)
    stated_m = length_m[segments.row] * segments.share
    proper = (drawn > 0) & (stated_m > 0)
    if rows.nodes is None or not proper.any():
        return False
    metres_a_unit = float(np.median(stated_m[proper] / drawn[proper]))
    return not METRES_A_DEGREE / 30 < metres_a_unit < METRES_A_DEGREE * 30


def _on_plane(segments: Segments, rows: RoadRows, datum: Datum, crs: CRS) -> Segments:
    """Move segments from the CRS of the file to the plane of the study.

    Raises
    ------
    InputError
        Some place does not exist in that plane.
    """
    source = rows.crs
    if source is None or source.equals(crs, ignore_axis_order=True):
        return segments

    def move(places: Floats) -> Floats:
        x, y = places.T
        if source.is_geographic and datum != "wgs84":
            x, y = to_wgs84(x, y, datum)
        return np.column_stack(transform(x, y, source, crs))

    x, y = move(np.column_stack([segments.x, segments.y])).T
    lost = np.flatnonzero(~np.isfinite(x + y))
    if len(lost):
        raise InputError(
            f"{rows.source}: {len(lost)} places cannot be expressed in the study's CRS, such as "
            f"{segments.x[lost[0]]:g}, {segments.y[lost[0]]:g}; check crs in [roads] and [study]"
        )
    return dataclasses.replace(segments, x=x, y=y, lines=shapely.transform(segments.lines, move))


def _row_lengths(rows: RoadRows, faults: list[str]) -> Floats:
    """Read the file's own lengths, metres, shape (r,); NaN where it has none."""
    if "length" not in rows.values:
        return np.full(len(rows), np.nan)
    texts, code = as_texts(rows.values["length"])
    numbers = pd.to_numeric(pd.Series(texts, dtype=object).replace("", None), errors="coerce")
    lengths = numbers.to_numpy(dtype=np.float64)
    wrong = [text for text, length in zip(texts, lengths, strict=True)
             if text and not 0 <= length < np.inf]  # fmt: skip
    if wrong:
        faults.append(
            f'{rows.source}: the column "{rows.columns["length"]}" has values that are no length '
            f"in metres: {', '.join(wrong[:5])}; correct them, or leave the cells empty"
        )
    return np.asarray(lengths[code])


def _texts(rows: RoadRows, role: Role) -> Objects:
    """Return a column as texts, "" where it is missing or nothing is written."""
    if role not in rows.values:
        return np.full(len(rows), "", dtype=object)
    texts, code = as_texts(rows.values[role])
    return np.array([first_of(text) for text in texts], dtype=object)[code]
