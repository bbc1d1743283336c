"""The stages of maximal covering together: sound at every gap, interruptible, certified."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from optimizer.errors import InputError
from optimizer.siting import MaximalCovering, PMedian, solve
from optimizer.siting.covering.method import SEARCH, Effort, cover_most
from optimizer.siting.covering.tree_search import TreeSearch
from optimizer.siting.proof import Proof
from optimizer.solvers import HighsBackend
from optimizer.verification import verify_certificate

from ..small_problems import best_by_brute_force, problems

NO_SEARCH = Effort(search_work=0, long_work=0, polish_work=0)


@given(problem=problems(), gap=st.sampled_from([0.0, 0.01, 0.05, 0.2]))
@settings(max_examples=40, deadline=None)
def test_what_is_fixed_at_a_gap_never_makes_the_bound_too_low(problem, gap):
    """Sites are fixed against the gap asked for, so the bound must allow for what that excludes."""
    best = best_by_brute_force(problem)
    assume(best)
    proof = Proof(problem, MaximalCovering(), gap, 60.0, None)
    cover_most(proof, 0, NO_SEARCH)
    assert proof.is_good()
    assert proof.value <= best * (1 + 1e-9)
    assert proof.bound >= best * (1 - 2e-6)  # where weights have fractions, a millionth is let go


def test_ctrl_c_returns_the_plan_and_the_bound_at_hand(planar, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(TreeSearch, "relaxed", interrupted)
    problem = planar(1500, 120, 3.5, 12)
    plan = solve(problem, gap=0.0)
    assert plan.interrupted
    assert plan.status == "feasible"
    assert problem.broken_rules(plan.sites) == []
    assert plan.objective < plan.bound <= problem.total_weight
    with pytest.raises(KeyboardInterrupt):
        plan.require_end()


def test_a_sparse_remainder_goes_to_a_solver_unless_a_certificate_is_asked_for(planar, tmp_path):
    problem = planar(1500, 250, 1.5, 70)
    plan = solve(problem, gap=0.0)
    certified = solve(problem, gap=0.0, certificate=tmp_path / "proof")
    assert plan.solver == f"{SEARCH}, {HighsBackend().name}"
    assert certified.solver == SEARCH
    assert plan.objective == certified.objective == plan.bound == certified.bound


def test_a_deep_tree_is_certified(planar, tmp_path):
    problem = planar(1500, 120, 3.5, 12)
    plan = solve(problem, gap=0.0, certificate=tmp_path / "proof")
    verdict = verify_certificate(tmp_path / "proof")
    assert verdict.holds, verdict.fault
    assert (verdict.objective, verdict.bound) == (plan.objective, plan.bound)


def test_a_certificate_is_for_maximal_covering_by_its_own_search(riverside, tmp_path):
    for asked in ({"model": PMedian()}, {"backend": HighsBackend}):
        with pytest.raises(InputError, match="A certificate can be written only for mclp"):
            solve(riverside, certificate=tmp_path / "proof", **asked)
    assert not list(tmp_path.iterdir())
