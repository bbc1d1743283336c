"""Holding and giving up origins: bounds that no set of posts exceeds, on grids and in the open."""

from __future__ import annotations

import math

import numpy as np
import pytest

from optimizer.checkpoints.interception.bound import RouteRows
from optimizer.checkpoints.interception.post_choice import PostChoice
from optimizer.checkpoints.interception.verdicts import VerdictSearch

from .test_bound import best_of_all, grid


def settled(choice: PostChoice) -> tuple[float, float]:
    """The bound that the tree proves, and the best of the plans that it offered."""
    rows = RouteRows(choice, seed=0)
    rows.tighten(30, math.inf)
    offered = [choice.look([]).weight]

    def offer(sites: list[int]) -> None:
        assert len(list(sites)) <= choice.count
        offered.append(choice.look(sites).weight)

    tree = VerdictSearch(rows, lambda: max(offered), offer, 1e-6)
    return tree.run(choice.count, math.inf), max(offered)


@pytest.mark.parametrize(
    ("count", "tau"), [(2, 0.0), (2, 0.25), (3, 0.25), (3, 0.5), (4, 0.5), (4, 1.0)]
)
def test_the_tree_proves_the_best_of_all_sets(count: int, tau: float) -> None:
    choice = grid(count, tau)
    best = best_of_all(choice)
    bound, weight = settled(choice)
    assert weight == pytest.approx(best)
    assert bound == pytest.approx(best, rel=1e-5)


def test_what_too_few_posts_cannot_hold_is_impossible() -> None:
    """One post never holds the middle of the grid, whose ways out are many; to give it up is."""
    choice = grid(1, 1.0)
    rows = RouteRows(choice, seed=0)
    middle = len(choice.escapes) // 2
    assert rows.within({middle: True}, 30, math.inf, -math.inf) == -math.inf
    without = rows.within({middle: False}, 30, math.inf, -math.inf)
    assert without <= choice.most - choice.escapes.weight[middle] + 1e-3
    assert rows.within({}, 30, math.inf, -math.inf) >= best_of_all(choice)


def test_a_bound_within_verdicts_is_above_every_plan_that_keeps_them() -> None:
    choice = grid(3, 0.25)
    rows = RouteRows(choice, seed=0)
    allowed = np.flatnonzero(choice.allowed)
    rng = np.random.default_rng(5)
    for _ in range(20):
        look = choice.look(rng.choice(allowed, 3, replace=False).tolist())
        kept = {int(group): int(group) not in look.lost for group in rng.choice(9, 3)}
        lost = sum(choice.escapes.weight[list(look.lost)])
        assert look.weight == pytest.approx(choice.escapes.total_weight - lost)
        assert rows.within(kept, 30, math.inf, -math.inf) >= look.weight - 1e-9
