"""The front door: from a siting problem and a model to a plan with a proof."""

from __future__ import annotations

from collections.abc import Callable

from optimizer.errors import InfeasibleError, InputError
from optimizer.siting.by_formulation import solve_formulation
from optimizer.siting.capacity import cover_within_capacity
from optimizer.siting.center import reach_soonest
from optimizer.siting.certificate import ProofTree
from optimizer.siting.covering import DEFAULT_EFFORT, Effort, cover_most
from optimizer.siting.floors import cover_floored
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
from optimizer.siting.median import travel_least
from optimizer.siting.model import Model
from optimizer.siting.problem import SitingProblem
from optimizer.siting.proof import Progress, Proof
from optimizer.siting.repeated_covering import cover_repeatedly
from optimizer.siting.scenarios import cover_scenarios
from optimizer.siting.set_covering import cover_all
from optimizer.siting.solution import SitingSolution
from optimizer.solvers import Backend, HighsBackend


def solve(  # noqa: PLR0913  what is asked, when to stop, how to try
    problem: SitingProblem,
    model: Model | None = None,
    *,
    gap: float = 0.001,
    time_limit_s: float = 120.0,
    seed: int = 0,
    progress: Progress | None = None,
    backend: Callable[[], Backend] = HighsBackend,
    effort: Effort = DEFAULT_EFFORT,
    certify: bool = False,
) -> SitingSolution:
    """Choose the best sites under a model, and prove how good that is.

    The same problem, model and seed give the same plan on every machine, unless the time limit
    cuts in.

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
        Makes an empty model of the mixed-integer solver.
    effort
        How hard each stage of the search tries.
    certify
        Keep what maximal covering shows as the solution's `tree`, for a certificate.

    Raises
    ------
    InputError
        If the data make no sense for the model.
    InfeasibleError
        If no plan keeps every rule, naming those that clash.
    SolverError
        If the solver fails or contradicts the data.
    """
    model = model or MaximalCovering()
    faults = model.faults(problem)
    if faults:
        raise InputError(faults)
    clashes = model.clashes(problem)
    if clashes:
        raise InfeasibleError("\n".join(clashes))
    proof = Proof(problem, model, gap, time_limit_s, progress)
    solver, tree = _prove(proof, seed, backend, effort, certify)
    return proof.solution(seed, solver, tree)


def _prove(
    proof: Proof, seed: int, backend: Callable[[], Backend], effort: Effort, certify: bool
) -> tuple[str, ProofTree | None]:
    """Prove by the model's own methods, if it has any; return their names and the tree."""
    model = proof.model
    match model:
        case MaximalCovering():
            return cover_most(proof, seed, effort, keep_tree=certify)
        case BackupCovering() | ExpectedCovering():
            solver = cover_repeatedly(proof, model, seed, backend, effort)
        case SetCovering():
            solver = cover_all(proof, seed, backend)
        case FlooredCovering():
            solver = cover_floored(proof, model, seed, backend, effort)
        case CapacitatedCovering():
            solver = cover_within_capacity(proof, model, seed, backend, effort)
        case ScenarioCovering():
            solver = cover_scenarios(proof, model, seed, backend, effort)
        case PMedian():
            solver = travel_least(proof, seed, backend)
        case PCenter():
            solver = reach_soonest(proof, seed, backend)
        case _:
            solver = solve_formulation(proof, seed, backend())
    return solver, None
