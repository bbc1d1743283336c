"""Villages, the roads between them and the expressway, in the frame of the river."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

from optimizer.example.fabric import CODE, Floats, Ints, Streets
from optimizer.example.terrain import RIVER_HALF_WIDTH_M, Terrain, inside

PIECE_M = 380.0  # between two nodes of a country road
CARRIAGEWAY_M = 14.0  # from the middle of the expressway to either carriageway


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """Places that country roads run between: ends of town streets, interchanges, villages.

    Parameters
    ----------
    x, y
        In the frame of the river, metres.
    settlement
        0 the city, 1 and 2 the county towns, 3 an interchange, 4 a village.
    """

    x: Floats
    y: Floats
    settlement: Ints


def scatter_villages(
    land: shapely.Polygon,
    avoid: shapely.Geometry,
    rng: np.random.Generator,
    spacing_m: float = 3000,
) -> tuple[Floats, Floats]:
    """Scatter villages over the land, never two at the same spot, none where they are to avoid."""
    x0, y0, x1, y1 = land.bounds
    rows = np.arange(y0, y1, spacing_m * 0.87)
    columns = np.arange(x0, x1, spacing_m)
    column, row = (each.ravel() for each in np.meshgrid(columns, rows))
    x = column + (np.repeat(np.arange(rows.size), columns.size) % 2) * spacing_m / 2
    x = x + rng.uniform(-0.33, 0.33, x.size) * spacing_m
    y = row + rng.uniform(-0.33, 0.33, x.size) * spacing_m
    settled = rng.random(x.size) < 0.8
    settled &= inside(land, x, y)
    settled &= ~inside(avoid, x, y)
    return x[settled], y[settled]


def village_lanes(x: Floats, y: Floats, rng: np.random.Generator) -> Streets:
    """Lay the lanes of every village: up to six arms from its well, some joined crosswise.

    The first nodes are the wells, in order.
    """
    count, arms, depth = x.size, 6, 3
    size = rng.integers(2, arms + 1, count)
    angle = rng.uniform(0, 2 * np.pi, (count, 1)) + np.arange(arms) * 2 * np.pi / size[:, None]
    reach = np.cumsum(rng.uniform(70, 150, (count, arms, depth)), axis=2)
    angle = angle[:, :, None] + rng.normal(0, 0.16, (count, arms, depth))
    u = x[:, None, None] + reach * np.cos(angle)
    v = y[:, None, None] + reach * np.sin(angle)
    built = (np.arange(arms) < size[:, None])[:, :, None] & (
        np.arange(depth) < rng.integers(1, depth + 1, (count, arms))[:, :, None]
    )
    node = np.full(built.shape, -1)
    node[built] = count + np.arange(built.sum())
    well = np.broadcast_to(np.arange(count)[:, None, None], (count, arms, 1))
    inner = np.concatenate([well, node[:, :, :-1]], axis=2)
    way = np.broadcast_to(np.arange(count * arms).reshape(count, arms, 1), node.shape)
    across, joined = node[:, :-1, 0], node[:, 1:, 0]
    cross = (across >= 0) & (joined >= 0) & (rng.random(across.shape) < 0.6)
    tail = np.concatenate([inner[built], across[cross]])
    head = np.concatenate([node[built], joined[cross]])
    ways = np.concatenate([way[built], count * arms + np.arange(cross.sum())])
    return Streets(
        np.concatenate([x, u[built]]), np.concatenate([y, v[built]]),
        tail, head, np.full(tail.size, CODE["unclassified"]), ways,
    )  # fmt: skip


def country_roads(
    anchors: Anchors, built_up: shapely.Geometry, terrain: Terrain, rng: np.random.Generator
) -> Streets:
    """Join the anchors by winding roads that cross the river only at two rural bridges.

    The first nodes are the anchors, in order.
    """
    tail, head = _neighbours(anchors, built_up, terrain)
    length = np.hypot(anchors.x[tail] - anchors.x[head], anchors.y[tail] - anchors.y[head])
    size = anchors.x.size
    graph = coo_array((length, (tail, head)), (size, size)).tocsr()
    tree = minimum_spanning_tree(graph).tocoo()
    in_tree = np.isin(tail * size + head, tree.row * size + tree.col)
    kept = in_tree | (rng.random(tail.size) < 0.5)
    main = np.isin(
        np.minimum(tail, head) * size + np.maximum(tail, head), _main_roads(anchors, graph)
    )
    kept |= main
    between_towns = (anchors.settlement[tail] < 4) | (anchors.settlement[head] < 4)
    road_class = np.select(
        [main, between_towns | (rng.random(tail.size) < 0.3)],
        [CODE["primary"], CODE["tertiary"]],
        CODE["unclassified"],
    )
    return _wind(anchors, tail[kept], head[kept], road_class[kept], rng)


def expressway(terrain: Terrain, land: shapely.Polygon, interchanges: int) -> Streets:
    """Lay an expressway past the north of the city, one way on each carriageway, with ramps.

    The last nodes are the interchanges.
    """
    half = terrain.half_m
    x = np.arange(-3.6 * half, 3.6 * half, 900.0)
    y = 1.42 * half + 0.13 * half * np.sin(2 * np.pi * x / (3.1 * half))
    within = inside(land.buffer(-200), x, y)
    x, y = x[within], y[within]
    count = x.size
    along = np.hypot(np.gradient(x), np.gradient(y))
    side_x, side_y = -np.gradient(y) / along, np.gradient(x) / along
    south = np.arange(count)
    north = count + south
    wanted = np.linspace(-2.0 * half, 2.4 * half, interchanges)
    exits = np.array([int(np.argmin(np.abs(x - at))) for at in wanted])
    gate = 2 * count + np.arange(interchanges)
    ramps = np.stack([south[exits], gate, north[exits], gate], axis=1).reshape(-1, 2)
    ramps = np.concatenate([ramps, [[0, count], [count - 1, 2 * count - 1]]])  # turns at the border
    tail = np.concatenate([south[:-1], north[:0:-1], ramps[:, 0]])
    head = np.concatenate([south[1:], north[-2::-1], ramps[:, 1]])
    road_class = np.full(tail.size, CODE["motorway"])
    road_class[2 * count - 2 :] = CODE["motorway_link"]
    way = np.concatenate([np.repeat([0, 1], count - 1), 2 + np.arange(len(ramps))])
    gate_x = x[exits] - 260 * side_x[exits] + 120
    gate_y = y[exits] - 260 * side_y[exits]
    return Streets(
        np.concatenate([x - CARRIAGEWAY_M * side_x, x + CARRIAGEWAY_M * side_x, gate_x]),
        np.concatenate([y - CARRIAGEWAY_M * side_y, y + CARRIAGEWAY_M * side_y, gate_y]),
        tail, head, road_class, way,
    )  # fmt: skip


def _neighbours(
    anchors: Anchors, built_up: shapely.Geometry, terrain: Terrain
) -> tuple[Ints, Ints]:
    """Pair anchors that a road could join: Gabriel neighbours, round the towns, along the river."""
    points = np.column_stack([anchors.x, anchors.y])
    triangles = Delaunay(points).simplices
    pairs = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    opposite = triangles[:, [2, 0, 1]].T.ravel()
    middle = points[pairs].mean(axis=1)
    radius = np.linalg.norm(points[pairs[:, 0]] - middle, axis=1)
    crowded = np.linalg.norm(points[opposite] - middle, axis=1) < radius
    pairs.sort(axis=1)
    code = pairs[:, 0] * len(points) + pairs[:, 1]
    code = np.setdiff1d(code, code[crowded])
    tail, head = code // len(points), code % len(points)
    settlement = anchors.settlement
    same_place = (settlement[tail] == settlement[head]) & (settlement[tail] < 3)
    through = shapely.intersects(
        shapely.linestrings(points[np.column_stack([tail, head])]), built_up
    )
    free = ~same_place & ~through
    dry = _stays_dry(points[tail], points[head], terrain)
    dry[_bridges(anchors, tail, head, free, terrain)] = True
    return tail[free & dry], head[free & dry]


def _stays_dry(start: Floats, stop: Floats, terrain: Terrain) -> NDArray[np.bool_]:
    share = np.linspace(0.08, 0.92, 12)
    path = start[:, None, :] + (stop - start)[:, None, :] * share[None, :, None]
    off = path[:, :, 0] - terrain.river(path[:, :, 1])
    margin = RIVER_HALF_WIDTH_M + 120
    return np.asarray((off > margin).all(axis=1) | (off < -margin).all(axis=1))


def _bridges(
    anchors: Anchors, tail: Ints, head: Ints, free: NDArray[np.bool_], terrain: Terrain
) -> Ints:
    """Choose one short crossing of the river above and one below the city."""
    off = anchors.x - terrain.river(anchors.y)
    y = (anchors.y[tail] + anchors.y[head]) / 2
    length = np.hypot(anchors.x[tail] - anchors.x[head], anchors.y[tail] - anchors.y[head])
    crossing = free & (off[tail] * off[head] < 0)
    choices = (np.flatnonzero(crossing & (side * y > 1.7 * terrain.half_m)) for side in (1, -1))
    return np.array(
        [some[np.argmin(length[some])] for some in choices if some.size], dtype=np.int64
    )


def _main_roads(anchors: Anchors, graph: coo_array) -> Ints:
    """Follow the shortest way from each county town to the city; gives its edges as pair codes."""
    size = anchors.x.size
    codes: list[int] = []
    for town in (1, 2):
        gates = np.flatnonzero(anchors.settlement == town)
        distance, before, _ = dijkstra(
            graph, directed=False, indices=gates, return_predecessors=True, min_only=True
        )
        city = np.flatnonzero(anchors.settlement == 0)
        node = int(city[np.argmin(distance[city])])
        while before[node] >= 0:
            previous = int(before[node])
            codes.append(min(node, previous) * size + max(node, previous))
            node = previous
    return np.array(codes, dtype=np.int64)


def _wind(
    anchors: Anchors, tail: Ints, head: Ints, road_class: Ints, rng: np.random.Generator
) -> Streets:
    """Break straight connections into winding chains of short pieces."""
    dx, dy = anchors.x[head] - anchors.x[tail], anchors.y[head] - anchors.y[tail]
    pieces = np.maximum(1, np.round(np.hypot(dx, dy) / PIECE_M).astype(np.int64))
    road = np.repeat(np.arange(tail.size), pieces)
    step = np.arange(road.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (step + 1) / pieces[road]
    is_last = step + 1 == pieces[road]
    bow = rng.normal(0, [[0.05], [0.035]], (2, tail.size)).clip(-0.1, 0.1)
    swing = bow[0][road] * np.sin(np.pi * share) + bow[1][road] * np.sin(2 * np.pi * share)
    x = anchors.x[tail][road] + dx[road] * share - dy[road] * swing
    y = anchors.y[tail][road] + dy[road] * share + dx[road] * swing
    stop = np.where(is_last, head[road], 0)
    stop[~is_last] = anchors.x.size + np.arange((~is_last).sum())
    start = np.where(step == 0, tail[road], np.roll(stop, 1))
    return Streets(
        np.concatenate([anchors.x, x[~is_last]]), np.concatenate([anchors.y, y[~is_last]]),
        start, stop, road_class[road], road,
    )  # fmt: skip
