"""Measure plans and proofs of this package on Minneapolis and on the instance where solvers stop.

In Minneapolis every call's node is a demand point and every junction a site, travel on the road
network; the planar instance has 10,000 customers and 500 sites. Each row runs in a process of its
own, warmed up on a toy; the clock starts with the arrays in memory. `peers.py` measures what others
do on the same instances. Prints a table in Markdown::

    python benchmarks/siting.py [--seconds 60] [--gap 0.001] [--only WORD ...]
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable

from instances import minneapolis, planar, warm_up
from rows import Stopwatch, measured, peak_mb, print_table, run_alone

from optimizer.siting import SitingProblem, coverage_curve, solve

FOUR, THREE = "Minneapolis, 4 legs", "Minneapolis, 3 legs"
INSTANCES: dict[str, Callable[[], SitingProblem]] = {
    "planar 10,000 x 500, p = 20": planar,
    f"{FOUR}, 3 min, p = 5": functools.partial(minneapolis, 4, 5, tiered=False),
    f"{FOUR}, 3 min, p = 10": functools.partial(minneapolis, 4, 10, tiered=False),
    f"{FOUR}, 3 min, p = 15": functools.partial(minneapolis, 4, 15, tiered=False),
    f"{FOUR}, tiers 1/3/5, p = 10": functools.partial(minneapolis, 4, 10, tiered=True),
    f"{THREE}, tiers 1/3/5, p = 10": functools.partial(minneapolis, 3, 10, tiered=True),
}
PLAN, CURVE = "plan", "curve 1 to 20"
HEADS = (
    "instance", "asked for", "sites x points", "objective", "bound", "gap", "CPU s", "wall s",
    "peak MB",
)  # fmt: skip


def measure(problem: SitingProblem, asked_for: str, seconds: float, gap: float) -> list[str]:
    """Solve in this process and return the cells of a row; of a curve, those of its last point."""
    warm_up()
    coverage_curve(planar(300, 20, 4), [1, 2])
    watch = Stopwatch()
    if asked_for == PLAN:
        plan = solve(problem, gap=gap, time_limit_s=seconds)
        objective, bound, room = plan.objective, plan.bound, plan.gap
    else:
        last = coverage_curve(problem, range(1, 21), gap=gap)[-1]
        objective, bound, room = last.covered_weight, last.bound, last.gap
    return [
        f"{problem.site_count:,} x {problem.point_count:,}",
        *(f"{objective:,.0f}", f"{bound:,.0f}", f"{100 * room:.3f} %"),
        *(f"{watch.cpu_s:.1f}", f"{watch.wall_s:.1f}", f"{peak_mb():,}"),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time for each row")
    parser.add_argument("--gap", type=float, default=0.001, help="gap at which to stop")
    parser.add_argument("--only", nargs="+", default=[""], help="instances whose name has one")
    asked = parser.parse_args()
    rows = [*((name, PLAN) for name in INSTANCES), (list(INSTANCES)[-1], CURVE)]
    print_table(
        HEADS,
        (
            measured(row, measure, run_alone(INSTANCES[row[0]]), row[1], asked.seconds, asked.gap)
            for row in rows
            if any(word in row[0] for word in asked.only)
        ),
        labels=2,
    )


if __name__ == "__main__":
    main()
