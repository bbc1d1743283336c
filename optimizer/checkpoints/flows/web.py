"""Arcs laid out for searches both ways, in compiled code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


class Web(NamedTuple):
    """Arcs by tail and by head; those that enter node v are ``into[enter[v]:enter[v + 1]]``."""

    indptr: Longs
    head: Ints
    enter: Longs
    into: Ints
    tail: Ints


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def web_of(count: int, tail: Ints, head: Ints) -> Web:
    """Lay arcs out by tail, and list them by head."""
    by_tail, indptr = counted_order(count, tail)
    ordered_tail, ordered_head = tail[by_tail], head[by_tail]
    into, enter = counted_order(count, ordered_head)
    return Web(indptr, ordered_head, enter, into, ordered_tail)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def counted_order(count: int, key: Ints) -> tuple[Ints, Longs]:
    """Sort by counting, keeping the order of equals; return the order and where each key starts."""
    start = np.zeros(count + 1, np.int64)
    for value in key:
        start[value + 1] += 1
    for value in range(count):
        start[value + 1] += start[value]
    filled = start.copy()
    order = np.empty(len(key), np.int32)
    for place in range(len(key)):
        order[filled[key[place]]] = place
        filled[key[place]] += 1
    return order, start
