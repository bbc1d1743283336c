"""Pairs of rows and columns that cost least in all.

As ``scipy.optimize.linear_sum_assignment``, pair for pair, also where several choices cost the
same; but a command that only assigns a few units need not load all of SciPy's optimizers for it.

Source: Crouse (2016), On implementing 2D rectangular assignment algorithms,
doi:10.1109/TAES.2016.140952.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Longs = NDArray[np.int64]
Floats = NDArray[np.float64]

NOBODY = -1


def cheapest_pairs(cost: NDArray[np.floating] | NDArray[np.integer]) -> tuple[Longs, Longs]:
    """Pair each row with a column of its own, or each column with a row if these are fewer.

    Parameters
    ----------
    cost
        Finite, shape (r, c).

    Returns
    -------
    The rows that have a column, ascending, and the columns, each of shape (min(r, c),).
    """
    if cost.shape[0] > cost.shape[1]:
        column, row = cheapest_pairs(cost.T)
        order = np.argsort(row)
        return row[order], column[order]
    columns: Longs = _assigned(np.array(cost, dtype=np.float64, order="C"))
    return np.arange(len(columns)), columns


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _assigned(cost: Floats) -> Longs:
    """Give each row a column, one row after the other, at the least price; shape (r,)."""
    rows, columns = cost.shape
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    column_of, row_of = np.full(rows, NOBODY), np.full(columns, NOBODY)
    price, via = np.empty(columns), np.empty(columns, np.int64)
    waiting = np.empty(columns, np.int64)
    for new in range(rows):
        left = _search(cost, new, row_price, column_price, row_of, price, via, waiting)
        column = waiting[left]  # those that were taken stand behind those that still wait
        least = price[column]
        row_price[new] += least
        for taken in waiting[left + 1 :]:
            row_price[row_of[taken]] += least - price[taken]
            column_price[taken] -= least - price[taken]
        row = NOBODY
        while row != new:
            row = via[column]
            row_of[column] = row
            column_of[row], column = column, column_of[row]
    return column_of


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _search(
    cost: Floats,
    row: int,
    row_price: Floats,
    column_price: Floats,
    row_of: Longs,
    price: Floats,
    via: Longs,
    waiting: Longs,
) -> int:
    """Take the cheapest column in turn until one is free; tell how many still wait before it.

    A free column goes before others of its price. Writes to ``price``, ``via`` and ``waiting``.
    """
    left, paid = len(waiting), 0.0
    price[:] = np.inf
    waiting[:] = np.arange(left)[::-1]
    while True:
        best = 0
        for place in range(left):
            column = waiting[place]
            asked = paid + cost[row, column] - row_price[row] - column_price[column]
            if asked < price[column]:
                price[column], via[column] = asked, row
            cheapest = price[waiting[best]]
            is_free = row_of[column] == NOBODY
            if price[column] < cheapest or (price[column] == cheapest and is_free):
                best = place
        left -= 1
        column = waiting[best]
        waiting[best], waiting[left] = waiting[left], column
        if row_of[column] == NOBODY:
            return left
        row, paid = row_of[column], price[column]
