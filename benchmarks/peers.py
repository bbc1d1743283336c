"""Measure this package beside its peers on maximal covering, on the same instances.

spopt with CBC and with HiGHS, the textbook model in PuLP with CBC and with HiGHS, the same model
handed to HiGHS as arrays, and CP-SAT with two workers, each with its own settings. Every method has
the same wall time from the arrays in memory on, writing its model down included, and is given up
`GRACE_S` later. The objective is counted anew from the sites that a method opens; the gap is what
it has proven. Memory is that of the larger process (CBC is one of its own). Prints a table in
Markdown and draws it::

    python benchmarks/peers.py [--seconds 60] [--gap 0] [--only WORD ...] [--methods WORD ...]
"""

from __future__ import annotations

import argparse
import functools
import importlib
import importlib.util
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import highspy
import numpy as np
import pulp
from instances import sjc, warm_up
from ortools.sat.python import cp_model
from plots import IMAGES, draw_peers
from rows import RowError, Stopwatch, given_up_after, peak_mb, print_table, run_alone
from scipy import sparse
from siting import INSTANCES

from optimizer.siting import SitingProblem, solve

PEERED: dict[str, Callable[[], SitingProblem]] = {
    **{name: make for name, make in INSTANCES.items() if "3 legs" not in name},
    "SJC500, R = 800, p = 5": functools.partial(sjc, 500, 5),
}
OURS = "optimizer"
GRACE_S = 20.0
NEEDS_SPOPT = (
    "spopt is not installed; `make peers`, or pip install 'optimizer[bench]', brings it in."
)
HEADS = ("instance", "method", "objective", "bound", "gap", "CPU s", "wall s", "peak MB", "remark")


class Answer(NamedTuple):
    """Sites that a method opens and what it says no plan can exceed; None where it has none."""

    sites: list[int] | None
    bound: float | None


class Row(NamedTuple):
    """What one method reached on one instance; None where it reached nothing."""

    instance: str
    method: str
    objective: float | None = None
    bound: float | None = None
    cpu_s: float | None = None
    wall_s: float | None = None
    peak_mb: int | None = None
    remark: str = ""

    @property
    def gap(self) -> float | None:
        """(bound - objective) / objective."""
        if not self.objective or self.bound is None:
            return None
        return max(0.0, self.bound - self.objective) / self.objective

    def cells(self) -> list[str]:
        """Write the row down."""
        gap = None if self.gap is None else 100 * self.gap
        return [
            *(self.instance, self.method),
            *(_text(self.objective, ",.0f"), _text(self.bound, ",.0f"), _text(gap, ".3f", " %")),
            *(_text(self.cpu_s, ".1f"), _text(self.wall_s, ".1f"), _text(self.peak_mb, ",")),
            self.remark,
        ]


def _text(number: float | None, form: str, unit: str = "") -> str:
    return "-" if number is None else f"{number:{form}}{unit}"


Left = Callable[[], float]
PulpModel = tuple[pulp.LpProblem, list[pulp.LpVariable]]


def by_optimizer(problem: SitingProblem, left: Left, gap: float) -> Answer:
    """Solve with this package."""
    plan = solve(problem, gap=gap, time_limit_s=left())
    return Answer(plan.sites.tolist(), plan.bound)


def by_pulp(
    write: Callable[[SitingProblem], PulpModel],
    run: Callable[[pulp.LpProblem, float, float], float | None],
    problem: SitingProblem,
    left: Left,
    gap: float,
) -> Answer:
    """Write a model in PuLP and run a solver on it."""
    model, opened = write(problem)
    bound = run(model, left(), gap)
    sites = [i for i, variable in enumerate(opened) if (variable.varValue or 0.0) > 0.5]
    return Answer(sites or None, bound)


