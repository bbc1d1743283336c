"""The Lagrangian bounds of a certificate, worked out again in whole numbers.

With 0 <= u_j <= w_j, and prices pi >= 0 of a platform in each region, mu >= 0 of the rule on
previous sites, and lambda >= 0 of every branch on the path of a node, no plan below it covers more
than

    U   = sum_j (w_j - u_j) + sum_r pi_r p_r - mu * least kept + sum_{at most k} lambda k
          - sum_{at least k} lambda k + sum_{i open} r_i + sum_{i free} max(0, r_i),
    r_i = sum_{j covered by i} u_j - pi_{region of i} + mu * previous_i
          - sum_{at most, i in S} lambda + sum_{at least, i in S} lambda.

Hence no plan better than the claimed bound B opens a free site i with U + min(0, r_i) <= B, and all
open it if U - max(0, r_i) <= B. u_j = w_j q / 65535 with q whole, weights are whole numbers of
2^-scale_bits (rounded up, which can only raise U), so that everything is a whole number of
1 / (65535 * 2^scale_bits).
"""

from __future__ import annotations

import dataclasses
import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.verification.certificate import Array, Certificate
from optimizer.verification.covering import least_kept_previous
from optimizer.verification.exact import Whole, exact_sum, power_of_two, whole_weights
from optimizer.verification.tree import CLOSED, FREE, OPEN, Status, Tree

PRICE_STEPS = 65535
LARGEST_TOTAL = 2**45
LARGEST_PRICES = 2**62
WIDEST = 2**63 - 1


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """The weights of a certificate in whole numbers.

    Parameters
    ----------
    weight
        W of each point that counts, 0 of those that nobody may cover [n].
    unit
        Whole numbers to one unit of weight, times 65535.
    most
        The largest U, in these whole numbers, that agrees with the claimed bound.
    """

    weight: Whole
    unit: Fraction
    most: int


def scaled(claim: Certificate) -> Scaled | str:
    """Turn weights and bound into whole numbers, or say why that cannot be."""
    reachable = np.zeros(len(claim["weight"]), dtype=np.bool_)
    reachable[claim["demand"][np.repeat(~claim["forbidden"], np.diff(claim["indptr"]))]] = True
    units = whole_weights(claim["weight"], claim.scale_bits)
    if not math.fsum(units) <= LARGEST_TOTAL:
        return f"the weights do not fit 45 bits at scale_bits = {claim.scale_bits}"
    unit = PRICE_STEPS * power_of_two(claim.scale_bits)
    bound = Fraction(claim.bound)
    is_whole = (claim["weight"] == np.rint(claim["weight"])).all()
    most = math.ceil((math.floor(bound) + 1) * unit) - 1 if is_whole else math.floor(bound * unit)
    return Scaled(np.where(reachable, units, 0).astype(np.int64), unit, most)


