"""Measure the planar record family: up to 40 million customers, from arrays in memory to a proof.

Sites and customers uniform in a square of 30, demand whole numbers from 1 to 100, covered if the
distance is under R (Cordeau, Furini & Ljubic 2019, doi:10.1016/j.ejor.2018.12.021). Customers
are merged by the set of sites that covers them, and the groups are solved to a gap of zero. Each
row runs in a process of its own, warmed up on a toy; the clock starts with the arrays in memory.
Prints a table in Markdown::

    python benchmarks/records.py [--seconds 120] [--only WORD]
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
from typing import NamedTuple

import numpy as np

from optimizer.siting import merge_customers, solve

SIDE = 30.0
AT_A_TIME = 1_000_000
MILLION = 1_000_000


class Record(NamedTuple):
    """One instance: platforms to open and radius, over how many customers and sites."""

    customers: int
    sites: int
    count: int
    radius: float

    @property
    def name(self) -> str:
        """What `--only` looks in."""
        million = self.customers / MILLION
        return f"{million:g} M x {self.sites:,}, p = {self.count}, R = {self.radius:g}"


BY_COUNT = {10: (5.5, 5.75, 6, 6.25), 15: (4, 4.25, 4.5, 4.75, 5), 20: (3.25, 3.5, 3.75, 4, 4.25)}
RECORDS = [
    *(Record(20 * MILLION, 100, p, radius) for p, radii in BY_COUNT.items() for radius in radii),
    *(Record(40 * MILLION, 100, p, radius) for p, radius in ((10, 6.25), (15, 5), (20, 3.25))),
    *(Record(1 * MILLION, 1_000, p, radius) for p, radius in ((100, 1), (50, 1.5), (30, 2))),
    *(Record(5 * MILLION, 500, p, radius) for p, radius in ((200, 1), (30, 2), (10, 3.25))),
    *(Record(10 * MILLION, 200, p, radius) for p, radius in ((15, 4), (20, 3.25))),
]
HEADS = (
    "instance", "groups", "merge CPU s", "CPU s", "objective", "bound", "gap", "share", "peak MB"
)  # fmt: skip


def drawn(customers: int, sites: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw sites, customers and demand; demand a million at a time, which changes no number."""
    rng = np.random.default_rng(1)
    where = rng.uniform(0, SIDE, (sites, 2))
    people = rng.uniform(0, SIDE, (customers, 2))
    demand = np.empty(customers, dtype=np.uint8)
    for start in range(0, customers, AT_A_TIME):
        some = demand[start : start + AT_A_TIME]
        some[:] = rng.integers(1, 101, len(some))
    return where, people, demand


def measure(record: Record, seconds: float, answers) -> None:
    """Merge and solve one instance in this process and send back a row of the table."""
    where, people, demand = drawn(300_000, 20)
    solve(merge_customers(where, [(*people.T, demand)], 5.0, strict=True).problem(3), gap=0)
    where, people, demand = drawn(record.customers, record.sites)
    started = cpu_seconds()
    groups = merge_customers(where, [(*people.T, demand)], record.radius, strict=True)
    merged = cpu_seconds()
    plan = solve(groups.problem(record.count), gap=0, time_limit_s=seconds)
    done = cpu_seconds()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.put(
        f"| {record.name} | {len(groups.weight):,} | {merged - started:.2f} "
        f"| {done - started:.2f} | {plan.objective:,.0f} | {plan.bound:,.0f} "
        f"| {100 * plan.gap:.4f} % | {100 * plan.covered_share():.2f} % | {peak:,} |"
    )


def cpu_seconds() -> float:
    """User and system seconds of this process."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120.0, help="wall time to solve each row")
    parser.add_argument("--only", default="", help="instances whose name contains this")
    asked = parser.parse_args()
    print(f"| {' | '.join(HEADS)} |")
    print(f"|---|{'---:|' * (len(HEADS) - 1)}")
    spawn = multiprocessing.get_context("spawn")
    for record in RECORDS:
        if asked.only not in record.name:
            continue
        answers = spawn.SimpleQueue()
        child = spawn.Process(target=measure, args=(record, asked.seconds, answers))
        child.start()
        child.join()
        row = answers.get() if child.exitcode == 0 else f"| {record.name} | failed |"
        print(row, flush=True)


if __name__ == "__main__":
    main()
