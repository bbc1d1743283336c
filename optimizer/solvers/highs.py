"""Mixed-integer programs through PuLP on HiGHS."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import highspy
import pulp

from optimizer.errors import SolverError
from optimizer.solvers.backend import Constraint, Expression, Outcome, Status, relative_gap, unit_of

_STATUS = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kModelEmpty: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kTimeLimit: Status.FEASIBLE,
    highspy.HighsModelStatus.kInterrupt: Status.FEASIBLE,
    highspy.HighsModelStatus.kIterationLimit: Status.FEASIBLE,
    highspy.HighsModelStatus.kSolutionLimit: Status.FEASIBLE,
}


class _StartedHighs(pulp.HiGHS):  # type: ignore[misc]
    """PuLP's HiGHS interface, which drops a start, with the start handed on to the solver model."""

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        values = [variable.varValue for variable in lp.variables()]
        if any(value is not None for value in values):
            start = highspy.HighsSolution()
            start.col_value = [value or 0.0 for value in values]
            lp.solverModel.setSolution(start)
        run_interruptibly(lp.solverModel)

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:  # noqa: N802 (PuLP's name)
        """Read the values; PuLP does so first, then has no word for an end by count of nodes."""
        try:
            found: tuple[int, int] = super().findSolutionValues(lp)
        except KeyError:
            return pulp.LpStatusOptimal, pulp.LpSolutionIntegerFeasible
        return found


def run_interruptibly(highs: highspy.Highs) -> None:
    """Run beside the calling thread, so that Ctrl-C ends the solver and is passed on."""
    highs.HandleUserInterrupt = True
    highs.startSolve()
    try:
        while not highs.wait(0.1)[0]:
            pass
    except KeyboardInterrupt:
        highs.cancelSolve()
        highs.wait()
        raise


class HighsBackend:
    """One model for HiGHS, written down with PuLP."""

    def __init__(self) -> None:
        self._model = pulp.LpProblem("model")
        self._variables: dict[str, pulp.LpVariable] = {}
        self._unit = 1.0

    @property
    def name(self) -> str:
        """The solver and its version."""
        return f"HiGHS {highspy.Highs().version()}"

    def binary(self, name: str, *, implied: bool = False) -> pulp.LpVariable:
        """Add a 0/1 variable; an implied one is left continuous, which is easier for HiGHS."""
        return self.integer(name, 1, implied=implied)

    def integer(self, name: str, upper: float, *, implied: bool = False) -> pulp.LpVariable:
        """Add a whole number; an implied one is left continuous, which is easier for HiGHS."""
        category = pulp.LpContinuous if implied else pulp.LpInteger
        self._variables[name] = self._model.add_variable(name, 0, upper, category)
        return self._variables[name]

    def sum(self, variables: Sequence[pulp.LpVariable]) -> Expression:
        """Add variables up."""
        return pulp.lpSum(variables)

    def weighted_sum(
        self, variables: Sequence[pulp.LpVariable], weights: Sequence[float]
    ) -> Expression:
        """Add variables up, each times its weight."""
        return pulp.LpAffineExpression(list(zip(variables, map(float, weights), strict=True)))

    def require(self, constraint: Constraint) -> None:
        """Add a constraint."""
        self._model += constraint

    def maximize(self, expression: Expression) -> None:
        """Set the objective."""
        self._aim_at(expression, pulp.LpMaximize)

    def minimize(self, expression: Expression) -> None:
        """Set the objective."""
        self._aim_at(expression, pulp.LpMinimize)

    def _aim_at(self, expression: Expression, sense: int) -> None:
        objective = pulp.LpAffineExpression(expression)
        self._unit = unit_of(objective.values())
        self._model.sense = sense
        self._model.setObjective(objective / self._unit)

    def start_from(self, values: Mapping[str, float]) -> None:
        """Hand over a known solution; what is left out counts as 0."""
        for name, variable in self._variables.items():
            variable.setInitialValue(min(variable.upBound, max(0.0, values.get(name, 0.0))))

    def solve(
        self, *, gap: float, time_limit_s: float, seed: int, most_nodes: int | None = None
    ) -> Outcome:
        """Search until the gap is proven or the time is up.

        Parameters
        ----------
        most_nodes
            Nodes of the search tree after which it ends, on every machine at the same place.

        Raises
        ------
        SolverError
            If HiGHS refuses the model or stops for a reason that is no answer.
        """
        solver = _StartedHighs(
            msg=False,
            gapRel=gap,
            timeLimit=max(time_limit_s, 0.01),
            random_seed=seed % 2**31,
            **({} if most_nodes is None else {"mip_max_nodes": most_nodes}),
        )
        started = time.perf_counter()
        try:
            self._model.solve(solver)
        except (pulp.PulpError, IndexError) as error:
            raise SolverError(f"HiGHS failed on the model: {error}") from error
        return self._outcome(self._model.solverModel, time.perf_counter() - started)

    def _outcome(self, highs: Any, seconds: float) -> Outcome:
        model_status = highs.getModelStatus()
        status = _STATUS.get(model_status)
        if status is None:
            raise SolverError(f"HiGHS stopped with {highs.modelStatusToString(model_status)!r}.")
        if status is Status.INFEASIBLE:
            return Outcome(status, None, None, None, seconds, {})
        sign = -1.0 if self._model.sense == pulp.LpMaximize else 1.0
        constant = self._model.objective.constant
        info = highs.getInfo()
        bound = self._unit * (sign * info.mip_dual_bound + constant)
        if not math.isfinite(bound):
            bound = None
        feasible = highspy.SolutionStatus.kSolutionStatusFeasible
        if info.primal_solution_status != feasible:
            return Outcome(Status.UNKNOWN, None, bound, None, seconds, {})
        objective = self._unit * (sign * highs.getObjectiveValue() + constant)
        values = {name: variable.varValue or 0.0 for name, variable in self._variables.items()}
        return Outcome(status, objective, bound, relative_gap(objective, bound), seconds, values)
