"""The bound of a part of the plans: above every plan in it, exact where one is left."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.siting.cover import cover_of, rules_of
from optimizer.siting.covering.ledger import Ledger
from optimizer.siting.covering.reduce import reduction_of
from optimizer.siting.covering.relaxation import PRICE_STEPS, Pains, Part, relax

from ..small_problems import flags, problem_of, problems

EXACT = Pains(rounds=20, tolerance=1e-3, missed=0.0)


def whole(problem, *, opened=(), closed=(), one_of=()) -> Part:
    m = problem.site_count
    sets = tuple(np.array(sorted(some)) for some in one_of)
    return Part(flags(m, *opened), flags(m, *closed), sets, np.ones(m, dtype=np.bool_))


def bounded(problem, part, *, enough=-1.0, pains=EXACT):
    """Bound a part of a problem that needs no reduction."""
    return relax(
        cover_of(problem), rules_of(problem), part, scale=PRICE_STEPS, enough=enough, pains=pains
    )


def plans_of(problem, part: Part):
    """Every plan of the part."""
    for sites in itertools.combinations(range(problem.site_count), problem.count):
        chosen = flags(problem.site_count, *sites)
        inside = not ((part.opened & ~chosen) | (part.closed & chosen)).any()
        if inside and not problem.broken_rules(sites) and all(chosen[s].any() for s in part.one_of):
            yield sites


@st.composite
def parts(draw):
    """A reduced problem, its scale, and a part of its plans, which may well be none."""
    reduction = reduction_of(draw(problems()))
    problem = reduction.rest.problem
    m = problem.site_count
    state = np.array(draw(st.lists(st.sampled_from("of..-"), min_size=m, max_size=m)), dtype=object)
    sites = st.sets(st.integers(0, max(0, m - 1)), min_size=1)
    sets = draw(st.lists(sites, max_size=2)) if m else []
    part = Part(
        state == "o", state == "-",
        tuple(np.array(sorted(some)) for some in sets),
        np.array(draw(st.lists(st.booleans(), min_size=m, max_size=m)), dtype=np.bool_),
    )  # fmt: skip
    scale = Ledger(problem, *reduction_of(problem), keep_tree=False).scale
    return problem, part, scale


def test_a_ring_is_worth_more_in_halves(planar):
    """Three sites reach two of three points each: one covers 2, and no relaxation says so."""
    ring = problem_of([{0, 1}, {1, 2}, {0, 2}], [1, 1, 1], 1)
    relaxed = bounded(ring, whole(ring))
    assert relaxed.bound == pytest.approx(2, abs=1e-2)
    two = ring.replace(count=2, weight=[1, 2, 3])
    assert bounded(two, whole(two)).bound == pytest.approx(6, abs=1e-2)


def test_what_is_open_closed_or_asked_for_counts(riverside):
    """S0 5 + 4, S1 4 + 6, S2 6 + 3; two platforms."""
    assert bounded(riverside, whole(riverside)).bound == pytest.approx(18, abs=0.05)
    assert bounded(riverside, whole(riverside, opened=[1])).bound == pytest.approx(15, abs=0.05)
    assert bounded(riverside, whole(riverside, closed=[0])).bound == pytest.approx(13, abs=0.05)
    assert bounded(riverside, whole(riverside, one_of=[{1}])).bound == pytest.approx(15, abs=0.05)


def test_rounds_bring_in_the_sites_that_the_working_set_lacks(planar):
    """From one site in the working set to the bound over all of them, in a handful of rounds."""
    problem = planar(600, 500, 3.0, 6)
    everything = whole(problem)
    few = Part(everything.opened, everything.closed, (), flags(500, 0))
    full = bounded(problem, everything, pains=Pains(20, 1.0, 0.0))
    grown = bounded(problem, few, pains=Pains(20, 1.0, 0.0))
    hurried = bounded(problem, few, pains=Pains(1, 1.0, 0.0))
    assert grown.bound == pytest.approx(full.bound, rel=2e-3)
    assert grown.columns.sum() < 500
    assert hurried.bound > grown.bound
    assert hurried.estimate < grown.bound


@given(case=parts())
@settings(max_examples=80, suppress_health_check=list(HealthCheck))
def test_no_plan_of_a_part_covers_more_than_its_bound(case):
    problem, part, scale = case
    relaxed = relax(
        cover_of(problem), rules_of(problem), part, scale=scale, enough=-np.inf, pains=EXACT
    )
    values = [problem.covered_weight(sites) for sites in plans_of(problem, part)]
    slack = 1e-9 * max(1.0, problem.total_weight)
    assert all(value <= relaxed.bound + slack for value in values)
    assert relaxed.prices.dtype == np.uint16
    assert (relaxed.rule_prices == np.floor(relaxed.rule_prices)).all()
    assert (relaxed.rule_prices >= 0).all()


@given(case=parts(), share=st.floats(0, 1.1))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_what_is_fixed_is_so_in_every_plan_worth_more(case, share):
    problem, part, scale = case
    values = [problem.covered_weight(sites) for sites in plans_of(problem, part)]
    limit = share * max(values, default=0.0)
    relaxed = relax(
        cover_of(problem), rules_of(problem), part, scale=scale, enough=limit, pains=EXACT
    )
    opened, closed = relaxed.fixed(part, limit)
    assert not (opened & closed).any()
    assert not ((opened | closed) & ~part.free).any()
    slack = 1e-9 * max(1.0, problem.total_weight)
    for sites in plans_of(problem, part):
        if problem.covered_weight(sites) > limit + slack:
            chosen = flags(problem.site_count, *sites)
            assert not (opened & ~chosen).any()
            assert not (closed & chosen).any()


@given(case=parts(), data=st.data())
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_a_part_of_one_plan_gets_its_value_and_one_of_none_nothing_at_most(case, data):
    problem, part, scale = case
    m = problem.site_count
    opened = np.array(data.draw(st.lists(st.booleans(), min_size=m, max_size=m)), dtype=np.bool_)
    part = Part(opened, ~opened, part.one_of, part.columns)
    relaxed = relax(cover_of(problem), rules_of(problem), part, scale=scale, enough=0, pains=EXACT)
    sites = np.flatnonzero(opened)
    # Fewer platforms than the budget cover no more than a full plan: they count as one.
    most = np.bincount(problem.region[sites], minlength=len(problem.budgets)) <= problem.budgets
    kept = int((problem.previous & opened).sum()) >= problem.least_kept_previous
    asked = all(opened[some].any() for some in part.one_of)
    if most.all() and kept and asked:
        assert relaxed.bound == pytest.approx(problem.covered_weight(sites), rel=1e-12, abs=1e-12)
    else:
        assert relaxed.bound <= 0


def test_sites_that_add_nothing_under_a_rule_that_binds():
    """S0 is open and covers all; S1 may open or not, but there is no platform for it."""
    problem = problem_of([{0}, {0}], [7], 1)
    assert bounded(problem, whole(problem, opened=[0])).bound == 7


@pytest.mark.parametrize("unit", [1e-6, 1.0, 1e6])
def test_the_unit_of_weight_does_not_show(planar, unit):
    problem = planar(200, 40, 4.0, 4)
    scaled = problem.replace(weight=problem.weight * unit)
    scale = Ledger(scaled, *reduction_of(scaled), keep_tree=False).scale
    pains = Pains(20, 1e-6 * scaled.total_weight, 0.0)
    one = bounded(problem, whole(problem), pains=Pains(20, 1e-6 * problem.total_weight, 0.0))
    other = relax(
        cover_of(scaled), rules_of(scaled), whole(scaled), scale=scale, enough=-1.0, pains=pains
    )
    assert other.bound == pytest.approx(unit * one.bound, rel=1e-4)
