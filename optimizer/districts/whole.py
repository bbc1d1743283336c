"""Which moves leave every grid in one piece on the map, without holes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import njit

from optimizer.districts.ground import Ints, Longs

if TYPE_CHECKING:
    from optimizer.districts.borders import Field, Scratch

NEITHER = -2
"""Label of units on their way from one grid to another."""
LOOK = 1000
"""Ground that hangs together only through more units than this counts as apart."""


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def stays_whole(field: Field, labels: Ints, piece: Longs, target: int, scratch: Scratch) -> bool:
    """Tell whether some units can change hands without a further piece or hole on the map.

    What they leave must hang together around them, they must lie at the grid that takes them, and
    what is not its own must hang together around them then, or it would be cut off by it.
    """
    r = labels[piece[0]]
    for unit in piece:
        labels[unit] = NEITHER
    fits: bool = (
        _hangs_together(field, labels, piece, r, True, scratch)
        and _touches(field, labels, piece, target, scratch)
        and _hangs_together(field, labels, piece, target, False, scratch)
    )
    for unit in piece:
        labels[unit] = r
    return fits


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _hangs_together(
    field: Field, labels: Ints, piece: Longs, grid: int, is_own: bool, scratch: Scratch
) -> bool:
    """Tell whether all ground of a grid, or all that is not, beside some units is in one part."""
    beside, near = scratch.last[0] + 1, scratch.last[0] + 2
    scratch.last[0] = near
    left = 0
    for unit in piece:
        for place in range(field.beside_indptr[unit], field.beside_indptr[unit + 1]):
            there = field.beside[place]
            other = labels[there]
            if other != NEITHER and (other == grid) == is_own and scratch.stamp[there] != beside:
                scratch.stamp[there] = beside
                scratch.queue[0] = there
                left += 1
    if left <= 1:
        return True
    head, tail = 0, 1
    scratch.stamp[scratch.queue[0]] = near
    left -= 1
    while head < min(tail, LOOK) and left > 0:
        here = scratch.queue[head]
        head += 1
        for place in range(field.beside_indptr[here], field.beside_indptr[here + 1]):
            there = field.beside[place]
            other = labels[there]
            if other == NEITHER or (other == grid) != is_own or scratch.stamp[there] == near:
                continue
            left -= scratch.stamp[there] == beside
            scratch.stamp[there] = near
            scratch.queue[tail] = there
            tail += 1
    return left == 0


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _touches(field: Field, labels: Ints, piece: Longs, target: int, scratch: Scratch) -> bool:
    """Tell whether all ground of some units lies at a grid, or at others of them that do."""
    token = scratch.last[0] + 1
    scratch.last[0] = token
    left, tail = 0, 0
    for unit in piece:
        first, last = field.beside_indptr[unit], field.beside_indptr[unit + 1]
        left += last > first
        for place in range(first, last):
            if labels[field.beside[place]] == target:
                scratch.stamp[unit] = token
                scratch.queue[tail] = unit
                tail += 1
                break
    head = 0
    while head < tail:
        here = scratch.queue[head]
        head += 1
        for place in range(field.beside_indptr[here], field.beside_indptr[here + 1]):
            there = field.beside[place]
            if labels[there] == NEITHER and scratch.stamp[there] != token:
                scratch.stamp[there] = token
                scratch.queue[tail] = there
                tail += 1
    return tail == left
