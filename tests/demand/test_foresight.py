"""PAI, PEI and RRI by hand."""

from __future__ import annotations

import numpy as np
import pytest
from shapely import box

from optimizer.demand.call_field import lay_on_grid
from optimizer.demand.foresight import (
    best_hits,
    hit_rate,
    match_later_calls,
    ranked_hits,
    rate_all,
    rate_each,
)

from .conftest import calls_at


def test_pai_is_share_of_calls_over_share_of_ground():
    # a quarter of the calls on a twentieth of the ground
    assert hit_rate(25, 100, 0.5, 10) == pytest.approx(5)
    assert np.isnan(hit_rate(0, 0, 0.5, 10))
    assert np.isnan(hit_rate(3, 10, 0, 10))


def test_the_best_ground_takes_the_fullest_cells_and_parts_of_them():
    calls = np.array([1.0, 8, 3])
    assert best_hits(calls, np.array([0, 0.5, 1, 1.5, 3, 9])).tolist() == [0, 4, 8, 9.5, 12, 12]


def test_a_ranking_takes_cells_by_score_and_counts_calls():
    score = np.array([[3, 1], [2, 0]], np.float32)
    calls = np.array([[1, 8], [4, 2]], np.float32)
    assert [ranked_hits(score, calls, n) for n in (0, 1, 1.5, 2, 4, 9)] == [0, 1, 3, 5, 15, 15]


@pytest.fixture
def field():
    """Ten planning calls: six in cell (0, 0), two in (2, 0), one in (4, 0), one in (6, 0)."""
    x_m = np.repeat([25.0, 125, 225, 325], [6, 2, 1, 1])
    return lay_on_grid(calls_at(x_m, np.full(10, 25)), np.ones(10), 50, 0.1)  # 40 cells of ground


def test_hotspots_are_rated_by_hand(field):
    # later: one in (0, 0), four in (2, 0), three in (8, 0), two far outside the frame
    later = calls_at(np.repeat([25.0, 125, 425, 90_000], [1, 4, 3, 2]), np.full(10, 25))
    polygons = np.array([box(0, 0, 50, 50), box(100, 0, 150, 50)], object)
    matched = match_later_calls(later, field, polygons)
    assert matched.hits.tolist() == [1, 4]
    pai, pei = rate_each(matched, np.array([0.0025, 0.0025]), field)
    assert pai == pytest.approx([0.1 * 40, 0.4 * 40])
    assert pei == pytest.approx([1 / 4, 1])
    rating = rate_all(matched, np.array([6.0, 2.0]), 0.005, field, 50)
    assert (rating.later_calls, rating.hits) == (10, 5)
    assert rating.pai == pytest.approx(0.5 * 20)
    assert rating.pei == pytest.approx(5 / 7)  # two cells could have held 4 + 3
    assert rating.rri == pytest.approx(0.5 / 0.8)
    assert rating.ranked_cells_pai == pytest.approx(0.5 * 20)
    assert rating.to_json()["pei"] == 0.7143


def test_ground_is_made_of_squares_of_five_cells():
    field = lay_on_grid(calls_at([10, 240, 260], [0, 0, 0]), np.ones(3), 50, None)
    assert field.ground_cells == 50
    assert field.ground_km2 == pytest.approx(0.125)
