"""The fewest sites that cover everybody: by hand, brute force, a solver left alone, and liars."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.errors import InfeasibleError, InputError
from optimizer.siting import SetCovering, fewest_sites, solve
from optimizer.siting.cover import cover_of
from optimizer.solvers import HighsBackend

from ..small_problems import flags, problem_of, problems, sjc


def fewest_by_brute_force(problem) -> int | None:
    """The size of the smallest set of sites that keeps the rules; None: no set does."""
    model = SetCovering()
    for size in range(problem.site_count + 1):
        for sites in itertools.combinations(range(problem.site_count), size):
            if not model.broken_rules(problem, list(sites)):
                return size
    return None


def test_riverside_by_hand(riverside):
    """D0 has S0 alone and D3 has S2 alone; those two leave nobody out."""
    plan = solve(riverside, SetCovering())
    assert plan.sites.tolist() == [0, 2]
    assert (plan.objective, plan.bound, plan.gap, plan.status) == (2, 2, 0, "optimal")


def test_the_number_of_platforms_is_the_answer_not_a_rule(riverside):
    assert solve(riverside.replace(count=0), SetCovering()).objective == 2
    assert solve(riverside.replace(count=3), SetCovering()).objective == 2


def test_kept_sites_count_and_forbidden_ones_stay_closed(riverside):
    assert solve(riverside.replace(keep=flags(3, 1)), SetCovering()).sites.tolist() == [0, 1, 2]
    ring = problem_of([{0, 1}, {1, 2}, {2, 0}, {0, 1, 2}], [1, 1, 1], 1)
    assert solve(ring, SetCovering()).sites.tolist() == [3]
    assert solve(ring.replace(forbidden=flags(4, 3)), SetCovering()).objective == 2


def test_a_point_of_weight_zero_asks_for_nothing():
    assert solve(problem_of([{0}, {1}], [1, 0], 1), SetCovering()).sites.tolist() == [0]
    assert solve(problem_of([{0}], [1, 0], 1), SetCovering()).sites.tolist() == [0]


def test_previous_sites_stay_as_far_as_max_moves_says(riverside):
    """S1 is in no smallest cover; where it may not close, three platforms are needed."""
    settled = riverside.replace(previous=flags(3, 1), max_moves=0)
    assert solve(settled, SetCovering()).sites.tolist() == [0, 1, 2]
    assert solve(settled.replace(max_moves=1), SetCovering()).objective == 2


def test_points_out_of_reach_are_counted_and_named():
    problem = problem_of([{0}, {1}], np.ones(9), 1, forbidden=flags(2, 1))
    with pytest.raises(InfeasibleError) as caught:
        solve(problem, SetCovering())
    sentence = str(caught.value)
    assert "8 of 9 demand points with weight lie beyond the reach" in sentence
    assert "'D1', 'D2', 'D3', 'D4', 'D5', ..." in sentence
    assert "leave out 8" in sentence
    assert "allow forbidden sites (they reach 1 of them)" in sentence
    smallest_change = problem.replace(weight=flags(9, 0).astype(float))
    assert solve(smallest_change, SetCovering()).objective == 1


def test_clashing_lists_and_moves_are_named(riverside):
    with pytest.raises(InfeasibleError, match="'S1' is both kept and forbidden"):
        solve(riverside.replace(keep=flags(3, 1), forbidden=flags(3, 1)), SetCovering())
    with pytest.raises(InfeasibleError, match="only 0 may open: raise max_moves to 1"):
        solve(
            riverside.replace(previous=flags(3, 1), forbidden=flags(3, 1), max_moves=0),
            SetCovering(),
        )


def test_no_demand_is_an_input_error(riverside):
    with pytest.raises(InputError, match="All 4 demand points have weight 0"):
        solve(riverside.replace(weight=np.zeros(4)), SetCovering())
    with pytest.raises(InputError, match="no demand point"):
        solve(problem_of([set()], [], 0), SetCovering())


@given(problem=problems())
@settings(max_examples=80)
def test_brute_force_agrees(problem):
    fewest = fewest_by_brute_force(problem)
    if fewest is None:
        with pytest.raises(InfeasibleError):
            solve(problem, SetCovering())
        return
    plan = solve(problem, SetCovering(), gap=0)
    assert (plan.objective, plan.bound, plan.status) == (fewest, fewest, "optimal")


@st.composite
def covers(draw):
    """Reach in which small cycles are common, so that bound and search do not settle everything."""
    m, n = draw(st.integers(3, 11)), draw(st.integers(3, 16))
    per_point = draw(
        st.lists(st.sets(st.integers(0, m - 1), min_size=1, max_size=3), min_size=n, max_size=n)
    )
    reach = [{j for j in range(n) if i in per_point[j]} for i in range(m)]
    return problem_of(reach, np.ones(n), 1)


@given(problem=covers(), at_most=st.integers(0, 8))
@settings(max_examples=80)
def test_whether_so_many_sites_suffice_is_decided(problem, at_most):
    fewest = fewest_by_brute_force(problem)
    sites, least = fewest_sites(cover_of(problem), at_most=at_most)
    assert least <= fewest
    assert (sites is None) == (fewest > at_most)
    if sites is None:
        assert least > at_most
    else:
        assert len(sites) <= at_most
        assert problem.covered_by(sites).all()


def test_a_point_without_any_site_is_a_no():
    cover = cover_of(problem_of([{0}, {0}], [1, 1], 1))
    assert fewest_sites(cover, at_most=2) == (None, 3)


@given(problem=covers(), extra=st.sets(st.integers(0, 15)))
@settings(max_examples=50)
def test_one_more_candidate_never_takes_more_sites(problem, extra):
    reach = [set(row.tolist()) for row in np.split(problem.demand, problem.indptr[1:-1])]
    more = problem_of([*reach, {j for j in extra if j < problem.point_count}], problem.weight, 1)
    fewest = solve(problem, SetCovering(), gap=0).objective
    assert 1 <= solve(more, SetCovering(), gap=0).objective <= fewest


def hard_problem():
    """Steiner triples: the 35 lines of the 15 points of PG(3, 2); fractions meet all with 5."""
    lines = [{a, b, a ^ b} for a in range(1, 16) for b in range(a + 1, 16) if a ^ b > b]
    reach = [{k for k, line in enumerate(lines) if i in line} for i in range(1, 16)]
    return problem_of(reach, np.ones(len(lines)), 1)


def test_steiner_triples_need_the_solver():
    """No set of points that meets every line is smaller than a plane, which has 7 points."""
    plan = solve(hard_problem(), SetCovering(), gap=0)
    assert (plan.objective, plan.bound) == (7, 7)


def test_the_same_seed_gives_the_same_plan_and_a_time_limit_a_plan(planar):
    problem = planar(1500, 300, 3.5, 1)
    problem = problem.replace(weight=problem.weight * problem.covered_by(np.arange(300)))
    first, again = (solve(problem, SetCovering(), seed=3) for _ in range(2))
    assert first.sites.tolist() == again.sites.tolist()
    hurried = solve(problem, SetCovering(), time_limit_s=0.0)
    assert hurried.bound <= first.objective <= hurried.objective


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["SJC324", "SJC402", "SJC500"])
def test_a_brazilian_city_against_a_solver_left_alone(shared, name):
    problem = sjc(shared, name, 800, 1)
    backend = HighsBackend()
    SetCovering().formulate(problem, backend)
    alone = backend.solve(gap=0.0, time_limit_s=100.0, seed=0)
    plan = solve(problem, SetCovering(), gap=0)
    assert (plan.objective, plan.status) == (alone.objective, "optimal")
    sites, least = fewest_sites(cover_of(problem), at_most=int(plan.objective) - 1)
    assert (sites, least) == (None, plan.objective)
