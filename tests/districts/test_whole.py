"""A move is refused if, and only if, it would leave a further piece or a hole on the map."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.districts.borders import Scratch
from optimizer.districts.compact import field_on_map
from optimizer.districts.whole import stays_whole

from .towns import lay_of, town

SIDE = 5
PLACE = np.arange(SIDE**2)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_all_moves_over_borders_of_drawn_grids(seed: int, count: int) -> None:
    """A town of square blocks; pieces and holes are counted anew after each move."""
    random = np.random.default_rng(seed)
    streets = nx.convert_node_labels_to_integers(nx.grid_2d_graph(SIDE, SIDE), ordering="sorted")
    rim = PLACE[(PLACE // SIDE % (SIDE - 1) == 0) | (PLACE % SIDE % (SIDE - 1) == 0)]
    lay = lay_of(nx.to_scipy_sparse_array(streets, dtype=float), rim)
    seeds = random.choice(SIDE**2, count, replace=False).tolist()
    for edge in streets.edges:
        streets.edges[edge]["length"] = random.uniform(0.2, 2)
    label = np.full(SIDE**2 + 1, -1, np.int32)
    for grid, at in enumerate(seeds):
        label[list(nx.voronoi_cells(streets, set(seeds), weight="length")[at])] = grid
    if lay.faults(label[:-1]):
        return
    edges = list(streets.edges)
    ground = town([(*edge, 60.0) for edge in edges], seeds, calls=np.ones(SIDE**2))
    field = field_on_map(ground, lay, 1.0)
    scratch = Scratch(*(np.zeros(len(label), np.int64) for _ in range(3)), np.zeros(1, np.int64))
    for one, other in [*edges, *((b, a) for a, b in edges)]:
        if one not in seeds and label[one] != label[other]:
            moved = label[:-1].copy()
            moved[one] = label[other]
            fits = stays_whole(field, label, np.array([one]), label[other], scratch)
            assert fits == (lay.faults(moved) == 0)


def test_units_that_move_together() -> None:
    """Of a row of five between two others, the end may go south, alone or with the next one.

    The middle would leave two pieces, and so would the middle and the end.
    """
    streets = nx.convert_node_labels_to_integers(nx.grid_2d_graph(3, SIDE), ordering="sorted")
    lay = lay_of(nx.to_scipy_sparse_array(streets, dtype=float), np.r_[0:6, 9:15])
    ground = town([(*e, 60.0) for e in streets.edges], [2, 5, 12], calls=np.ones(15))
    field = field_on_map(ground, lay, 1.0)
    label = np.array([0] * 5 + [1] * 5 + [2] * 5 + [-1], dtype=np.int32)
    scratch = Scratch(*(np.zeros(16, np.int64) for _ in range(3)), np.zeros(1, np.int64))
    for piece, fits in (([8, 9], True), ([9], True), ([7, 9], False), ([7], False)):
        assert stays_whole(field, label, np.array(piece), 2, scratch) is fits
    assert not stays_whole(field, label, np.array([0]), 2, scratch), "it lies apart"
