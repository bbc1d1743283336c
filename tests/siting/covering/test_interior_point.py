"""The interior-point method against HiGHS: never below the optimum, and close to it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from optimizer.siting.covering.interior_point import FEASIBLE, Program, interior_point

ITERATIONS = 60
KINDS = ["whole", "fractions", "widely spread"]


class Rule(NamedTuple):
    """At most (sign -1) or at least (sign 1) so many of these sites, written sign * level."""

    sites: list[int]
    sign: float
    level: float


def program_of(reach: np.ndarray, weight: np.ndarray, rules: list[Rule]) -> Program:
    """Write a linear program down by a table of points by sites."""
    rows = sparse.csr_matrix(reach)
    sizes = [len(rule.sites) for rule in rules]
    return Program(
        rows.indptr.astype(np.int64),
        rows.indices.astype(np.int32),
        np.asarray(weight, dtype=np.float64),
        np.concatenate(([0], np.cumsum(sizes, dtype=np.int64))),
        np.array([site for rule in rules for site in rule.sites], dtype=np.int32),
        np.array([rule.sign for rule in rules]),
        np.array([rule.level for rule in rules]),
        reach.shape[1],
    )


def optimum_by_highs(reach: np.ndarray, weight: np.ndarray, rules: list[Rule]) -> float:
    """The same linear program as the textbook writes it, solved by SciPy's HiGHS."""
    n, m = reach.shape
    sides = np.zeros((len(rules), m + n))
    for row, rule in zip(sides, rules, strict=True):
        row[rule.sites] = -rule.sign
    answer = optimize.linprog(
        np.concatenate([np.zeros(m), -weight]),
        A_ub=np.vstack([np.hstack([-reach.astype(float), np.eye(n)]), sides]),
        b_ub=np.concatenate([np.zeros(n), [-rule.level for rule in rules]]),
        bounds=(0, 1),
    )
    assert answer.status == 0
    return float(-answer.fun)


def bound_at(reach: np.ndarray, weight: np.ndarray, rules: list[Rule], point) -> float:
    """The Lagrangian bound of the prices handed back, worked out once more."""
    values = reach.T.astype(float) @ point.point_prices
    for rule, price in zip(rules, point.rule_prices, strict=True):
        values[rule.sites] += rule.sign * price
    levels = np.array([rule.level for rule in rules])
    left = (weight - point.point_prices).sum() - point.rule_prices @ levels
    return float(left + np.maximum(values, 0).sum())


def random_case(seed: int) -> tuple[str, np.ndarray, np.ndarray, list[Rule]]:
    """Regions, previous sites and at-least sets around a plan that keeps them all."""
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(1, 40)), int(rng.integers(1, 60))
    reach = rng.random((n, m)) < rng.choice([0.05, 0.2, 0.5, 0.95])
    reach[~reach.any(axis=1), rng.integers(0, m)] = True
    kind = KINDS[seed % 3]
    weight = {
        "whole": rng.integers(1, 101, n).astype(float),
        "fractions": rng.random(n) + 1e-3,
        "widely spread": 10 ** rng.uniform(-6, 6, n),
    }[kind]
    plan = rng.random(m) < rng.uniform(0.1, 0.9)
    plan[rng.integers(0, m)] = True
    region = rng.integers(0, rng.integers(1, 4), m)
    rules = []
    for r in range(region.max() + 1):
        inside = np.flatnonzero(region == r)
        if plan[inside].sum() < len(inside):
            rules.append(Rule(inside.tolist(), -1.0, -float(plan[inside].sum())))
    for _ in range(rng.integers(0, 4)):
        some = np.flatnonzero(rng.random(m) < rng.uniform(0.1, 0.9))
        if plan[some].any():
            least = float(rng.integers(1, plan[some].sum() + 1))
            rules.append(Rule(some.tolist(), 1.0, least))
    return kind, reach, weight, rules


def test_two_sites_by_hand():
    """One platform for D0 (3) and D1 (2), which S0 and S1 reach, and D2 (4), which only S1 does."""
    reach = np.array([[1, 0], [1, 1], [0, 1]], dtype=bool)
    one_platform = [Rule([0, 1], -1.0, -1.0)]
    program = program_of(reach, np.array([3, 2, 4.0]), one_platform)
    point = interior_point(program, -np.inf, 1e-9, ITERATIONS)
    assert point.bound == pytest.approx(6)
    assert point.opened == pytest.approx([0, 1], abs=1e-4)
    assert point.covered == pytest.approx(6, abs=1e-3)


