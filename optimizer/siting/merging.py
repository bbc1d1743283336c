"""Points that exactly the same sites cover, made one.

A point's set of sites is hashed to 128 bits, the exclusive or of a random key for each site. Equal
hashes are not trusted: the sets themselves are compared, so merging is exact whatever the keys.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.siting.compiled import compiled
from optimizer.siting.problem import Codes, Indices, Weights

Hashes = npt.NDArray[np.uint64]
LANES = 2


def merged_points(rows: sparse.csr_matrix) -> tuple[Indices, Indices]:
    """Group the points that exactly the same sites cover.

    Parameters
    ----------
    rows
        Point by site matrix; only its pattern counts, indices ascending.

    Returns
    -------
    The group of each point [n], -1 where no site covers it, and the first point of each group.
    Groups are numbered by their first point.
    """
    pointer, sites = rows.indptr.astype(np.int64), rows.indices
    draw = np.random.default_rng(20740)
    keys = draw.integers(0, 2**64, (rows.shape[1], LANES), dtype=np.uint64)
    return _grouped(pointer, sites, _set_hashes(pointer, sites, keys))


def added_up(values: Weights, labels: Indices, groups: int) -> Weights:
    """Add up values of points by the group they went to; label -1 went nowhere."""
    found = labels >= 0
    return np.bincount(labels[found], values[found], minlength=groups).astype(np.float64)


@compiled
def _set_hashes(pointer: Indices, sites: Codes, keys: Hashes) -> Hashes:
    hashes = np.zeros((len(pointer) - 1, LANES), dtype=np.uint64)
    for j in range(len(hashes)):
        one, two = np.uint64(0), np.uint64(0)
        for k in range(pointer[j], pointer[j + 1]):
            one ^= keys[sites[k], 0]
            two ^= keys[sites[k], 1]
        hashes[j, 0], hashes[j, 1] = one, two
    return hashes


@compiled
def _grouped(pointer: Indices, sites: Codes, hashes: Hashes) -> tuple[Indices, Indices]:
    """Look each point up in a table of the groups so far; the first of a kind founds one."""
    n = len(hashes)
    size = 2
    while size < 2 * n:
        size *= 2
    mask = np.uint64(size - 1)
    slots = np.full(size, -1, dtype=np.int64)
    labels, firsts = np.full(n, -1, dtype=np.int64), np.empty(n, dtype=np.int64)
    groups = 0
    for j in range(n):
        if pointer[j] == pointer[j + 1]:
            continue
        place = hashes[j, 0] & mask
        while slots[place] >= 0:
            first = firsts[slots[place]]
            alike = hashes[first, 0] == hashes[j, 0] and hashes[first, 1] == hashes[j, 1]
            if alike and _same_set(pointer, sites, first, j):
                break
            place = (place + np.uint64(1)) & mask
        if slots[place] < 0:
            slots[place] = groups
            firsts[groups] = j
            groups += 1
        labels[j] = slots[place]
    return labels, firsts[:groups].copy()


@compiled
def _same_set(pointer: Indices, sites: Codes, one: int, other: int) -> bool:
    size = pointer[one + 1] - pointer[one]
    if size != pointer[other + 1] - pointer[other]:
        return False
    k = 0
    while k < size and sites[pointer[one] + k] == sites[pointer[other] + k]:
        k += 1
    return bool(k == size)
