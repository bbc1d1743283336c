"""What a search shows about a reduced problem, written down in the whole problem's terms.

The search works on fewer sites and merged points. The ledger keeps track of both and passes every
removal, bound and branch on to the proof tree; where no certificate was asked for it only counts
the branches.
"""

from __future__ import annotations

import numpy as np

from optimizer.siting.covering.certificate import PRICE_STEPS, ProofTree, scale_bits
from optimizer.siting.covering.reduce import Remainder, Removed
from optimizer.siting.covering.relaxation import Prices, Relaxed
from optimizer.siting.problem import Flags, Indices, SitingProblem

ROOT = 0


class Ledger:
    """Translates from a remainder to the whole problem.

    Parameters
    ----------
    problem
        The whole problem.
    rest, labels, removed
        Its first reduction, as `reduce.remainder_of` gives it.
    keep_tree
        Whether to record a proof tree.
    """

    def __init__(
        self,
        problem: SitingProblem,
        rest: Remainder,
        labels: Indices,
        removed: Removed,
        *,
        keep_tree: bool,
    ) -> None:
        self.scale = PRICE_STEPS * 2.0 ** scale_bits(problem.weight)
        self._total = problem.total_weight
        self._nodes = 0
        self._point = np.arange(rest.problem.point_count)
        self._unpriced = np.zeros(rest.problem.point_count, dtype=np.uint16)
        self._rest = rest
        self.tree = ProofTree(problem, labels) if keep_tree else None
        if self.tree is not None:
            self.tree.evaluate(ROOT, self._unpriced, np.zeros(len(problem.budgets)))
        self._remove(removed)

    def settled(self) -> None:
        """Record that nothing is left to choose: only what is open already covers anything."""
        if self.tree is not None:
            none_left = self._rest.problem.budgets == 0
            everything = int(self.scale * self._total) + 1
            left = np.full(self._rest.problem.point_count, PRICE_STEPS, dtype=np.uint16)
            self.tree.evaluate(ROOT, self._spread(left), np.where(none_left, everything, 0))

    def _remove(self, removed: Removed) -> None:
        if self.tree is not None and len(removed.sites):
            self.tree.dominated(removed.sites, removed.by, ROOT)

    def reduced(self, rest: Remainder, labels: Indices, removed: Removed) -> None:
        """Go on with a smaller remainder of the one before.

        labels: for each point of the one before its point here, or -1.
        """
        if self.tree is not None:
            opened = np.setdiff1d(rest.opened, self._rest.opened)
            before = np.flatnonzero(np.isin(self._rest.sites, opened))
            covered = self._rest.problem.covered_by(before)
            here = self._point >= 0
            went = np.where(here, labels[self._point], -1)
            lost = here & (went < 0)
            self._unpriced[lost & ~covered[self._point]] = PRICE_STEPS
            self._point = went
        self._rest = rest
        self._remove(removed)

    def bounded(
        self, node: int, path: tuple[int, ...], relaxed: Relaxed, closed: Flags, opened: Flags
    ) -> None:
        """Record a bound and what it fixes; path: the branches whose sets the relaxation holds."""
        if self.tree is None:
            return
        rest = self._rest
        regions = len(rest.problem.budgets)
        whole = relaxed.rule_prices.astype(np.int64)
        moves = whole[regions] if rest.problem.least_kept_previous else 0
        branches = whole[regions + (rest.problem.least_kept_previous > 0) :]
        self.tree.evaluate(
            node,
            self._spread(relaxed.prices),
            whole[:regions],
            moves_price=int(moves),
            branch_prices=dict(zip(path, branches.tolist(), strict=True)),
            closed=rest.sites[closed],
            opened=rest.sites[opened],
        )

    def _spread(self, prices: Prices) -> Prices:
        """Prices of the groups of the whole problem."""
        here = np.append(prices, np.uint16(0))[self._point]
        return np.where(self._point >= 0, here, self._unpriced).astype(np.uint16)

    def branch(self, node: int, sites: Indices) -> tuple[int, int]:
        """Split a node: none of these sites, or one at least; return both children."""
        if self.tree is not None:
            return self.tree.branch(node, self._rest.sites[sites], 0)
        self._nodes += 2
        return self._nodes - 1, self._nodes
