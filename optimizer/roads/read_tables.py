"""Roads as two tables: nodes (id, x, y) and edges (from, to, length_m, speed_kph, oneway)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.places import WGS84, guess_column, read_table
from optimizer.roads.rows import NodeTable, RoadRows, Role, as_texts, choose_columns
from optimizer.roads.settings import RoadsSettings

Objects = NDArray[np.object_]
Floats = NDArray[np.float64]

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
    node_columns = _columns(node_path, settings.encoding)
    edge_columns = _columns(edge_path, settings.encoding)
    nodes, in_degrees = _node_table(node_columns, node_path.name, faults)
    named = settings.model_copy(update=_ends(tuple(edge_columns), settings, edge_path.name, faults))
    if faults:
        raise InputError(faults)
    columns = choose_columns(tuple(edge_columns), named, edge_path.name)
    values = {role: edge_columns[column] for role, column in columns.items()}
    tail, head = (_rows_of(values[end], nodes, edge_path.name, faults) for end in ("u", "v"))
    if faults:
        raise InputError(faults)
    start, stop = (np.column_stack([nodes.x[end], nodes.y[end]]) for end in (tail, head))
    lines = np.asarray(shapely.linestrings(np.stack([start, stop], axis=1)), dtype=object)
    return RoadRows(
        edge_path.name, WGS84 if in_degrees else None, lines, values, columns, nodes=nodes
    )


def _columns(path: Path, encoding: str) -> dict[str, Objects]:
    table = read_table(path, encoding=encoding)
    return {
        name: table.column(name).to_numpy(zero_copy_only=False).astype(object)
        for name in table.column_names
    }


def _node_table(
    columns: Mapping[str, Objects], source: str, faults: list[str]
) -> tuple[NodeTable, bool]:
    """Read ids and places of the nodes, and whether the places are in degrees."""
    names = tuple(columns)
    id_column, x, y = (guess_column(role, names) for role in ("id", "x", "y"))
    in_degrees = x is None or y is None
    if in_degrees:
        x, y = guess_column("longitude", names), guess_column("latitude", names)
    if id_column is None or x is None or y is None:
        faults.append(
            f"{source}: the nodes need the columns id, x, y (or id, lon, lat), but the file has "
            f"{', '.join(names)}"
        )
        nothing = np.empty(0)
        return NodeTable(nothing.astype(object), nothing, nothing), in_degrees
    texts, code = as_texts(columns[id_column])
    doubled = [texts[i] for i in np.flatnonzero(np.bincount(code, minlength=len(texts)) > 1)]
    if doubled:
        listed = ", ".join(text or "(empty)" for text in doubled[:5])
        faults.append(f'{source}: {len(doubled)} values of "{id_column}" stand there more than '
                      f"once: {listed}; every node needs an id of its own")  # fmt: skip
    ids = np.array(texts, dtype=object)[code]
    return NodeTable(
        ids, *(_numbers(columns[name], name, ids, source, faults) for name in (x, y))
    ), in_degrees


def _numbers(values: Objects, column: str, ids: Objects, source: str, faults: list[str]) -> Floats:
    numbers = np.array([_number(value) for value in values.tolist()], dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(numbers))
    if len(wrong):
        listed = ", ".join(f'"{values[row]}" of node {ids[row]}' for row in wrong[:5])
        faults.append(f'{source}: {len(wrong)} values of "{column}" are no number: {listed}; '
                      "correct them or take those nodes out")  # fmt: skip
    return numbers


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("nan")


def _ends(
    names: tuple[str, ...], settings: RoadsSettings, source: str, faults: list[str]
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


def _rows_of(ids: Objects, nodes: NodeTable, source: str, faults: list[str]) -> NDArray[np.int64]:
    """Find the nodes that edges name."""
    texts, code = as_texts(ids)
    index = {node_id: place for place, node_id in enumerate(nodes.ids.tolist())}
    unknown = [text or "(empty)" for text in texts if text not in index]
    if unknown:
        listed = ", ".join(unknown[:5]) + (", ..." if unknown[5:] else "")
        faults.append(f"{source}: {len(unknown)} node ids are not among the nodes: {listed}; "
                      "add them to the nodes or take those edges out")  # fmt: skip
    return np.array([index.get(text, -1) for text in texts], dtype=np.int64)[code]
