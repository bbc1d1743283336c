"""Where roads meet: rows become segments that run from node to node."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.roads.rows import NodeTable, RoadRows, as_texts

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]
Mask = NDArray[np.bool_]

JOIN_DEGREES = 1e-6
JOIN_M = 0.1
RUN_THROUGH_SHARE = 0.25
TWO_ROWS_SHARE = 0.5


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Pieces of road between nodes, in the file's CRS.

    Parameters
    ----------
    x, y
        Places of the nodes, shape (n,).
    ids
        The file's own node ids, shape (n,); None if it has none.
    tail, head
        Nodes at the beginning and end of each segment, shape (s,).
    lines
        LineStrings that run from tail to head, shape (s,).
    row, share
        Row each segment is part of, and its share of that row's length, shape (s,).
    directed
        Whether each row is one arc.
    lines_split
        Rows that were cut.
    """

    x: Floats
    y: Floats
    ids: Objects | None
    tail: Longs
    head: Longs
    lines: Objects
    row: Longs
    share: Floats
    directed: bool
    lines_split: int = 0


def find_segments(rows: RoadRows, split: str) -> Segments:
    """Join the rows at their node ids, if they have any, else where their vertices coincide.

    Parameters
    ----------
    split
        "auto", "always" or "never": whether lines without ids are cut at vertices that they share.

    Raises
    ------
    InputError
        A node id is missing, or stands in the rows but not among the nodes.
    """
    if "u" in rows.values:
        return _join_by_id(rows)
    if rows.vertices is not None:
        ids, vertex = np.unique(rows.vertices, return_inverse=True)
        return _join_by_vertex(rows, vertex, ids.astype(str).astype(object), "always")
    vertex = _numbered(shapely.get_coordinates(rows.lines), _join_distance(rows))
    return _join_by_vertex(rows, vertex, None, split)


def _join_by_vertex(
    rows: RoadRows, vertex: Longs, vertex_ids: Objects | None, split: str
) -> Segments:
    """Join lines where they have a vertex in common, cutting those that run through a junction."""
    places, row_of = shapely.get_coordinates(rows.lines, return_index=True)
    changes = row_of[1:] != row_of[:-1]
    is_end = np.concatenate([[True], changes]) | np.concatenate([changes, [True]])
    cut = is_end | _junctions(vertex, row_of, is_end, split)[vertex]

    stops = np.flatnonzero(cut)
    within = row_of[stops[1:]] == row_of[stops[:-1]]
    start, stop = stops[:-1][within], stops[1:][within]
    nodes, first, ends = np.unique(
        vertex[np.concatenate([start, stop])], return_index=True, return_inverse=True
    )
    lines = _pieces(places, start, stop)
    row = row_of[start]
    length = shapely.length(lines)
    whole = np.bincount(row, weights=length, minlength=len(rows))[row]
    x, y = places[np.concatenate([start, stop])[first]].T
    return Segments(
        x=x,
        y=y,
        ids=None if vertex_ids is None else vertex_ids[nodes],
        tail=ends[: len(start)],
        head=ends[len(start) :],
        lines=lines,
        row=row,
        share=np.divide(length, whole, out=np.ones_like(length), where=whole > 0),
        directed=rows.directed,
        lines_split=int((np.bincount(row, minlength=len(rows)) > 1).sum()),
    )


def _join_distance(rows: RoadRows) -> float:
    """Return the grid on which vertices coincide: about 0.1 m, in the units of the file."""
    if rows.crs is None:
        return JOIN_M
    if rows.crs.is_geographic:
        return JOIN_DEGREES
    return JOIN_M / float(rows.crs.axis_info[0].unit_conversion_factor)


def _junctions(vertex: Longs, row_of: Longs, is_end: Mask, split: str) -> Mask:
    """Tell of every distinct vertex whether lines that pass through it are cut there.

    Whether vertices inside lines are junctions, the file itself tells: where lines run through
    many of their meeting points (TIGER, OpenStreetMap's ways), every shared vertex is one; where
    lines end at their junctions, a shared inner vertex is a bridge, and only a line that would
    end nowhere else is joined to it.
    """
    count = int(vertex.max(initial=-1)) + 1
    if split == "never":
        return np.zeros(count, dtype=bool)
    ends = np.bincount(vertex[is_end], minlength=count)
    moved = (vertex[1:] != vertex[:-1]) | (row_of[1:] != row_of[:-1])
    visits = vertex[np.concatenate([[True], moved])]
    shared = np.bincount(visits, minlength=count) > 1
    passed = np.bincount(vertex[~is_end], minlength=count) > 0
    inner: Mask = shared & passed
    if split == "always" or inner.sum() > RUN_THROUGH_SHARE * shared.sum():
        return inner
    dangling: Mask = inner & (ends == 1)
    return dangling


def _pieces(places: Floats, start: Longs, stop: Longs) -> Objects:
    """Build the LineStrings over the vertices start..stop, both in."""
    size = stop - start + 1
    offsets = np.concatenate([[0], np.cumsum(size)])
    index = np.arange(offsets[-1]) - np.repeat(offsets[:-1] - start, size)
    lines = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, places[index], (offsets,))
    return np.asarray(lines, dtype=object)


