"""The curve of coverage against the number of platforms."""

import numpy as np
import pytest

from optimizer.errors import InfeasibleError
from optimizer.siting import coverage_curve

from .small_problems import best_by_brute_force, flags, problem_of


def test_riverside_by_hand(riverside):
    """One: S1 covers 10 of 18. Two: all 18, without S1. Three add nothing."""
    points = coverage_curve(riverside, [1, 2, 3])
    assert [point.covered_weight for point in points] == [10, 18, 18]
    assert [point.sites.tolist() for point in points] == [[1], [0, 2], [0, 1, 2]]
    assert [round(point.marginal_share * 18) for point in points] == [10, 8, 0]


def test_every_point_is_bounded_and_close_to_the_best(planar):
    problem = planar(60, 12, 6.0, 1)
    for point in coverage_curve(problem, range(1, 7)):
        best = best_by_brute_force(problem.replace(count=point.count))
        assert point.covered_weight <= best <= point.bound * (1 + 1e-9)
        assert point.covered_weight >= 0.99 * best
        assert point.gap == pytest.approx(
            (point.bound - point.covered_weight) / point.covered_weight
        )
        assert len(point.sites) == point.count


def test_the_curve_never_falls_and_repeats_itself(planar):
    problem = planar(1500, 100, 3.0, 1)
    first, again = (coverage_curve(problem, range(1, 16), seed=3) for _ in range(2))
    shares = [point.covered_share for point in first]
    assert shares == sorted(shares)
    assert sum(point.marginal_share for point in first) == pytest.approx(shares[-1])
    assert [p.sites.tolist() for p in first] == [p.sites.tolist() for p in again]


def test_kept_sites_are_in_every_point(riverside):
    for point in coverage_curve(riverside.replace(keep=flags(3, 1)), [1, 2]):
        assert 1 in point.sites


def test_an_impossible_end_of_the_curve_is_told(riverside):
    with pytest.raises(InfeasibleError, match="lower the number to 3"):
        coverage_curve(riverside, [1, 2, 3, 4])


def test_several_regions_have_no_curve():
    problem = problem_of([{0}, {0}], [1], 2, region=[0, 1], budgets=[1, 1])
    with pytest.raises(ValueError, match="one region"):
        coverage_curve(problem, [1])


def test_more_platforms_than_useful_sites():
    """Only S0 reaches anybody; the other sites fill the number up."""
    points = coverage_curve(problem_of([{0}, set(), set()], [4], 1), [1, 3])
    assert [point.covered_share for point in points] == [1, 1]
    assert np.array_equal(points[-1].sites, [0, 1, 2])
