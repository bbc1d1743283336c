"""Rounds of several units past as much worth as fits: an arc-and-node routing problem."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.errors import SolverError

BRANCHES_PER_STEP = 10
"""The search also ends after so many tries for each step: small questions run out of steps."""
NO_LIMIT = 2**60


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RoundProblem:
    """The question which visits fit into one round of each unit.

    A line to be driven along is a visit like any other: its service is the time to drive along it,
    and one leaves it where it ends. Its two directions are two visits of one target, of which at
    most one is made.

    Parameters
    ----------
    travel_s
        Whole seconds from where visit i - 1 is left to where visit j - 1 begins; row and column 0
        are the platform, shape (v + 1, v + 1). Longer than a round: never.
    service_s
        Whole seconds of each visit, shape (v,).
    target
        Target that each visit serves, shape (v,).
    worth
        Of each target, whole numbers above 0, shape (t,).
    limit_s
        Longest round, from the platform to the platform.
    """

    travel_s: NDArray[np.int64]
    service_s: NDArray[np.int64]
    target: NDArray[np.int64]
    worth: NDArray[np.int64]
    limit_s: int

    def duration_s(self, visits: Sequence[int]) -> int:
        """Time one round: travel and service."""
        stops = [0, *(visit + 1 for visit in visits), 0]
        travel = sum(int(self.travel_s[a, b]) for a, b in pairwise(stops))
        return travel + sum(int(self.service_s[visit]) for visit in visits)

    def alone_s(self) -> NDArray[np.int64]:
        """Time the round to each visit alone, shape (v,)."""
        there, back = self.travel_s[0, 1:], self.travel_s[1:, 0]
        return there + self.service_s + back

    def without(self, targets: Iterable[int]) -> RoundProblem:
        """Return the same problem in which some targets are out of reach."""
        barred = np.isin(self.target, list(targets))
        travel_s = self.travel_s.copy()
        travel_s[0, 1:][barred] = self.limit_s + 1
        travel_s[1:, 1:][:, barred] = self.limit_s + 1
        return dataclasses.replace(self, travel_s=travel_s)

    def worth_of(self, rounds: Sequence[Sequence[int]]) -> int:
        """Add up the worth of the targets served."""
        served = {int(self.target[visit]) for visits in rounds for visit in visits}
        return sum(int(self.worth[target]) for target in served)


def find_rounds(problem: RoundProblem, units: int, steps: int) -> list[list[int]]:
    """Find a round for each unit: most worth first, then least driving and the last home soonest.

    A prize-collecting routing problem (Balas 1989, doi:10.1002/net.3230190602) for OR-Tools:
    cheapest arcs first, then guided local search (Voudouris & Tsang 1999,
    doi:10.1016/S0377-2217(98)00099-X). It ends by counts, never by a clock.

    Returns
    -------
    Visits of each unit in their order, the longest round first; units without any are left out.

    Raises
    ------
    SolverError
        OR-Tools finds nothing, or what it finds does not fit.
    """
    if units == 0 or len(problem.service_s) == 0:
        return []
    from ortools.constraint_solver import pywrapcp  # noqa: PLC0415

    v = len(problem.service_s)
    manager = pywrapcp.RoutingIndexManager(v + 1, units, 0)
    model = pywrapcp.RoutingModel(manager)
    never = problem.limit_s + 1
    travel = np.minimum(problem.travel_s, never)
    busy = travel + np.concatenate([[0], problem.service_s])[:, None]
    driving = model.RegisterTransitMatrix(travel.tolist())
    model.SetArcCostEvaluatorOfAllVehicles(driving)
    model.AddDimension(
        model.RegisterTransitMatrix(busy.tolist()), 0, problem.limit_s, True, "round"
    )
    model.GetDimensionOrDie("round").SetGlobalSpanCostCoefficient(1)
    dearest = (units + 1) * problem.limit_s + 1  # above all driving and the longest round
    for target, worth in enumerate(problem.worth.tolist()):
        visits = np.flatnonzero(problem.target == target)
        if len(visits):
            indices = [manager.NodeToIndex(int(visit) + 1) for visit in visits]
            model.AddDisjunction(indices, worth * dearest, 1)
    model.AddSearchMonitor(
        model.solver().Limit(NO_LIMIT, BRANCHES_PER_STEP * steps, NO_LIMIT, NO_LIMIT)
    )
    found = model.SolveWithParameters(_parameters(steps))
    if found is None:
        raise SolverError(
            f"OR-Tools found no rounds, not even empty ones (status {model.status()})."
        )
    rounds = [_visits(model, manager, found, unit) for unit in range(units)]
    return _checked(problem, [visits for visits in rounds if visits])


def _parameters(steps: int) -> Any:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2  # noqa: PLC0415

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.solution_limit = steps
    return parameters


def _visits(model: Any, manager: Any, found: Any, unit: int) -> list[int]:
    visits, index = [], found.Value(model.NextVar(model.Start(unit)))
    while not model.IsEnd(index):
        visits.append(manager.IndexToNode(index) - 1)
        index = found.Value(model.NextVar(index))
    return visits


def _checked(problem: RoundProblem, rounds: list[list[int]]) -> list[list[int]]:
    """Look at the rounds without the solver; the longest first."""
    targets = [int(problem.target[visit]) for visits in rounds for visit in visits]
    longest = max((problem.duration_s(visits) for visits in rounds), default=0)
    if len(set(targets)) < len(targets) or longest > problem.limit_s:
        raise SolverError(
            f"OR-Tools gave rounds of up to {longest} s where {problem.limit_s} s are allowed, "
            f"with {len(targets)} visits to {len(set(targets))} targets; nothing was planned."
        )
    return sorted(rounds, key=lambda visits: (-problem.duration_s(visits), visits))