def _join_by_id(rows: RoadRows) -> Segments:
    texts, codes = as_texts(np.concatenate([rows.values["u"], rows.values["v"]]))
    if "" in texts:
        missing = int((codes == texts.index("")).sum())
        raise InputError(
            f'{rows.source}: {missing} node ids are missing in the columns "{rows.columns["u"]}" '
            f'and "{rows.columns["v"]}"; fill them in, or set u = "" and v = "" in [roads] to '
            "join the lines where they touch"
        )
    tail, head = codes[: len(rows)].astype(np.int64), codes[len(rows) :].astype(np.int64)
    if rows.nodes is None:
        lines, place = _orient(rows, tail, head)
        x, y = place.T
    else:
        x, y = _places_of(texts, rows.nodes, rows.source)
        lines = rows.lines
    directed = rows.directed or ("oneway" not in rows.values and _has_twins(tail, head))
    every = np.arange(len(rows), dtype=np.int64)
    ids = np.array(texts, dtype=object)
    return Segments(x, y, ids, tail, head, lines, every, np.ones(len(rows)), directed)


def _places_of(texts: list[str], nodes: NodeTable, source: str) -> tuple[Floats, Floats]:
    index = {node_id: place for place, node_id in enumerate(nodes.ids.tolist())}
    unknown = [text for text in texts if text not in index]
    if unknown:
        listed = ", ".join(unknown[:5]) + (", ..." if unknown[5:] else "")
        raise InputError(
            f"{source}: {len(unknown)} node ids are used by roads but are not among the nodes: "
            f"{listed}; add them to the nodes or take those roads out"
        )
    place = np.array([index[text] for text in texts], dtype=np.int64)
    return nodes.x[place], nodes.y[place]


def _has_twins(tail: Longs, head: Longs) -> bool:
    """Tell whether two-way roads stand there twice, once for each way."""
    n = int(max(tail.max(initial=0), head.max(initial=0))) + 1
    proper = tail != head
    twins = pd.Series(tail * n + head).isin(head * n + tail).to_numpy() & proper
    return bool(twins.sum() > TWO_ROWS_SHARE * proper.sum())


def _orient(rows: RoadRows, tail: Longs, head: Longs) -> tuple[Objects, Floats]:
    """Turn lines so that they run from tail to head, and find where the nodes are.

    Lines with node ids may be drawn either way. A node lies where most ends of its lines meet; the
    place of a node with one line follows from the node at the other end.
    """
    vertices = shapely.get_coordinates(rows.lines)
    after = np.cumsum(shapely.get_num_points(rows.lines))
    begin, finish = vertices[np.concatenate([[0], after[:-1]])], vertices[after - 1]
    place, sure = _meeting_places(tail, head, np.stack([begin, finish]), _join_distance(rows))
    as_drawn = _misfit(begin, tail, place, sure) + _misfit(finish, head, place, sure)
    turned = _misfit(finish, tail, place, sure) + _misfit(begin, head, place, sure)
    flip = turned < as_drawn
    ends = np.concatenate([tail, head])
    drawn = np.concatenate([
        np.where(flip[:, None], finish, begin), np.where(flip[:, None], begin, finish)
    ])  # fmt: skip
    unsure = ~sure[ends]
    place[ends[unsure]] = drawn[unsure]
    lines = rows.lines.copy()
    lines[flip] = shapely.reverse(lines[flip])
    return lines, place


def _meeting_places(tail: Longs, head: Longs, ends: Floats, grid: float) -> tuple[Floats, Mask]:
    """Return where most ends of each node's lines are, shape (n, 2), and whether that is sure.

    ``ends`` has both ends of every line, shape (2, l, 2): either may be at either node.
    """
    places = ends[[0, 0, 1, 1]].reshape(-1, 2)
    at = pd.factorize(_cells(ends.reshape(-1, 2), grid))[0].reshape(2, -1)[[0, 0, 1, 1]].ravel()
    owner = np.concatenate([tail, head, tail, head])
    pair, _ = pd.factorize(owner * (at.max() + 1) + at)
    first = np.flatnonzero(np.diff(np.maximum.accumulate(pair), prepend=-1))
    votes, whose = np.bincount(pair), owner[first]
    most = np.zeros(owner.max() + 1, dtype=np.int64)
    np.maximum.at(most, whose, votes)
    top = np.flatnonzero(votes == most[whose])
    best = np.empty(len(most), dtype=np.int64)
    best[whose[top[::-1]]] = first[top[::-1]]  # of equals, the one that comes first stays
    return places[best], np.bincount(whose[top]) == 1


def _numbered(places: Floats, grid: float) -> Longs:
    """Give places numbers by x, then y, shape (k,): one number to those in one cell of a grid."""
    number: Longs = pd.factorize(_cells(places, grid), sort=True)[0]
    return number


def _cells(places: Floats, grid: float) -> NDArray[np.complex128]:
    """Tell in which cell of a grid each place is, x + iy of the cell, shape (k,)."""
    cells = np.ascontiguousarray(np.round(places / grid)) + 0.0  # no minus zero
    return cells.view(np.complex128).ravel()


def _misfit(end: Floats, node: Longs, place: Floats, sure: Mask) -> Floats:
    """Return how far the ends of lines lie from their nodes, 0 where the place is not sure."""
    return np.where(sure[node], np.hypot(*(end - place[node]).T), 0.0)