def textbook(problem: SitingProblem) -> PulpModel:
    """Write maximal covering as the textbooks do, with coverage left continuous."""
    model = pulp.LpProblem("mclp", pulp.LpMaximize)
    near = _near(problem)
    y = [model.add_variable(f"y{i}", 0, 1, pulp.LpInteger) for i in range(problem.site_count)]
    z = [model.add_variable(f"z{j}", 0, 1) for j in range(problem.point_count)]
    model.setObjective(pulp.LpAffineExpression(list(zip(z, problem.weight.tolist(), strict=True))))
    for j in range(problem.point_count):
        sites = near.indices[near.indptr[j] : near.indptr[j + 1]]
        model += z[j] <= pulp.lpSum([y[i] for i in sites])
    model += pulp.lpSum(y) == problem.count
    return model, y


def of_spopt(problem: SitingProblem) -> PulpModel:
    """Let spopt write the model, from a full matrix of costs: 0 within reach, 1 beyond."""
    cost = np.ones((problem.point_count, problem.site_count))
    cost[problem.demand, np.repeat(np.arange(problem.site_count), np.diff(problem.indptr))] = 0
    locate = importlib.import_module("spopt.locate")
    written = locate.MCLP.from_cost_matrix(cost, problem.weight, 0.5, problem.count)
    return written.problem, written.fac_vars


