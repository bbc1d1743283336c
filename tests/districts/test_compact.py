"""Shorter borders for a little more travel, on a town of square blocks."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from optimizer.districts import Division, Ground, Lay, balanced_division, compacted, evaluate

from .towns import lay_of

WIDE, DEEP, BLOCK_M = 24, 12, 100.0


def town(calls: np.ndarray, fast_row: int | None = None) -> tuple[Ground, Lay]:
    """Blocks in rows, a platform at either end; the first one drives thrice as fast on a row."""
    streets = nx.convert_node_labels_to_integers(nx.grid_2d_graph(DEEP, WIDE), ordering="sorted")
    row, column = np.divmod(np.arange(DEEP * WIDE), WIDE)
    seeds = np.array([(DEEP // 2) * WIDE, (DEEP // 2) * WIDE + WIDE - 1])
    travel_s = np.array([
        10.0 * (abs(row - row[seed]) + abs(column - column[seed])) for seed in seeds
    ])  # fmt: skip
    if fast_row is not None:
        travel_s[0, row == fast_row] /= 3
    near = csr_array(nx.to_scipy_sparse_array(streets, format="csr", dtype=np.int8))
    ground = Ground(
        calls, np.full(len(calls), 600.0), travel_s, near.indptr, near.indices, seeds,
        np.zeros(len(calls)), np.zeros(2),
    )  # fmt: skip
    edge = (row % (DEEP - 1) == 0) | (column % (WIDE - 1) == 0)
    return ground, lay_of(near.astype(float) * BLOCK_M, np.flatnonzero(edge))


def border_m(division: Division, lay: Lay) -> float:
    pairs, label = lay.beside_m.tocoo(), np.append(division.labels, -1)
    return float(pairs.data[label[pairs.row] != label[pairs.col]].sum() / 2)


def test_an_arm_along_a_fast_road_is_given_up() -> None:
    ground, lay = town(np.ones(DEEP * WIDE), fast_row=2)
    balanced = balanced_division(ground, 0.1)
    short = compacted(ground, balanced, lay)
    row = np.arange(DEEP * WIDE) // WIDE
    owned = [(one.labels[row == 2] == 0).sum() for one in (balanced, short)]
    assert owned[1] < owned[0]
    assert border_m(short, lay) < border_m(balanced, lay)
    assert balanced.bound_s <= balanced.travel_s <= short.travel_s <= 1.02 * balanced.travel_s


def test_small_ground_keeps_what_is_proven() -> None:
    streets = csr_array(nx.to_scipy_sparse_array(nx.path_graph(5), format="csr", dtype=np.int8))
    travel_s = 60.0 * np.array([[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]])
    ground = Ground(np.ones(5), np.full(5, 600.0), travel_s, streets.indptr, streets.indices,
                    np.array([0, 4]), np.zeros(5), np.zeros(2))  # fmt: skip
    proven = balanced_division(ground, 0.3)
    assert proven.status == "optimal"
    same = compacted(ground, proven, lay_of(streets.astype(float), [0, 1, 2, 3, 4]))
    assert np.array_equal(same.labels, proven.labels)
    assert same.status == "optimal"


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.05, 0.2]))
def test_grids_stay_balanced_and_connected(seed: int, tolerance: float) -> None:
    calls = np.random.default_rng(seed).gamma(0.5, 1.0, DEEP * WIDE)
    ground, lay = town(calls)
    balanced = balanced_division(ground, tolerance)
    short = compacted(ground, balanced, lay)
    assert border_m(short, lay) <= border_m(balanced, lay)
    assert evaluate(ground, short.labels).spread <= balanced.tolerance + 1e-9
    assert short.bound_s == balanced.bound_s <= short.travel_s
    streets = nx.from_scipy_sparse_array(ground.adjacency)
    for platform, at in enumerate(ground.seed):
        own = np.flatnonzero(short.labels == platform)
        assert at in own
        assert nx.is_connected(streets.subgraph(own))
    assert lay.faults(short.labels) == 0
