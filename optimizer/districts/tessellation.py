"""The ground along the roads: every place belongs to the road point nearest to it."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree, Voronoi

from optimizer.roads import RoadNetwork

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

SPACING_M = 30.0
"""Points stand this close along a road, unless the roads are too long for `MOST_POINTS`."""
MOST_POINTS = 300_000
REACH_M = 300.0
"""Ground is served as far from a road as this, and where roads enclose it."""
INLET_M = 200.0
"""Inlets of the outline narrower than twice this are filled."""
GRAIN_M = 0.01
"""Coordinates are rounded to this, so that borders meet in the same points."""
DISC_SEGMENTS = 4


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Tessellation:
    """Road points, the borders between the ground of two, and the outline of all of it.

    Parameters
    ----------
    point
        Road nodes, and points along the roads between them, metres, shape (k, 2).
    node
        Road node that each point goes with: the nearer end of its road, shape (k,).
    at_node
        The point at each road node, shape (n,); two nodes at one place have one.
    pair, border
        Two points whose ground meets, shape (b, 2), and the two ends of the border, shape
        (b, 2, 2).
    outline
        The served area, without holes.
    """

    point: Floats
    node: Ints
    at_node: Ints
    pair: Ints
    border: Floats
    outline: shapely.Geometry

    def nearest(self, shapes: Objects) -> Longs:
        """Find the road point nearest to a place inside each of some shapes, shape (m,)."""
        inside = shapely.get_coordinates(shapely.point_on_surface(shapes))
        _, found = KDTree(self.point).query(inside)
        return np.asarray(found, dtype=np.int64)

    def borders_between(self, label: NDArray[np.integer]) -> Objects:
        """Draw the borders between points of different labels, as lines inside the outline.

        Parameters
        ----------
        label
            One per point, shape (k,).
        """
        differs = label[self.pair[:, 0]] != label[self.pair[:, 1]]
        shapely.prepare(self.outline)
        lines: Objects = shapely.linestrings(self.border[differs])
        lines = lines[shapely.intersects(self.outline, lines)]
        crossing = ~shapely.covers(self.outline, lines)
        lines[crossing] = shapely.intersection(lines[crossing], self.outline)
        return lines


def tessellate(network: RoadNetwork) -> Tessellation:
    """Divide the ground along the roads of a network among points on them."""
    point, node, at_node = _road_points(network)
    far = _far_ring(point)
    middle = point.mean(axis=0)
    cells = Voronoi(np.concatenate([point, far]) - middle)
    pair = cells.ridge_points
    ends = np.array([ridge[:2] for ridge in cells.ridge_vertices])
    vertex = np.round((cells.vertices + middle) / GRAIN_M) * GRAIN_M
    real = (pair < len(point)).all(axis=1)
    pair, border = pair[real], vertex[ends[real]]
    away = np.hypot(*(border - point[pair[:, :1]]).transpose(2, 0, 1)).max(axis=1)
    outer = np.zeros(len(point), dtype=bool)  # their ground reaches further than the served area:
    outer[pair[away >= REACH_M].ravel()] = True  # its outline is made of arcs around them alone
    drawn = np.flatnonzero((border[:, 0] != border[:, 1]).any(axis=1))
    drawn = drawn[np.lexsort([pair[drawn, 1], pair[drawn, 0]])]
    return Tessellation(
        point=point,
        node=node,
        at_node=at_node,
        pair=pair[drawn].astype(np.int32),
        border=border[drawn],
        outline=_outline(point[outer]),
    )


def _road_points(network: RoadNetwork) -> tuple[Floats, Ints, Ints]:
    """Lay points along the roads, each place once.

    Returns
    -------
    The points, their nodes, and the point at each node.
    """
    low, high = np.minimum(network.tail, network.head), np.maximum(network.tail, network.head)
    _, arc = np.unique(low.astype(np.int64) * network.node_count + high, return_index=True)
    arc = arc[low[arc] != high[arc]]
    line = network.lines[network.line[arc]]
    length = shapely.length(line)
    spacing = max(SPACING_M, float(length.sum()) / MOST_POINTS)
    count = 2 * np.ceil(np.maximum(length / spacing - 1, 0) / 2).astype(np.int64)
    of_arc = np.repeat(np.arange(len(arc)), count)
    rank = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + 1
    share = rank / (count[of_arc] + 1)
    between = shapely.get_coordinates(
        shapely.line_interpolate_point(line[of_arc], share, normalized=True)
    )
    start, end = _ends_as_drawn(network, arc, line)
    nodes = np.column_stack([network.x_m, network.y_m])
    point = np.round(np.concatenate([nodes, between]) / GRAIN_M) * GRAIN_M
    node = np.concatenate(
        [np.arange(network.node_count), np.where(share < 0.5, start[of_arc], end[of_arc])]
    )
    _, first, place = np.unique(point, axis=0, return_index=True, return_inverse=True)
    at_node = place.reshape(-1)[: network.node_count]
    return point[first], node[first].astype(np.int32), at_node.astype(np.int32)


def _ends_as_drawn(
    network: RoadNetwork, arc: NDArray[np.int64], line: Objects
) -> tuple[Ints, Ints]:
    """Find the nodes at the beginning and the end of the line of each arc."""
    begin = shapely.get_coordinates(shapely.get_point(line, 0))
    tail, head = network.tail[arc], network.head[arc]
    to_tail, to_head = (
        np.hypot(network.x_m[node] - begin[:, 0], network.y_m[node] - begin[:, 1])
        for node in (tail, head)
    )
    as_drawn = to_tail <= to_head
    return np.where(as_drawn, tail, head), np.where(as_drawn, head, tail)


def _far_ring(point: Floats) -> Floats:
    """Lay points around everything, so that the ground of every road point ends somewhere."""
    middle = (point.min(axis=0) + point.max(axis=0)) / 2
    radius = 4 * (np.hypot(*(point.max(axis=0) - middle)) + REACH_M)
    angle = np.arange(16) * (np.pi / 8)
    return np.column_stack([middle[0] + radius * np.cos(angle), middle[1] + radius * np.sin(angle)])


def _outline(point: Floats) -> shapely.Geometry:
    """Draw what lies within reach of some points or is enclosed by it."""
    discs = shapely.buffer(shapely.points(point), REACH_M + INLET_M, quad_segs=DISC_SEGMENTS)
    ground = shapely.union_all(discs)
    ground = shapely.buffer(filled(ground), -INLET_M, quad_segs=DISC_SEGMENTS)
    ground = shapely.simplify(filled(ground), REACH_M / 20)
    return shapely.set_precision(ground, GRAIN_M)


def filled(ground: shapely.Geometry) -> shapely.Geometry:
    """Fill the holes of ground."""
    rings = shapely.get_exterior_ring(shapely.get_parts(ground))
    return shapely.union_all(shapely.polygons(rings))
