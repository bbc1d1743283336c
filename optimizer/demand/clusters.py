"""Dense ground gathered into clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_closing
from sklearn.cluster import DBSCAN

from optimizer.demand.density import Frame, Grid, smooth
from optimizer.demand.density_cut import DensityRule

Integers = NDArray[np.int64]

BLOCK_CELLS = 3
"""Quieter ground up to twice this wide inside a cluster, such as a block, belongs to it."""


def gather_clusters(
    grid: Grid, frame: Frame, rule: DensityRule, ground_cells: float
) -> list[Integers]:
    """Gather dense cells into clusters (DBSCAN; Ester et al. 1996, KDD-96, 226-231).

    Cells below the cut never enter the neighbour search, and a cell stands for all calls in it
    through its sample weight: the work depends on the dense ground, not on the number of calls.
    A cell is the core of a cluster when the disc of half the search radius around it holds what
    such a disc holds at the cut.

    Parameters
    ----------
    grid
        Weight of calls per cell.
    frame
        Where the grid lies.
    rule
        Search radius and cut.
    ground_cells
        Size of the study ground, in cells; the mean density is the total weight over it.

    Returns
    -------
    Positions in the flattened grid of the cells of each cluster.
    """
    cut = cut_per_cell(grid, rule, ground_cells)
    index = np.flatnonzero(smooth(grid, rule.radius_m, frame.cell_m) >= cut)
    if len(index) == 0:
        return []
    core = core_weight(grid, frame, rule, ground_cells)
    weight = grid.ravel()[index].astype(float) / core  # min_samples has to be a whole number
    model = DBSCAN(eps=reach_m(frame, rule), min_samples=1)
    label = model.fit(frame.centres(index), sample_weight=weight).labels_
    return [
        _without_fringe(grid, index[label == cluster], frame, cut)
        for cluster in range(label.max() + 1)
    ]


def cut_per_cell(grid: Grid, rule: DensityRule, ground_cells: float) -> float:
    """Least weight per cell of dense ground."""
    return rule.times_mean * float(grid.sum(dtype=np.float64)) / ground_cells


def core_weight(grid: Grid, frame: Frame, rule: DensityRule, ground_cells: float) -> float:
    """Weight that the disc around a core holds at least: what it holds at the cut."""
    disc_cells = np.pi * (reach_m(frame, rule) / frame.cell_m) ** 2
    return float(cut_per_cell(grid, rule, ground_cells) * disc_cells)


def reach_m(frame: Frame, rule: DensityRule) -> float:
    """Radius of that disc, metres: half the search radius, but never less than the next cell."""
    return max(rule.radius_m / 2, 1.5 * frame.cell_m)


def _without_fringe(grid: Grid, index: Integers, frame: Frame, cut: float) -> Integers:
    """Drop cells at the rim that hold less than the cut themselves and only lie near some more."""
    column, row = np.divmod(index, frame.rows)
    column, row = column - column.min() + BLOCK_CELLS, row - row.min() + BLOCK_CELLS
    shape = (column.max() + BLOCK_CELLS + 1, row.max() + BLOCK_CELLS + 1)
    hot = np.zeros(shape, bool)
    hot[column, row] = grid.ravel()[index] >= cut
    steps = np.arange(-BLOCK_CELLS, BLOCK_CELLS + 1)
    disc = steps[:, None] ** 2 + steps**2 <= BLOCK_CELLS**2
    kept: NDArray[np.bool_] = binary_closing(hot, disc)
    compact: Integers = index[kept[column, row]]
    return compact
