"""A bound lies above every plan, close to the linear program's, and fixes only what it may."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from optimizer.siting.cover import cover_of, rules_of
from optimizer.siting.covering.bounds import bound_at, excluded_sites, first_prices, tighten
from optimizer.siting.covering.local_search import greedy, improve
from optimizer.siting.covering.reduce import remainder_of

from ..small_problems import best_by_brute_force, problems


def bound_of_linear_program(problem) -> float:
    """The same bound by SciPy's linear programming, an independent road to it."""
    m, n = problem.site_count, problem.point_count
    ones = np.ones(len(problem.demand))
    reach = sparse.csr_matrix((ones, problem.demand, problem.indptr), shape=(m, n)).T
    answer = optimize.linprog(
        np.concatenate([np.zeros(m), -problem.weight]),
        A_ub=sparse.hstack([-reach, sparse.identity(n)]),
        b_ub=np.zeros(n),
        A_eq=np.concatenate([np.ones(m), np.zeros(n)])[None, :],
        b_eq=[problem.count],
        bounds=(0, 1),
    )
    return -answer.fun


@pytest.mark.parametrize(("radius", "count"), [(3.5, 6), (2.5, 10), (5.0, 4)])
def test_the_bound_comes_close_to_the_linear_program(planar, radius, count):
    problem = planar(1500, 80, radius, count)
    cover, rules = cover_of(problem), rules_of(problem)
    plan = improve(cover, rules, greedy(cover, rules), seed=0, work=1e6)
    value, linear = problem.covered_weight(plan), bound_of_linear_program(problem)
    bound = tighten(
        cover, rules, first_prices(cover, plan), target=value, enough=0.0, iterations=600
    )
    assert linear - 1e-6 <= bound.value <= 1.003 * linear


def test_tightening_stops_at_enough(planar):
    problem = planar(500, 50, 3.5, 5)
    cover, rules = cover_of(problem), rules_of(problem)
    start = np.zeros(problem.point_count)
    anything = tighten(cover, rules, start, target=0, enough=np.inf, iterations=100)
    assert anything.value == bound_at(cover, rules, start).value


@given(problem=problems(), data=st.data())
@settings(max_examples=80, deadline=None)
def test_any_prices_bound_every_plan_and_exclude_no_better_one(problem, data):
    best = best_by_brute_force(problem)
    assume(best is not None)
    rest = remainder_of(problem)
    smaller, rules = rest.problem, rules_of(rest.problem)
    shares = data.draw(
        st.lists(st.floats(0, 1), min_size=smaller.point_count, max_size=smaller.point_count)
    )
    bound = bound_at(rest.cover, rules, np.array(shares) * smaller.weight)
    assert rest.base + bound.value >= best * (1 - 1e-12)
    below = data.draw(st.floats(0, 1)) * (best - rest.base)
    opened, closed = excluded_sites(rules, bound, below)
    for sites in itertools.combinations(range(smaller.site_count), smaller.count):
        if smaller.broken_rules(sites) or smaller.covered_weight(sites) < below:
            continue
        assert not closed[list(sites)].any()
        assert opened.sum() == opened[list(sites)].sum()