def test_a_triangle_is_worth_more_in_halves():
    """Three sites reach two of three points each: half of every site covers all, with 1.5 sites."""
    reach = ~np.eye(3, dtype=bool)
    rule = [Rule([0, 1, 2], -1.0, -1.5)]
    point = interior_point(program_of(reach, np.ones(3), rule), -np.inf, 1e-9, ITERATIONS)
    assert point.bound == pytest.approx(3)
    assert point.opened == pytest.approx([0.5] * 3, abs=1e-3)


@pytest.mark.parametrize(
    ("reach", "rules", "optimum"),
    [
        (np.ones((1, 1), dtype=bool), [], 5.0),
        (np.ones((1, 1), dtype=bool), [Rule([0], 1.0, 1.0)], 5.0),
        (np.ones((1, 1), dtype=bool), [Rule([0], -1.0, 0.0)], 0.0),
        (np.ones((1, 7), dtype=bool), [Rule(list(range(7)), -1.0, -1.0)], 5.0),
        (np.ones((1, 2), dtype=bool), [Rule([0, 1], -1.0, -0.5)], 2.5),
    ],
    ids=["one site", "a site that must open", "no platform", "seven alike", "half a platform"],
)
def test_a_single_point(reach, rules, optimum):
    """Programs without any room inside them are solved too."""
    point = interior_point(program_of(reach, np.array([5.0]), rules), -np.inf, 1e-8, ITERATIONS)
    assert point.bound == pytest.approx(optimum, abs=1e-4)


def test_a_single_site_with_many_points():
    point = interior_point(
        program_of(np.ones((50, 1), dtype=bool), np.arange(1.0, 51), [Rule([0], -1.0, -0.5)]),
        -np.inf, 1e-8, ITERATIONS,
    )  # fmt: skip
    assert point.bound == pytest.approx(25.5 * 25, rel=1e-9)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=100)
def test_highs_finds_the_same_optimum_and_no_lower_bound(seed):
    kind, reach, weight, rules = random_case(seed)
    total = weight.sum()
    point = interior_point(program_of(reach, weight, rules), -np.inf, 1e-7 * total, ITERATIONS)
    optimum = optimum_by_highs(reach, weight, rules)
    assert optimum - 1e-9 * total <= point.bound <= optimum + 1e-5 * total, kind
    assert point.covered == pytest.approx(optimum, abs=1e-3 * total)
    assert point.bound == pytest.approx(bound_at(reach, weight, rules, point), rel=1e-12)
    assert (point.point_prices > 0).all()
    assert (point.point_prices < weight).all()
    assert (point.rule_prices > 0).all()
    for rule in rules:
        assert rule.sign * point.opened[rule.sites].sum() >= rule.level - FEASIBLE


@given(seed=st.integers(0, 2**32 - 1), iterations=st.integers(1, 12))
@settings(max_examples=50)
def test_every_iterate_bounds_the_optimum(seed, iterations):
    """Stopped after any number of steps, the prices still prove something true."""
    _, reach, weight, rules = random_case(seed)
    point = interior_point(program_of(reach, weight, rules), -np.inf, 0.0, iterations)
    assert point.bound >= optimum_by_highs(reach, weight, rules) - 1e-9 * weight.sum()


@given(seed=st.integers(0, 2**32 - 1), part=st.floats(0.2, 0.8))
@settings(max_examples=30)
def test_it_stops_as_soon_as_the_bound_is_enough(seed, part):
    """At a goal between the first bound and the optimum it does just what fewer steps would."""
    _, reach, weight, rules = random_case(seed)
    program = program_of(reach, weight, rules)
    bounds = [interior_point(program, -np.inf, 0.0, k).bound for k in range(1, 20)]
    enough = part * bounds[0] + (1 - part) * bounds[-1]
    steps = next(k for k, bound in enumerate(bounds, start=1) if bound <= enough)
    point = interior_point(program, enough, 0.0, ITERATIONS)
    assert point.bound == bounds[steps - 1] <= enough
