"""One CP-SAT search that ends by a count of its work, so that every machine finds the same."""

from __future__ import annotations

import dataclasses

from ortools.sat.python import cp_model

_START, _WRITING = 0.02, 1e-4
"""Effort of any search and of each of its constraints, which CP-SAT's clock leaves out; about
seconds."""


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """An answer of CP-SAT, and whether it is proven to be the best."""

    solver: cp_model.CpSolver
    is_optimal: bool

    def value(self, expression: cp_model.LinearExprT) -> int:
        """Evaluate an expression of the model."""
        return int(self.solver.value(expression))


@dataclasses.dataclass(slots=True)
class Budget:
    """Effort that the searches for one answer share: a count of work, about seconds."""

    left: float

    def spend(self, effort: float) -> None:
        """Take off what was used."""
        self.left -= effort


def search(
    model: cp_model.CpModel, *, effort: float, budget: Budget | None = None, relax: bool = True
) -> Found | None:
    """Solve a model; None: there is no answer, or none was found.

    Parameters
    ----------
    effort
        Of CP-SAT's own clock, which counts work; about seconds.
    budget
        What this search and others may use together; with nothing left of it nothing is found.
    relax
        Whether linear relaxations are solved. They prove bounds; where any answer will do they
        only take time.
    """
    if budget is not None:
        effort = min(effort, budget.left)
    if effort <= 0:
        return None
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = 0
    parameters.max_deterministic_time = effort
    parameters.catch_sigint_signal = False  # else Ctrl-C kills Python ever after
    if not relax:
        parameters.linearization_level = 0
    status = solver.solve(model)
    if budget is not None:
        writing = _START + _WRITING * len(model.proto.constraints)
        budget.spend(writing + solver.response_proto.deterministic_time)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return Found(solver, status == cp_model.OPTIMAL)
