"""Clusters of dense cells; and why one row per call is never needed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN
from sklearn.metrics import adjusted_rand_score

from optimizer.demand.cells import occupied_cells
from optimizer.demand.clusters import gather_clusters
from optimizer.demand.density import Frame
from optimizer.demand.density_cut import DensityRule

FRAME = Frame(50.0, 0, 0, 60, 60)
RULE = DensityRule(200, 5)


@given(st.integers(0, 10_000), st.integers(2, 15))
def test_dbscan_on_merged_places_is_dbscan_on_every_call(seed, least):
    """The ground for merging: sample weights leave the clusters as they are."""
    rng = np.random.default_rng(seed)
    calls = 50.0 * rng.integers(0, 12, (150, 2)) + 25
    cells = occupied_cells(*calls.T, 50)
    every = DBSCAN(eps=80, min_samples=least).fit_predict(calls)
    merged = DBSCAN(eps=80, min_samples=least).fit_predict(
        np.column_stack([cells.x_m, cells.y_m]), sample_weight=cells.sums()
    )[cells.of_place]
    core_or_noise = _cores(calls, least) | (every < 0)
    assert np.array_equal(every < 0, merged < 0)
    assert adjusted_rand_score(every[core_or_noise], merged[core_or_noise]) == pytest.approx(1)


def _cores(calls, least):
    """Calls that are cores; only these are bound to one cluster, a border call may have two."""
    near = np.linalg.norm(calls[:, None] - calls[None], axis=2) <= 80
    return near.sum(axis=1) >= least


def gather(grid):
    clusters = gather_clusters(grid, FRAME, RULE, 3600.0)
    return [set(zip(*np.unravel_index(cells, (60, 60)), strict=True)) for cells in clusters]


def test_two_blocks_are_two_clusters_and_the_rest_is_none():
    grid = np.ones((60, 60), np.float32)
    grid[10:15, 10:15] += 60
    grid[40:44, 40:48] += 60
    first, second = gather(grid)
    assert first == {(c, r) for c in range(10, 15) for r in range(10, 15)}
    assert second == {(c, r) for c in range(40, 44) for r in range(40, 48)}


def test_a_corridor_one_cell_wide_keeps_its_width():
    grid = np.ones((60, 60), np.float32)
    grid[10:40, 20] += 90
    (corridor,) = gather(grid)
    assert corridor == {(c, 20) for c in range(10, 40)}


def test_a_quiet_yard_inside_a_cluster_belongs_to_it():
    grid = np.ones((60, 60), np.float32)
    grid[20:30, 20:30] += 80
    grid[24:26, 24:26] = 0
    (block,) = gather(grid)
    assert block == {(c, r) for c in range(20, 30) for r in range(20, 30)}


def test_even_ground_has_no_clusters():
    assert gather(np.ones((60, 60), np.float32)) == []
