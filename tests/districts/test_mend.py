"""Roads that cross without a junction: grids stay in one piece on the map where that can be."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.districts import (
    Division,
    Ground,
    Lay,
    balanced_division,
    compacted,
    draw_grids,
    evaluate,
    nearest_division,
    tessellate,
)
from optimizer.districts.mend import mended
from optimizer.roads import RoadNetwork

from .drawn_roads import assert_tiled, drawn
from .towns import is_connected, town

PLACES = [(-900, 0), (-60, 0), (60, 0), (900, 0), (0, -900), (0, -40), (0, 60), (0, 900)]
STREETS = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (6, 7), (3, 7)]
"""One long way: west to east, around to the north, and south under itself between 1 and 2."""


def ground_of(network: RoadNetwork, seeds: list[int], calls: np.ndarray) -> Ground:
    """Every node is a unit; half an hour at the scene."""
    ways = zip(network.tail.tolist(), network.head.tolist(), network.travel_ms / 1000, strict=True)
    return town([(a, b, s) for a, b, s in ways if a < b], seeds, calls=calls)


def planned(
    network: RoadNetwork, seeds: list[int], calls: np.ndarray, tolerance: float
) -> tuple[Ground, Division, Division, Lay, tuple[int, int]]:
    """Divide, then keep whole; draw it too, and count its further pieces and holes."""
    ground, tessellation = ground_of(network, seeds, calls), tessellate(network)
    held = np.ones(network.node_count, dtype=bool)
    lay = tessellation.lay(tessellation.holder(held), network.node_count)
    balanced = balanced_division(ground, tolerance)
    whole = compacted(ground, balanced, lay)
    assert is_connected(ground, whole.labels)
    assert evaluate(ground, whole.labels).spread <= balanced.tolerance + 1e-9
    assert lay.faults(whole.labels) <= lay.faults(balanced.labels)
    polygons = draw_grids(tessellation, whole.labels, held)
    assert_tiled(polygons, tessellation)
    assert polygons.astray.tolist() == []
    return ground, balanced, whole, lay, (polygons.extra_pieces, polygons.holes)


def test_a_flyover_is_given_to_one_of_two() -> None:
    """Halves have the least travel, but one leads over the other: so two places against six."""
    _, balanced, whole, _, drawn_faults = planned(
        drawn(PLACES, STREETS), [0, 4], np.ones(8), tolerance=0.6
    )
    assert np.bincount(balanced.labels).tolist() == [4, 4]
    assert sorted(np.bincount(whole.labels).tolist()) == [2, 6]
    assert drawn_faults == (0, 0)
    assert balanced.status == "optimal"
    assert whole.status == "feasible"
    assert balanced.bound_s == whole.bound_s < whole.travel_s


def test_where_loads_allow_no_other_way_the_second_piece_is_told() -> None:
    """Within 0.3 of the mean there are three, four or five places each: all lead over a bridge."""
    _, balanced, whole, lay, drawn_faults = planned(
        drawn(PLACES, STREETS), [0, 4], np.ones(8), tolerance=0.3
    )
    assert np.array_equal(balanced.labels, whole.labels)
    assert whole.status == "optimal"
    assert lay.faults(whole.labels) == 1
    assert drawn_faults == (1, 0)


def flyovers(side: int, random: np.random.Generator) -> RoadNetwork:
    """A town of square blocks where, at some junctions, one street leads over the other."""
    streets = nx.grid_2d_graph(side, side)
    for at in [(c, r) for c in range(1, side - 1) for r in range(1, side - 1)]:
        c, r = at
        around = [(c - 1, r), (c + 1, r), (c, r - 1), (c, r + 1)]
        if random.random() < 0.15 and all(streets.has_edge(at, place) for place in around):
            streets.remove_node(at)
            streets.add_edges_from([around[:2], around[2:]])
    number = {place: code for code, place in enumerate(sorted(streets))}
    places = [(100.0 * c + 7 * (r % 2), 100.0 * r) for c, r in number]
    return drawn(places, [(number[a], number[b]) for a, b in streets.edges])


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.3]))
def test_towns_of_bridges(seed: int, tolerance: float) -> None:
    """Connected, within the tolerance, tiled; whole on the map if it is by count of units."""
    random = np.random.default_rng(seed)
    network = flyovers(12, random)
    seeds = random.choice(network.node_count, 5, replace=False).tolist()
    calls = random.gamma(1.0, 1.0, network.node_count)
    _, _, whole, lay, drawn_faults = planned(network, seeds, calls, tolerance)
    if lay.faults(whole.labels) == 0:
        assert drawn_faults == (0, 0)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_mending_leaves_grids_connected_and_no_worse(seed: int) -> None:
    random = np.random.default_rng(seed)
    network = flyovers(9, random)
    seeds = random.choice(network.node_count, 4, replace=False).tolist()
    ground = ground_of(network, seeds, np.ones(network.node_count))
    tessellation = tessellate(network)
    holder = tessellation.holder(np.ones(network.node_count, dtype=bool))
    lay = tessellation.lay(holder, network.node_count)
    nearest = nearest_division(ground)
    labels = mended(ground, nearest, lay)
    assert is_connected(ground, labels)
    assert lay.faults(labels) < lay.faults(nearest) or np.array_equal(labels, nearest)


def test_what_is_whole_stays_as_it_is() -> None:
    network = drawn([(0, 0), (300, 0), (600, 0), (900, 0)], [(0, 1), (1, 2), (2, 3)])
    tessellation = tessellate(network)
    lay = tessellation.lay(tessellation.holder(np.ones(4, dtype=bool)), 4)
    labels = np.array([0, 0, 1, 1], dtype=np.int32)
    assert mended(ground_of(network, [0, 3], np.ones(4)), labels, lay).tolist() == [0, 0, 1, 1]