class Bounding:
    """Checks evaluations in the order in which they are claimed.

    Parameters
    ----------
    claim, tree, weights
        The certificate, its tree, and its weights in whole numbers.
    """

    def __init__(self, claim: Certificate, tree: Tree, weights: Scaled) -> None:
        self._claim, self._tree, self._weights = claim, tree, weights
        groups = claim.price_shape[1]
        sizes = np.diff(claim["indptr"])
        rows = np.repeat(np.arange(len(sizes)), sizes)
        columns = claim["group"][claim["demand"]]
        priced = columns >= 0
        entries = (weights.weight[claim["demand"]][priced], (rows[priced], columns[priced]))
        #: Weight that each site covers of each price group [m, groups].
        self._by_group = sparse.csr_matrix(entries, shape=(len(sizes), groups), dtype=np.int64)
        found = claim["group"] >= 0
        self._group_weight: Whole = np.zeros(groups, dtype=np.int64)
        np.add.at(self._group_weight, claim["group"][found], weights.weight[found])
        self._full = PRICE_STEPS * int(weights.weight.sum())
        self._least_kept = least_kept_previous(claim)
        self._best: dict[int, int] = {}

    def covered_prices(self, prices: npt.NDArray[np.uint16]) -> tuple[Whole, Whole]:
        """Price of all that each site covers [m, k], and of all points [k], for k evaluations."""
        steps = prices.T.astype(np.int64)
        useful = np.flatnonzero(self._tree.status(0) != CLOSED)
        covered = np.zeros((self._by_group.shape[0], prices.shape[0]), dtype=np.int64)
        covered[useful] = self._by_group[useful] @ steps
        return covered, self._group_weight @ steps

    def fault(self, number: int, node: int, covered: Whole, all_points: int) -> str | None:
        """Say what evaluation `number`, at a node, claims wrongly, or None; note what it fixes.

        Parameters
        ----------
        covered, all_points
            Price of the points that each site covers [m], and of all points.
        """
        status = self._tree.status(node)
        priced = self._priced(number, node, covered)
        if isinstance(priced, str):
            return f"evaluation {number} at node {node}: {priced}"
        values, rules = priced
        gains = values[status == OPEN], np.maximum(values[status == FREE], 0)
        bound = self._full - all_points + rules + sum(map(exact_sum, gains))
        self._best[node] = min(bound, self._best.get(node, bound))
        fault = self._fixing_fault(number, node, bound, values, status)
        return fault and f"evaluation {number} at node {node}: {fault}"

    def leaf_fault(self) -> str | None:
        """Say which leaf may hold a better plan, or None."""
        best: dict[int, int] = {}
        for node in range(self._tree.node_count):
            above = best.get(self._tree.parent(node)) if node else None
            known = [value for value in (above, self._best.get(node)) if value is not None]
            if known:
                best[node] = min(known)
        for leaf in self._tree.leaves():
            if leaf not in best:
                return f"nothing bounds leaf {leaf}"
            if best[leaf] > self._weights.most:
                return (
                    f"leaf {leaf} may hold a plan that covers {self._readable(best[leaf])}, "
                    f"more than the bound {self._claim.bound:.15g}"
                )
        return None

    def _priced(self, number: int, node: int, covered: Whole) -> tuple[Whole, int] | str:
        """Work out r for each site, and what the rules add to U; or say what is wrong."""
        claim = self._claim
        budget_prices = claim["budget_prices"][number]
        moves_price = int(claim["moves_price"][number])
        due = claim.row("price_branch", number).tolist()
        start = claim["price_branch_start"]
        prices = claim["branch_price"][start[number] : start[number + 1]].tolist()
        if min([moves_price, *budget_prices.tolist(), *prices]) < 0:
            return "a price is below zero"
        if moves_price + sum(prices) + max(budget_prices.tolist()) >= LARGEST_PRICES:
            return "its prices are too large to be added up safely"
        if len(set(due)) < len(due) or not set(due) <= set(self._tree.path(node)):
            return "it prices a branch twice, or one that is not on the path"
        values = covered - budget_prices[claim["region"]] + moves_price * claim["previous"]
        rules = exact_dot(budget_prices, claim["budgets"]) - moves_price * self._least_kept
        for child, price in zip(due, prices, strict=True):
            branch = self._tree.branch(child)
            signed = price if branch.is_upper else -price
            values[branch.sites] -= signed
            rules += signed * branch.limit
        return values, rules

    def _fixing_fault(
        self, number: int, node: int, bound: int, values: Whole, status: Status
    ) -> str | None:
        """Check the sites that the bound is said to fix, and fix them."""
        room = max(-WIDEST, min(WIDEST, self._weights.most - bound))
        closed, opened = (
            self._claim.row(name, number) for name in ("closed_sites", "opened_sites")
        )
        both = np.concatenate([closed, opened])
        if ((both < 0) | (both >= len(values))).any():
            return "it fixes a site that does not exist"
        if len(np.unique(both)) < len(both) or (status[both] != FREE).any():
            return "it fixes a site that is fixed already"
        for sites, changes, word in (
            (closed, np.minimum(values[closed], 0), "closed"),
            (opened, -np.maximum(values[opened], 0), "open"),
        ):
            for a in np.flatnonzero(changes > room)[:1]:
                return (
                    f"site {self._claim.site_ids[sites[a]]!r} is not proven {word}: a plan against "
                    f"it may cover {self._readable(bound + int(changes[a]))}"
                )
        self._tree.fix(node, closed, CLOSED)
        self._tree.fix(node, opened, OPEN)
        return None

    def _readable(self, bound: int) -> str:
        return f"{float(bound / self._weights.unit):.15g}"


def exact_dot(first: Array, second: Array) -> int:
    """Multiply and add whole numbers, however large."""
    return sum(a * b for a, b in zip(first.tolist(), second.tolist(), strict=True))
