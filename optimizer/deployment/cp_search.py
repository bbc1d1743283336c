"""One CP-SAT search that ends by a count of its work, so that every machine finds the same."""

from __future__ import annotations

import dataclasses

from ortools.sat.python import cp_model


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """An answer of CP-SAT, and whether it is proven to be the best."""

    solver: cp_model.CpSolver
    is_optimal: bool

    def value(self, expression: cp_model.LinearExprT) -> int:
        """Evaluate an expression of the model."""
        return int(self.solver.value(expression))


def search(model: cp_model.CpModel, *, effort: float, relax: bool = True) -> Found | None:
    """Solve a model; None: there is no answer, or none was found.

    Parameters
    ----------
    effort
        Of CP-SAT's own clock, which counts work; about seconds.
    relax
        Whether linear relaxations are solved. They prove bounds; where any answer will do they
        only take time.
    """
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = 0
    parameters.max_deterministic_time = effort
    parameters.catch_sigint_signal = False  # else Ctrl-C kills Python ever after
    if not relax:
        parameters.linearization_level = 0
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return Found(solver, status == cp_model.OPTIMAL)
