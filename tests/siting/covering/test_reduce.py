"""Reduction changes the size of a problem, never its best plan."""

import numpy as np
from hypothesis import assume, given, settings

from optimizer.siting.covering.reduce import completed, remainder_of

from ..small_problems import best_by_brute_force, flags, problem_of, problems


def test_points_covered_by_the_same_sites_become_one():
    problem = problem_of([{0, 1, 3}, {2, 3}, {3}], [1, 2, 4, 8, 16], 1)
    rest = remainder_of(problem)
    assert rest.problem.weight.tolist() == [3, 4, 8]
    assert rest.problem.total_weight == 15


def test_a_site_inside_another_leaves_and_of_equal_sites_one_stays():
    problem = problem_of([{0, 1}, {0, 1, 2}, {0, 1, 2}, {3}], [1, 1, 1, 1], 2)
    assert remainder_of(problem).sites.tolist() == [1, 3]


def test_a_site_of_another_region_does_not_push_one_out():
    problem = problem_of([{0}, {0, 1}], [1, 1], 2, region=[0, 1], budgets=[1, 1])
    assert remainder_of(problem).sites.tolist() == [0, 1]


def test_previous_sites_stay_while_some_must():
    reach, previous = [{0}, {0, 1}, {2}], flags(3, 0, 1)
    assert remainder_of(problem_of(reach, [1, 1, 1], 2, previous=previous)).sites.tolist() == [1, 2]
    held = problem_of(reach, [1, 1, 1], 2, previous=previous, max_moves=0)
    assert 0 in remainder_of(held).sites


def test_kept_sites_open_and_forbidden_sites_go():
    problem = problem_of(
        [{0, 1}, {1, 2}, {3}], [1, 2, 4, 8], 2, keep=flags(3, 0), forbidden=flags(3, 2)
    )
    rest = remainder_of(problem)
    assert (rest.opened.tolist(), rest.base, rest.sites.tolist()) == ([0], 3, [1])
    assert rest.problem.weight.tolist() == [4]


def test_filling_up_prefers_previous_sites():
    problem = problem_of([{0}, set(), set(), set()], [1], 2, previous=flags(4, 3))
    assert completed(problem, np.array([0]), problem.budgets).tolist() == [0, 3]


@given(problem=problems())
@settings(max_examples=60, deadline=None)
def test_the_remainder_has_the_same_best_plan(problem):
    best = best_by_brute_force(problem)
    assume(best is not None)
    rest = remainder_of(problem)
    assert np.isclose(rest.base + best_by_brute_force(rest.problem), best)
