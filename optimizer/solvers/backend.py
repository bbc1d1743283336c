"""The protocol against which every formulation is written once.

Variables and expressions are the solver library's own: those of PuLP and of CP-SAT both overload
`+`, `*`, `<=`, `>=` and `==`, so a formulation reads like the textbook on either.
"""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

Variable = Any
Expression = Any
Constraint = Any

BITS = 10


class Status(enum.Enum):
    """What a solver has shown. A time limit is never `OPTIMAL`."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """A solver's own account of one run; whoever uses it re-evaluates the values from the data.

    Parameters
    ----------
    status
        OPTIMAL: proven within the gap asked for. FEASIBLE: stopped before that. INFEASIBLE: no
        solution exists. UNKNOWN: stopped without one.
    objective
        Value of the solution; None where there is none.
    bound
        Proven bound on every solution's value; None where the solver has none.
    gap
        |bound - objective| / |objective|; None where either is missing.
    seconds
        Wall time inside the solver.
    values
        Value of each variable by name; empty where there is no solution.
    """

    status: Status
    objective: float | None
    bound: float | None
    gap: float | None
    seconds: float
    values: Mapping[str, float]


class Backend(Protocol):
    """One model on its way into one solver."""

    @property
    def name(self) -> str:
        """The solver and its version."""

    def binary(self, name: str, *, implied: bool = False) -> Variable:
        """Add a 0/1 variable; `implied`: the other variables make it whole by themselves."""

    def integer(self, name: str, upper: float, *, implied: bool = False) -> Variable:
        """Add a whole number 0..upper; `implied`: fractions do no harm, or cannot be best."""

    def sum(self, variables: Sequence[Variable]) -> Expression:
        """Add variables up."""

    def weighted_sum(self, variables: Sequence[Variable], weights: Sequence[float]) -> Expression:
        """Add variables up, each times its weight."""

    def require(self, constraint: Constraint) -> None:
        """Add a constraint, written with `<=`, `>=` or `==`."""

    def maximize(self, expression: Expression) -> None:
        """Set the objective."""

    def minimize(self, expression: Expression) -> None:
        """Set the objective."""

    def start_from(self, values: Mapping[str, float]) -> None:
        """Hand over a known solution by variable name; what is left out counts as 0."""

    def solve(self, *, gap: float, time_limit_s: float, seed: int) -> Outcome:
        """Search until the gap is proven or the time is up.

        Raises
        ------
        SolverError
            If the solver refuses the model or fails.
        """


def relative_gap(objective: float | None, bound: float | None) -> float | None:
    """|bound - objective| / |objective|, 0 where both are 0; None where either is missing."""
    if objective is None or bound is None:
        return None
    difference = abs(bound - objective)
    return difference / abs(objective) if objective else (0.0 if not difference else float("inf"))


def unit_of(coefficients: Iterable[float]) -> float:
    """Find a unit for an objective in which a solver's tolerances, which are absolute, are small.

    1 where a coefficient is 1 or more; else the power of two that makes the largest about 1000.
    """
    largest = max(map(abs, coefficients), default=0.0)
    return 1.0 if largest >= 1 or not largest else 2.0 ** (math.frexp(largest)[1] - BITS)
