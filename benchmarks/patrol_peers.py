"""Measure rounds past must-patrol points and lines beside their peers, on the same questions.

A question is a grid with the units of a shift: most worth, no round longer than allowed. Up to 12
visits this package answers by dynamic programming, so those rows show how far the others stay from
the best; more visits by OR-Tools routing, ended by a count. Its peers are that search alone,
OR-Tools with cheapest arcs only, OR-Tools with its own settings of guided local search, and PyVRP,
the last two for so many seconds a question. None of them is asked to keep the cover of the grid,
which no peer can express; PyVRP cannot express that rounds are to be equally long either. Rounds
are timed and counted anew from the question. Prints a table in Markdown::

    python benchmarks/patrol_peers.py [--seconds 5] [--only WORD ...] [--methods WORD ...]
"""

from __future__ import annotations

import argparse
import functools
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from districts import drawn
from duty import STUDIES, planned, round_problem, round_problems
from ortools.constraint_solver import pywrapcp, routing_enums_pb2
from roads import grid_city
from rows import RowError, Stopwatch, peak_mb, print_table, run_alone

from optimizer.deployment.exact_rounds import MOST_VISITS, exact_rounds
from optimizer.deployment.round_order import quickest_order
from optimizer.deployment.round_problem import RoundProblem
from optimizer.deployment.routing import find_rounds
from optimizer.deployment.settings import PatrolSettings
from optimizer.deployment.targets import Target, Visit, worths

HEADS = ("instance", "method", "questions", "targets", "made", "worth of best known", "as much",
         "longest rounds, min", "all rounds, min", "CPU s", "wall s", "peak MB")  # fmt: skip
NEEDS_PYVRP = (
    "pyvrp is not installed; `make peers`, or pip install 'optimizer[bench]', brings it in."
)
DWELL_S, LIMIT_S = 720, 5760
STEPS = PatrolSettings().steps
FEWEST = 3
"""Questions of fewer visits in reach are left aside: anybody answers them."""

Question = tuple[int, RoundProblem]
Parts = dict[str, list[Question]]
Rounds = list[list[int]]


def of_study(name: str) -> Parts:
    """Take the questions of a study: those of few visits in reach, and those of more."""
    asked = [(units, problem.take(problem.in_reach()))
             for units, problem in round_problems(planned(name))]  # fmt: skip
    sizes = {f", {FEWEST} to {MOST_VISITS} visits": range(FEWEST, MOST_VISITS + 1),
             ", more visits": range(MOST_VISITS + 1, sys.maxsize)}  # fmt: skip
    return {
        words: [question for question in asked if len(question[1].service_s) in size]
        for words, size in sizes.items()
    }


def bent_grid(points: int, units: int) -> Parts:
    """Draw points where calls are, around the middle of a bent grid of streets."""
    network, calls = drawn(grid_city(100_000), 4_000.0)
    middle = int(np.argmin(np.hypot(network.x_m - np.median(network.x_m),
                                    network.y_m - np.median(network.y_m))))  # fmt: skip
    random = np.random.default_rng(2)
    nodes = random.choice(network.node_count, points, replace=False, p=calls / calls.sum())
    _, worth = worths([], calls[nodes].tolist())
    targets = [
        Target(f"T{at}", "", "point", worth[at], (Visit((int(node),), DWELL_S),))
        for at, node in enumerate(nodes)
    ]
    problem = round_problem(network, middle, targets, LIMIT_S)
    return {"": [(units, problem.take(problem.in_reach()))]}


INSTANCES: dict[str, Callable[[], Parts]] = {
    **{name: functools.partial(of_study, name) for name in STUDIES},
    "drawn: 12 points, 1 unit": functools.partial(bent_grid, 12, 1),
    "drawn: 30 points, 2 units": functools.partial(bent_grid, 30, 2),
    "drawn: 60 points, 6 units": functools.partial(bent_grid, 60, 6),
    "drawn: 200 points, 12 units": functools.partial(bent_grid, 200, 12),
}


