"""The bound of the p-median holds at any prices, and decides no site against a better plan."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimizer.siting import PMedian
from optimizer.siting.cover import rules_of
from optimizer.siting.travel import median_bound
from optimizer.siting.travel.median_bound import (
    CLOSED,
    FREE,
    OPEN,
    bound_at,
    dearest_ways,
    decide,
    first_prices,
    tighten,
)  # fmt: skip
from optimizer.siting.travel.ways import cut, ways_of

from ..small_times import best_times_by_brute_force, timed, timed_problems, times_of


def laid_out(problem):
    ways = ways_of(problem, problem.weight[problem.demand] * problem.travel_s)
    decided = np.where(problem.keep, OPEN, np.where(problem.forbidden, CLOSED, FREE))
    return ways, rules_of(problem), decided.astype(np.int8)


def test_two_villages_by_hand():
    """At prices 4 and 6 each site saves its own village's price, and the dearer of them opens."""
    problem = timed([{0: 0, 1: 10}, {0: 10, 1: 0}], [1, 1], 1)
    ways, rules, decided = laid_out(problem)
    bound = bound_at(ways, rules, decided, np.array([4.0, 6.0]))
    assert bound.value == pytest.approx(4 + 6 - 6)
    assert bound.chosen.tolist() == [False, True]
    assert first_prices(ways, np.array([0, 1])).tolist() == [5, 5]
    best = tighten(ways, rules, decided, bound.prices, 10.0, 10.0, 200, 1.0)
    assert best.value == pytest.approx(10, rel=1e-3)


@given(problem=timed_problems(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_prices_give_a_bound_above_the_best_plan(problem, data):
    best = best_times_by_brute_force(problem)
    assume(best)
    ways, rules, decided = laid_out(problem)
    some = st.floats(0, 600, allow_subnormal=False)
    n = problem.point_count
    prices = np.array(data.draw(st.lists(some, min_size=n, max_size=n))) * (problem.weight > 0)
    slack = 1e-9 * max(best[0], prices.sum())
    assert bound_at(ways, rules, decided, prices).value <= best[0] + slack
    tight = tighten(ways, rules, decided, prices, best[0], np.inf, 50, 1.0)
    assert bound_at(ways, rules, decided, prices).value <= tight.value <= best[0] + slack


@given(problem=timed_problems(), factor=st.floats(1.0, 1.5))
@settings(max_examples=60, deadline=None)
def test_every_better_plan_keeps_its_sites_and_ways(problem, factor):
    """All plans that cost less than a threshold agree with the decisions and need no cut way."""
    best = best_times_by_brute_force(problem)
    assume(best and best[0] > 0)
    below = best[0] * factor + 1e-6
    ways, rules, decided = laid_out(problem)
    start = np.zeros(problem.point_count)
    bound = tighten(ways, rules, decided, start, best[0], below, 60, 1.0)
    new, free = decide(rules, decided, bound, below)
    assert free == (new == FREE).sum()
    left = cut(ways, dearest_ways(ways, new, bound.prices, below - bound.value), new == CLOSED)
    times = times_of(problem)
    for sites in itertools.combinations(range(problem.site_count), problem.count):
        model = PMedian()
        if model.broken_rules(problem, sites) or model.value(problem, sites) >= below * (1 - 1e-9):
            continue
        assert set(np.flatnonzero(new == OPEN)) <= set(sites)
        assert not set(np.flatnonzero(new == CLOSED)) & set(sites)
        for j in np.flatnonzero(problem.weight > 0):
            nearest = min(times[i].get(j, np.inf) for i in sites)
            here = slice(left.point_ptr[j], left.point_ptr[j + 1])
            kept = dict(zip(left.point_sites[here], left.point_costs[here], strict=True))
            cost = min(kept[i] for i in sites if i in kept)
            assert cost == pytest.approx(problem.weight[j] * nearest)


def test_looking_at_the_clock_changes_nothing_until_it_runs_out(monkeypatch):
    """Steps between two looks are steps all the same; out of time, the bound is still one."""
    rng = np.random.default_rng(3)
    ways_s = [dict(enumerate(rng.integers(0, 300, 25).tolist())) for _ in range(12)]
    problem = timed(ways_s, [1] * 25, 3)
    ways, rules, decided = laid_out(problem)
    start = first_prices(ways, np.arange(3))
    asked = (ways, rules, decided, start, 600.0, np.inf, 45, 0.1)
    often = tighten(*asked)
    monkeypatch.setattr(median_bound, "ASKED_EVERY", 1000)
    seldom = tighten(*asked)
    assert (often.value, often.stride) == (seldom.value, seldom.stride)
    assert np.array_equal(often.prices, seldom.prices)
    monkeypatch.setattr(median_bound, "ASKED_EVERY", 1)
    cut_short = tighten(*asked, out_of_time=lambda: True)
    assert bound_at(ways, rules, decided, start).value <= cut_short.value < often.value
