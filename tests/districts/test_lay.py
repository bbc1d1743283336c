"""What hangs together on the map: pieces, holes, and the ground around."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array

from optimizer.districts import Lay

from .towns import lay_of

SIDE = 5
MIDDLE = 12


@pytest.fixture
def blocks() -> Lay:
    """Five by five blocks; those on the edge lie at the rim."""
    town = nx.convert_node_labels_to_integers(nx.grid_2d_graph(SIDE, SIDE), ordering="sorted")
    row, column = np.divmod(np.arange(SIDE**2), SIDE)
    edge = (row % (SIDE - 1) == 0) | (column % (SIDE - 1) == 0)
    return lay_of(nx.to_scipy_sparse_array(town, dtype=float), np.flatnonzero(edge))


def labels(*rows: str) -> np.ndarray:
    return np.array([int(char) for row in rows for char in row], dtype=np.int32)


def test_halves_have_no_faults(blocks: Lay) -> None:
    assert blocks.faults(labels("00111", "00111", "00111", "00111", "00111")) == 0
    assert blocks.has_ground.all()


def test_a_second_piece_is_counted(blocks: Lay) -> None:
    """Grid 0 has a block in the corner; blocks that touch in a corner only do not meet."""
    assert blocks.faults(labels("00111", "00111", "00111", "00111", "00110")) == 1
    assert blocks.faults(labels("00111", "00111", "11011", "11111", "11111")) == 2


def test_a_hole_is_counted_and_one_with_two_grids_in_it_is_one(blocks: Lay) -> None:
    assert blocks.faults(labels("11111", "10001", "10001", "10001", "11111")) == 1
    assert blocks.faults(labels("11111", "10021", "10021", "10021", "11111")) == 1
    assert blocks.faults(labels("11111", "10021", "10021", "10021", "11021")) == 0


def test_what_is_not_ones_own_counts_as_around(blocks: Lay) -> None:
    """Without the middle block, a ring around it has a hole; open at one side, it has none."""
    rest = np.delete(np.arange(SIDE**2), MIDDLE)
    around = blocks.of(rest)
    ring = labels("11111", "10001", "10001", "10001", "11111")[rest]
    assert around.beside_m.shape == (26, 26)  # the middle, and what lies beyond the rim
    assert around.faults(np.zeros(24, np.int32)) == 1
    assert around.faults(ring) == 2
    assert around.faults(np.where(np.isin(rest, [2, 7]), 2, 0)) == 0


def test_the_rest_is_joined_where_it_hangs_together(blocks: Lay) -> None:
    """Two columns are left: the other three are one with what lies beyond the rim."""
    own = np.flatnonzero(np.arange(SIDE**2) % SIDE < 2)
    west = blocks.of(own)
    assert west.beside_m.shape == (11, 11)
    assert west.beside_m[:10][:, :10].sum() == blocks.beside_m[own][:, own].sum()
    assert west.beside_m.sum() == west.beside_m[:10][:, :10].sum()
    assert west.faults(np.zeros(10, np.int32)) == 0


def test_units_without_ground_are_nowhere() -> None:
    beside_m = csr_array(np.array([[0.0, 0, 9], [0, 0, 0], [9, 0, 0]]))
    lay = lay_of(beside_m, [0, 2])
    assert lay.has_ground.tolist() == [True, False, True]
    assert lay.faults(np.array([0, 1, 0])) == lay.faults(np.array([0, 0, 1])) == 0
