"""Rounds of several units past as much worth as fits: an arc-and-node routing problem."""

from __future__ import annotations

from typing import Any

import numpy as np

from optimizer.deployment.round_problem import RoundProblem
from optimizer.errors import SolverError

BRANCHES_PER_STEP = 10
"""The search also ends after so many tries for each step: small questions run out of steps."""
NO_LIMIT = 2**60


def find_rounds(problem: RoundProblem, units: int, steps: int) -> list[list[int]]:
    """Find a round for each unit: most worth, then a short longest round and little driving.

    A prize-collecting routing problem (Balas 1989, doi:10.1002/net.3230190602) for OR-Tools:
    cheapest arcs first, then guided local search (Voudouris & Tsang 1999,
    doi:10.1016/S0377-2217(98)00099-X). It ends by counts, never by a clock.

    Returns
    -------
    Visits of each unit that has any, in their order.

    Raises
    ------
    SolverError
        OR-Tools finds nothing, or what it finds does not fit.
    """
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
    model.GetDimensionOrDie("round").SetGlobalSpanCostCoefficient(units)
    dearest = 2 * units * problem.limit_s + 1  # above all driving and the longest round
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
    from ortools.util.optional_boolean_pb2 import BOOL_TRUE  # noqa: PLC0415

    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    parameters.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    parameters.local_search_operators.use_extended_swap_active = BOOL_TRUE
    parameters.solution_limit = steps
    return parameters


def _visits(model: Any, manager: Any, found: Any, unit: int) -> list[int]:
    visits, index = [], found.Value(model.NextVar(model.Start(unit)))
    while not model.IsEnd(index):
        visits.append(manager.IndexToNode(index) - 1)
        index = found.Value(model.NextVar(index))
    return visits


def _checked(problem: RoundProblem, rounds: list[list[int]]) -> list[list[int]]:
    """Look at the rounds without the solver."""
    targets = [int(problem.target[visit]) for visits in rounds for visit in visits]
    longest = max((problem.duration_s(visits) for visits in rounds), default=0)
    if len(set(targets)) < len(targets) or longest > problem.limit_s:
        raise SolverError(
            f"OR-Tools gave rounds of up to {longest} s where {problem.limit_s} s are allowed, "
            f"with {len(targets)} visits to {len(set(targets))} targets; nothing was planned."
        )
    return rounds
