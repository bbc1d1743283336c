"""Measure the programs of a roster beside its peers: how many are on duty, and who works when.

The very program that this package hands to CP-SAT is written down in PuLP, variable by variable and
constraint by constraint, and handed to CBC and to HiGHS. This package searches as it does in a run,
until a count of work is spent; the others have so many seconds of wall time for each program, two
threads, and no gap. What they answer is handed back to CP-SAT as a whole, which says whether it
keeps every constraint and what it is worth. Prints two tables in Markdown::

    python benchmarks/roster_peers.py [--seconds 10] [--only WORD ...] [--methods WORD ...]

Who works when is asked for the people on duty of the best staffing; where no lines are found for
that, a run goes on with fewer on duty. So a second table shows what whole rosters of this package
come to, beside the bound that the best staffing is.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pulp
from duty import STUDIES, needs_of, planned
from ortools.sat.python import cp_model
from rows import RowError, Stopwatch, measured, peak_mb, print_table, run_alone

from optimizer.deployment.cp_search import Budget
from optimizer.deployment.crews import Crew
from optimizer.deployment.lines import Lines, draw_lines, most_minutes
from optimizer.deployment.manning import man
from optimizer.deployment.staffing import Hours, Need, Week, short_of, staff
from optimizer.deployment.work_rules import WorkRules

HEADS = ("instance", "program", "method", "programs", "answered", "rules kept", "best known",
         "proven", "CPU s", "wall s", "peak MB")  # fmt: skip
ROSTER_HEADS = ("instance", "rosters", "needed, units x shifts a week", "not manned", "all manned",
                "bound", "at the bound", "CPU s", "wall s", "peak MB")  # fmt: skip
STAFFING, LINES = "how many", "who works when"
EFFORT = 5.0
"""A search of this package may take this, and takes less of its own accord."""
THREADS = 2


class Instance(NamedTuple):
    """Needs, no two alike, and the rules of work."""

    needs: list[Need]
    rules: WorkRules


class Program(NamedTuple):
    """A program of a roster as CP-SAT gets it, and how this package searches it.

    Parameters
    ----------
    search
        Returns what it finds, or None.
    start_from
        Hands that over to the program as a hint.
    """

    model: cp_model.CpModel
    search: Callable[[], Any]
    start_from: Callable[[Any], None]


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


def programs(instance: Instance, kind: str) -> Iterator[Program]:
    """Write down the staffing of each need, or lines of each rank for the best staffing."""
    rules = instance.rules
    hours = Hours(most_minutes(rules))
    for need in instance.needs:
        crew = need.crew
        best = functools.partial(staff, need, rules, hours, Budget(EFFORT))
        if kind == STAFFING:
            week = Week(need, rules)
            week.limit(crew.officers, crew.auxiliaries, hours)
            week.aim()
            yield Program(week.model, best, week.start_from)
            continue
        found = best()
        for people, wanted in (
            (crew.officers, found.officers),
            (crew.auxiliaries, found.auxiliaries),
        ):
            lines = Lines(people, rules)
            lines.cover(wanted)
            draw = functools.partial(draw_lines, people, wanted, rules, Budget(EFFORT))
            yield Program(lines.model, draw, lines.start_from)


def by_optimizer(program: Program, _: float) -> Answer:
    """Search as a run does."""
    found = program.search()
    if found is None:
        return Answer(None, is_proven=False)
    program.start_from(found)
    solver = _held_to_hints(program.model)
    program.model.clear_hints()
    is_proven = getattr(found, "is_proven", True)
    return Answer(None if solver is None else list(solver.response_proto.solution), is_proven)


def by_pulp(solver: Callable[[float], pulp.LpSolver], program: Program, seconds: float) -> Answer:
    """Write the same program in PuLP and run a solver on it."""
    watch = Stopwatch()
    written, variables = in_pulp(program.model)
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
    solver = _held_to_hints(looked_at)
    return None if solver is None else solver.objective_value


def _held_to_hints(model: cp_model.CpModel) -> cp_model.CpSolver | None:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.fix_variables_to_their_hinted_value = True
    return solver if solver.solve(model) == cp_model.OPTIMAL else None


METHODS: dict[str, Callable[[Program, float], Answer]] = {
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
    asked = list(programs(instance, kind))
    watch = Stopwatch()
    answers = [METHODS[method](program, seconds) for program in asked]
    cpu_s, wall_s = watch.cpu_s, watch.wall_s
    worths = [
        None if answer.values is None else worth(program.model, answer.values)
        for program, answer in zip(asked, answers, strict=True)
    ]
    proven = sum(answer.is_proven for answer in answers)
    answered = [answer.values is not None for answer in answers]
    return Tally(answered, worths, proven, cpu_s, wall_s, peak_mb())


def whole_rosters(instance: Instance) -> list[str]:
    """Man every need of an instance as a run does."""
    needs, rules = instance
    watch = Stopwatch()
    rosters = [man(need, rules) for need in needs]
    cpu_s, wall_s = watch.cpu_s, watch.wall_s
    hours = Hours(most_minutes(rules))
    bounds = [staff(need, rules, hours, Budget(EFFORT)) for need in needs]
    short = sum(int(short_of(need, roster.vehicles).sum())
                for need, roster in zip(needs, rosters, strict=True))  # fmt: skip
    return [
        f"{len(needs)}", f"{sum(sum(map(sum, need.units)) for need in needs):,}", f"{short:,}",
        f"{sum(int(roster.vehicles.sum()) for roster in rosters):,}",
        f"{sum(int(bound.vehicles.sum()) for bound in bounds):,}",
        f"{sum(roster.is_proven for roster in rosters)}", f"{cpu_s:.1f}", f"{wall_s:.1f}",
        f"{peak_mb()}",
    ]  # fmt: skip


def rows_of(
    instances: dict[str, Instance], methods: list[str], seconds: float
) -> Iterator[list[str]]:
    """Measure the programs of each instance by one method after another."""
    for name, instance in instances.items():
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
    instances = {
        name: run_alone(make)
        for name, make in INSTANCES.items()
        if any(word in name for word in asked.only)
    }
    print_table(HEADS, rows_of(instances, asked.methods, asked.seconds), labels=3)
    print()
    rows = (measured([name], whole_rosters, instance) for name, instance in instances.items())
    print_table(ROSTER_HEADS, rows)


if __name__ == "__main__":
    main()
