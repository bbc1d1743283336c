"""Measure the planar record family: up to 40 million customers, from arrays in memory to a proof.

Sites and customers uniform in a square of 30, demand whole numbers from 1 to 100, covered if the
distance is under R (Cordeau, Furini & Ljubic 2019, doi:10.1016/j.ejor.2018.12.021). Customers
are merged by the set of sites that covers them, and the groups are solved to a gap of zero. Each
row runs in a process of its own, warmed up on a toy; the clock starts with the arrays in memory.
Prints a table in Markdown::

    python benchmarks/records.py [--seconds 120] [--only WORD ...]
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

from instances import drawn, warm_up
from rows import Stopwatch, measured, peak_mb, print_table

from optimizer.siting import merge_customers, solve

MILLION = 1_000_000


class Record(NamedTuple):
    """One instance: platforms to open and radius, over how many customers and sites."""

    customers: int
    sites: int
    count: int
    radius: float
    target: str

    @property
    def name(self) -> str:
        """What `--only` looks in."""
        million = self.customers / MILLION
        return f"{million:g} M x {self.sites:,}, p = {self.count}, R = {self.radius:g}"


RECORDS = [
    *(Record(20 * MILLION, 100, 10, radius, "60 for 14") for radius in (5.5, 5.75, 6, 6.25)),
    *(Record(20 * MILLION, 100, 15, radius, "60 for 14") for radius in (4, 4.25, 4.5, 4.75, 5)),
    *(Record(20 * MILLION, 100, 20, radius, "60 for 14") for radius in (3.25, 3.5, 3.75, 4, 4.25)),
    Record(40 * MILLION, 100, 10, 6.25, "10"),
    Record(40 * MILLION, 100, 15, 5, "10"),
    Record(40 * MILLION, 100, 20, 3.25, "10"),
    Record(1 * MILLION, 1_000, 100, 1, "2"),
    Record(1 * MILLION, 1_000, 50, 1.5, "5"),
    Record(1 * MILLION, 1_000, 30, 2, "20"),
    Record(5 * MILLION, 500, 200, 1, "2"),
    Record(5 * MILLION, 500, 30, 2, "6"),
    Record(5 * MILLION, 500, 10, 3.25, "20"),
    Record(10 * MILLION, 200, 15, 4, "proof"),
    Record(10 * MILLION, 200, 20, 3.25, "proof"),
]
HEADS = (
    "instance", "groups", "merge CPU s", "CPU s", "target", "objective", "bound", "gap", "share",
    "peak MB",
)  # fmt: skip


def measure(record: Record, seconds: float) -> list[str]:
    """Merge and solve one instance in this process and return the cells of its row."""
    warm_up()
    where, people, demand = drawn(record.customers, record.sites)
    watch = Stopwatch()
    groups = merge_customers(where, [(*people.T, demand)], record.radius, strict=True)
    merged = watch.cpu_s
    plan = solve(groups.problem(record.count), gap=0, time_limit_s=seconds)
    return [
        *(f"{len(groups.weight):,}", f"{merged:.2f}", f"{watch.cpu_s:.2f}", record.target),
        *(f"{plan.objective:,.0f}", f"{plan.bound:,.0f}", f"{100 * plan.gap:.4f} %"),
        *(f"{100 * plan.covered_share():.2f} %", f"{peak_mb():,}"),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120.0, help="wall time to solve each row")
    parser.add_argument("--only", nargs="+", default=[""], help="instances whose name has one")
    asked = parser.parse_args()
    chosen = [record for record in RECORDS if any(word in record.name for word in asked.only)]
    print_table(
        HEADS, (measured([record.name], measure, record, asked.seconds) for record in chosen)
    )


if __name__ == "__main__":
    main()
