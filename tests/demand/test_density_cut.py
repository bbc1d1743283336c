"""The cut is where ground stops foreseeing enough calls."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.demand import HotspotSettings
from optimizer.demand.density import Frame, smooth
from optimizer.demand.density_cut import choose_rule

FRAME = Frame(50.0, 0, 0, 60, 60)
GROUND = 3600.0


def town(seed, block=12):
    """Calls strewn evenly, one per cell, and 30 more in each cell of a block in the middle."""
    rng = np.random.default_rng(seed)
    mean = np.ones((60, 60))
    mean[24 : 24 + block, 24 : 24 + block] += 30
    return rng.poisson(mean).astype(np.float32)


def hot_cells(grid, rule):
    density = smooth(grid, rule.radius_m, 50)
    return density >= rule.times_mean * grid.sum() / GROUND


@pytest.mark.parametrize("late", [town(2), None, np.zeros((60, 60), np.float32)])
def test_the_cut_finds_the_planted_block(late):
    """With later calls to foresee, without, and with a quarter in which nothing happened."""
    early = town(1)
    hot = hot_cells(early, choose_rule(early, late, FRAME, GROUND, HotspotSettings(times_mean=3)))
    assert hot[25:35, 25:35].all()
    assert hot.sum() <= 200  # of 3,600; the block has 144


def test_calls_that_moved_away_are_not_foreseen():
    """The later calls decide: where they lie evenly no ground is worth a hotspot at its density."""
    rng = np.random.default_rng(3)
    even = rng.poisson(5.0, (60, 60)).astype(np.float32)
    rule = choose_rule(town(1), even, FRAME, GROUND, HotspotSettings())
    assert rule.times_mean == HotspotSettings().times_mean


def test_a_given_radius_is_kept():
    rule = choose_rule(town(1), town(2), FRAME, GROUND, HotspotSettings(radius_m=330))
    assert rule.radius_m == 330


def test_the_cut_does_not_depend_on_the_unit_of_the_weights():
    one = choose_rule(town(1), town(2), FRAME, GROUND, HotspotSettings())
    ten = choose_rule(10 * town(1), 10 * town(2), FRAME, GROUND, HotspotSettings())
    assert one.radius_m == ten.radius_m
    assert one.times_mean == pytest.approx(ten.times_mean, rel=1e-4)
