"""The ground along the roads: every place belongs to the road point nearest to it."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, KDTree

from optimizer.districts.lay import Flags, Lay
from optimizer.roads import RoadNetwork

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

SPACING_M = 40.0
"""Points stand this close along a road, unless the roads are too long for `MOST_POINTS`."""
MOST_POINTS = 100_000
REACH_M = 300.0
"""Ground is served as far from a road as this, and where roads enclose it."""
INLET_M = 200.0
"""Inlets of the outline narrower than twice this are filled."""
NECK_M = 5.0
"""Ground that is joined by less than this is not joined."""
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
    is_wide
        Borders inside the outline that are wide enough to be passed, shape (b,).
    at_rim
        Points whose ground meets the outline, shape (k,).
    outline
        The served area, without holes.
    """

    point: Floats
    node: Ints
    at_node: Ints
    pair: Ints
    border: Floats
    is_wide: Flags
    at_rim: Flags
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

    def holder(self, held: Flags) -> Ints:
        """Give all ground to the nearest road that leads to a held node, shape (k,).

        The ground of each node is one piece, with the node in it: what a road that crosses over
        it cuts off goes to whoever is nearest without a way over the ground of others.

        Parameters
        ----------
        held
            Nodes with ground, such as those with demand, shape (n,).

        Returns
        -------
        A held node of each point.
        """
        leads = np.flatnonzero(held[self.node])
        _, nearest = KDTree(self.point[leads]).query(self.point)
        holder = self.node[leads[nearest]]
        one, other = self.pair[self.is_wide].T
        size, same = (len(holder), len(holder)), holder[one] == holder[other]
        links = csr_array((np.ones(same.sum(), np.int8), (one[same], other[same])), size)
        part = connected_components(links, directed=False)[1]
        settled = np.isin(part, part[self.at_node[held]])
        length_m = np.hypot(*(self.point[one] - self.point[other]).T)
        open_ = ~(settled[one] & settled[other])
        ways = csr_array((length_m[open_], (one[open_], other[open_])), size)
        _, _, source = dijkstra(
            ways, directed=False, indices=np.flatnonzero(settled), min_only=True,
            return_predecessors=True,
        )  # fmt: skip
        return np.asarray(np.where(source >= 0, holder[source], holder), dtype=np.int32)

    def lay(self, unit: Ints, count: int) -> Lay:
        """Tell how the ground of units lies on the map.

        Parameters
        ----------
        unit
            Unit of each point, shape (k,).
        count
            Number of units U.
        """
        length_m = np.hypot(*(self.border[:, 1] - self.border[:, 0]).T)
        both = unit[self.pair]
        meet = self.is_wide & (both[:, 0] != both[:, 1])
        rim = np.unique(unit[self.at_rim])
        one, other = both[meet].T
        one, other = np.append(one, rim), np.append(other, np.full(len(rim), count))
        metres = np.append(np.minimum(length_m[meet], REACH_M), np.zeros(len(rim)))
        there = np.concatenate([one, other]), np.concatenate([other, one])
        return Lay(coo_array((np.tile(metres, 2), there), (count + 1, count + 1)).tocsr(), count)


def tessellate(network: RoadNetwork) -> Tessellation:
    """Divide the ground along the roads of a network among points on them."""
    point, node, at_node = _road_points(network)
    pair, border = _borders(point)
    away = np.hypot(*(border - point[pair[:, :1]]).transpose(2, 0, 1))
    outer = np.zeros(len(point), dtype=bool)  # their ground reaches further than the served area:
    outer[pair[away.max(axis=1) >= REACH_M].ravel()] = True  # arcs around them are its outline
    outline = _outline(point[outer])
    shapely.prepare(outline)
    inside = away < REACH_M
    inside[~inside] = shapely.contains_xy(outline, border[~inside])
    at_rim = np.zeros(len(point), dtype=bool)
    at_rim[pair[~inside.all(axis=1)].ravel()] = True
    return Tessellation(
        point=point,
        node=node,
        at_node=at_node,
        pair=pair,
        border=border,
        is_wide=_is_wide(border, inside, outline),
        at_rim=at_rim,
        outline=outline,
    )


def _is_wide(border: Floats, inside: Flags, outline: shapely.Geometry) -> Flags:
    """Tell which borders can be passed; one along a lone road may begin and end outside."""
    length_m = np.hypot(*(border[:, 1] - border[:, 0]).T)
    across = np.flatnonzero(~inside.any(axis=1))
    lines = shapely.linestrings(border[across])
    length_m[across] = shapely.length(shapely.intersection(lines, outline))
    return np.asarray(length_m >= NECK_M)


def _borders(point: Floats) -> tuple[Ints, Floats]:
    """Find whose ground meets, and the two ends of the border, as Voronoi cells do.

    Returns
    -------
    Pairs of points, shape (b, 2), and borders, shape (b, 2, 2).
    """
    every = np.concatenate([point, _far_ring(point)])
    mesh = Delaunay(every - point.mean(axis=0))
    centre = np.round(_centres(every[mesh.simplices]) / GRAIN_M) * GRAIN_M
    side, corner = np.nonzero(mesh.neighbors > np.arange(len(mesh.simplices))[:, None])
    pair = np.column_stack([mesh.simplices[side, corner - 1], mesh.simplices[side, corner - 2]])
    border = np.stack([centre[side], centre[mesh.neighbors[side, corner]]], axis=1)
    drawn = (pair < len(point)).all(axis=1) & (border[:, 0] != border[:, 1]).any(axis=1)
    pair, border = np.sort(pair[drawn], axis=1), border[drawn]
    order = np.lexsort([pair[:, 1], pair[:, 0]])
    return pair[order], border[order]


def _centres(corner: Floats) -> Floats:
    """Find the centres of the circles through triangles of shape (t, 3, 2), shape (t, 2)."""
    one, two = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    twice_area = one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]
    square_one, square_two = (one**2).sum(axis=1), (two**2).sum(axis=1)
    across = np.column_stack([
        two[:, 1] * square_one - one[:, 1] * square_two,
        one[:, 0] * square_two - two[:, 0] * square_one,
    ])  # fmt: skip
    flat = twice_area == 0
    away = across / (2 * np.where(flat, 1, twice_area))[:, None]
    return corner[:, 0] + np.where(flat[:, None], (one + two) / 3, away)


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
