"""Any model by its textbook formulation: write it down, start from a plan, doubt the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimizer.errors import InfeasibleError, SolverError
from optimizer.siting.model import Formulation
from optimizer.siting.problem import Indices
from optimizer.siting.proof import Proof
from optimizer.siting.solution import TOLERANCE
from optimizer.solvers import Backend, Outcome, Status


def solve_formulation(proof: Proof, seed: int, backend: Backend) -> str:
    """Let a solver prove as much as time allows; return its name.

    A plan offered to the proof before is the solver's start.

    Raises
    ------
    InfeasibleError
        If the solver shows that no plan exists.
    SolverError
        If the solver fails or contradicts the data.
    """
    written = proof.model.formulate(proof.problem, backend)
    if proof.found:
        backend.start_from(written.start(proof.sites))
    outcome = backend.solve(
        gap=proof.wanted_gap,
        time_limit_s=proof.seconds_left(),
        seed=seed,
    )
    read_answer(proof, outcome, written)
    if not proof.found:
        raise InfeasibleError(
            f"No plan for {proof.model.name} was found within the time limit, and none was shown "
            "not to exist: allow more time."
        )
    proof.say(backend.name)
    return backend.name


def read_answer(
    proof: Proof,
    outcome: Outcome,
    written: Formulation,
    *,
    base: float = 0.0,
    whole_plan: Callable[[Indices], Indices] = np.sort,
    claim: Callable[[float], None] | None = None,
) -> None:
    """Take a solver's answer into the proof, believing nothing that the data contradict.

    Parameters
    ----------
    proof, outcome, written
        What was shown before, the solver's account, and the formulation it belongs to.
    base
        What is added to the solver's objective to get that of the whole problem.
    whole_plan
        Makes a plan of the whole problem of the sites the solver opened.
    claim
        Takes the solver's own bound, where it does not bound every plan of the whole problem.

    Raises
    ------
    InfeasibleError
        If there is no plan at hand and the solver shows that none exists.
    SolverError
        If the solver denies a plan that is at hand, or its own values do not add up.
    """
    if outcome.status is Status.INFEASIBLE:
        if not proof.found:
            raise InfeasibleError(
                f"No plan keeps every rule of {proof.model.name}: relax one of them."
            )
        raise SolverError("The solver calls a problem infeasible for which a plan is at hand.")
    slack = TOLERANCE * max(1.0, proof.problem.total_weight, abs(proof.value) * proof.found)
    if outcome.values and outcome.objective is not None:
        sites = whole_plan(written.sites(outcome.values))
        broken = proof.model.broken_rules(proof.problem, sites)
        if broken:
            raise SolverError(f"The solver's plan breaks the rules: {'; '.join(broken)}.")
        value = proof.model.value(proof.problem, sites)
        claimed = base + outcome.objective
        if proof.sign * (claimed - value) > slack:
            raise SolverError(f"The solver claims to reach {claimed}, but its sites reach {value}.")
        proof.offer(sites)
    bound = None if outcome.bound is None else base + outcome.bound
    if bound is not None and proof.found and proof.sign * (proof.value - bound) > slack:
        raise SolverError(
            f"The solver says that no plan is better than {bound}, "
            f"but one that reaches {proof.value} is at hand."
        )
    if outcome.bound is not None and bound is not None:
        proof.limit(bound) if claim is None else claim(outcome.bound)
