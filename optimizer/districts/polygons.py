"""Grids as polygons that tile the served ground: no slivers, no overlaps, borders in common.

Ground goes with the nearest road that leads to demand, and a road between two grids is cut in its
middle; so a motorway through a grid does not cut it, whoever would be first on it. Cells of a
finer grid go with their grid as a whole. Pieces without demand that lie off from their grid go to
the neighbour around them.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.districts.cells import Cells
from optimizer.districts.corridors import join_pieces
from optimizer.districts.pieces import absorb_pieces
from optimizer.districts.tessellation import GRAIN_M, Tessellation, filled

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]

SMOOTHING_M = (24.0, 12.0, 4.0)
"""Root of the area of the corners that are cut off borders: the first that leaves every held node
on its side is taken."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GridPolygons:
    """The ground of p grids.

    Parameters
    ----------
    polygons
        In the order of the grids, shape (p,); together they tile the served area.
    grid_of_cell
        Grid of each cell of the finer grid, shape (c,).
    extra_pieces
        Pieces of grids beyond the first of each: demand that is joined to its grid by roads
        through the ground of another, as over a bridge.
    holes
        Grids, or pieces of grids, that lie quite inside another.
    astray
        Held nodes outside the polygon of their own grid, ascending.
    """

    polygons: Objects
    grid_of_cell: Ints
    extra_pieces: int
    holes: int
    astray: Ints


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Homes:
    """The held nodes, their grids and their places, equal shapes."""

    node: Ints
    grid: Ints
    place: Objects

    @classmethod
    def of(cls, tessellation: Tessellation, grid: NDArray[np.integer], held: Flags) -> _Homes:
        node = np.flatnonzero(held).astype(np.int32)
        place = shapely.points(tessellation.point[tessellation.at_node[node]])
        return cls(node, grid[node].astype(np.int32), place)

    def outside(self, polygons: Objects) -> Ints:
        """Find the nodes outside the polygon of their grid."""
        shapely.prepare(polygons)
        inside = shapely.intersects(polygons[self.grid], self.place)
        return np.asarray(self.node[~inside], dtype=np.int32)


def draw_grids(
    tessellation: Tessellation,
    grid_of_node: NDArray[np.integer],
    held: Flags,
    cells: Cells | None = None,
) -> GridPolygons:
    """Draw the ground of every grid.

    Parameters
    ----------
    tessellation
        Of the roads.
    grid_of_node
        Grid of every road node, shape (n,), 0 to p - 1, each with a held node.
    held
        Nodes that must lie in the polygon of their own grid, such as those with demand, shape (n,).
    cells
        Polygons that are not to be split; all nodes in one have the same grid.
    """
    grid = np.asarray(grid_of_node)
    count = int(grid.max()) + 1
    label = _labels(tessellation, grid, held)
    homes = _Homes.of(tessellation, grid, held)
    if cells is None:
        faces = _faces(tessellation.borders_between(label), tessellation.outline)
        of_face = label[tessellation.nearest(faces)]
    else:
        faces, of_face = _faces_with_cells(tessellation, grid, label, cells)
    of_face = absorb_pieces(faces, of_face, _is_kept(faces, of_face, homes))
    grounds = [shapely.coverage_union_all(faces[of_face == g]) for g in range(count)]
    polygons = np.array(grounds, dtype=object)
    if cells is None:
        polygons = _smoothed(polygons, homes)
    return GridPolygons(
        polygons=polygons,
        grid_of_cell=np.empty(0, np.int32) if cells is None else _holders(polygons, cells),
        extra_pieces=int(shapely.get_num_geometries(polygons).sum()) - count,
        holes=int(shapely.get_num_interior_rings(shapely.get_parts(polygons)).sum()),
        astray=homes.outside(polygons),
    )


def _labels(tessellation: Tessellation, grid: NDArray[np.integer], held: Flags) -> Longs:
    """Give every road point the grid of the held node that has its ground, shape (k,).

    Points between them join what lies off to its grid.
    """
    label = np.asarray(grid[tessellation.holder(held)], dtype=np.int64)
    fixed = np.zeros(len(label), dtype=bool)
    fixed[tessellation.at_node[held]] = True
    return join_pieces(tessellation, label, fixed)


def _faces(lines: Objects, outline: shapely.Geometry) -> Objects:
    """Cut the served area along lines."""
    noded = shapely.union_all([*lines, shapely.boundary(outline)], grid_size=GRAIN_M)
    faces: Objects = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.contains(outline, shapely.point_on_surface(faces))
    return np.asarray(faces[inside], dtype=object)


def _faces_with_cells(
    tessellation: Tessellation, grid: NDArray[np.integer], label: Longs, cells: Cells
) -> tuple[Objects, Longs]:
    """Cut the served area and the cells along the cells' borders, and between grids beside them.

    Returns
    -------
    The pieces, and the grid of each; where cells overlap, that of the last.
    """
    owner = label[tessellation.nearest(cells.polygons)]
    cell_of_node = cells.holding(tessellation.point[tessellation.at_node])
    inside = cell_of_node >= 0
    owner[cell_of_node[inside]] = grid[inside]
    blocks = [shapely.union_all(cells.polygons[owner == g], grid_size=GRAIN_M)
              for g in np.unique(owner)]  # fmt: skip
    ground = shapely.union_all(blocks, grid_size=GRAIN_M)
    beside = shapely.difference(tessellation.borders_between(label), ground)
    outline = filled(shapely.union_all([tessellation.outline, ground], grid_size=GRAIN_M))
    faces = _faces(np.array([*beside, *shapely.boundary(blocks)], dtype=object), outline)
    of_face = label[tessellation.nearest(faces)]
    face, cell = shapely.STRtree(cells.polygons).query(
        shapely.point_on_surface(faces), predicate="intersects"
    )
    of_face[face] = owner[cell]
    return faces, of_face


def _is_kept(faces: Objects, of_face: Longs, homes: _Homes) -> Flags:
    """Tell which faces hold a held node of their own grid, or are the largest of it, shape (f,)."""
    kept = np.zeros(len(faces), dtype=bool)
    face, node = shapely.STRtree(homes.place).query(faces, predicate="intersects")
    kept[face[of_face[face] == homes.grid[node]]] = True
    order = np.lexsort([-shapely.area(faces), of_face])
    kept[order[np.unique(of_face[order], return_index=True)[1]]] = True
    return kept


def _smoothed(polygons: Objects, homes: _Homes) -> Objects:
    """Cut corners off borders, as far as that leaves every held node on its side."""
    most = len(homes.outside(polygons))
    for smoothing_m in SMOOTHING_M:
        smooth: Objects = shapely.set_precision(
            shapely.coverage_simplify(polygons, smoothing_m), GRAIN_M
        )
        if len(homes.outside(smooth)) <= most:
            return smooth
    return polygons


def _holders(polygons: Objects, cells: Cells) -> Ints:
    """Find the polygon that each cell went to, shape (c,)."""
    middle = shapely.point_on_surface(cells.polygons)
    cell, polygon = shapely.STRtree(polygons).query(middle, predicate="intersects")
    holder = np.zeros(len(cells), dtype=np.int32)
    holder[cell] = polygon
    return holder
