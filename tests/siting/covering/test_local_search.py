"""The search keeps every rule, never gets worse, and repeats itself."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimizer.siting.cover import cover_of, rules_of
from optimizer.siting.covering.local_search import extend_greedily, greedy, improve
from optimizer.siting.covering.reduce import remainder_of

from ..small_problems import best_by_brute_force, flags, problem_of, problems


def test_greedy_takes_the_busiest_site_and_one_swap_mends_it(riverside):
    cover, rules = cover_of(riverside), rules_of(riverside)
    assert sorted(greedy(cover, rules)) == [0, 1]
    assert improve(cover, rules, np.array([0, 1]), seed=0, work=0).tolist() == [0, 2]


def test_greedy_leaves_room_for_previous_sites():
    """S0 is best by far, but the only place belongs to a previous site."""
    problem = problem_of([{0, 1}, {0}, {1}], [9, 1], 1, previous=flags(3, 2), max_moves=0)
    assert greedy(cover_of(problem), rules_of(problem)).tolist() == [2]


def test_the_same_seed_gives_the_same_plan(planar):
    problem = planar(800, 80, 3.5, 8)
    cover, rules = cover_of(problem), rules_of(problem)
    first, again = (improve(cover, rules, greedy(cover, rules), seed=7, work=3e6) for _ in range(2))
    assert first.tolist() == again.tolist()


def test_shaking_beats_the_first_swap_optimum(planar):
    problem = planar(2000, 150, 3.5, 12)
    cover, rules = cover_of(problem), rules_of(problem)
    descent = improve(cover, rules, greedy(cover, rules), seed=0, work=0)
    shaken = improve(cover, rules, greedy(cover, rules), seed=0, work=3e7)
    assert problem.covered_weight(shaken) > problem.covered_weight(descent)


def test_out_of_time_still_returns_a_plan(planar):
    problem = planar(500, 50, 3.5, 5)
    cover, rules = cover_of(problem), rules_of(problem)
    start = greedy(cover, rules)
    plan = improve(cover, rules, start, seed=0, work=1e6, out_of_time=lambda: True)
    assert problem.covered_weight(plan) >= problem.covered_weight(start)


@given(problem=problems(rules=False))
@settings(deadline=None)
def test_greedy_reaches_its_guarantee(problem):
    value = problem.covered_weight(greedy(cover_of(problem), rules_of(problem)))
    assert value >= (1 - 1 / np.e) * best_by_brute_force(problem) * (1 - 1e-12)


@given(problem=problems(), seed=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_every_plan_of_the_search_keeps_the_rules(problem, seed):
    assume(best_by_brute_force(problem) is not None)
    rest = remainder_of(problem)
    cover, rules = rest.cover, rules_of(rest.problem)
    start = extend_greedily(cover, rules, np.zeros(0, dtype=np.int64))
    plan = improve(cover, rules, start, seed=seed, work=2e3)
    assert rest.problem.broken_rules(start) == []
    assert rest.problem.broken_rules(plan) == []
    before, after = rest.problem.covered_weight(start), rest.problem.covered_weight(plan)
    assert after >= before - 1e-9 * max(1.0, before)
