"""Customers added up by the set of circles they lie in, whatever their number.

Customers of one cell of the grid differ only in the crossing circles they lie in, one bit each. A
node stands for a cell and such bits. Those of the first six circles are counted out in advance; in
crowded cells further nodes hang below, one word of 64 circles after the other, found through a
table of exact keys. So memory grows with the cells and with the sets met, not with the customers,
and no two sets are ever taken for one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.problem import Codes, Indices, Weights
from optimizer.siting.reach.circles import Circles, Reach, cell_of, covers

Table = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]
ROOM = 2**14
DIRECT = 6
WORD = 64
SPREAD = np.uint64(0x9E3779B97F4A7C15)
STIR = np.uint64(0xBF58476D1CE4E5B9)


class Tally(NamedTuple):
    """The nodes met so far, and what was counted at each.

    base
        First node of every cell, and of the ground off the grid [cells + 1].
    used
        Number of nodes [1].
    total
        Weight and number of the customers at each node [nodes, 2].
    where, number
        Place [nodes, 2] and number [nodes] of the first customer there.
    parent, word
        The node above, -1 for those of the cells, and the word that leads here [nodes].
    slots
        Hash table from parent and word to node; -1: free. A power of two long.
    """

    base: Codes
    used: Indices
    total: Table
    where: Table
    number: Indices
    parent: Codes
    word: Words
    slots: Codes


def new_tally(circles: Circles) -> Tally:
    """Start with the nodes of every cell and one for all ground off the grid."""
    bits = np.minimum(np.diff(circles.cell_ptr), DIRECT)
    base = np.concatenate(([0], np.cumsum(1 << bits))).astype(np.int32)
    used = int(base[-1]) + 1
    room = used + ROOM
    return Tally(
        base=base,
        used=np.array([used]),
        total=np.zeros((room, 2)),
        where=np.zeros((room, 2)),
        number=np.zeros(room, dtype=np.int64),
        parent=np.full(room, -1, dtype=np.int32),
        word=np.zeros(room, dtype=np.uint64),
        slots=np.full(2 * ROOM, -1, dtype=np.int32),
    )


def count_customers(
    circles: Circles, tally: Tally, x: Weights, y: Weights, weight: Weights, number: int
) -> Tally:
    """Count customers, numbered from `number`; return the tally, with more room if it needed it.

    Parameters
    ----------
    circles
        With the crossing circles of each cell only.
    tally
        Counted into.
    x, y, weight
        Finite places and weights of the customers [k].
    number
        Of the first of them.
    """
    done = 0
    while True:
        done = _count(circles, tally, x, y, weight, number, done)
        if done == len(x):
            return tally
        tally = _with_room(tally, 2 * len(tally.parent) + 2 * len(circles.x))


def joined(tally: Tally, other: Tally) -> Tally:
    """Add a second tally over the same circles to the first."""
    tally = _with_room(tally, int(tally.used[0] + other.used[0]))
    _join(tally, other)
    return tally


def _with_room(tally: Tally, nodes: int) -> Tally:
    """Return the same tally with room for so many nodes."""
    used, room = int(tally.used[0]), max(nodes, len(tally.parent))
    arrays = {}
    for name in ("total", "where", "number", "parent", "word"):
        old = getattr(tally, name)
        arrays[name] = np.zeros((room, *old.shape[1:]), dtype=old.dtype)
        arrays[name][:used] = old[:used]
    slots = np.full(1 << (2 * room).bit_length(), -1, dtype=np.int32)
    larger = Tally(base=tally.base, used=tally.used.copy(), slots=slots, **arrays)
    _link(larger)
    return larger


@compiled
def _slot(slots: Codes, parents: Codes, words: Words, parent: int, word: np.uint64) -> int:
    """Slot of the child of a node by a word, or the free slot where it belongs."""
    mask = np.uint64(len(slots) - 1)
    mixed = (np.uint64(parent) * SPREAD ^ word) * STIR
    place = (mixed ^ mixed >> np.uint64(29)) & mask
    while True:
        node = slots[place]
        if node < 0 or (parents[node] == parent and words[node] == word):
            return int(place)
        place = (place + np.uint64(1)) & mask


@compiled
def _child(
    used: Indices, slots: Codes, parents: Codes, words: Words, parent: int, word: np.uint64
) -> int:
    """Child of a node by a word, made if it is new."""
    slot = _slot(slots, parents, words, parent, word)
    node = slots[slot]
    if node < 0:
        node = used[0]
        used[0] += 1
        slots[slot] = node
        parents[node] = parent
        words[node] = word
    return int(node)


@compiled
def _link(tally: Tally) -> None:
    """Fill an empty hash table."""
    slots, parents, words = tally.slots, tally.parent, tally.word
    for node in range(tally.used[0]):
        if parents[node] >= 0:
            slots[_slot(slots, parents, words, parents[node], words[node])] = node


@compiled
def _word(
    reach: Reach,
    site_x: Weights,
    site_y: Weights,
    entry: Codes,
    k: int,
    end: int,
    x: float,
    y: float,
) -> np.uint64:
    """Set a bit for each of the circles k..end that a point lies in; branch only in doubt."""
    word, doubt = np.uint64(0), False
    for q in range(k, end):
        dx, dy = x - site_x[entry[q]], y - site_y[entry[q]]
        squared = dx * dx + dy * dy
        word |= np.uint64(squared < reach.inner) << np.uint64(q - k)
        doubt |= (squared >= reach.inner) & (squared <= reach.outer)
    if doubt:
        word = np.uint64(0)
        for q in range(k, end):
            inside = covers(reach, x - site_x[entry[q]], y - site_y[entry[q]])
            word |= np.uint64(inside) << np.uint64(q - k)
    return word


@compiled
def _count(
    circles: Circles, tally: Tally, x: Weights, y: Weights, weight: Weights, number: int, done: int
) -> int:
    """Count customers from `done` on; return how many are done when room may run out."""
    grid, reach, cell_ptr, entry = circles.grid, circles.reach, circles.cell_ptr, circles.entry
    site_x, site_y, base, total = circles.x, circles.y, tally.base, tally.total
    used, slots, parents, words = tally.used, tally.slots, tally.parent, tally.word
    off_grid = len(base) - 1
    for j in range(done, len(x)):
        cell = cell_of(grid, x[j], y[j])
        if cell < 0:
            cell = off_grid
        node = base[cell]
        if cell < off_grid:
            k, end = cell_ptr[cell], cell_ptr[cell + 1]
            middle = min(end, k + DIRECT)
            node += np.int64(_word(reach, site_x, site_y, entry, k, middle, x[j], y[j]))
            k = middle
            if k < end and used[0] + (end - k + WORD - 1) // WORD > len(parents):
                return j
            while k < end:
                middle = min(end, k + WORD)
                word = _word(reach, site_x, site_y, entry, k, middle, x[j], y[j])
                node = _child(used, slots, parents, words, node, word)
                k = middle
        if total[node, 1] == 0:
            tally.number[node] = number + j
            tally.where[node, 0] = x[j]
            tally.where[node, 1] = y[j]
        total[node, 0] += weight[j]
        total[node, 1] += 1
    return len(x)


@compiled
def _join(tally: Tally, other: Tally) -> None:
    """Find each node of the other tally here, parents first, and add its counts."""
    used, slots, parents, words = tally.used, tally.slots, tally.parent, tally.word
    here = np.empty(other.used[0], dtype=np.int64)
    for node in range(other.used[0]):
        same = node
        if other.parent[node] >= 0:
            same = _child(used, slots, parents, words, here[other.parent[node]], other.word[node])
        here[node] = same
        if other.total[node, 1] == 0:
            continue
        if tally.total[same, 1] == 0 or other.number[node] < tally.number[same]:
            tally.number[same] = other.number[node]
            tally.where[same] = other.where[node]
        tally.total[same] += other.total[node]
