"""What the search writes down, a stranger can check; and no false claim ever passes."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from optimizer.siting import SitingProblem
from optimizer.siting.cover import cover_of, rules_of
from optimizer.siting.covering.bounds import bound_at, first_prices, tighten
from optimizer.siting.covering.certificate import (
    ProofTree,
    certificate_of,
    scale_bits,
)
from optimizer.verification import Verdict, verify_certificate

from ..small_problems import best_by_brute_force, problem_of, problems
from .small_proofs import SlowProof, solution_of

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


def checked(folder: Path, problem: SitingProblem, sites, bound: float, tree: ProofTree) -> Verdict:
    path = folder / "plan.certificate"
    path.write_bytes(certificate_of(solution_of(problem, sites, bound), tree))
    return verify_certificate(path)


def plans_of(problem: SitingProblem) -> list[tuple[int, ...]]:
    every = itertools.combinations(range(problem.site_count), problem.count)
    return [sites for sites in every if not problem.broken_rules(sites)]


def test_riverside_by_hand(riverside, folder):
    """Prices 5 0 0 3 leave 4 + 6 and make S0 worth 5, S1 nothing, S2 3: U = 18."""
    tree = ProofTree(riverside, [0, 1, 2, 3])
    tree.evaluate(0, np.array([65535, 0, 0, 65535]), [0])
    verdict = checked(folder, riverside, [0, 2], 18, tree)
    assert verdict == Verdict(None, "mclp", 18.0, 18.0, ("S0", "S2"))


def test_equal_input_gives_equal_bytes(riverside):
    trees = [ProofTree(riverside, [0, 1, 2, 3]) for _ in range(2)]
    for tree in trees:
        tree.evaluate(0, np.zeros(4, dtype=np.uint16), [1])
    plan = solution_of(riverside, [0, 2], 18)
    assert certificate_of(plan, trees[0]) == certificate_of(plan, trees[1])


def with_whole_weights(problem: SitingProblem) -> SitingProblem:
    return problem.replace(weight=np.ceil(problem.weight))


@given(problem=problems(), draw=st.randoms(use_true_random=False))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_true_proof_holds(problem, draw, folder):
    """Trees with every kind of branch, on problems with every kind of rule."""
    problem = with_whole_weights(problem)
    best = best_by_brute_force(problem)
    plan = next(p for p in plans_of(problem) if problem.covered_weight(p) == best)
    proof = SlowProof(problem, best, draw)
    assert checked(folder, problem, plan, best, proof.tree).fault is None


@given(problem=problems(), draw=st.randoms(use_true_random=False))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_false_claim_passes(problem, draw, folder):
    """A swindler, claiming one less than the best, tries steps at random and keeps what passes."""
    problem = with_whole_weights(problem)
    plans = plans_of(problem)
    best = max(map(problem.covered_weight, plans))
    worse = [plan for plan in plans if problem.covered_weight(plan) < best]
    assume(worse)
    steps: list[tuple] = []
    for _ in range(10):
        step = _random_step(problem, draw, 1 + 2 * sum(s[0] == "branch" for s in steps))
        verdict = checked(folder, problem, worse[0], best - 1, _replayed(problem, [*steps, step]))
        assert not verdict.holds
        if "leaf" in verdict.fault:
            steps.append(step)


def _random_step(problem: SitingProblem, draw: random.Random, nodes: int) -> tuple:
    m, node = problem.site_count, draw.randrange(nodes)
    some = draw.sample(range(m), draw.randint(1, m))
    match draw.choice(["dominated", "branch", "evaluate", "evaluate"]):
        case "dominated":
            few = some[:2]
            return "dominated", few, [draw.choice([-1, *range(m)]) for _ in few], node
        case "branch":
            return "branch", node, some, draw.randrange(len(some))
        case _:
            steps = [draw.choice([0, 30_000, 65_535]) for _ in range(problem.point_count)]
            great = int(65535 * problem.total_weight)
            prices = [draw.randrange(great + 1) for _ in problem.budgets]
            fixed = draw.sample(range(m), draw.choice([0, 0, 1]))
            path = [] if not node else [node]
            due = {child: draw.randrange(great + 1) for child in path}
            moves = draw.choice([0, draw.randrange(great + 1)])
            which = draw.choice(["closed", "opened"])
            return "evaluate", node, steps, prices, moves, due, {which: fixed}


def _replayed(problem: SitingProblem, steps: list[tuple]) -> ProofTree:
    tree = ProofTree(problem, np.arange(problem.point_count))
    for name, *told in steps:
        if name == "evaluate":
            node, prices, budget_prices, moves, due, fixed = told
            tree.evaluate(
                node, np.array(prices, dtype=np.uint16), budget_prices,
                moves_price=moves, branch_prices=due, **fixed,
            )  # fmt: skip
        else:
            getattr(tree, name)(*told)
    return tree


@given(problem=problems(rules=False))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_prices_of_the_search_make_a_certificate(problem, folder):
    """Prices of `bounds.tighten`, rounded, prove nearly its bound: never less than the best."""
    cover, rules = cover_of(problem), rules_of(problem)
    best = best_by_brute_force(problem)
    plan = max(plans_of(problem), key=problem.covered_weight)
    bound = tighten(
        cover, rules, first_prices(cover, np.array(plan)), target=best, enough=best, iterations=50
    )
    share = np.divide(
        bound.prices, problem.weight, out=np.zeros_like(bound.prices), where=problem.weight > 0
    )
    steps = np.rint(65535 * np.clip(share, 0, 1)).astype(np.uint16)
    again = bound_at(cover, rules, problem.weight * steps / 65535)
    assert again.value == pytest.approx(bound.value, rel=1e-4)
    values = np.sort(again.site_values)[::-1]
    price = values[problem.count - 1] if problem.count <= len(values) else 0.0
    tree = ProofTree(problem, np.arange(problem.point_count))
    tree.evaluate(0, steps, [int(max(0, price) * tree.scale)])
    claim = max(again.value * (1 + 1e-6), best)
    assert checked(folder, problem, plan, claim, tree).fault is None
    assert claim >= best


@given(problem=problems(rules=False), draw=st.randoms(use_true_random=False))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_dominated_sites_as_the_search_finds_them(problem, draw, folder):
    """Sites inside another's reach, ties to the earlier, in one call whatever their order."""
    problem = with_whole_weights(problem)
    reach = [set(row.tolist()) for row in np.split(problem.demand, problem.indptr[1:-1])]
    reach = [{j for j in row if problem.weight[j]} for row in reach]
    gone, by = [], []
    for i, j in itertools.permutations(range(problem.site_count), 2):
        inside = reach[i] < reach[j] or (reach[i] == reach[j] and i > j)
        if inside and i not in gone:
            gone.append(i)
            by.append(j)
    order = draw.sample(range(len(gone)), len(gone))
    best = best_by_brute_force(problem)
    plan = max(plans_of(problem), key=problem.covered_weight)
    removed = [gone[k] for k in order], [by[k] for k in order]
    proof = SlowProof(problem, best, draw, removed)
    assert checked(folder, problem, plan, best, proof.tree).fault is None


