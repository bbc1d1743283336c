"""The front door: from a siting problem and a model to a plan with a proof."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from optimizer.archive import write_file
from optimizer.errors import InfeasibleError, InputError
from optimizer.siting.baseline import greedy_sites
from optimizer.siting.by_formulation import solve_formulation
from optimizer.siting.capacity.method import cover_within_capacity
from optimizer.siting.covering.certificate import certificate_of
from optimizer.siting.covering.method import cover_most
from optimizer.siting.formulations import (
    BackupCovering,
    CapacitatedCovering,
    ExpectedCovering,
    FlooredCovering,
    MaximalCovering,
    PCenter,
    PMedian,
    ScenarioCovering,
    SetCovering,
)
from optimizer.siting.model import Model
from optimizer.siting.parts.floors import cover_floored
from optimizer.siting.parts.scenarios import cover_scenarios
from optimizer.siting.problem import SitingProblem
from optimizer.siting.proof import Progress, Proof
from optimizer.siting.repeated.method import cover_repeatedly
from optimizer.siting.set_covering.method import cover_all
from optimizer.siting.solution import SitingSolution
from optimizer.siting.travel.center import reach_soonest
from optimizer.siting.travel.median import travel_least
from optimizer.solvers import Backend, HighsBackend


def solve(
    problem: SitingProblem,
    model: Model | None = None,
    *,
    gap: float = 0.001,
    time_limit_s: float = 120.0,
    seed: int = 0,
    progress: Progress | None = None,
    backend: Callable[[], Backend] | None = None,
    certificate: Path | None = None,
) -> SitingSolution:
    """Choose the best sites under a model, and prove how good that is.

    The same problem, model and seed give the same plan on every machine, unless the time limit or
    Ctrl-C cuts in; then the plan and the bound at hand are returned.

    Parameters
    ----------
    problem
        Sites, demand, reach and rules.
    model
        What is asked; left out: maximal covering.
    gap
        Relative gap between plan and bound at which to stop.
    time_limit_s
        Wall seconds; a plan is returned in any case.
    seed
        Of the search and of the solver.
    progress
        Told one sentence after each stage.
    backend
        Makes an empty model of a mixed-integer solver, which then gets the textbook formulation
        and a simple plan. Left out: the model's own methods.
    certificate
        File to write the proof of a maximal covering plan to, for `optimizer.verification`;
        what is there is replaced.

    Raises
    ------
    InputError
        If the data make no sense for the model, or no certificate can be written for it.
    InfeasibleError
        If no plan keeps every rule, naming those that clash.
    SolverError
        If the solver fails or contradicts the data.
    KeyboardInterrupt
        On Ctrl-C before there is a plan.
    """
    model = model or MaximalCovering()
    faults = model.faults(problem)
    if certificate is not None and not (isinstance(model, MaximalCovering) and backend is None):
        faults.append("A certificate can be written only for mclp by its own search: leave it out.")
    if faults:
        raise InputError(faults)
    clashes = model.clashes(problem)
    if clashes:
        raise InfeasibleError("\n".join(clashes))
    proof = Proof(problem, model, gap, time_limit_s, progress, certified=certificate is not None)
    solver, interrupted = "the search up to the interruption", False
    try:
        with threadpool_limits(1, user_api="blas"):  # threads that wait for work cost more than it
            solver = _prove(proof, seed, backend)
    except KeyboardInterrupt:
        if not proof.found:
            raise
        interrupted = True
    solution = proof.solution(seed, solver, interrupted=interrupted)
    if certificate is not None and proof.tree is not None:
        write_file(certificate, certificate_of(solution, proof.tree), overwrite=True)
    return solution


def _prove(  # noqa: PLR0911  one line for each model
    proof: Proof, seed: int, backend: Callable[[], Backend] | None
) -> str:
    """Prove by the model's own methods, or by a solver; return the names of what was used."""
    if backend is not None:
        _start(proof)
        return solve_formulation(proof, seed, backend())
    match proof.model:
        case MaximalCovering():
            return cover_most(proof, seed)
        case BackupCovering() | ExpectedCovering() as model:
            return cover_repeatedly(proof, model, seed, HighsBackend)
        case SetCovering():
            return cover_all(proof, seed, HighsBackend)
        case FlooredCovering() as model:
            return cover_floored(proof, model, seed, HighsBackend)
        case CapacitatedCovering() as model:
            return cover_within_capacity(proof, model, seed, HighsBackend)
        case ScenarioCovering() as model:
            return cover_scenarios(proof, model, seed, HighsBackend)
        case PMedian():
            return travel_least(proof, seed, HighsBackend)
        case PCenter():
            return reach_soonest(proof, seed, HighsBackend)
        case _:
            return solve_formulation(proof, seed, HighsBackend())


def _start(proof: Proof) -> None:
    """Offer a simple plan, where it is one for the model: solvers need a plan to start from."""
    problem = proof.problem
    for plan in (greedy_sites(problem), np.flatnonzero(~problem.forbidden)):
        if not proof.model.broken_rules(problem, plan):
            proof.offer(plan)
            return