def cbc(model: pulp.LpProblem, seconds: float, gap: float) -> float | None:
    """Run CBC, whose bound stands only in its log."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, gapRel=gap, logPath=log))
        text = log.read_text()
    stated = re.search(r"^Upper bound:\s+(\S+)", text, re.MULTILINE)
    if stated is None and "Result - Optimal solution found" in text:
        stated = re.search(r"^Objective value:\s+(\S+)", text, re.MULTILINE)
    return stated and abs(float(stated[1]))


def highs(model: pulp.LpProblem, seconds: float, gap: float) -> float | None:
    """Run HiGHS."""
    model.solve(pulp.HiGHS(msg=False, timeLimit=seconds, gapRel=gap))
    return _finite(-model.solverModel.getInfo().mip_dual_bound)


def by_highspy(problem: SitingProblem, left: Left, gap: float) -> Answer:
    """Hand the textbook model to HiGHS as arrays: sites first, then points."""
    m, n = problem.site_count, problem.point_count
    rows = sparse.vstack(
        [
            sparse.hstack([-_near(problem), sparse.eye_array(n)]),
            sparse.csr_array(np.concatenate([np.ones(m), np.zeros(n)])[None]),
        ],
        format="csr",
    )
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m + n, n + 1
    lp.col_cost_ = np.concatenate([np.zeros(m), problem.weight])
    lp.col_lower_, lp.col_upper_ = np.zeros(m + n), np.ones(m + n)
    lp.row_lower_ = np.append(np.full(n, -highspy.kHighsInf), problem.count)
    lp.row_upper_ = np.append(np.zeros(n), problem.count)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * m + [highspy.HighsVarType.kContinuous] * n
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        rows.indptr, rows.indices, rows.data.astype(float)
    )  # fmt: skip
    lp.sense_ = highspy.ObjSense.kMaximize
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(lp)
    solver.setOptionValue("mip_rel_gap", gap)
    solver.setOptionValue("time_limit", left())
    solver.run()
    values = np.asarray(solver.getSolution().col_value[:m])
    return Answer(np.flatnonzero(values > 0.5).tolist(), _finite(solver.getInfo().mip_dual_bound))


def by_cp_sat(problem: SitingProblem, left: Left, gap: float) -> Answer:
    """Write the textbook model for CP-SAT: a covered point has an open site."""
    model = cp_model.CpModel()
    near = _near(problem)
    y = [model.new_bool_var(f"y{i}") for i in range(problem.site_count)]
    z = [model.new_bool_var(f"z{j}") for j in range(problem.point_count)]
    for j in range(problem.point_count):
        sites = near.indices[near.indptr[j] : near.indptr[j + 1]]
        model.add_bool_or([z[j].negated(), *(y[i] for i in sites)])
    model.add(sum(y) == problem.count)
    model.maximize(cp_model.LinearExpr.weighted_sum(z, problem.weight.astype(int).tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.relative_gap_limit = gap
    solver.parameters.max_time_in_seconds = left()
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(None, None)
    sites = [i for i, site in enumerate(y) if solver.boolean_value(site)]
    return Answer(sites, _finite(solver.best_objective_bound))


def _near(problem: SitingProblem) -> sparse.csr_array:
    """Sites that reach each point, points x sites."""
    ones = np.ones(len(problem.demand), dtype=np.int8)
    shape = (problem.site_count, problem.point_count)
    return sparse.csr_array((ones, problem.demand, problem.indptr), shape=shape).T.tocsr()


def _finite(bound: float) -> float | None:
    return bound if np.isfinite(bound) else None


METHODS: dict[str, Callable[[SitingProblem, Left, float], Answer]] = {
    OURS: by_optimizer,
    "spopt + CBC": functools.partial(by_pulp, of_spopt, cbc),
    "spopt + HiGHS": functools.partial(by_pulp, of_spopt, highs),
    "PuLP + CBC": functools.partial(by_pulp, textbook, cbc),
    "PuLP + HiGHS": functools.partial(by_pulp, textbook, highs),
    "highspy": by_highspy,
    "CP-SAT, 2 workers": by_cp_sat,
}


def measure(problem: SitingProblem, instance: str, method: str, seconds: float, gap: float) -> Row:
    """Solve in this process by one method and return its row."""
    if method == OURS:
        warm_up()
    if "spopt" in method:
        importlib.import_module("spopt.locate")
    watch = Stopwatch()

    def left() -> float:
        """Seconds that the solver has; without any the row is given up."""
        if watch.wall_s >= seconds:
            raise TimeoutError
        return seconds - watch.wall_s

    remark, answer = "", Answer(None, None)
    try:
        with given_up_after(seconds + GRACE_S):
            answer = METHODS[method](problem, left, gap)
    except TimeoutError:
        remark = f"no answer after {watch.wall_s:.0f} s"
    except MemoryError:
        remark = "out of memory"
    objective = None
    if answer.sites and len(answer.sites) == problem.count:
        objective = problem.covered_weight(answer.sites)
    return Row(
        instance, method, objective, answer.bound, watch.cpu_s, watch.wall_s, peak_mb(), remark
    )


def rows_of(words: list[str], methods: list[str], seconds: float, gap: float) -> Iterator[Row]:
    """Measure one row after another."""
    has_spopt = importlib.util.find_spec("spopt") is not None
    if not has_spopt:
        print(NEEDS_SPOPT, file=sys.stderr)
    for instance, state in PEERED.items():
        if not any(word in instance for word in words):
            continue
        problem = run_alone(state)
        for method in METHODS:
            if not any(word in method for word in methods):
                continue
            if "spopt" in method and not has_spopt:
                yield Row(instance, method, remark="not installed")
                continue
            try:
                yield run_alone(measure, problem, instance, method, seconds, gap)
            except RowError as error:
                yield Row(instance, method, remark=str(error))


def main() -> None:
    """Print the table and draw it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time for each row")
    parser.add_argument("--gap", type=float, default=0.0, help="gap at which to stop")
    parser.add_argument("--only", nargs="+", default=[""], help="instances whose name has one")
    parser.add_argument("--methods", nargs="+", default=[""], help="methods whose name has one")
    parser.add_argument("--plot", type=Path, default=IMAGES / "peers.svg", help="where to draw")
    asked = parser.parse_args()
    rows: list[Row] = []

    def cells() -> Iterator[list[str]]:
        for row in rows_of(asked.only, asked.methods, asked.seconds, asked.gap):
            rows.append(row)
            yield row.cells()

    print_table(HEADS, cells(), labels=2)
    draw_peers(rows, asked.plot)


if __name__ == "__main__":
    main()
