"""Which origins are held and which are given up: branch and bound over them, not over sites.

Few posts hold a part of every origin in the relaxation, though each origin alone takes many posts.
So the relaxation is split where an origin is half held: hold it, and its routes ask for whole
posts; or give it up.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.interception.bound import RouteRows, Verdicts

Floats = NDArray[np.float64]

ROUNDS = 40
"""Rounds of solving and learning at each node."""
NODES = 400
"""Nodes of the tree, at most."""
WHOLE = 1000
"""Nodes of a search of whole plans, where no origin is in doubt."""
TRIES = 4
"""A plan is tried at every so many nodes."""
LEARNT = 8
"""Times that whole plans are searched at one node."""


class VerdictSearch:
    """A tree of verdicts on origins, the node with the highest bound first.

    Parameters
    ----------
    rows
        The relaxation.
    best
        Tells what the best known plan intercepts.
    offer
        Takes sites to make a plan from.
    slack
        A gap that counts as closed.
    """

    def __init__(
        self,
        rows: RouteRows,
        best: Callable[[], float],
        offer: Callable[[Iterable[int]], None],
        slack: float,
    ) -> None:
        self._rows = rows
        self._best = best
        self._offer = offer
        self._slack = slack
        self._count = 0
        self._left: list[tuple[float, int, Verdicts, int]] = []
        self._stuck = -np.inf

    def run(self, posts: int, until: float) -> float:
        """Search until proven, or the nodes or the time are used up; return a bound on all plans.

        Parameters
        ----------
        posts
            How many may be chosen.
        """
        self._look({}, np.inf, until)
        for number in range(NODES):
            if not self._left or self._bound() <= self._enough() or time.monotonic() > until:
                break
            least, _, verdicts, group = heapq.heappop(self._left)
            for held in (True, False):
                self._look({**verdicts, group: held}, -least, until)
            if number % TRIES == 0:
                self._offer(np.argsort(-self._rows.degree, kind="stable")[:posts].tolist())
        return max(self._bound(), self._best())

    def _bound(self) -> float:
        return max(-self._left[0][0] if self._left else -np.inf, self._stuck)

    def _enough(self) -> float:
        return self._best() + self._slack

    def _look(self, verdicts: Verdicts, above: float, until: float) -> None:
        """Bound a node below the bound above it, and keep it if a better plan may be in it."""
        bound = min(above, self._rows.within(verdicts, ROUNDS, until, self._enough()))
        if bound <= self._enough():
            return
        doubt = self._rows.doubt
        group = int(np.argmax(doubt))
        if doubt[group] > self._slack:
            self._count += 1
            heapq.heappush(self._left, (-bound, self._count, verdicts, group))
        else:
            self._stuck = max(self._stuck, self._settled(verdicts, bound, until))

    def _settled(self, verdicts: Verdicts, bound: float, until: float) -> float:
        """Search whole plans where no origin is in doubt; return what is left of the bound."""
        for _ in range(LEARNT):
            if time.monotonic() > until:
                break
            plan, reached = self._rows.whole_within(verdicts, WHOLE, until)
            bound = min(bound, reached)
            self._offer(plan)
            if bound <= self._enough() or not self._rows.learn(self._rows.degree):
                break
        return bound if bound > self._enough() else -np.inf
