"""A proof under way: what it makes of bounds that are next to the plan."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.siting import MaximalCovering
from optimizer.siting.proof import Proof

from .small_problems import problem_of

WITHIN = 0.01


@pytest.fixture
def proof() -> Proof:
    """One of two sites opens; the plan at hand covers 0.7, and another might cover 0.3."""
    problem = problem_of([{0}, {1}], [0.7, 0.3], 1)
    proof = Proof(problem, MaximalCovering(), WITHIN, 60.0, None)
    proof.offer(np.array([0]))
    return proof


def test_a_search_without_anything_of_interest_left_has_proven_the_gap(proof):
    """With fractional weights, `of_interest` lies half a millionth above what is good enough."""
    proof.limit(proof.of_interest)
    assert proof.is_good()
    assert proof.gap == pytest.approx(WITHIN)


def test_a_bound_within_a_millionth_of_the_plan_is_the_plan(proof):
    proof.limit(0.7 * (1 + 9e-7))
    assert proof.bound == proof.value


def test_a_bound_between_plan_and_good_enough_stays(proof):
    proof.limit(0.703)
    assert proof.bound == 0.703


def test_a_bound_beyond_a_millionth_is_not_good_enough(proof):
    proof.limit(proof.good_enough * (1 + 2e-6))
    assert not proof.is_good()


def test_what_is_not_known_yet_is_said_in_words():
    """No figure is made of an infinity: neither before there is a plan, nor before a bound."""
    told: list[str] = []
    problem = problem_of([{0}, {1}], [0.7, 0.3], 1)
    proof = Proof(problem, MaximalCovering(), WITHIN, 60.0, told.append)
    proof.say("begun")
    proof.offer(np.array([0]))
    proof.say("search")
    proof.limit(0.77)
    proof.say("bound")
    assert told == [
        "begun: no plan yet",
        "search: mclp 0.7, nothing proven yet",
        "bound: mclp 0.7, at most 10.000 % better possible",
    ]
