"""Blocks between arterials: small plans whose streets can be counted by hand."""

from __future__ import annotations

import numpy as np

from optimizer.example.fabric import CODE, BlockPlan, Streets, lay_streets


def plan(columns: list[list[int]], rows: list[list[int]], *, loss: float = 0.0) -> BlockPlan:
    """Blocks of 600 m between secondary streets, without any disorder."""
    shape = np.shape(columns)
    return BlockPlan(
        np.arange(shape[0] + 1) * 600.0,
        np.arange(shape[1] + 1) * 600.0,
        np.array(columns),
        np.array(rows),
        np.zeros(shape),
        np.full(shape, loss),
        np.full(shape, CODE["residential"]),
        np.full((shape[0] + 1, shape[1]), CODE["secondary"]),
        np.full((shape[0], shape[1] + 1), CODE["secondary"]),
    )


def total_m(streets: Streets) -> float:
    return float(
        np.hypot(
            streets.u[streets.head] - streets.u[streets.tail],
            streets.v[streets.head] - streets.v[streets.tail],
        ).sum()
    )


def test_an_empty_block_is_its_four_arterials() -> None:
    streets = lay_streets(plan([[0]], [[0]]), np.random.default_rng(0))
    assert streets.u.size == 4
    assert streets.tail.size == 4
    assert total_m(streets) == 2400


def test_one_lane_each_way_makes_a_window() -> None:
    """Four corners, four T-junctions, one crossing; 4 x 2 arterial pieces and 4 lane pieces."""
    streets = lay_streets(plan([[1]], [[1]]), np.random.default_rng(0))
    assert streets.u.size == 9
    assert streets.tail.size == 12
    assert total_m(streets) == 3600


def test_lanes_of_neighbours_that_meet_form_one_crossroads() -> None:
    """Both blocks cut the arterial between them in the middle: 15 nodes, not 16."""
    streets = lay_streets(plan([[1], [1]], [[1], [1]]), np.random.default_rng(0))
    assert streets.u.size == 15
    assert np.bincount(np.concatenate([streets.tail, streets.head])).max() == 4


def test_lanes_of_neighbours_that_do_not_meet_stay_apart() -> None:
    """One lane at a half, two at a third and two thirds: three T-junctions on the arterial."""
    streets = lay_streets(plan([[0], [0]], [[1], [2]]), np.random.default_rng(0))
    on_border = np.isclose(streets.u, 600) & (streets.v > 1) & (streets.v < 599)
    assert on_border.sum() == 3


def test_no_lane_piece_is_left_if_all_are_lost_but_arterials_stay() -> None:
    lost = plan([[3]], [[3]], loss=1.0)
    streets = lay_streets(lost, np.random.default_rng(3))
    arterial = streets.road_class == CODE["secondary"]
    assert arterial.sum() == 16
    assert (streets.road_class[~arterial] == CODE["tertiary"]).all()  # collectors are never lost


def test_joined_places_share_neither_nodes_nor_ways() -> None:
    one = lay_streets(plan([[1]], [[1]]), np.random.default_rng(0))
    both = Streets.joined(one, one)
    assert both.u.size == 2 * one.u.size
    assert not set(both.tail[: one.tail.size]) & set(both.tail[one.tail.size :])
    assert not set(both.way[: one.tail.size]) & set(both.way[one.tail.size :])
