"""Density on the grid."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.demand.cells import occupied_cells
from optimizer.demand.density import frame_around, own_part, smooth
from optimizer.errors import InputError


def test_smoothing_moves_weight_and_loses_none():
    grid = np.zeros((41, 41), np.float32)
    grid[20, 20] = 100
    spread = smooth(grid, 300, 50)
    assert spread.sum() == pytest.approx(100, rel=1e-5)
    assert spread[20, 20] == pytest.approx(100 * own_part(300, 50), rel=1e-5)
    offset = (np.arange(41) - 20) * 50.0
    deviation = np.sqrt((spread.sum(axis=0) * offset**2).sum() / 100)
    assert deviation == pytest.approx(300 / 7**0.5, rel=0.05)  # as a quartic kernel of 300 m


def test_a_frame_keeps_its_cells_and_drops_strangers():
    cells = occupied_cells(np.array([0.0, 120]), np.array([0.0, -70]), 50)
    frame = frame_around(cells)
    grid = frame.grid(cells, np.array([3.0, 4]))
    centres = frame.centres(np.flatnonzero(grid.ravel()))
    assert centres.tolist() == [[25, 25], [125, -75]]
    far = occupied_cells(np.array([1e6]), np.array([0.0]), 50)
    assert frame.grid(far, np.array([9.0])).sum() == 0


def test_calls_too_far_apart_for_their_cells_are_a_fault():
    cells = occupied_cells(np.array([0.0, 1e6]), np.array([0.0, 1e6]), 50)
    with pytest.raises(InputError, match=r"set .hotspots. cell_m to 160 or more"):
        frame_around(cells)
