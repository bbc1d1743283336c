"""Splitting a point by its steps gives the graded objective exactly, and nothing else."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.errors import InputError
from optimizer.siting import GradedProblem, Step, graded_problem, solve

STEPS = [Step(60, 1.0), Step(180, 0.5), Step(300, 0.2)]


def build(times, weight, steps, count, **more) -> GradedProblem:
    """Write a problem down by a table of times, inf where there is no way."""
    table = np.asarray(times, dtype=np.float64)
    reached = np.isfinite(table)
    return graded_problem(
        np.concatenate(([0], np.cumsum(reached.sum(axis=1)))),
        np.nonzero(reached)[1],
        table[reached],
        weight,
        steps,
        site_ids=np.array([f"S{i}" for i in range(len(table))], dtype=object),
        demand_ids=np.array([f"D{j}" for j in range(table.shape[1])], dtype=object),
        count=count,
        **more,
    )


def earned(times, weight, lists, tier, sites) -> float:
    """The graded objective, straight from its definition."""
    total = 0.0
    for j, w in enumerate(weight):
        nearest = min(times[i][j] for i in sites)
        total += w * max((s.share for s in lists[tier[j]] if nearest <= s.standard_s), default=0)
    return total


def test_by_hand():
    """One site 60 s, 180 s, 181 s and 301 s from its points: whole, half, a fifth, nothing."""
    graded = build([[60, 180, 181, 301]], [10, 10, 10, 10], STEPS, 1)
    assert graded.problem.covered_weight([0]) == pytest.approx(10 + 5 + 2)
    assert graded.earned_share([0]).tolist() == [1.0, 0.5, 0.2, 0.0]
    assert graded.earned_share([]).tolist() == [0.0] * 4
    assert graded.point.tolist() == np.repeat(range(4), 3).tolist()
    assert graded.problem.demand_ids[1] == ("D0", 180.0)


def test_turnout_counts_against_every_step():
    graded = build([[30, 121]], [1, 1], STEPS, 1, turnout_s=60)
    assert graded.earned_share([0]).tolist() == [0.5, 0.2]


def test_one_step_is_plain_covering_and_equal_shares_are_one_step():
    one = build([[10, 70], [70, 10]], [3, 4], [Step(60, 1.0)], 1)
    assert one.problem.weight.tolist() == [3, 4]
    same = build([[10, 70], [70, 10]], [3, 4], [Step(60, 1.0), Step(90, 1.0)], 1)
    assert same.problem.weight.tolist() == [3, 4]
    assert same.problem.covered_weight([0]) == 7


@st.composite
def graded_cases(draw):
    """Up to seven sites and eight points with two tiers; times on and around the standards."""
    m, n = draw(st.integers(1, 7)), draw(st.integers(1, 8))
    time = st.sampled_from([0.0, 59.0, 60.0, 61.0, 180.0, 240.0, 300.0, 301.0, np.inf])
    times = draw(st.lists(st.lists(time, min_size=n, max_size=n), min_size=m, max_size=m))
    times[0][0] = 60.0
    weight = draw(st.lists(st.integers(1, 30), min_size=n, max_size=n))
    shares = st.lists(st.sampled_from([1.0, 0.75, 0.5, 0.25]), min_size=1, max_size=3)
    lists = [
        [Step(s, a) for s, a in zip((60, 180, 300), sorted(draw(shares), reverse=True))]  # noqa: B905
        for _ in range(2)
    ]
    tier = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    return times, weight, lists, tier, draw(st.integers(1, m))


@given(case=graded_cases())
@settings(max_examples=40, deadline=None)
def test_every_plan_earns_what_the_definition_says_and_the_best_is_found(case):
    times, weight, lists, tier, count = case
    graded = build(times, weight, lists, count, tier=np.array(tier))
    best = 0.0
    for sites in itertools.combinations(range(len(times)), count):
        value = earned(times, weight, lists, tier, sites)
        best = max(best, value)
        assert graded.problem.covered_weight(sites) == pytest.approx(value)
        assert graded.earned_share(sites) @ weight == pytest.approx(value)
    assert solve(graded.problem, gap=0).objective == pytest.approx(best)


def test_every_fault_is_named_at_once():
    wrong = [[Step(60, 0.5), Step(60, 0.7), Step(-1, 0)], []]
    with pytest.raises(InputError) as caught:
        build([[1, 1]], [1, 1], wrong, 1, tier=np.array([0, 2]))
    told = str(caught.value)
    for sentence in (
        "earn 0.5 within 60 s, but 0.7 within 60 s",
        "go from 60 s to 60 s",
        "a standard of -1 s",
        "earns a share of 0",
        "of tier 1 is empty",
        "lies in tier 2",
    ):
        assert sentence in told


def test_a_tier_that_is_missing_or_misshapen_is_named():
    with pytest.raises(InputError, match="2 lists of steps, but no tier"):
        build([[1, 1]], [1, 1], [STEPS, STEPS], 1)
    with pytest.raises(InputError, match=r"tier has shape \(1,\)"):
        build([[1, 1]], [1, 1], [STEPS, STEPS], 1, tier=np.array([0]))
