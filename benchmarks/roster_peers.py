"""Measure the programs of a roster beside its peers: how many are on duty, and who works when.

The very program that this package hands to CP-SAT is written down in PuLP, variable by variable and
constraint by constraint, and handed to CBC and to HiGHS. This package searches as it does in a run,
until a count of work is spent; the others have so many seconds of wall time for each program, two
threads, and no gap. What they answer is handed back to CP-SAT as a whole, which says whether it
keeps every constraint and what it is worth. Prints a table in Markdown::

    python benchmarks/roster_peers.py [--seconds 10] [--only WORD ...] [--methods WORD ...]

`lines` are drawn for the people on duty of the best staffing; where there are none for that, a run
goes on with fewer people on duty.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pulp
from duty import STUDIES, needs_of, planned
from ortools.sat.python import cp_model
from rows import RowError, Stopwatch, peak_mb, print_table, run_alone

from optimizer.deployment.cp_search import Budget, search
from optimizer.deployment.crews import Crew
from optimizer.deployment.lines import Lines, most_minutes
from optimizer.deployment.staffing import Hours, Need, Week, staff
from optimizer.deployment.work_rules import WorkRules

HEADS = ("instance", "program", "method", "programs", "answered", "rules kept", "best known",
         "proven", "CPU s", "wall s", "peak MB")  # fmt: skip
STAFFING, LINES = "how many", "who works when"
STAFFING_EFFORT, LINES_EFFORT = 2.0, 0.8
"""Of the searches in optimizer.deployment.staffing and .lines."""
THREADS = 2


class Instance(NamedTuple):
    """Needs, no two alike, and the rules of work."""

    needs: list[Need]
    rules: WorkRules


class Answer(NamedTuple):
    """A value for every variable, None where there is none; and whether that is proven the end."""

    values: list[int] | None
    is_proven: bool


def of_study(name: str) -> Instance:
    """Take the needs of a study."""
    needs, rules = needs_of(planned(name))
    return Instance(list(dict.fromkeys(needs)), rules)


def drawn(people: int, shifts: int, work: float = 0.5) -> Instance:
    """Draw the week of one platform: busy evenings, and busier on Friday and Saturday.

    Parameters
    ----------
    people
        A quarter of them officers; a car to each 16, a motorcycle to each 8.
    work
        Share of the response units that the mean shift needs.
    """
    cars, motorcycles = people // 16, people // 8
    officers = people // 4
    crew = Crew("", officers, people - officers, (1, cars, motorcycles), (2, 2, 1), (1, 1, 0),
                (0, 1, 0))  # fmt: skip
    start = tuple(1440 * shift // shifts for shift in range(shifts))
    end = (*start[1:], 1440)
    middle = (np.array(start) + np.array(end)) / 2
    busy = 1 - 0.6 * np.cos((middle - 360) / 1440 * 2 * np.pi)
    days = np.array([0.9, 0.9, 0.9, 1.0, 1.2, 1.2, 0.9])
    units = np.maximum(1, np.rint(work * (cars + motorcycles) * days[:, None] * busy)).astype(int)
    rules = WorkRules(start, end, 4 * 44 * 60, 11 * 60, most_days=6, leave_days=2)
    return Instance([Need(crew, tuple(map(tuple, units.tolist())))], rules)


INSTANCES: dict[str, Callable[[], Instance]] = {
    **{name: functools.partial(of_study, name) for name in STUDIES},
    "drawn: 32 people, 3 shifts": functools.partial(drawn, 32, 3),
    "drawn: 32 people, too few": functools.partial(drawn, 32, 3, 1.5),
    "drawn: 98 people, 3 shifts": functools.partial(drawn, 98, 3),
    "drawn: 98 people, 6 shifts": functools.partial(drawn, 98, 6),
    "drawn: 162 people, 3 shifts": functools.partial(drawn, 162, 3),
}


def programs(instance: Instance, kind: str) -> Iterator[cp_model.CpModel]:
    """Write down the staffing of each need, or lines of each rank for the best staffing."""
    rules = instance.rules
    hours = Hours(most_minutes(rules))
    for need in instance.needs:
        crew = need.crew
        if kind == STAFFING:
            week = Week(need, rules)
            week.limit(crew.officers, crew.auxiliaries, hours)
            week.aim()
            yield week.model
            continue
        best = staff(need, rules, hours, Budget(STAFFING_EFFORT))
        for people, wanted in (
            (crew.officers, best.officers),
            (crew.auxiliaries, best.auxiliaries),
        ):
            lines = Lines(people, rules)
            lines.cover(wanted)
            yield lines.model


def by_optimizer(model: cp_model.CpModel, _: float) -> Answer:
    """Search as a run does."""
    if model.has_objective():
        found = search(model, effort=STAFFING_EFFORT)
    else:
        found = search(model, effort=LINES_EFFORT, relax=False)
    if found is None:
        return Answer(None, is_proven=False)
    return Answer(list(found.solver.response_proto.solution), found.is_optimal)


def by_pulp(
    solver: Callable[[float], pulp.LpSolver], model: cp_model.CpModel, seconds: float
) -> Answer:
    """Write the same program in PuLP and run a solver on it."""
    watch = Stopwatch()
    written, variables = in_pulp(model)
    written.solve(solver(seconds - watch.wall_s))
    status = written.sol_status
    found = status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    ended = status in (pulp.LpSolutionOptimal, pulp.LpSolutionInfeasible)
    values = [round(variable.varValue or 0.0) for variable in variables]
    return Answer(values if found else None, ended and watch.wall_s < seconds)


def in_pulp(model: cp_model.CpModel) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    """Write a program of CP-SAT in PuLP; a literal below 0 is the opposite of a variable."""
    proto = model.proto
    written = pulp.LpProblem("roster", pulp.LpMinimize)
    x = []
    for at, variable in enumerate(proto.variables):
        low, high = variable.domain
        x.append(written.add_variable(f"x{at}", low, high, pulp.LpInteger))

    def total(literals: list[int]) -> pulp.LpAffineExpression:
        return pulp.lpSum(x[at] if at >= 0 else 1 - x[-1 - at] for at in literals)

    goal = zip(proto.objective.vars, proto.objective.coeffs, strict=True)
    written.setObjective(pulp.lpSum(times * x[at] for at, times in goal))
    for each in proto.constraints:
        if each.has_at_most_one():
            written += total(each.at_most_one.literals) <= 1
        elif each.has_exactly_one():
            written += total(each.exactly_one.literals) == 1
        elif each.has_bool_and():
            (then,) = each.enforcement_literal
            for literal in each.bool_and.literals:
                written += total([then]) <= total([literal])
        else:
            low, high = each.linear.domain
            terms = zip(each.linear.vars, each.linear.coeffs, strict=True)
            line = pulp.lpSum(times * x[at] for at, times in terms)
            if low == high:
                written += line == low
            elif high < cp_model.INT32_MAX:
                written += line <= high
            else:
                written += line >= low
    return written, x


def worth(model: cp_model.CpModel, values: list[int]) -> float | None:
    """Let CP-SAT look at an answer: what it is worth; None: it breaks a rule."""
    looked_at = model.clone()
    for at, value in enumerate(values):
        looked_at.add_hint(looked_at.get_int_var_from_proto_index(at), value)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.fix_variables_to_their_hinted_value = True
    return solver.objective_value if solver.solve(looked_at) == cp_model.OPTIMAL else None


METHODS: dict[str, Callable[[cp_model.CpModel, float], Answer]] = {
    "optimizer": by_optimizer,
    "PuLP + CBC": functools.partial(
        by_pulp, lambda s: pulp.PULP_CBC_CMD(msg=False, timeLimit=s, gapRel=0, threads=THREADS)
    ),
    "PuLP + HiGHS": functools.partial(
        by_pulp, lambda s: pulp.HiGHS(msg=False, timeLimit=s, gapRel=0, threads=THREADS)
    ),
}


class Tally(NamedTuple):
    """What a method made of the programs of one kind: worths of its answers, None if unkept."""

    answered: list[bool]
    worths: list[float | None]
    proven: int
    cpu_s: float
    wall_s: float
    peak_mb: int

    def cells(self, best: list[float | None]) -> list[str]:
        """Write the row down, beside the greatest worth that is known of each program."""
        kept = [worth is not None for worth in self.worths]
        reached = [mine is not None and mine == top
                   for mine, top in zip(self.worths, best, strict=True)]  # fmt: skip
        return [
            f"{len(best)}", f"{sum(self.answered)}", f"{sum(kept)}", f"{sum(reached)}",
            f"{self.proven}", f"{self.cpu_s:.1f}", f"{self.wall_s:.1f}", f"{self.peak_mb}",
        ]  # fmt: skip


def measure(instance: Instance, kind: str, method: str, seconds: float) -> Tally:
    """Solve all programs of one kind in this process."""
    models = list(programs(instance, kind))
    watch = Stopwatch()
    answers = [METHODS[method](model, seconds) for model in models]
    cpu_s, wall_s = watch.cpu_s, watch.wall_s
    worths = [
        None if answer.values is None else worth(model, answer.values)
        for model, answer in zip(models, answers, strict=True)
    ]
    proven = sum(answer.is_proven for answer in answers)
    answered = [answer.values is not None for answer in answers]
    return Tally(answered, worths, proven, cpu_s, wall_s, peak_mb())


def rows_of(words: list[str], methods: list[str], seconds: float) -> Iterator[list[str]]:
    """Measure the programs of each instance by one method after another."""
    for name, make in INSTANCES.items():
        if not any(word in name for word in words):
            continue
        instance = run_alone(make)
        for kind in (STAFFING, LINES):
            tallies = {}
            for method in METHODS:
                if not any(word in method for word in methods):
                    continue
                try:
                    tallies[method] = run_alone(measure, instance, kind, method, seconds)
                except RowError as error:
                    yield [name, kind, method, str(error)]
            known = zip(*(tally.worths for tally in tallies.values()), strict=True)
            best = [max((each for each in some if each is not None), default=None)
                    for some in known]  # fmt: skip
            for method, tally in tallies.items():
                yield [name, kind, method, *tally.cells(best)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="wall time for each program")
    parser.add_argument("--only", nargs="+", default=[""], help="instances whose name has one")
    parser.add_argument("--methods", nargs="+", default=[""], help="methods whose name has one")
    asked = parser.parse_args()
    print_table(HEADS, rows_of(asked.only, asked.methods, asked.seconds), labels=3)


if __name__ == "__main__":
    main()
