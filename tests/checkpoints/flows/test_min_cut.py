"""Minimum cuts: by hand, and as large as SciPy's maximum flow."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import maximum_flow

from optimizer.checkpoints.flows.disjoint_routes import disjoint_routes
from optimizer.checkpoints.flows.min_cut import min_cut

from ..small_graphs import UNLIMITED

Network = tuple[int, np.ndarray, np.ndarray, np.ndarray]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Arcs with capacities, parallel ones too; the source is 0, the sink 1."""
    n = draw(st.integers(2, 9))
    pairs = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1])
    arcs = draw(st.lists(pairs, min_size=1, max_size=30))
    capacity = [draw(st.sampled_from([1, 1, 2, 5, UNLIMITED])) for _ in arcs]
    tail, head = np.array(arcs, np.int32).T
    return n, tail, head, np.array(capacity, np.int64)


def flow_by_scipy(network: Network) -> int:
    n, tail, head, capacity = network
    matrix = coo_array((np.minimum(capacity, 10**6), (tail, head)), shape=(n, n)).tocsr()
    return int(maximum_flow(matrix.astype(np.int32), 0, 1).flow_value)


def test_of_two_cuts_the_one_nearer_to_the_source_is_taken() -> None:
    """0 -> 2 -> 3 -> 1, each arc of 1: the first is cut."""
    tail, head = np.array([0, 2, 3], np.int32), np.array([2, 3, 1], np.int32)
    cut = min_cut(4, tail, head, np.ones(3, np.int64), 0, 1)
    assert cut.value == 1
    assert cut.arcs(tail, head).tolist() == [0]
    assert cut.source_side.tolist() == [True, False, False, False]


def test_the_cheaper_of_two_cuts_is_taken_wherever_it_is() -> None:
    tail, head = np.array([0, 2, 3], np.int32), np.array([2, 3, 1], np.int32)
    cut = min_cut(4, tail, head, np.array([5, 4, 3]), 0, 1)
    assert (cut.value, cut.arcs(tail, head).tolist()) == (3, [2])


def test_nothing_to_cut() -> None:
    nothing = np.empty(0, np.int32)
    assert min_cut(3, nothing, nothing, np.empty(0, np.int64), 0, 2).value == 0
    one = min_cut(5, np.array([0], np.int32), np.array([1], np.int32), np.array([7]), 0, 4)
    assert one.value == 0, "the sink has no arc at all"


@given(networks())
def test_cut_flow_and_scipy_agree(network: Network) -> None:
    """Two algorithms of ours and one of SciPy's; the cut arcs carry just that, and do cut."""
    _, tail, head, capacity = network
    cut = min_cut(*network, 0, 1)
    routes = disjoint_routes(*network, 0, 1)
    assert cut.value == routes.value
    assert min(cut.value, 10**6) == min(flow_by_scipy(network), 10**6)
    assert capacity[cut.arcs(tail, head)].sum() == cut.value
    assert not cut.source_side[1]
    assert cut.source_side[0]
