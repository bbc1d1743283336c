"""A branch-and-bound that is slow, simple, and writes down a proof."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np

from optimizer.siting import MaximalCovering, SitingProblem, SitingSolution
from optimizer.siting.covering.certificate import PRICE_STEPS, ProofTree


def solution_of(problem: SitingProblem, sites: object, bound: float) -> SitingSolution:
    return SitingSolution(
        problem, MaximalCovering(), sites, "feasible", bound, 0.0, 0.0, 0, "by hand"
    )


class SlowProof:
    """Proves that no plan covers more than `claim`, in plain fractions and Python loops.

    Every demand point is a price group of its own, and the weights are whole.
    """

    def __init__(
        self,
        problem: SitingProblem,
        claim: float,
        draw: random.Random,
        removed: tuple[list[int], list[int]] = ([], []),
    ) -> None:
        self.problem, self.claim, self.draw = problem, claim, draw
        self.tree = ProofTree(problem, np.arange(problem.point_count))
        self.reach = [set(row.tolist()) for row in np.split(problem.demand, problem.indptr[1:-1])]
        opened = {i for i in range(problem.site_count) if problem.keep[i]}
        closed = {i for i in range(problem.site_count) if problem.forbidden[i]}
        if removed[0]:
            self.tree.dominated(*removed)
        self._prove(0, opened, closed | set(removed[0]), {})

    def _prove(self, node: int, opened: set[int], closed: set[int], rules: dict) -> None:
        """Bound a node; split it where that is not enough. rules: child -> (sign, sites, limit)."""
        free = [i for i in range(self.problem.site_count) if i not in opened | closed]
        for _ in range(2):
            prices = self._prices(opened, closed, rules)
            bound, values = self._bound(opened, free, rules, *prices)
            shut = [i for i in free if self._is_good(bound + min(0, values[i]))]
            must = [i for i in free if self._is_good(bound - max(0, values[i]))]
            steps, budget_prices, moves_price, due = prices
            self.tree.evaluate(
                node, np.array(steps), budget_prices, moves_price=moves_price, branch_prices=due,
                closed=shut, opened=[i for i in must if i not in shut],
            )  # fmt: skip
            if self._is_good(bound):
                return
            opened = opened | set(must)
            closed = closed | set(shut)
            free = [i for i in free if i not in opened | closed]
            if free:
                break
        assert free, "a node with one plan is bounded by its value, or has no plan"
        most = len(free) if len(rules) < 2 else 1
        some = self.draw.sample(free, self.draw.randint(1, most))
        k = self.draw.randrange(len(some))
        low, high = self.tree.branch(node, some, k)
        none, all_of_them = (
            set(some) if k == 0 else set(),
            set(some) if k + 1 == len(some) else set(),
        )
        self._prove(low, opened, closed | none, {**rules, low: (1, set(some), k)})
        self._prove(high, opened | all_of_them, closed, {**rules, high: (-1, set(some), k + 1)})

    def _prices(self, opened: set[int], closed: set[int], rules: dict) -> tuple:
        """Prices 0 for what is covered, all for what cannot be, some for the rest; a great price
        on every rule that cannot be kept any more."""
        problem = self.problem
        great = int(4 * PRICE_STEPS * (problem.total_weight + 1))
        left = set(range(problem.site_count)) - closed
        covered = set().union(*(self.reach[i] for i in opened))
        coverable = set().union(*(self.reach[i] for i in left))
        steps = [
            0 if j in covered else PRICE_STEPS if j not in coverable
            else self.draw.choice([0, 9362, 32768, PRICE_STEPS])
            for j in range(problem.point_count)
        ]  # fmt: skip
        is_open = bool(left - opened)
        if not is_open:
            steps = [0 if j in covered else PRICE_STEPS for j in range(problem.point_count)]
        budget_prices = []
        for r, budget in enumerate(problem.budgets.tolist()):
            inside = sum(problem.region[i] == r for i in opened)
            values = sorted(
                (self._value(i, steps) for i in left if problem.region[i] == r), reverse=True
            )
            price = values[budget] if budget < len(values) else 0
            budget_prices.append(great if inside > budget else price)
        lacks = sum(problem.previous[i] for i in left) < problem.least_kept_previous
        due = {}
        for child, (sign, some, limit) in rules.items():
            broken = len(some & opened) > limit if sign > 0 else len(some & left) < limit
            due[child] = great if broken else self.draw.choice([0, 0, 7, PRICE_STEPS]) * is_open
        moves_price = great if lacks else self.draw.choice([0, PRICE_STEPS // 2]) * is_open
        return steps, budget_prices, moves_price, due

    def _value(self, site: int, steps: list[int]) -> int:
        return sum(int(self.problem.weight[j]) * steps[j] for j in self.reach[site])

    def _bound(
        self, opened: set[int], free: list[int], rules: dict, steps: list[int],
        budget_prices: list[int], moves_price: int, due: dict[int, int],
    ) -> tuple[int, dict[int, int]]:  # fmt: skip
        problem = self.problem
        values = {}
        for i in [*opened, *free]:
            values[i] = self._value(i, steps) - budget_prices[problem.region[i]]
            values[i] += moves_price * int(problem.previous[i])
            values[i] -= sum(rules[c][0] * price for c, price in due.items() if i in rules[c][1])
        anywhere = set().union(
            *(self.reach[i] for i in range(problem.site_count) if not problem.forbidden[i])
        )
        bound = sum(int(problem.weight[j]) * (PRICE_STEPS - steps[j]) for j in anywhere)
        bound += sum(p * int(b) for p, b in zip(budget_prices, problem.budgets, strict=True))
        bound -= moves_price * problem.least_kept_previous
        bound += sum(rules[c][0] * price * rules[c][2] for c, price in due.items())
        bound += sum(values[i] for i in opened) + sum(max(0, values[i]) for i in free)
        return bound, values

    def _is_good(self, bound: int) -> bool:
        return Fraction(bound, PRICE_STEPS) < self.claim + 1
