"""Floors for districts: the best plan that keeps them or, where none does, how far any goes."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.errors import InfeasibleError
from optimizer.siting.covering.method import cover_most
from optimizer.siting.formulations.floor import FlooredCovering, FloorsReached, rounded_down
from optimizer.siting.parts.search import PartsSearch, search_parts
from optimizer.siting.problem import Indices
from optimizer.siting.proof import Proof
from optimizer.siting.solution import TOLERANCE
from optimizer.siting.wording import counted
from optimizer.solvers import Backend


def cover_floored(
    proof: Proof,
    model: FlooredCovering,
    seed: int,
    backend: Callable[[], Backend],
) -> str:
    """Prove as much as time allows; return the names of the methods that were needed.

    Raises
    ------
    InfeasibleError
        If no plan keeps every floor, or none was found in time, saying how far any goes.
    """
    if not model.parts(proof.problem).least.size:
        return cover_most(proof, seed)
    search = PartsSearch(proof, model, seed)
    search.run()
    if not proof.found:
        proof.offer(_plan_with_floors(proof, model, seed, backend))
        search.run()
    return search.finish(backend, seed)


def _plan_with_floors(
    proof: Proof, model: FlooredCovering, seed: int, backend: Callable[[], Backend]
) -> Indices:
    """Find a plan that keeps every floor by raising the part of them that all districts reach."""
    reached = proof.on(proof.problem, FloorsReached(model), gap=0.0)
    reached.limit(1.0)
    search_parts(reached, FloorsReached(model), seed, backend)
    if not model.broken_rules(proof.problem, reached.sites):
        return reached.sites
    raise InfeasibleError(_shortfall(reached, model))


def _shortfall(reached: Proof, model: FlooredCovering) -> str:
    """Say how much of the floors can be kept, which districts hold it back, and what to change."""
    problem = reached.problem
    shares = model.covered_shares(problem, reached.sites)
    needed = model.least_share
    short = model.lacking(shares)
    said = ", ".join(
        f"{model.names[d]!r} {100 * shares[d]:.4g} % of {100 * needed[d]:.4g} %" for d in short
    )
    part, sites = rounded_down(reached.value), counted(problem.count, "site")
    if reached.bound >= 1 - TOLERANCE:
        start = f"No plan of {sites} that keeps every floor was found in time"
        limit = f"the best reaches {part} of every floor"
    else:
        start = f"No plan of {sites} keeps every floor"
        proven = reached.bound - reached.value <= TOLERANCE
        beyond = "" if proven else f", and none more than {reached.bound:.4f}"
        limit = f"the best reaches {part} of every floor{beyond}"
    return (
        f"{start}: {limit}; there districts fall short ({said}). Lower all floors to {part} of "
        "what they are, or raise the number of sites."
    )