def by_optimizer(problem: RoundProblem, units: int, _: float) -> Rounds:
    """Answer as a run does."""
    if len(problem.service_s) <= MOST_VISITS:
        found = exact_rounds(problem, units)
    else:
        found = find_rounds(problem, units, STEPS)
    return [quickest_order(problem, visits)[0] for visits in found]


def by_search_alone(problem: RoundProblem, units: int, _: float) -> Rounds:
    """Leave dynamic programming out."""
    return find_rounds(problem, units, STEPS)


def by_or_tools(problem: RoundProblem, units: int, seconds: float, *, search: bool) -> Rounds:
    """Write the question for OR-Tools: worth, then the longest round and driving, as here."""
    manager = pywrapcp.RoutingIndexManager(len(problem.service_s) + 1, units, 0)
    model = pywrapcp.RoutingModel(manager)
    travel_s = np.minimum(problem.travel_s, problem.limit_s + 1)
    spent_s = travel_s + np.append(0, problem.service_s)[:, None]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(travel_s.tolist()))
    in_all = model.RegisterTransitMatrix(spent_s.tolist())
    model.AddDimension(in_all, 0, problem.limit_s, True, "round")
    model.GetDimensionOrDie("round").SetGlobalSpanCostCoefficient(units)
    for visits, prize in _prizes(problem, units):
        model.AddDisjunction([manager.NodeToIndex(visit + 1) for visit in visits], prize, 1)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PATH_CHEAPEST_ARC
    if search:
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        parameters.time_limit.FromMilliseconds(round(1000 * seconds))
    else:
        parameters.solution_limit = 1
    found = model.SolveWithParameters(parameters)
    rounds = [] if found is None else [_visits(model, manager, found, u) for u in range(units)]
    return [visits for visits in rounds if visits]


def _prizes(problem: RoundProblem, units: int) -> Iterator[tuple[list[int], int]]:
    """List the ways to serve each target, and a prize above all driving and the longest round."""
    dearest = 2 * units * problem.limit_s + 1
    for target in np.unique(problem.target).tolist():
        yield (
            np.flatnonzero(problem.target == target).tolist(),
            int(problem.worth[target]) * dearest,
        )


def _visits(model: Any, manager: Any, found: Any, unit: int) -> list[int]:
    visits, index = [], found.Value(model.NextVar(model.Start(unit)))
    while not model.IsEnd(index):
        visits.append(manager.IndexToNode(index) - 1)
        index = found.Value(model.NextVar(index))
    return visits


def by_pyvrp(problem: RoundProblem, units: int, seconds: float) -> Rounds:
    """Write the question for PyVRP: prizes, less the time of all rounds."""
    pyvrp = importlib.import_module("pyvrp")
    model = pyvrp.Model()
    places = [model.add_location(0, 0) for _ in range(len(problem.service_s) + 1)]
    home = model.add_depot(places[0])
    model.add_vehicle_type(
        units, start_depot=home, end_depot=home, shift_duration=problem.limit_s,
        unit_distance_cost=0, unit_duration_cost=1,
    )  # fmt: skip
    for visits, prize in _prizes(problem, units):
        group = model.add_client_group(required=False) if len(visits) > 1 else None
        for visit in visits:
            model.add_client(places[visit + 1], service_duration=int(problem.service_s[visit]),
                             prize=prize, required=False, group=group)  # fmt: skip
    for row, start in enumerate(places):
        for column, end in enumerate(places):
            if row != column:
                way_s = int(problem.travel_s[row, column])
                model.add_edge(start, end, distance=way_s, duration=way_s)
    stop = importlib.import_module("pyvrp.stop").MaxRuntime(seconds)
    best = model.solve(stop, display=False).best
    order = [visit for visits, _ in _prizes(problem, units) for visit in visits]
    if not best.is_feasible():
        return []
    return [[order[activity.idx] for activity in route if activity.is_client()]
            for route in best.routes()]  # fmt: skip


