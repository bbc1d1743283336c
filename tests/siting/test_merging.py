"""Points are merged if and only if exactly the same sites cover them, whatever the hashes say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from optimizer.siting import merging
from optimizer.siting.merging import LANES, added_up, merged_points

HONEST = merging._set_hashes


def blind(pointer, *_):
    """Every set has the hash 0: only the comparison is left."""
    return np.zeros((len(pointer) - 1, LANES), dtype=np.uint64)


def one_eyed(lane):
    """One lane says nothing, and the other only how many sites there are: many collisions."""

    def hashes(pointer, *_):
        hashed = blind(pointer)
        hashed[:, lane] = np.diff(pointer)
        return hashed

    return hashes


def by_sets(table):
    """The groups straight from the definition."""
    found, labels, firsts = {}, [], []
    for j, row in enumerate(table):
        if row.any() and row.tobytes() not in found:
            found[row.tobytes()] = len(firsts)
            firsts.append(j)
        labels.append(found.get(row.tobytes(), -1))
    return labels, firsts


def test_by_hand():
    rows = sparse.csr_matrix(np.array([[1, 1, 0], [0, 1, 1], [0, 0, 0], [1, 1, 0]]))
    labels, firsts = merged_points(rows)
    assert (labels.tolist(), firsts.tolist()) == ([0, 1, -1, 0], [0, 1])
    assert added_up(np.array([1.0, 2, 4, 8]), labels, 2).tolist() == [9, 2]


@pytest.mark.parametrize("hashes", [HONEST, blind, one_eyed(0), one_eyed(1)])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_groups_are_those_of_the_definition_though_hashes_collide(hashes, data):
    n, m = data.draw(st.integers(0, 40)), data.draw(st.integers(1, 5))
    bits = data.draw(st.lists(st.integers(0, 2**m - 1), min_size=n, max_size=n))
    table = (np.array(bits, dtype=np.int64)[:, None] >> np.arange(m) & 1).astype(np.int8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_set_hashes", hashes)
        labels, firsts = merged_points(sparse.csr_matrix(table))
    assert (labels.tolist(), firsts.tolist()) == by_sets(table)


def test_both_lanes_hash_apart():
    """Among 2,000 random sets no two agree in either lane, and equal sets agree in both."""
    rng = np.random.default_rng(5)
    table = sparse.csr_matrix(rng.integers(0, 2, (1_000, 64)))
    twice = sparse.vstack([table, table]).tocsr()
    keys = rng.integers(0, 2**64, (64, LANES), dtype=np.uint64)
    hashes = HONEST(twice.indptr.astype(np.int64), twice.indices, keys)
    assert (hashes[:1_000] == hashes[1_000:]).all()
    for lane in range(LANES):
        assert len(np.unique(hashes[:, lane])) == 1_000
