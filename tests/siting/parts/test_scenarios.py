"""Several scenarios: the mean is plain covering, the worst case is found against every plan."""

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optimizer.errors import InfeasibleError, InputError
from optimizer.siting import ScenarioCovering, solve

from ..small_problems import problem_of, problems

FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def plans_of(problem):
    for sites in itertools.combinations(range(problem.site_count), problem.count):
        if not problem.broken_rules(sites):
            yield sites


@pytest.fixture
def day_and_night():
    """Three places; by day the first is busiest, by night the second, the third is always fair.

    In shares S0 has .7 / .1, S1 .1 / .6, S2 .2 / .3: the best mean is S0, the best worst case S2.
    """
    problem = problem_of([{0}, {1}, {2}], [1, 1, 1], 1)
    return problem, np.array([[70, 10, 20], [1, 6, 3]])


def test_mean_and_worst_case_by_hand(day_and_night):
    problem, weights = day_and_night
    mean = solve(problem, ScenarioCovering(weights), gap=0)
    assert (mean.sites.tolist(), mean.status) == ([0], "optimal")
    assert mean.objective == pytest.approx(0.4)
    worst = solve(problem, ScenarioCovering(weights, "worst"), gap=0)
    assert (worst.sites.tolist(), worst.status) == ([2], "optimal")
    assert worst.objective == pytest.approx(0.2)
    values = ScenarioCovering(weights).scenario_values(problem, [1])
    assert values.tolist() == pytest.approx([0.1, 0.6])


def test_in_weight_the_busy_scenario_counts_more(day_and_night):
    """By weight the night is the worst case of every plan, so its busiest place is best."""
    problem, weights = day_and_night
    worst = solve(problem, ScenarioCovering(weights, "worst", in_shares=False), gap=0)
    assert (worst.sites.tolist(), worst.objective) == ([1], 6)


def test_every_fault_is_named_at_once(day_and_night):
    problem, weights = day_and_night
    wrong = weights.astype(float)
    wrong[0, 1], wrong[1] = -1, 0
    with pytest.raises(InputError) as caught:
        solve(problem, ScenarioCovering(wrong, "best"))
    for sentence in (
        "by = 'best'",
        "'D1' has weight -1.0 in scenario 0",
        "Scenario 1 has no demand",
    ):
        assert sentence in str(caught.value)
    with pytest.raises(InputError, match=r"shape \(1, 2\)"):
        solve(problem, ScenarioCovering([[1, np.nan]]))
    with pytest.raises(InputError, match="weight nan"):
        solve(problem, ScenarioCovering([[1, np.nan, 1]]))


def test_rules_that_clash_are_named(day_and_night):
    problem, weights = day_and_night
    with pytest.raises(InfeasibleError, match="only 3 candidate sites"):
        solve(problem.replace(count=4), ScenarioCovering(weights, "worst"))


@st.composite
def scenarios(draw, *, whole: bool = False):
    problem = draw(problems())
    n = problem.point_count
    number = st.integers(0, 30) if whole else st.floats(0, 30, allow_subnormal=False)
    rows = draw(st.lists(st.lists(number, min_size=n, max_size=n), min_size=1, max_size=4))
    for row in rows:
        row[0] += 1
    by, in_shares = draw(st.sampled_from(["mean", "worst"])), draw(st.booleans())
    return problem, ScenarioCovering(np.array(rows, dtype=float), by, in_shares)


def best_of(problem, model) -> float:
    reached = model.weights.sum(axis=0)[
        problem.demand[np.repeat(~problem.forbidden, np.diff(problem.indptr))]
    ]
    assume(reached.any())
    return max(model.value(problem, sites) for sites in plans_of(problem))


@given(case=scenarios())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_brute_force_agrees(case):
    problem, model = case
    best = best_of(problem, model)
    plan = solve(problem, model, gap=0)
    assert plan.objective == pytest.approx(best, abs=1e-6)
    assert plan.status == "optimal"
    assert plan.objective <= plan.bound <= best + 1e-6 * max(1.0, best)


@given(case=scenarios(), data=st.data())
@FEW
def test_order_of_scenarios_and_a_repeated_one_do_not_matter_to_the_worst(case, data):
    problem, model = case
    best_of(problem, model)
    order = data.draw(st.permutations(range(len(model.weights))))
    rows = model.weights[[*order, order[0]]]
    one = solve(problem, ScenarioCovering(model.weights, "worst", model.in_shares), gap=0)
    other = solve(problem, ScenarioCovering(rows, "worst", model.in_shares), gap=0)
    assert other.objective == pytest.approx(one.objective, abs=1e-6)


@given(case=scenarios(), factor=st.floats(0.01, 100))
@FEW
def test_shares_do_not_know_the_scale_of_a_scenario(case, factor):
    problem, model = case
    best_of(problem, model)
    scaled = model.weights.copy()
    scaled[0] *= factor
    one = solve(problem, ScenarioCovering(model.weights, model.by), gap=0)
    other = solve(problem, ScenarioCovering(scaled, model.by), gap=0)
    assert other.objective == pytest.approx(one.objective, abs=1e-6)


def test_a_larger_instance_comes_with_a_tight_bound(planar):
    problem = planar(1500, 120, 3.5, 8)
    weights = np.random.default_rng(2).integers(1, 50, (4, 1500))
    plan = solve(problem, ScenarioCovering(weights, "worst"), time_limit_s=10)
    assert plan.objective <= plan.bound <= 1.05 * plan.objective
