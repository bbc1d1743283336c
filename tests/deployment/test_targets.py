"""Must-patrol points and lines: what they are worth, which are one, whose they are."""

from __future__ import annotations

import numpy as np

from optimizer.deployment.targets import at_one_stop, by_grid, worths

from .patrol_towns import drive, stand


def test_worths_follow_the_weights() -> None:
    assert worths([], [4.0, 2.0, 1.0, 0.0]) == ([], [1000, 500, 250, 1])
    assert worths([], [0.0, 0.0]) == ([], [1000, 1000])
    assert worths([], []) == ([], [])


def test_the_least_order_is_worth_more_than_all_statistics() -> None:
    orders, statistics = worths([1.0, 100.0], [5.0, 4.0, 3.0])
    assert min(orders) > sum(statistics)
    assert orders[1] > orders[0]


def test_points_at_one_junction_are_one_stop_and_lines_stay_apart() -> None:
    joined = at_one_stop(
        [stand("H01", 3, 5), stand("school", 3, 2), drive("row", 9, ((3, 4), 60)), stand("b", 4)]
    )
    assert [(t.target_id, t.name, t.worth) for t in joined] == [
        ("H01+school", "H01 / school", 7), ("row", "row", 9), ("b", "b", 1),
    ]  # fmt: skip


def test_a_line_belongs_to_the_grid_that_has_most_of_it() -> None:
    owner = np.array([0, 0, 1, 1, 1], np.int32)
    shared = by_grid([drive("row", 1, ((0, 1, 2, 3, 4), 60)), stand("a", 1)], owner)
    assert {grid: [t.name for t in own] for grid, own in shared.items()} == {1: ["row"], 0: ["a"]}