METHODS: dict[str, Callable[[RoundProblem, int, float], Rounds]] = {
    "optimizer": by_optimizer,
    "optimizer, search alone": by_search_alone,
    "OR-Tools, cheapest arcs": functools.partial(by_or_tools, search=False),
    "OR-Tools, guided local search": functools.partial(by_or_tools, search=True),
    "PyVRP": by_pyvrp,
}


class Score(NamedTuple):
    """What rounds come to, timed anew; all 0 where they break a rule."""

    made: int
    worth: int
    longest_s: int
    together_s: int


def score(problem: RoundProblem, units: int, rounds: Rounds) -> Score:
    """Look at the rounds without the solver."""
    lasting_s = [problem.duration_s(visits) for visits in rounds]
    served = [int(problem.target[visit]) for visits in rounds for visit in visits]
    longest_s = max(lasting_s, default=0)
    if len(rounds) > units or longest_s > problem.limit_s or len(set(served)) < len(served):
        return Score(0, 0, 0, 0)
    return Score(len(served), problem.worth_of(rounds), longest_s, sum(lasting_s))


class Tally(NamedTuple):
    """What a method made of the questions of an instance."""

    scores: list[Score]
    cpu_s: float
    wall_s: float
    peak_mb: int


def measure(questions: list[Question], method: str, seconds: float) -> Tally:
    """Answer all questions in this process, after a toy."""
    METHODS[method](questions[0][1], questions[0][0], 0.1)
    watch = Stopwatch()
    answers = [METHODS[method](problem, units, seconds) for units, problem in questions]
    cpu_s, wall_s = watch.cpu_s, watch.wall_s
    scores = [
        score(problem, units, rounds)
        for (units, problem), rounds in zip(questions, answers, strict=True)
    ]
    return Tally(scores, cpu_s, wall_s, peak_mb())


def rows_of(words: list[str], methods: list[str], seconds: float) -> Iterator[list[str]]:
    """Measure one method after another on each part of each instance."""
    asked = [method for method in METHODS if any(word in method for word in methods)]
    if "PyVRP" in asked and importlib.util.find_spec("pyvrp") is None:
        print(NEEDS_PYVRP, file=sys.stderr)
        asked.remove("PyVRP")
    for name, make in INSTANCES.items():
        if any(word in name for word in words):
            for part, questions in run_alone(make).items():
                if questions:
                    yield from _rows(name + part, questions, asked, seconds)


def _rows(
    name: str, questions: list[Question], methods: list[str], seconds: float
) -> Iterator[list[str]]:
    tallies = {}
    for method in methods:
        try:
            tallies[method] = run_alone(measure, questions, method, seconds)
        except RowError as error:
            yield [name, method, str(error)]
    known = zip(*(tally.scores for tally in tallies.values()), strict=True)
    best = [max(score.worth for score in some) for some in known]
    due = sum(len(np.unique(problem.target)) for _, problem in questions)
    for method, tally in tallies.items():
        pairs = list(zip(tally.scores, best, strict=True))
        share = sum(mine.worth / max(1, top) for mine, top in pairs) / len(pairs)
        as_much = sum(mine.worth == top for mine, top in pairs)
        made, _, longest_s, together_s = map(sum, zip(*tally.scores, strict=True))
        yield [
            name, method, f"{len(questions)}", f"{due}", f"{made}", f"{share:.2%}", f"{as_much}",
            f"{longest_s / 60:.1f}", f"{together_s / 60:.1f}", f"{tally.cpu_s:.1f}",
            f"{tally.wall_s:.1f}", f"{tally.peak_mb}",
        ]  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="wall time for each question")
    parser.add_argument("--only", nargs="+", default=[""], help="instances whose name has one")
    parser.add_argument("--methods", nargs="+", default=[""], help="methods whose name has one")
    asked = parser.parse_args()
    print_table(HEADS, rows_of(asked.only, asked.methods, asked.seconds), labels=2)


if __name__ == "__main__":
    main()
