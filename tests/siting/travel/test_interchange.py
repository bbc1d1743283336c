"""The swaps of the p-median keep every rule, never get worse, repeat themselves and stop."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.siting.cover import rules_of
from optimizer.siting.covering.reduce import completed
from optimizer.siting.travel.interchange import exchange
from optimizer.siting.travel.ways import nearest_s, ways_of

from ..small_times import best_times_by_brute_force, timed, timed_problems


def searched(problem, work, seed=0):
    return exchange(
        ways_of(problem, problem.weight[problem.demand] * problem.travel_s),
        rules_of(problem),
        problem.keep | problem.forbidden,
        completed(problem, np.flatnonzero(problem.keep), problem.budgets),
        seed=seed,
        work=work,
    )


def test_one_swap_mends_a_bad_start():
    """S0 and S1 stand together at D0; S2 at D1 saves the way of 9."""
    problem = timed([{0: 0, 1: 9}, {0: 0, 1: 9}, {0: 9, 1: 0}], [1, 1], 2)
    assert searched(problem, 0).tolist() in ([0, 2], [1, 2])


def test_reaching_somebody_is_worth_more_than_any_saving():
    """S1 is quick but leaves the light D2 out."""
    problem = timed([{0: 1, 1: 1}, {0: 90, 1: 90, 2: 90}], [50, 50, 1e-6], 1)
    assert searched(problem, 0).tolist() == [1]


@given(problem=timed_problems(), seed=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_every_plan_of_the_search_keeps_the_rules_and_shaking_never_worsens_it(problem, seed):
    plan = searched(problem, 1e4, seed)
    assert problem.broken_rules(plan) == []
    assert plan.tolist() == searched(problem, 1e4, seed).tolist()
    best = best_times_by_brute_force(problem)
    counts = problem.weight > 0
    value = problem.weight[counts] @ nearest_s(problem, plan)[counts]
    assert best is None or value >= best[0] * (1 - 1e-9)
    descent = problem.weight[counts] @ nearest_s(problem, searched(problem, 0))[counts]
    assert value <= descent * (1 + 1e-9)
