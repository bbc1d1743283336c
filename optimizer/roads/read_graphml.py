"""Roads as OSMnx saves them: GraphML."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from optimizer.errors import InputError
from optimizer.places import WGS84, parse_crs
from optimizer.roads.rows import NodeTable, RoadRows, choose_columns
from optimizer.roads.settings import RoadsSettings

Objects = NDArray[np.object_]
Row = dict[str, str]

_ATTRIBUTES = {"id": "id", "source": "u", "target": "v", "edgedefault": "edgedefault"}


def read_graphml(path: Path, settings: RoadsSettings) -> RoadRows:
    """Read nodes and edges; an edge of a directed graph is driven from its source to its target.

    Raises
    ------
    InputError
        The file is no GraphML, a node has no place, or a named attribute is missing.
    """
    found: dict[str, list[Row]] = defaultdict(list)
    try:
        for kind, row in _elements(path):
            found[kind].append(row)
    except ET.ParseError as error:
        raise InputError(f"{path.name} cannot be read as GraphML: {error}.") from error
    if not found["node"] or not found["edge"]:
        raise InputError(f"{path.name}: the GraphML has no nodes or no edges; save the graph again")
    nodes = _node_table(found["node"], path.name)
    edges = found["edge"]
    graph = found["graph"][0] if found["graph"] else {}
    available = sorted({name for row in edges for name in row} - {"u", "v"})
    usual = {"length": "length"} if settings.length is None and "length" in available else {}
    columns = choose_columns(available, settings.model_copy(update=usual), path.name)
    columns |= {"u": "u", "v": "v"}
    values = {role: _column(edges, name) for role, name in columns.items()}
    return RoadRows(
        source=path.name,
        crs=_graph_crs(graph.get("crs"), path.name),
        lines=_lines(edges, values["u"], values["v"], nodes, path.name),
        values=values,
        columns=columns,
        nodes=nodes,
        directed=graph.get("edgedefault") != "undirected",
    )


def _elements(path: Path) -> Iterator[tuple[str, Row]]:
    """Yield the graph, its nodes and its edges as attributes by name, the graph last.

    Ids become ``id`` of a node, ``u`` and ``v`` of an edge.
    """
    keys: dict[str, str] = {}
    pending: Row = {}
    for _, element in ET.iterparse(path):  # noqa: S314 expat resists entity bombs
        kind = element.tag.rpartition("}")[2]
        if kind == "key":
            keys[element.attrib["id"]] = element.attrib.get("attr.name", element.attrib["id"])
        elif kind == "data":
            pending[keys.get(element.attrib["key"], element.attrib["key"])] = element.text or ""
        elif kind in ("node", "edge", "graph"):
            own = {_ATTRIBUTES[name]: value for name, value in element.items()
                   if name in _ATTRIBUTES}  # fmt: skip
            yield kind, pending | own
            pending = {}
            element.clear()


def _graph_crs(text: str | None, source: str) -> CRS:
    """Read the CRS as new and old OSMnx write it ("epsg:4326", "{'init': 'epsg:4326'}")."""
    if not text:
        return WGS84
    code = re.search(r"epsg:\d+", text, re.IGNORECASE)
    return parse_crs(code[0] if code else text, f"{source}, crs of the graph")


def _node_table(rows: list[Row], source: str) -> NodeTable:
    ids = _column(rows, "id")
    try:
        x, y = (np.array([row[axis] for row in rows], dtype=np.float64) for axis in ("x", "y"))
    except (KeyError, ValueError):
        raise InputError(
            f"{source}: some nodes have no x and y, or they are no numbers; save the graph with "
            "osmnx.save_graphml"
        ) from None
    return NodeTable(ids, x, y)


def _column(rows: list[Row], name: str) -> Objects:
    return np.array([row.get(name) for row in rows], dtype=object)


def _lines(
    edges: list[Row], tail: Objects, head: Objects, nodes: NodeTable, source: str
) -> Objects:
    """Build the lines of the edges: the geometry they have, else straight from node to node."""
    place = dict(zip(nodes.ids.tolist(), zip(nodes.x, nodes.y, strict=True), strict=True))
    nowhere = (0.0, 0.0)
    ends = [[place.get(u, nowhere), place.get(v, nowhere)] for u, v in zip(tail, head, strict=True)]
    lines = np.asarray(shapely.linestrings(np.array(ends)), dtype=object)
    texts = _column(edges, "geometry")
    drawn = np.array([bool(text) for text in texts])
    try:
        lines[drawn] = shapely.from_wkt(texts[drawn])
    except (shapely.GEOSException, TypeError) as error:
        raise InputError(f"{source}: a geometry of an edge is not WKT: {error}.") from error
    return lines
