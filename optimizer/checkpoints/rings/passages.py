"""Strands as a network for flows: a junction where a post may stand is an arc of its own."""

from __future__ import annotations

import dataclasses

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.checkpoints.rings.site_order import NO_SITE, SiteOrder, better_site
from optimizer.checkpoints.rings.strands import INSIDE, OUTSIDE, OneWay, Strands

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]

SOURCE, SINK = 0, 1
"""The inside and the outside of the ring, whichever way the traffic goes."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """Arcs from the inside of a ring to the outside; those that lead inwards are turned round.

    Parameters
    ----------
    direction
        The way that the traffic goes.
    node_count
        Number of nodes: the two sides, and each junction once or, with a post, twice.
    tail, head
        Nodes that each arc leaves and enters, shape (p,).
    site
        The best site that whoever uses an arc passes, or NO_SITE, shape (p,).
    strand, backwards
        The strand of each arc, or -1 for a junction, and whether the traffic goes from its second
        end to its first, shape (p,).
    """

    direction: OneWay
    node_count: int
    tail: Ints
    head: Ints
    site: Ints
    strand: Ints
    backwards: Mask

    def strands_along(self, arcs: Ints) -> tuple[Ints, Mask]:
        """List the strands of a route from the inside to the outside, in the traffic's order."""
        used = arcs[self.strand[arcs] >= 0]
        if self.direction == "in":
            used = used[::-1]
        return self.strand[used], self.backwards[used]


def passages_of(strands: Strands, order: SiteOrder, direction: OneWay) -> Passages:
    """Lay the strands out as arcs in one direction.

    Every strand also counts as its better end: who drives along it passes the junction. So no arc
    can carry more than what it leads to, which spares the algorithms most of their work.
    """
    alive = strands.alive
    junction = np.zeros(len(order.amount), dtype=bool)
    ends = strands.end[alive]
    junction[ends[ends >= 0]] = True
    doubled = junction & (order.amount >= 0)
    leave = np.cumsum(junction.astype(np.int32) + doubled, dtype=np.int32) + 1
    enter = leave - doubled

    parts = []
    for side in (0, 1):
        strand = alive[strands.open[alive, side]]
        parts.append((strand, strands.end[strand, side], strands.end[strand, 1 - side],
                      np.full(len(strand), side == 1)))  # fmt: skip
    strand, start, stop, backwards = (np.concatenate(part) for part in zip(*parts, strict=True))
    near, far = (INSIDE, OUTSIDE) if direction == "out" else (OUTSIDE, INSIDE)
    kept = (start != far) & (stop != near)
    strand, start, stop, backwards = strand[kept], start[kept], stop[kept], backwards[kept]
    nodes = np.flatnonzero(doubled)
    tail = np.concatenate([_sided(leave, start), enter[nodes]])
    head = np.concatenate([_sided(enter, stop), leave[nodes]])
    if direction == "in":
        tail, head = head, tail
    site = _best_on(strands.site[strand], start, stop, order.amount, order.tie)
    return Passages(
        direction=direction,
        node_count=int(leave[-1]) + 1 if len(leave) else 2,
        tail=tail,
        head=head,
        site=np.concatenate([site, nodes.astype(np.int32)]),
        strand=np.concatenate([strand, np.full(len(nodes), -1)]).astype(np.int32),
        backwards=np.concatenate([backwards, np.zeros(len(nodes), dtype=bool)]),
    )


def _sided(number: Ints, nodes: Ints) -> Ints:
    """Give nodes their numbers, and the two sides of the ring SOURCE and SINK."""
    sides = np.where(nodes == INSIDE, SOURCE, SINK)
    return np.where(nodes >= 0, number[np.maximum(nodes, 0)], sides).astype(np.int32)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _best_on(site: Ints, start: Ints, stop: Ints, amount: Longs, tie: Longs) -> Ints:
    """Find the best site on each strand, its ends among them."""
    best = np.full(len(site), NO_SITE, np.int32)
    for arc in range(len(site)):
        found = better_site(site[arc], start[arc], amount, tie)
        best[arc] = better_site(found, stop[arc], amount, tie)
    return best