@given(
    st.lists(st.floats(0, 1e12, allow_subnormal=True), min_size=1, max_size=20),
)
def test_weights_become_whole_numbers_that_fit(weights):
    weight = np.array(weights)
    bits = scale_bits(weight)
    units = [Fraction(w) * Fraction(2) ** bits for w in weights]
    rounded = [-(-unit.numerator // unit.denominator) for unit in units]
    assert sum(rounded) <= 2**45
    if (weight == np.rint(weight)).all() and weight.sum() < 2**44:
        assert bits == 0


def test_halves_are_exact_and_thirds_are_nearly():
    assert scale_bits(np.array([0.5, 3.25, 7])) == 2
    assert scale_bits(np.array([1 / 3, 1e6])) == 24


def test_fractions_are_proven_to_a_millionth(folder):
    problem = problem_of([{0}, {1}], [1 / 3, 1 / 7], 1)
    tree = ProofTree(problem, [0, 1])
    tree.evaluate(0, np.array([65535, 65535]), [int(65535 / 7 * 2 ** scale_bits(problem.weight))])
    verdict = checked(folder, problem, [0], 1 / 3, tree)
    assert verdict.fault is None
    assert verdict.bound == pytest.approx(1 / 3, rel=2e-6)


def test_a_bound_above_the_plan_is_claimed_with_room_for_rounding(folder):
    """Each third is rounded up by the checker, so that all of them are more than their sum."""
    problem = problem_of([{0, 1}, {1, 2}], [1 / 3, 1 / 3, 1 / 3], 1)
    tree = ProofTree(problem, [0, 1, 2])
    tree.evaluate(0, np.zeros(3, dtype=np.uint16), [0])
    verdict = checked(folder, problem, [0], problem.total_weight, tree)
    assert verdict.fault is None
    assert verdict.bound == pytest.approx(problem.total_weight, rel=2e-6)


def test_a_plan_that_covers_next_to_nothing_is_proven_to_a_step_of_the_scale(folder):
    """All but a dust of the weight is out of reach: what rounding adds is more than a millionth."""
    problem = problem_of([{0}, {1}], [1e-6, 1e9 + 1 / 3], 1, forbidden=[False, True])
    tree = ProofTree(problem, [0, 1])
    tree.evaluate(0, np.zeros(2, dtype=np.uint16), [0])
    assert checked(folder, problem, [0], 1e-6, tree).fault is None
