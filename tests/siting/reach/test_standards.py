"""The standard of the point's own zone decides, and its edge is inside."""

import numpy as np
import pytest

from optimizer.siting import reach_within


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_point_exactly_on_its_standard_is_covered(dtype):
    travel = np.array([180.0, 180.001, 60.0, 0.0], dtype=dtype)
    target = np.array([0, 1, 2, 3], dtype=np.int32)
    standard = np.array([180.0, 180.0, 60.0, 60.0])
    indptr, demand = reach_within(np.array([0, 2, 4]), target, travel, standard)
    assert demand.tolist() == [0, 2, 3]
    assert indptr.tolist() == [0, 1, 3]


def test_turnout_counts_against_the_standard():
    one = np.array([0, 1]), np.array([0]), np.array([120.0]), np.array([180.0])
    assert reach_within(*one, turnout_s=60)[1].tolist() == [0]
    assert reach_within(*one, turnout_s=60.001)[1].tolist() == []


def test_tenths_of_seconds_do_not_fall_off_the_edge():
    """In single precision 62.7 s is 62.7000008 s: still on the standard of 62.7 s."""
    tenths = np.arange(1, 3000)
    travel = (tenths / 10).astype(np.float32)
    points = np.arange(len(tenths))
    indptr, _ = reach_within(np.array([0, len(tenths)]), points, travel, tenths / 10)
    assert indptr[-1] == len(tenths)


def test_tiers_hold_side_by_side():
    """One site, 100 s from three points: too far for the key site, near enough for the others."""
    _, demand = reach_within(
        np.array([0, 3]), np.arange(3), np.full(3, 100.0), np.array([60.0, 180.0, 300.0])
    )
    assert demand.tolist() == [1, 2]
