"""Dead ends: units that a connected division cannot part from the unit they hang on.

Where taking one unit away cuts off others, none of them with a platform, they belong to whom that
unit belongs to. Joining them is exact, makes the ground smaller and the bound sharper. Cut units
are found by one depth-first search (Hopcroft & Tarjan 1973, doi:10.1145/362248.362272).
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from optimizer.districts.ground import Floats, Ground, Ints, Longs


def without_dead_ends(ground: Ground) -> tuple[Ground, Ints]:
    """Join dead ends with the units they hang on.

    Returns
    -------
    The smaller ground, and for each unit of the ground given its unit there, shape (U,).
    """
    is_seed = np.zeros(ground.unit_count, dtype=np.bool_)
    is_seed[ground.seed] = True
    hangs_on = _hangs_on(ground.indptr, ground.neighbour, ground.seed, is_seed)
    kept, joined = np.unique(hangs_on, return_inverse=True)
    if len(kept) == ground.unit_count:
        return ground, joined.astype(np.int32)
    calls: Floats = np.bincount(joined, ground.calls).astype(np.float64)
    adjacency = _joined_adjacency(ground.adjacency, joined, len(kept))
    smaller = dataclasses.replace(
        ground,
        calls=calls,
        handling_s=_mean(ground.handling_s[None], ground.calls, joined, kept)[0],
        travel_s=_mean(ground.travel_s, ground.calls, joined, kept),
        indptr=adjacency.indptr,
        neighbour=adjacency.indices,
        seed=joined[ground.seed].astype(np.int32),
        group_of_unit=ground.group_of_unit[kept],
    )
    return smaller, joined.astype(np.int32)


def _mean(values: Floats, calls: Floats, joined: Longs, kept: Ints) -> Floats:
    """Average over the calls of what was joined; without calls, take the unit that stays."""
    total = np.bincount(joined, calls)
    size = np.bincount(joined)
    means = values[:, kept].copy()
    several = (size > 1) & (total > 0)
    for row, means_of_row in zip(values, means, strict=True):
        summed = np.bincount(joined, calls * row)
        means_of_row[several] = summed[several] / total[several]
    return means


def _joined_adjacency(adjacency: csr_array, joined: Longs, count: int) -> csr_array:
    pairs = adjacency.tocoo()
    low, high = joined[pairs.row], joined[pairs.col]
    apart = low != high
    ones = np.ones(apart.sum(), dtype=np.int8)
    smaller = csr_array((ones, (low[apart], high[apart])), (count, count))
    smaller.sum_duplicates()
    return smaller


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _hangs_on(indptr: Longs, neighbour: Ints, seed: Ints, is_seed: np.ndarray) -> Longs:
    """Find for each unit the one that its dead end hangs on; itself where it is in none."""
    n = len(indptr) - 1
    parent, low, when = np.full(n, -1), np.zeros(n, np.int64), np.full(n, -1)
    order, at = np.empty(n, np.int64), indptr[:-1].copy()
    seeds = is_seed.astype(np.int64)
    stack = np.empty(n, np.int64)
    count = 0
    for root in seed:
        if when[root] >= 0:
            continue
        depth, stack[0] = 1, root
        when[root] = low[root] = count
        order[count] = root
        count += 1
        while depth > 0:
            unit = stack[depth - 1]
            if at[unit] < indptr[unit + 1]:
                other = neighbour[at[unit]]
                at[unit] += 1
                if when[other] < 0:
                    parent[other] = unit
                    when[other] = low[other] = count
                    order[count] = other
                    count += 1
                    stack[depth] = other
                    depth += 1
                elif other != parent[unit]:
                    low[unit] = min(low[unit], when[other])
            else:
                depth -= 1
                above = parent[unit]
                if above >= 0:
                    low[above] = min(low[above], low[unit])
                    seeds[above] += seeds[unit]
    hangs_on = np.arange(n)
    for place in range(count):
        unit = order[place]
        above = parent[unit]
        if above >= 0 and (
            hangs_on[above] != above or (low[unit] >= when[above] and seeds[unit] == 0)
        ):
            hangs_on[unit] = hangs_on[above]
    return hangs_on
