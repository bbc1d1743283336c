"""Several scenarios: the mean is maximal covering, the worst case a search over their prices."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.siting.covering.method import cover_most
from optimizer.siting.formulations.mclp import MaximalCovering
from optimizer.siting.formulations.scenarios import ScenarioCovering
from optimizer.siting.parts.search import search_parts
from optimizer.siting.proof import Proof
from optimizer.solvers import Backend


def cover_scenarios(
    proof: Proof,
    model: ScenarioCovering,
    seed: int,
    backend: Callable[[], Backend],
) -> str:
    """Prove as much as time allows; return the names of the methods that were needed."""
    if model.by == "worst":
        return search_parts(proof, model, seed, backend)
    problem = proof.problem.replace(weight=model.mean_weight())
    mean = proof.on(problem, MaximalCovering())
    solver = cover_most(mean, seed)
    proof.offer(mean.sites)
    proof.limit(mean.bound)
    return solver
