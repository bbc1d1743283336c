"""Streets of a built-up place: big blocks between arterials, each cut up by lanes of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROAD_CLASSES = (
    "motorway", "motorway_link", "trunk", "primary", "secondary", "tertiary",
    "residential", "living_street", "unclassified", "footway",
)  # fmt: skip
CODE = {name: code for code, name in enumerate(ROAD_CLASSES)}

SAME_JUNCTION_M = 45.0  # lanes that meet an arterial closer than this form one crossroads


@dataclass(frozen=True, slots=True, eq=False)
class Streets:
    """Streets on a flat plan.

    Parameters
    ----------
    u, v
        Nodes, metres.
    tail, head
        Edges as node numbers; the edges of one way follow one another.
    road_class
        Code of each edge, an index into `ROAD_CLASSES`.
    way
        Number of the way (the named street) an edge belongs to.
    """

    u: Floats
    v: Floats
    tail: Ints
    head: Ints
    road_class: Ints
    way: Ints

    @staticmethod
    def joined(*parts: Streets) -> Streets:
        """Put several places side by side; nodes and ways are numbered on."""
        nodes = np.cumsum([0, *(part.u.size for part in parts)])
        ways = np.cumsum([0, *(1 + part.way.max(initial=-1) for part in parts)])
        numbered = list(zip(parts, nodes, ways, strict=False))
        return Streets(
            np.concatenate([part.u for part in parts]),
            np.concatenate([part.v for part in parts]),
            np.concatenate([part.tail + node for part, node, _ in numbered]),
            np.concatenate([part.head + node for part, node, _ in numbered]),
            np.concatenate([part.road_class for part in parts]),
            np.concatenate([part.way + way for part, _, way in numbered]),
        )


@dataclass(frozen=True, slots=True, eq=False)
class BlockPlan:
    """What stands between the arterials of a place of P x Q blocks.

    Parameters
    ----------
    u_lines, v_lines
        Where the arterials run, metres, ascending, P + 1 and Q + 1 of them.
    columns, rows
        Lanes inside each block along v and along u, shape (P, Q).
    disorder
        0 for a drawing-board grid, 1 for an old town, shape (P, Q).
    loss
        Share of lane pieces that were never built or are walled off, shape (P, Q).
    lane_class
        Road class of the lanes, shape (P, Q).
    upright_class
        Class of the pieces of arterial along v, shape (P + 1, Q); -1: no road.
    level_class
        Class of the pieces of arterial along u, shape (P, Q + 1); -1: no road.
    """

    u_lines: Floats
    v_lines: Floats
    columns: Ints
    rows: Ints
    disorder: Floats
    loss: Floats
    lane_class: Ints
    upright_class: Ints
    level_class: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """Junctions of every block on a padded square, (blocks, lines, lines), borders included."""

    columns: Ints
    rows: Ints
    s: Floats  # share of the block's width, 0 .. 1
    t: Floats  # share of its height


def lay_streets(plan: BlockPlan, rng: np.random.Generator) -> Streets:
    """Cut every block by its own lanes and join them to the arterials.

    The first ``(P + 1) * (Q + 1)`` nodes are the corners of the blocks, in order of (p, q).
    """
    blocks = _cut(plan, rng)
    node, u, v, arterials = _number(plan, blocks)
    lanes = _lanes(plan, blocks, node, rng)
    tail, head, road_class, way = (
        np.concatenate([a, b]) for a, b in zip(arterials, lanes, strict=True)
    )
    return Streets(u, v, tail, head, road_class, way)


def _cut(plan: BlockPlan, rng: np.random.Generator) -> _Blocks:
    columns, rows = plan.columns.ravel(), plan.rows.ravel()
    disorder = plan.disorder.ravel()
    lines = int(max(columns.max(), rows.max())) + 2

    def ends(count: Ints) -> tuple[Floats, Floats]:
        gap = 1 / (count[:, None] + 1)
        rank = np.arange(lines)[None, :]
        inside = (rank > 0) & (rank <= count[:, None])
        start = (
            rank + inside * disorder[:, None] * rng.uniform(-0.4, 0.4, (count.size, lines))
        ) * gap
        lean = inside * disorder[:, None] * rng.uniform(-0.3, 0.3, (count.size, lines)) * gap
        return np.minimum(start, 1), np.minimum(start, 1) + lean

    s0, s1 = ends(columns)
    t0, t1 = ends(rows)
    middle_s, middle_t = (s0 + s1)[:, :, None] / 2, (t0 + t1)[:, None, :] / 2
    s = s0[:, :, None] + (s1 - s0)[:, :, None] * middle_t
    t = t0[:, None, :] + (t1 - t0)[:, None, :] * middle_s
    inside = ((s > 0) & (s < 1) & (t > 0) & (t < 1)).astype(float)
    wobble = 0.12 * disorder[:, None, None] * inside
    s = s + wobble * rng.uniform(-1, 1, s.shape) / (columns[:, None, None] + 1)
    t = t + wobble * rng.uniform(-1, 1, t.shape) / (rows[:, None, None] + 1)
    return _Blocks(columns, rows, s, t)


def _number(
    plan: BlockPlan, blocks: _Blocks
) -> tuple[Ints, Floats, Floats, tuple[Ints, Ints, Ints, Ints]]:
    """Give numbers to the junctions and draw the arterials through those that lie on them."""
    count_p, count_q = plan.columns.shape
    lines = blocks.s.shape[1]
    block, a, b = np.meshgrid(
        np.arange(blocks.columns.size), np.arange(lines), np.arange(lines), indexing="ij"
    )
    p, q = block // count_q, block % count_q
    last_a, last_b = blocks.columns[block] + 1, blocks.rows[block] + 1
    across, along = (a > 0) & (a < last_a), (b > 0) & (b < last_b)
    u = plan.u_lines[p] + blocks.s * np.diff(plan.u_lines)[p]
    v = plan.v_lines[q] + blocks.t * np.diff(plan.v_lines)[q]

    # A junction on a border lies on one piece of arterial, at a share of its length.
    on_upright = along & ((a == 0) | (a == last_a))
    on_level = across & ((b == 0) | (b == last_b))
    uprights = (count_p + 1) * count_q
    piece = np.where(
        on_upright,
        (p + (a == last_a)) * count_q + q,
        uprights + (q + (b == last_b)) * count_p + p,
    )
    share = np.where(on_upright, blocks.t, blocks.s)
    piece_class = np.concatenate([plan.upright_class.ravel(), plan.level_class.T.ravel()])
    length = _lengths(plan)
    border = np.flatnonzero((on_upright | on_level).ravel())
    border = border[piece_class[piece.ravel()[border]] >= 0]
    border = border[np.lexsort((share.ravel()[border], piece.ravel()[border]))]
    piece_b, share_b = piece.ravel()[border], share.ravel()[border]
    is_new = np.ones(border.size, dtype=bool)
    is_new[1:] = (np.diff(piece_b) > 0) | (np.diff(share_b) * length[piece_b[1:]] > SAME_JUNCTION_M)

    corners = (count_p + 1) * (count_q + 1)
    interior = np.flatnonzero((across & along).ravel())
    node = np.full(block.size, -1)
    node[border] = corners + np.cumsum(is_new) - 1
    node[interior] = corners + is_new.sum() + np.arange(interior.size)
    first = np.concatenate([border[is_new], interior])
    corner_u, corner_v = np.meshgrid(plan.u_lines, plan.v_lines, indexing="ij")
    u = np.concatenate([corner_u.ravel(), u.ravel()[first]])
    v = np.concatenate([corner_v.ravel(), v.ravel()[first]])
    arterials = _arterials(plan, piece_class, piece_b[is_new], share_b[is_new])
    return node.reshape(block.shape), u, v, arterials


def _lengths(plan: BlockPlan) -> Floats:
    """Measure every piece of arterial: those along v first, then those along u."""
    count_p, count_q = plan.columns.shape
    upright = np.tile(np.diff(plan.v_lines), count_p + 1)
    return np.concatenate([upright, np.tile(np.diff(plan.u_lines), count_q + 1)])


def _arterials(
    plan: BlockPlan, piece_class: Ints, piece: Ints, share: Floats
) -> tuple[Ints, Ints, Ints, Ints]:
    """Run each piece of arterial from corner to corner through its junctions, in order."""
    count_p, count_q = plan.columns.shape
    corner = np.arange((count_p + 1) * (count_q + 1)).reshape(count_p + 1, count_q + 1)
    starts = np.concatenate([corner[:, :-1].ravel(), corner[:-1].T.ravel()])
    stops = np.concatenate([corner[:, 1:].ravel(), corner[1:].T.ravel()])
    way_of = np.concatenate(
        [
            np.repeat(np.arange(count_p + 1), count_q),
            count_p + 1 + np.repeat(np.arange(count_q + 1), count_p),
        ]
    )
    built = np.flatnonzero(piece_class >= 0)
    nodes = np.concatenate([starts[built], corner.size + np.arange(piece.size), stops[built]])
    pieces = np.concatenate([built, piece, built])
    shares = np.concatenate([np.zeros(built.size), share, np.ones(built.size)])
    order = np.lexsort((shares, pieces))
    nodes, pieces = nodes[order], pieces[order]
    same = np.flatnonzero(pieces[:-1] == pieces[1:])
    return nodes[same], nodes[same + 1], piece_class[pieces[same]], way_of[pieces[same]]


def _lanes(
    plan: BlockPlan, blocks: _Blocks, node: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints, Ints, Ints]:
    """Join neighbouring junctions along each lane; some pieces are missing."""
    first_way = sum(plan.columns.shape) + 2
    parts = []
    for grid, lanes in ((node, blocks.columns), (node.transpose(0, 2, 1), blocks.rows)):
        tail, head = grid[:, :, :-1], grid[:, :, 1:]
        block, lane, _ = np.indices(tail.shape)
        built = (lane > 0) & (lane <= lanes[block]) & (tail >= 0) & (head >= 0)
        has_collector = (rng.random(lanes.size) < 0.55) & (lanes > 0)
        collector = has_collector[block] & (lane == (lanes[block] + 1) // 2)
        built &= collector | (rng.random(tail.shape) >= plan.loss.ravel()[block])
        road_class = np.where(collector, CODE["tertiary"], plan.lane_class.ravel()[block])
        way = first_way + block * tail.shape[1] + lane
        first_way += lanes.size * tail.shape[1]
        parts.append([values[built] for values in (tail, head, road_class, way)])
    tail, head, road_class, way = (np.concatenate(pair) for pair in zip(*parts, strict=True))
    return tail, head, road_class, way
