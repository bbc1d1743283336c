"""Roads as two tables: nodes (id, x, y) and edges (from, to, length_m, speed_kph, oneway)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.places import WGS84, guess_column, numbers, read_table, texts
from optimizer.roads.rows import NodeTable, RoadRows, Role, choose_columns
from optimizer.roads.settings import RoadsSettings

Objects = NDArray[np.object_]

EDGE_ENDS: tuple[tuple[Role, tuple[str, ...]], ...] = (
    ("u", ("from", "u", "source", "tail")),
    ("v", ("to", "v", "target", "head")),
)


def read_tables(root: Path, settings: RoadsSettings) -> RoadRows:
    """Read the tables of nodes and edges; the roads are straight lines between the nodes.

    Raises
    ------
    InputError
        A file or a column is missing, an id is missing, doubled or unknown, or a coordinate is no
        number; the faults of both tables are listed.
    """
    faults: list[str] = []
    node_path, edge_path = root / str(settings.nodes), root / str(settings.edges)
    nodes, in_degrees = _node_table(node_path, settings.encoding, faults)
    edges = read_table(edge_path, encoding=settings.encoding)
    ends = _ends(edges.column_names, settings, edge_path.name, faults)
    if faults:
        raise InputError(faults)
    columns = choose_columns(edges.column_names, settings.model_copy(update=ends), edge_path.name)
    values = {role: texts(edges.column(column)) for role, column in columns.items()}
    tail, head = (_places_of(values[end], nodes, edge_path.name, faults) for end in ("u", "v"))
    if faults:
        raise InputError(faults)
    start, stop = (np.column_stack([nodes.x[end], nodes.y[end]]) for end in (tail, head))
    lines = np.asarray(shapely.linestrings(np.stack([start, stop], axis=1)), dtype=object)
    return RoadRows(
        edge_path.name, WGS84 if in_degrees else None, lines, values, columns, nodes=nodes
    )


def _node_table(path: Path, encoding: str, faults: list[str]) -> tuple[NodeTable, bool]:
    """Read ids and places of the nodes, and whether the places are in degrees."""
    table = read_table(path, encoding=encoding)
    names = table.column_names
    id_column, x, y = (guess_column(role, names) for role in ("id", "x", "y"))
    in_degrees = x is None or y is None
    if in_degrees:
        x, y = guess_column("longitude", names), guess_column("latitude", names)
    if id_column is None or x is None or y is None:
        faults.append(
            f"{path.name}: the nodes need the columns id, x, y (or id, lon, lat), but the file has "
            f"{', '.join(names)}; rename its columns"
        )
        nothing = np.empty(0)
        return NodeTable(nothing.astype(object), nothing, nothing), in_degrees
    ids = texts(table.column(id_column))
    doubled = [node_id or "(empty)" for node_id, count in Counter(ids).items() if count > 1]
    if doubled:
        faults.append(
            f'{path.name}: {len(doubled)} values of "{id_column}" stand there more than once: '
            f"{', '.join(doubled[:5])}; every node needs an id of its own"
        )
    found = [numbers(table.column(name)) for name in (x, y)]
    for name, read in zip((x, y), found, strict=True):
        wrong = np.flatnonzero(read.bad | read.missing)
        if len(wrong):
            listed = ", ".join(str(ids[row]) for row in wrong[:5])
            faults.append(
                f'{path.name}: {len(wrong)} nodes have no number in "{name}": {listed}; '
                "correct them or take those nodes out"
            )
    return NodeTable(ids, *(read.values for read in found)), in_degrees


def _ends(
    names: Sequence[str], settings: RoadsSettings, source: str, faults: list[str]
) -> dict[str, str]:
    """Find the columns of the nodes at both ends of an edge."""
    folded = {name.strip().casefold(): name for name in reversed(names)}
    found: dict[str, str] = {}
    for role, usual in EDGE_ENDS:
        own = getattr(settings, role)
        column = own or next((folded[name] for name in usual if name in folded), None)
        if column is None:
            faults.append(
                f'{source}: the edges need the columns from and to, but there is no "{usual[0]}"; '
                f"the file has {', '.join(names)}; name them with u and v in [roads]"
            )
        else:
            found[role] = column
    return found


def _places_of(ids: Objects, nodes: NodeTable, source: str, faults: list[str]) -> NDArray[np.int64]:
    """Find the rows of the nodes that edges name."""
    place = pd.Index(nodes.ids).get_indexer(ids)
    unknown = sorted({node_id or "(empty)" for node_id in ids[place < 0]})
    if unknown:
        faults.append(
            f"{source}: {len(unknown)} node ids are not among the nodes: "
            f"{', '.join(unknown[:5])}; add them to the nodes or take those edges out"
        )
    return np.asarray(place, dtype=np.int64)
