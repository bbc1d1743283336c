"""Rows of a road file, whatever its format: the one shape in which every reader ends."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from optimizer.errors import InputError
from optimizer.places import missing_columns
from optimizer.roads.settings import RoadsSettings

Objects = NDArray[np.object_]
Values = Objects | NDArray[np.integer[Any]]
Role = Literal["name", "road_class", "oneway", "speed", "length", "u", "v"]

USUAL_NAMES: dict[Role, tuple[str, ...]] = {
    "name": ("name", "streetall", "fullname", "street", "streetname", "路名"),
    "road_class": ("highway", "fclass", "f_class", "class", "road_class", "mtfcc", "道路等级"),
    "oneway": ("oneway", "one_way"),
    "speed": ("speed_kph", "maxspeed"),
    "length": ("length_m",),
    "u": ("u",),
    "v": ("v",),
}


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NodeTable:
    """Nodes that a file lists by themselves: ids, shape (n,), and places in the file's CRS."""

    ids: Objects
    x: NDArray[np.float64]
    y: NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RoadRows:
    """One row for each line of a road file, before anything is made of it.

    Parameters
    ----------
    source
        Name of the file, for messages.
    crs
        CRS of the coordinates; None if the file does not say.
    lines
        Shapely LineStrings, shape (r,).
    values
        Role -> values as in the file, shape (r,), whole numbers as numbers and all else as objects;
        roles without a column are absent.
    columns
        Role -> name of its column.
    nodes
        The nodes, if the file lists them.
    vertices
        The file's ids of all vertices of all lines, one line after the other, if it has them.
    directed
        Whether every row is one arc, so that a two-way street has two rows.
    dropped
        Reason -> number of rows that were no lines.
    """

    source: str
    crs: CRS | None
    lines: Objects
    values: Mapping[Role, Values]
    columns: Mapping[Role, str]
    nodes: NodeTable | None = None
    vertices: NDArray[np.int64] | None = None
    directed: bool = False
    dropped: Mapping[str, int] = dataclasses.field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def take(self, kept: NDArray[np.bool_]) -> RoadRows:
        """Return some of the rows, shape (r,)."""
        values = {role: column[kept] for role, column in self.values.items()}
        vertices = self.vertices
        if vertices is not None:
            vertices = vertices[np.repeat(kept, shapely.get_num_points(self.lines))]
        return dataclasses.replace(self, lines=self.lines[kept], values=values, vertices=vertices)


def choose_columns(
    available: Sequence[str], settings: RoadsSettings, source: str
) -> dict[Role, str]:
    """Find the column of every role: the one the study names, else one with a usual name.

    Raises
    ------
    InputError
        The study names columns that the file does not have; all are listed.
    """
    folded: dict[str, str] = {}
    for column in available:
        folded.setdefault(column.strip().casefold(), column)
    chosen: dict[Role, str] = {}
    named: list[str] = []
    for role, usual in USUAL_NAMES.items():
        own: str | None = getattr(settings, role)
        if own:
            named.append(own)
            chosen[role] = own
        elif own is None and (known := [word for word in usual if word in folded]):
            chosen[role] = folded[known[0]]
    faults = missing_columns(named, available, source)
    if faults:
        raise InputError(faults)
    if ("u" in chosen) != ("v" in chosen):
        chosen = {role: column for role, column in chosen.items() if role not in ("u", "v")}
    return chosen


def as_texts(values: Values) -> tuple[list[str], NDArray[np.intp]]:
    """Return the distinct values as trimmed texts ("" for missing, 1.0 as "1"), and each row's."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    if values.dtype != object:
        return [str(number) for number in distinct.tolist()], codes
    texts = [_as_text(value) for value in distinct]
    merged = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return list(merged), np.array([merged[text] for text in texts], dtype=np.intp)[codes]


def _as_text(value: object) -> str:
    if isinstance(value, (str, int)):  # which nearly all are, and `isna` is slow
        return str(value).strip()
    if pd.isna(value):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()
