"""Integer programs on OR-Tools' CP-SAT: the second opinion."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import ortools
from ortools.sat.python import cp_model

from optimizer.errors import SolverError
from optimizer.solvers.backend import Constraint, Expression, Outcome, Status, relative_gap, unit_of

WORKERS = 8

_STATUS = {
    cp_model.OPTIMAL: Status.OPTIMAL,
    cp_model.FEASIBLE: Status.FEASIBLE,
    cp_model.INFEASIBLE: Status.INFEASIBLE,
    cp_model.UNKNOWN: Status.UNKNOWN,
}


class CpSatBackend:
    """One model for CP-SAT. Weights of the objective are scaled to whole numbers by CP-SAT."""

    def __init__(self) -> None:
        self._model = cp_model.CpModel()
        self._variables: dict[str, cp_model.IntVar] = {}
        self._unit = 1.0

    @property
    def name(self) -> str:
        """The solver and its version."""
        return f"CP-SAT {ortools.__version__}"

    def binary(self, name: str, *, implied: bool = False) -> cp_model.IntVar:  # noqa: ARG002
        """Add a 0/1 variable; CP-SAT knows no continuous ones."""
        self._variables[name] = self._model.new_bool_var(name)
        return self._variables[name]

    def integer(self, name: str, upper: float, *, implied: bool = False) -> cp_model.IntVar:  # noqa: ARG002
        """Add a whole number 0..upper.

        Raises
        ------
        SolverError
            If the upper end is a fraction.
        """
        if not float(upper).is_integer():
            raise SolverError(
                f"CP-SAT counts in whole numbers, but {name} may be up to {upper}: use HiGHS."
            )
        self._variables[name] = self._model.new_int_var(0, int(upper), name)
        return self._variables[name]

    def sum(self, variables: Sequence[cp_model.IntVar]) -> Expression:
        """Add variables up."""
        return cp_model.LinearExpr.sum(list(variables))

    def weighted_sum(
        self, variables: Sequence[cp_model.IntVar], weights: Sequence[float]
    ) -> Expression:
        """Add variables up, each times its weight; in a constraint all weights must be whole."""
        whole = all(float(weight).is_integer() for weight in weights)
        coefficients = [int(w) for w in weights] if whole else [float(w) for w in weights]
        return cp_model.LinearExpr.weighted_sum(list(variables), coefficients)

    def require(self, constraint: Constraint) -> None:
        """Add a constraint."""
        self._model.add(constraint)

    def maximize(self, expression: Expression) -> None:
        """Set the objective."""
        self._aim_at(expression, self._model.maximize)

    def minimize(self, expression: Expression) -> None:
        """Set the objective."""
        self._aim_at(expression, self._model.minimize)

    def _aim_at(self, expression: Expression, write: Callable[[Expression], None]) -> None:
        write(expression)
        if self._model.proto.has_floating_point_objective():
            self._unit = unit_of(self._model.proto.floating_point_objective.coeffs)
            write(expression * (1 / self._unit))

    def start_from(self, values: Mapping[str, float]) -> None:
        """Hand over a known solution; what is left out counts as 0."""
        self._model.clear_hints()
        for name, variable in self._variables.items():
            self._model.add_hint(variable, round(values.get(name, 0.0)))

    def solve(self, *, gap: float, time_limit_s: float, seed: int) -> Outcome:
        """Search until the gap is proven or the time is up.

        Raises
        ------
        SolverError
            If CP-SAT refuses the model.
        """
        solver = cp_model.CpSolver()
        solver.parameters.relative_gap_limit = gap
        solver.parameters.max_time_in_seconds = max(time_limit_s, 0.01)
        solver.parameters.random_seed = seed % 2**31
        solver.parameters.num_workers = WORKERS
        solver.parameters.catch_sigint_signal = False  # else Ctrl-C kills Python ever after
        status = _STATUS.get(solver.solve(self._model))
        if status is None:
            raise SolverError(f"CP-SAT refused the model: {self._model.validate()}")
        if status is Status.INFEASIBLE:
            return Outcome(status, None, None, None, solver.wall_time, {})
        bound = self._unit * solver.best_objective_bound
        known = bound if math.isfinite(bound) else None
        if status is Status.UNKNOWN:
            return Outcome(status, None, known, None, solver.wall_time, {})
        objective = self._unit * solver.objective_value
        values = {name: float(solver.value(v)) for name, v in self._variables.items()}
        gap_now = relative_gap(objective, known)
        return Outcome(status, objective, known, gap_now, solver.wall_time, values)
