"""Exact search: split the plans by neighbourhoods, bound every part, the most promising first.

Parts are bounded by their linear relaxation, two at a time; sites that no better plan of a part
opens, or that every one does, are fixed there. Parts are taken in batches of a fixed size and the
answers in order, so that the same problem gives the same plan on every machine.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from optimizer.siting.cover import Cover, Rules
from optimizer.siting.covering.branching import neighbourhoods
from optimizer.siting.covering.ledger import Ledger
from optimizer.siting.covering.relaxation import Pains, Part, Relaxed, relax
from optimizer.siting.problem import Indices

WORKERS = 2
BATCH = 2
TRIED, TRIED_DEEP, DEEP = 3, 2, 6
TRIAL, FULL = 1, 12
TRIAL_SHARE, FULL_SHARE, MISSED_SHARE = 0.1, 0.03, 0.08
SHARE_OF_WEIGHT = 1e-8


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part, what its relaxation shows, and where it stands in the tree.

    number: in the proof tree; path: the nodes whose branches ask for one of a set, in the order of
    `part.one_of`.
    """

    part: Part
    relaxed: Relaxed
    bound: float
    depth: int
    number: int
    path: tuple[int, ...]


class Half(NamedTuple):
    """One half of a split and what its relaxation shows."""

    part: Part
    relaxed: Relaxed


class Split(NamedTuple):
    """A node's halves on one set of sites: none of them open, or some; and what both lose."""

    node: Node
    sites: Indices
    none: Half
    some: Half
    worth: float


class TreeSearch:
    """The open parts of a reduced problem.

    Parameters
    ----------
    cover, rules
        The reduced problem.
    ledger
        Told of every branch and bound.
    limit
        Parts that cover at most this are of no interest; may rise as plans are found.
    """

    def __init__(
        self, cover: Cover, rules: Rules, ledger: Ledger, limit: Callable[[], float]
    ) -> None:
        self._cover, self._rules, self._ledger, self._limit = cover, rules, ledger, limit
        self._heap: list[tuple[float, int, Node]] = []
        self._turn = 0

    @property
    def bound(self) -> float:
        """No plan of an open part covers more; -inf where no part is open."""
        return -self._heap[0][0] if self._heap else -np.inf

    def __len__(self) -> int:
        """Count the open parts."""
        return len(self._heap)

    def relaxed(self, part: Part, room: float, *, trial: bool = False) -> Relaxed:
        """Bound a part.

        Parameters
        ----------
        part
            Which.
        room
            How far its bound may lie above the limit: the wider, the less exactness pays.
        trial
            Only far enough to see what it would come to.
        """
        least = SHARE_OF_WEIGHT * float(self._cover.weight.sum())
        share, rounds = (TRIAL_SHARE, TRIAL) if trial else (FULL_SHARE, FULL)
        pains = Pains(rounds, max(share * room, least), max(MISSED_SHARE * room, least))
        return relax(
            self._cover,
            self._rules,
            part,
            scale=self._ledger.scale,
            enough=self._limit(),
            pains=pains,
        )

    def add(self, node: Node) -> None:
        """Fix what the bound of a node fixes, and keep the node if it may hold a better plan."""
        opened, closed = node.relaxed.fixed(node.part, self._limit())
        self._ledger.bounded(node.number, node.path, node.relaxed, closed, opened)
        if node.bound <= self._limit():
            return
        part = dataclasses.replace(
            node.part, opened=node.part.opened | opened, closed=node.part.closed | closed
        )
        part = dataclasses.replace(part, columns=node.relaxed.narrowed(part))
        node = dataclasses.replace(node, part=part)
        if not part.free.any():
            relaxed = self.relaxed(part, 0.0)  # of the one plan that is left: what it covers
            self._ledger.bounded(node.number, node.path, relaxed, part.free, part.free)
            node = dataclasses.replace(node, relaxed=relaxed, bound=relaxed.bound)
        if node.bound > self._limit():
            self._turn += 1
            heapq.heappush(self._heap, (-node.bound, self._turn, node))

    def step(self, workers: ThreadPoolExecutor) -> list[Node]:
        """Take up the most promising parts, split those that hold several plans, return all."""
        taken = [heapq.heappop(self._heap)[2] for _ in range(min(BATCH, len(self._heap)))]
        batch = [n for n in taken if n.bound > self._limit() and n.part.free.any()]
        sets = [self._sets(node) for node in batch]
        jobs = [
            (part, node.bound - self._limit())
            for node, tried in zip(batch, sets, strict=True)
            for sites in tried
            for part in _halves(node.part, sites)
        ]
        trials = iter(list(workers.map(lambda job: self.relaxed(*job, trial=True), jobs)))
        splits = []
        for node, tried in zip(batch, sets, strict=True):
            some = [self._split(node, sites, next(trials), next(trials)) for sites in tried]
            splits.append(max(some, key=lambda split: split.worth))
        for split in workers.map(self._finished, batch, splits):
            self._take(split)
        return taken

    def _sets(self, node: Node) -> list[Indices]:
        wanted = TRIED if node.depth < DEEP else TRIED_DEEP
        return neighbourhoods(self._cover, node.part.free, node.relaxed.degrees, wanted)

    def _split(self, node: Node, sites: Indices, none: Relaxed, some: Relaxed) -> Split:
        """Value a split by the product of what its halves lose, up to the limit."""
        most = node.bound - self._limit()
        least = SHARE_OF_WEIGHT * node.bound
        worth = 1.0
        for half in (none, some):
            worth *= max(least, min(most, node.bound - min(half.bound, half.estimate)))
        closed, asked = _halves(node.part, sites)
        return Split(node, sites, Half(closed, none), Half(asked, some), worth)

    def _finished(self, node: Node, split: Split) -> Split:
        """Relax the halves that the trial left above the limit in full."""
        room = node.bound - self._limit()
        halves = []
        for part, relaxed in (split.none, split.some):
            if relaxed.bound > self._limit():
                wider = dataclasses.replace(part, columns=relaxed.columns)
                halves.append(Half(part, self.relaxed(wider, room)))
            else:
                halves.append(Half(part, relaxed))
        return split._replace(none=halves[0], some=halves[1])

    def _take(self, split: Split) -> None:
        node = split.node
        numbers = self._ledger.branch(node.number, split.sites)
        for number, (part, relaxed) in zip(numbers, (split.none, split.some), strict=True):
            asked = len(part.one_of) > len(node.path)
            path = (*node.path, number) if asked else node.path
            bound = min(relaxed.bound, node.bound)
            self.add(Node(part, relaxed, bound, node.depth + 1, number, path))


def _halves(part: Part, sites: Indices) -> tuple[Part, Part]:
    """Plans of a part that open none of these sites, and those that open one at least."""
    closed, opened = part.closed.copy(), part.opened.copy()
    closed[sites] = True
    none = dataclasses.replace(part, closed=closed)
    if len(sites) > 1:
        return none, dataclasses.replace(part, one_of=(*part.one_of, sites))
    opened[sites] = True
    return none, dataclasses.replace(part, opened=opened)
