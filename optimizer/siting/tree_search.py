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

from optimizer.siting.branching import neighbourhoods
from optimizer.siting.cover import Cover, Rules
from optimizer.siting.ledger import Ledger
from optimizer.siting.problem import Indices
from optimizer.siting.relaxation import Part, Relaxed, relax

WORKERS = 2
BATCH = 2
TRIED, TRIED_DEEP, DEEP = 3, 2, 6
SHARE_OF_ROOM = 0.03
SHARE_OF_WEIGHT = 1e-6


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


class Split(NamedTuple):
    """A node's two halves on one set of sites, and how much both lose."""

    sites: Indices
    none: Relaxed
    some: Relaxed
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

    def relaxed(self, part: Part, room: float) -> Relaxed:
        """Bound a part; `room`: how far its bound may lie above the limit."""
        tolerance = max(SHARE_OF_ROOM * room, SHARE_OF_WEIGHT * float(self._cover.weight.sum()))
        return relax(
            self._cover,
            self._rules,
            part,
            scale=self._ledger.scale,
            enough=self._limit(),
            tolerance=tolerance,
        )

    def add(self, node: Node) -> None:
        """Fix what the bound of a node fixes, and keep the node if it may hold a better plan."""
        opened, closed = node.relaxed.fixed(node.part, self._limit())
        self._ledger.bounded(node.number, node.path, node.relaxed, closed, opened)
        if node.bound <= self._limit():
            return
        part = dataclasses.replace(
            node.part,
            opened=node.part.opened | opened,
            closed=node.part.closed | closed,
            columns=node.relaxed.columns & ~closed,
        )
        self._turn += 1
        heapq.heappush(
            self._heap, (-node.bound, self._turn, dataclasses.replace(node, part=part))
        )

    def step(self, workers: ThreadPoolExecutor) -> list[Node]:
        """Split the most promising parts and return them."""
        batch = [heapq.heappop(self._heap)[2] for _ in range(min(BATCH, len(self._heap)))]
        batch = [node for node in batch if node.bound > self._limit()]
        sets = [self._sets(node) for node in batch]
        jobs = [
            (part, node.bound - self._limit())
            for node, tried in zip(batch, sets, strict=True)
            for sites in tried
            for part in _halves(node.part, sites)
        ]
        answers = iter(list(workers.map(lambda job: self.relaxed(*job), jobs)))
        for node, tried in zip(batch, sets, strict=True):
            splits = [self._split(node, sites, next(answers), next(answers)) for sites in tried]
            self._take(node, max(splits, key=lambda split: split.worth))
        return batch

    def _sets(self, node: Node) -> list[Indices]:
        wanted = TRIED if node.depth < DEEP else TRIED_DEEP
        return neighbourhoods(self._cover, node.part.free, node.relaxed.degrees, wanted)

    def _split(self, node: Node, sites: Indices, none: Relaxed, some: Relaxed) -> Split:
        """Value a split by the product of what its halves lose, up to the limit."""
        most = node.bound - self._limit()
        losses = [min(node.bound - half.bound, most) for half in (none, some)]
        least = SHARE_OF_WEIGHT * node.bound
        return Split(sites, none, some, max(losses[0], least) * max(losses[1], least))

    def _take(self, node: Node, split: Split) -> None:
        none, some = self._ledger.branch(node.number, split.sites)
        parts = _halves(node.part, split.sites)
        halves = ((none, split.none, node.path), (some, split.some, (*node.path, some)))
        for part, (number, relaxed, path) in zip(parts, halves, strict=True):
            bound = min(relaxed.bound, node.bound)
            self.add(Node(part, relaxed, bound, node.depth + 1, number, path))


def _halves(part: Part, sites: Indices) -> tuple[Part, Part]:
    """Plans of a part that open none of these sites, and those that open one at least."""
    closed = part.closed.copy()
    closed[sites] = True
    return (
        dataclasses.replace(part, closed=closed),
        dataclasses.replace(part, one_of=(*part.one_of, sites)),
    )
