"""The tree really branches, and ends at the best plan with a proof that a stranger can check."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.siting import MaximalCovering, SitingProblem, SitingSolution, solve
from optimizer.siting.covering import method, tree_search
from optimizer.siting.covering.certificate import certificate_of
from optimizer.siting.covering.method import Effort, cover_most
from optimizer.siting.covering.tree_search import TreeSearch
from optimizer.siting.proof import Proof
from optimizer.solvers import HighsBackend
from optimizer.verification import verify_certificate

from ..small_problems import best_by_brute_force, flags, problem_of

TREE_ONLY = Effort(
    search_work=0,
    long_work=0,
    price_steps=0,
    columns=1,
    polish_work=0,
    worth_while=2.0,
    sparse=0.0,
)
KINDS = ["whole", "fractions", "widely spread", "all alike"]


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Switch the local search off, so that plans are bad; count the parts open at each step."""
    monkeypatch.setattr(method, "improve", lambda _cover, _rules, plan, **_: plan)
    counted: list[int] = []
    step = TreeSearch.step

    def counting(self, workers):
        counted.append(len(self))
        return step(self, workers)

    monkeypatch.setattr(TreeSearch, "step", counting)
    return counted


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trees") / "plan.certificate"


def proven(problem: SitingProblem, path: Path, **limits) -> SitingSolution:
    """Solve by the tree alone, and check the proof; fractions are proven to a millionth."""
    proof = Proof(
        problem, MaximalCovering(), limits.get("gap", 0.0), limits.get("seconds", 60.0), None,
        certified=True,
    )  # fmt: skip
    solver = cover_most(proof, 0, TREE_ONLY)
    solution = proof.solution(0, solver)
    path.write_bytes(certificate_of(solution, proof.tree))
    verdict = verify_certificate(path)
    assert verdict.fault is None
    assert verdict.bound == pytest.approx(solution.bound, rel=2e-6)
    return solution


def fractional(seed: int) -> SitingProblem:
    """Every point has two to four sites of many, so that halves of sites cover most.

    Regions, previous, kept and forbidden sites are drawn around a plan that keeps all rules.
    """
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(6, 14)), int(rng.integers(8, 36))
    per_point = int(rng.integers(2, 5))
    reach: list[set[int]] = [set() for _ in range(m)]
    for j in range(n):
        for i in rng.choice(m, per_point, replace=False):
            reach[i].add(j)
    weight = {
        "whole": rng.integers(1, 101, n).astype(float),
        "fractions": rng.random(n) + 1e-3,
        "widely spread": 10 ** rng.uniform(-6, 6, n),
        "all alike": np.ones(n),
    }[KINDS[seed % 4]]
    plan = flags(m, *rng.choice(m, rng.integers(2, 6), replace=False))
    region = rng.integers(0, rng.integers(1, 4), m)
    previous = rng.random(m) < rng.choice([0.0, 0.4])
    fixed = rng.random(m) < 0.1
    return problem_of(
        reach, weight, int(plan.sum()),
        region=region,
        budgets=np.bincount(region[plan], minlength=region.max() + 1),
        keep=plan & fixed,
        forbidden=~plan & fixed,
        previous=previous,
        max_moves=int((previous & ~plan).sum() + rng.integers(0, 2)),
    )  # fmt: skip


def tangle(sites: int, points: int, count: int) -> SitingProblem:
    """Every point has three sites at random: the relaxation opens thirds everywhere."""
    rng = np.random.default_rng(1)
    reach: list[set[int]] = [set() for _ in range(sites)]
    for j in range(points):
        for i in rng.choice(sites, 3, replace=False):
            reach[i].add(j)
    return problem_of(reach, rng.integers(1, 10, points), count)


def with_rules(problem: SitingProblem) -> SitingProblem:
    """The same towns under two regions and a limit on moves."""
    m = problem.site_count
    return problem.replace(
        region=np.arange(m) % 2, budgets=[problem.count // 2, problem.count - problem.count // 2],
        region_names=("even", "odd"), previous=np.arange(m) < problem.count, max_moves=2,
    )  # fmt: skip


@given(seed=st.integers(0, 2**32 - 1))
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_from_a_bad_plan_to_the_best_with_a_proof_that_holds(seed, steps, path):
    problem = fractional(seed)
    plan = proven(problem, path)
    best = best_by_brute_force(problem)
    assert plan.objective == pytest.approx(best, rel=1e-9 if problem.has_whole_weights else 2e-6)
    assert plan.status == "optimal"
    assert plan.gap <= 1e-8


@pytest.mark.parametrize(
    ("problem", "least_steps"),
    [(tangle(40, 120, 10), 20), (with_rules(tangle(24, 80, 7)), 3)],
    ids=["free", "with rules"],
)
def test_a_tangle_takes_many_splits(steps, path, problem, least_steps):
    """HiGHS finds the same value, and the tree of all splits is checked in whole numbers."""
    plan = proven(problem, path)
    assert plan.objective == plan.bound == solve(problem, gap=0, backend=HighsBackend).objective
    assert len(steps) >= least_steps


def test_the_time_may_run_out_in_the_middle_of_the_tree(steps, path, monkeypatch):
    """The clock stops after two steps: what is open still bounds the best, and so it is written."""
    problem = tangle(24, 80, 7)
    best = proven(problem, path).objective
    steps.clear()
    monkeypatch.setattr(Proof, "out_of_time", lambda _: len(steps) >= 2)
    plan = proven(problem, path)
    assert len(steps) == 2
    assert plan.status == "feasible"
    assert plan.objective <= best < plan.bound


def test_the_same_seed_gives_the_same_tree(steps, path):
    problem = tangle(24, 80, 7)
    first = proven(problem, path)
    written, taken = path.read_bytes(), list(steps)
    steps.clear()
    again = proven(problem, path)
    assert first.sites.tolist() == again.sites.tolist()
    assert (first.bound, taken) == (again.bound, steps)
    assert path.read_bytes() == written


@given(
    state=st.lists(st.sampled_from("of-"), min_size=7, max_size=7),
    asked=st.lists(st.sets(st.integers(0, 6), min_size=1), max_size=2),
    sites=st.sets(st.integers(0, 6), min_size=1),
)
@settings(max_examples=100)
def test_two_halves_share_no_plan_and_lose_none(state, asked, sites):
    state = np.array(state, dtype=object)
    free = [i for i in sites if state[i] == "f"]
    if not free:
        return
    part = tree_search.Part(
        state == "o", state == "-", tuple(np.array(sorted(some)) for some in asked),
        np.ones(7, dtype=np.bool_),
    )  # fmt: skip
    halves = tree_search._halves(part, np.array(sorted(free)))

    def holds(one, chosen) -> bool:
        inside = not ((one.opened & ~chosen) | (one.closed & chosen)).any()
        return inside and all(chosen[some].any() for some in one.one_of)

    for chosen in itertools.product([False, True], repeat=7):
        flags_of_plan = np.array(chosen)
        here = [holds(half, flags_of_plan) for half in halves]
        assert sum(here) == holds(part, flags_of_plan)


def test_a_wider_gap_ends_sooner(steps, path):
    problem = tangle(24, 80, 7)
    proven(problem, path, gap=0.0)
    exact = len(steps)
    steps.clear()
    plan = proven(problem, path, gap=0.05)
    assert len(steps) < exact
    assert plan.status == "optimal"
    assert 0 <= plan.gap <= 0.05
