"""Make a set covering problem smaller without changing how many sites it takes.

A point that one site alone covers opens that site. A point is implied, and leaves, where the sites
that cover it include all those that cover another; a site leaves whose points another covers too.
Each may bring about the next, so they are repeated until nothing changes.

Source: Toregas & ReVelle 1973 (dominated rows and columns), here by intersecting rows of bits.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from optimizer.siting.compiled import compiled
from optimizer.siting.merging import merged_points
from optimizer.siting.problem import Codes, Flags, Indices

Bits = npt.NDArray[np.uint64]
LARGEST_TABLE = 2**33  # bits; above that, domination would cost more memory than it saves


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What is left to cover.

    Parameters
    ----------
    rows
        Point by site matrix of which only the pattern counts [n', m'].
    sites
        Original site of each column [m'].
    opened
        Original sites that every smallest cover may be taken to open.
    """

    rows: sparse.csr_matrix
    sites: Indices
    opened: Indices

    def parts(self) -> list[Rest]:
        """Split what has no site in common; each part opens nothing yet."""
        n = self.rows.shape[0]
        graph = sparse.bmat([[None, self.rows], [self.rows.T, None]], format="csr")
        count, part = csgraph.connected_components(graph, directed=False)
        if count == 1:
            return [dataclasses.replace(self, opened=self.opened[:0])]
        return [
            Rest(
                self.rows[part[:n] == k][:, part[n:] == k],
                self.sites[part[n:] == k],
                self.opened[:0],
            )
            for k in np.unique(part[:n])
        ]


def reduced(rows: sparse.csr_matrix, sites: Indices) -> Rest:
    """Reduce the covering of every row by the columns, which are the given original sites.

    Every row must have a column; what is left has no row that a single column covers.
    """
    rows = rows[merged_points(rows)[1]]
    opened: list[Indices] = []
    size = None
    while size != rows.shape:
        size = rows.shape
        rows = rows[~_implied(rows)]
        forced = np.unique(rows.indices[rows.indptr[:-1][np.diff(rows.indptr) == 1]])
        if forced.size:
            opened.append(sites[forced])
            rows = rows[rows[:, forced].getnnz(axis=1) == 0]
        left = ~_useless(rows)
        rows, sites = rows[:, left], sites[left]
    return Rest(rows, sites, np.concatenate([np.zeros(0, dtype=np.int64), *opened]))


def _implied(rows: sparse.csr_matrix) -> Flags:
    """Points whose sites include all the sites of another point."""
    if rows.shape[0] * rows.shape[1] > LARGEST_TABLE or not rows.shape[0]:
        return np.zeros(rows.shape[0], dtype=np.bool_)
    return _containing(rows.indptr.astype(np.int64), rows.indices, _bit_table(rows))


def _useless(rows: sparse.csr_matrix) -> Flags:
    """Sites whose points another site covers as well (of equals the first stays)."""
    columns = rows.T.tocsr()
    nothing: Flags = np.diff(columns.indptr) == 0
    if rows.shape[0] * rows.shape[1] > LARGEST_TABLE or not rows.shape[0]:
        return nothing
    nothing |= _contained(columns.indptr.astype(np.int64), columns.indices, _bit_table(columns))
    return nothing


def _bit_table(sets: sparse.csr_matrix) -> Bits:
    """For each member the sets that have it, a bit for each."""
    size, members = sets.shape
    return _filled_table(sets.indptr.astype(np.int64), sets.indices, members, (size + 63) // 64)


@compiled
def _filled_table(pointer: Indices, members: Codes, rows: int, words: int) -> Bits:
    table = np.zeros((rows, words), dtype=np.uint64)
    for a in range(len(pointer) - 1):
        bit = np.uint64(1) << np.uint64(a & 63)
        for k in range(pointer[a], pointer[a + 1]):
            table[members[k], a >> 6] |= bit
    return table


@compiled
def _holders(pointer: Indices, members: Codes, table: Bits, a: int, found: Bits) -> bool:
    """Write into `found` the sets that have all members of set a; say whether others than a do."""
    own = np.uint64(1) << np.uint64(a & 63)
    found[:] = table[members[pointer[a]]]
    for k in range(pointer[a] + 1, pointer[a + 1]):
        row = table[members[k]]
        others = np.uint64(0)
        for word in range(len(found)):
            found[word] &= row[word]
            others |= found[word] & ~own if word == a >> 6 else found[word]
        if others == 0:
            return False
    return True


@compiled
def _containing(pointer: Indices, members: Codes, table: Bits) -> Flags:
    """Flag the sets that contain another; of equal ones all but the first. No set is empty."""
    count = len(pointer) - 1
    gone = np.zeros(count, dtype=np.bool_)
    found = np.zeros(table.shape[1], dtype=np.uint64)
    for a in range(count):
        if not gone[a] and _holders(pointer, members, table, a, found):
            for b in range(count):
                if b != a and found[b >> 6] >> np.uint64(b & 63) & np.uint64(1):
                    gone[b] = True
    return gone


@compiled
def _contained(pointer: Indices, members: Codes, table: Bits) -> Flags:
    """Flag the sets inside another, of equal ones all but the first; empty ones are left alone."""
    count = len(pointer) - 1
    gone = np.zeros(count, dtype=np.bool_)
    found = np.zeros(table.shape[1], dtype=np.uint64)
    for a in range(count):
        size = pointer[a + 1] - pointer[a]
        if size and _holders(pointer, members, table, a, found):
            for b in range(count):
                if b != a and found[b >> 6] >> np.uint64(b & 63) & np.uint64(1):
                    gone[a] |= pointer[b + 1] - pointer[b] > size or b < a
    return gone
