"""The relaxation: bounds at every stage, and plans among some sites, on a grid."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest

from optimizer.checkpoints import OPEN, Escapes, PostSites, anywhere, graph_of_arcs, intercept
from optimizer.checkpoints.interception.bound import RouteRows
from optimizer.checkpoints.interception.post_choice import PostChoice, post_choice

SIDE = 7


def grid(count: int, tau: float) -> PostChoice:
    """7 x 7 junctions; origins in the middle 3 x 3, exits on the edge, posts between them."""
    arcs = [
        (row * SIDE + column, (row + down) * SIDE + column + right, 10.0 + (3 * row + column) % 4)
        for row, column in itertools.product(range(SIDE), repeat=2)
        for down, right in ((1, 0), (0, 1), (-1, 0), (0, -1))
        if 0 <= row + down < SIDE and 0 <= column + right < SIDE
    ]
    tail, head, travel_s = (np.array(column) for column in zip(*arcs, strict=True))
    graph = graph_of_arcs(SIDE * SIDE, tail, head, travel_s)
    row, column = np.divmod(np.arange(SIDE * SIDE), SIDE)
    ring = np.maximum(abs(row - 3), abs(column - 3))
    free = anywhere(graph)
    sites = PostSites(np.where(ring == 2, 1.0, np.inf), np.full(graph.road_count, np.inf), OPEN,
                      free.node_kind, free.road_kind)  # fmt: skip
    origins = np.flatnonzero(ring <= 1)
    escapes = Escapes(graph, origins, 1.0 + origins % 3, np.flatnonzero(ring == 3))
    return post_choice(escapes, sites, count, tau)


def best_of_all(choice: PostChoice) -> float:
    allowed = np.flatnonzero(choice.allowed)
    sets = itertools.combinations(allowed.tolist(), choice.count)
    return max(choice.look(sites).weight for sites in sets)


@pytest.mark.parametrize(("count", "tau"), [(2, 0.0), (2, 0.25), (3, 0.5)])
def test_every_round_bounds_and_later_ones_no_worse(count: int, tau: float) -> None:
    choice = grid(count, tau)
    best = best_of_all(choice)
    rows = RouteRows(choice, seed=0)
    bounds = [rows.bound]
    for _ in range(12):
        rows.tighten(1, math.inf)
        bounds.append(rows.bound)
    assert min(bounds) >= best - 1e-9
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] < bounds[0]


def test_whole_plans_are_found_and_what_is_ruled_out_by_price_is_of_no_use() -> None:
    choice = grid(2, 0.0)
    best = best_of_all(choice)
    rows = RouteRows(choice, seed=0)
    rows.tighten(50, math.inf)
    among = rows.promising(best - 0.5)
    found: tuple[int, ...] = ()
    for _ in range(30):
        found = rows.search(among, 1000, time.monotonic() + 20)
        if not rows.learn(rows.degree, for_good=True):
            break
    assert choice.look(found).weight == pytest.approx(best)
    assert rows.reached == pytest.approx(best, abs=1e-4)


def test_without_time_there_is_a_plan_and_a_bound_all_the_same() -> None:
    whole = grid(3, 0.25)
    escapes, best = whole.escapes, best_of_all(whole)
    node_cost = np.where(whole.allowed[: escapes.graph.node_count], 1.0, np.inf)
    free = anywhere(escapes.graph)
    sites = PostSites(node_cost, np.full(escapes.graph.road_count, np.inf), OPEN, free.node_kind,
                      free.road_kind)  # fmt: skip
    hasty = intercept(escapes.graph, escapes.origins, escapes.weight, escapes.exits, sites, 3,
                      tau=0.25, time_limit_s=0.0)  # fmt: skip
    assert hasty.intercepted_weight <= best <= hasty.bound
    assert len(hasty.chosen) <= 3
    assert hasty.gap == pytest.approx((hasty.bound - hasty.intercepted_weight) / hasty.total_weight)
