"""Rows of call files, parsed: place, time and category beside each other, nothing dropped yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyproj
from numpy.typing import NDArray

from optimizer.calls.categories import Categories
from optimizer.calls.clock import local_time
from optimizer.calls.placing import Area, Placed, place_calls, place_nodes
from optimizer.calls.quality import Reason
from optimizer.calls.read import RawCalls, RawFile
from optimizer.calls.schema import CallsSettings
from optimizer.calls.stamps import parse_stamps
from optimizer.errors import InputError
from optimizer.places import read_coordinates, texts

FindNodes = Callable[[NDArray[np.object_]], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""From the road network's own node ids to places of the plane; NaN where there is no such node."""

Reasons = dict[Reason, NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class ParsedRows:
    """Columns over n rows.

    Parameters
    ----------
    x_m, y_m
        float64[n], NaN where not placed.
    swapped
        bool[n], longitude and latitude were put right.
    time
        datetime64[m][n], local, NaT where unknown.
    has_time
        bool[n], more than the day is known.
    category
        int32[n] and their names.
    reasons
        Reason -> bool[n]; a row under several is dropped for the first.
    warnings
        Sentences.
    """

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    swapped: NDArray[np.bool_]
    time: NDArray[np.datetime64]
    has_time: NDArray[np.bool_]
    category: Categories
    reasons: Reasons
    warnings: tuple[str, ...]

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """Put the rows of several files one after another."""
        every = dict.fromkeys(reason for part in parts for reason in part.reasons)
        nowhere = [np.zeros(len(part.x_m), bool) for part in parts]
        return cls(
            np.concatenate([part.x_m for part in parts]),
            np.concatenate([part.y_m for part in parts]),
            np.concatenate([part.swapped for part in parts]),
            np.concatenate([part.time for part in parts]),
            np.concatenate([part.has_time for part in parts]),
            Categories.join([part.category for part in parts]),
            {
                reason: np.concatenate(
                    [part.reasons.get(reason, no) for part, no in zip(parts, nowhere, strict=True)]
                )
                for reason in every
            },
            tuple(dict.fromkeys(sentence for part in parts for sentence in part.warnings)),
        )


def parse_rows(
    raw: RawCalls,
    settings: CallsSettings,
    *,
    crs: pyproj.CRS,
    area: Area,
    find_nodes: FindNodes | None,
) -> ParsedRows:
    """Parse every row of every file.

    Raises
    ------
    InputError
        One fault for each file whose CRS, datum or time format cannot be right.
    """
    parts: list[ParsedRows] = []
    faults: list[str] = []
    for file in raw.files:
        try:
            parts.append(_parse_file(file, settings, crs, area, find_nodes))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return ParsedRows.join(parts)


def _parse_file(
    file: RawFile,
    settings: CallsSettings,
    crs: pyproj.CRS,
    area: Area,
    find_nodes: FindNodes | None,
) -> ParsedRows:
    table = file.source.table
    placed = _place(file, settings, crs, area, find_nodes)
    stamps = parse_stamps(table[settings.time], settings.time_format, file.name)
    time, has_time, warnings = local_time(stamps, settings.timezone, settings.offsets, file.name)
    if settings.category is None:
        category = Categories.none(table.num_rows)
    else:
        category = Categories.read(table[settings.category])
    reasons = placed.reasons | {"no_time": stamps.missing, "bad_time": stamps.bad}
    return ParsedRows(
        placed.x_m,
        placed.y_m,
        placed.swapped,
        time,
        has_time,
        category,
        reasons,
        (*file.source.notes, *stamps.warnings, *warnings),
    )


def _place(
    file: RawFile,
    settings: CallsSettings,
    crs: pyproj.CRS,
    area: Area,
    find_nodes: FindNodes | None,
) -> Placed:
    if file.place.kind != "node":
        return place_calls(read_coordinates(file.source, file.place, settings, crs), crs, area)
    if find_nodes is None:
        raise InputError(
            f"{file.name}: the calls are placed by road node, which this stage cannot look up; "
            "give longitude and latitude, or x and y"
        )
    nodes = texts(file.source.table[file.place.names[0]])
    return place_nodes(nodes, *find_nodes(nodes))
