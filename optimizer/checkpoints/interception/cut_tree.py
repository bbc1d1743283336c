"""Few posts against fugitives who take any detour: branch on the origins, bound by cuts.

An origin is either cut off, and with it all that it reaches without passing a site; or given up,
and with it all that reach it so. The envelope of what is left bounds each half.
"""

from __future__ import annotations

import dataclasses
import heapq
import math
import time

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.interception.parametric_cut import Corner, Facet, ParametricCut
from optimizer.checkpoints.interception.post_choice import PostChoice
from optimizer.checkpoints.streets.shortest_routes import reached

Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Half:
    """Some origins cut off, others given up; more than ``bound`` is not in it."""

    bound: float
    kept: Mask
    lost: Mask
    facet: Facet


class CutTree:
    """The search for the posts that cut off the most weight for good.

    Parameters
    ----------
    choice
        Its tolerance is taken to be without end.

    Attributes
    ----------
    best
        The best corner found that is not above the number of posts.
    bound
        No plan with as many posts cuts off more, beyond what is secured without.
    """

    def __init__(self, choice: PostChoice) -> None:
        self._choice = choice
        self._cut = ParametricCut(choice)
        self.best = Corner(np.empty(0, np.int64), 0.0)
        none = np.zeros(len(self._cut.origins), dtype=bool)
        self._halves: list[tuple[float, int, _Half]] = []
        self._made = 0
        self._open(none, none)

    @property
    def bound(self) -> float:
        """Of all halves that are open, the best; what is found is never above it."""
        return max(-self._halves[0][0] if self._halves else 0.0, self.best.weight)

    @property
    def corners(self) -> tuple[Corner, ...]:
        """Give the corners on both sides of the number of posts, in the most hopeful half."""
        if not self._halves:
            return (self.best,)
        facet = self._halves[0][2].facet
        return (facet.fewer, facet.more)

    def search(self, nodes: int, until: float, enough: float) -> None:
        """Branch until the bound is within ``enough`` of the best, or work or time is up."""
        for _ in range(nodes):
            if self.bound - self.best.weight <= enough or time.monotonic() > until:
                return
            half = heapq.heappop(self._halves)[2]
            origin = self._most_doubtful(half)
            if origin is None:
                continue
            kept, lost = half.kept.copy(), half.lost.copy()
            kept |= self._with(origin, backwards=False)
            lost |= self._with(origin, backwards=True)
            self._open(kept, half.lost)
            self._open(half.kept, lost)

    def _open(self, kept: Mask, lost: Mask) -> None:
        if (kept & lost).any():
            return
        facet = self._cut.facet(self._choice.count, kept, lost)
        if facet is None:
            return
        for corner in (facet.fewer, facet.more):
            if len(corner.sites) <= self._choice.count and corner.weight > self.best.weight:
                self.best = corner
        if facet.bound > self.best.weight:
            half = _Half(facet.bound, kept, lost, facet)
            heapq.heappush(self._halves, (-facet.bound, self._made, half))
            self._made += 1

    def _most_doubtful(self, half: _Half) -> int | None:
        """Choose the heaviest origin of those not settled yet."""
        weight = np.where(half.kept | half.lost, -math.inf, self._cut.weight)
        if not len(weight) or np.isneginf(weight).all():
            return None
        return int(weight.argmax())

    def _with(self, origin: int, *, backwards: bool) -> Mask:
        """Mark the origins that one reaches, or that reach it, without passing a site."""
        choice, origins = self._choice, self._cut.origins
        graph = choice.escapes.backward if backwards else choice.escapes.graph
        full = choice.posts(np.flatnonzero(choice.allowed))
        mask = reached(graph, origins[[origin]], posts=full)[origins]
        mask[origin] = True
        return mask
