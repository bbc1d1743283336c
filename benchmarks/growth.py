"""Measure how solving grows with customers, sites, platforms and radius, on the planar family.

One instance (100,000 customers, 200 sites, 20 platforms, radius 2.5 in a square of 30) is varied
along one axis at a time. This package merges the customers and solves to a gap of 0.1 %; PuLP +
HiGHS solve the textbook model to the same gap, on each axis until they first fail to. The clock
starts with the arrays in memory. Prints a table in Markdown and draws it on log axes::

    python benchmarks/growth.py [--seconds 60] [--skip-peer] [--only AXIS ...] [--plot FILE]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from instances import drawn, planar, warm_up
from peers import HEADS, OURS, Row, measure
from plots import IMAGES, draw_growth
from rows import RowError, Stopwatch, peak_mb, print_table, run_alone

from optimizer.siting import merge_customers, solve

PEER = "PuLP + HiGHS"
GAP = 0.001


class Instance(NamedTuple):
    """One instance of the planar family."""

    customers: int = 100_000
    sites: int = 200
    count: int = 20
    radius: float = 2.5


AXES: dict[str, list[Instance]] = {
    "customers": [Instance(customers=10**power) for power in range(3, 8)],
    "sites": [Instance(sites=sites) for sites in (50, 100, 200, 500, 1_000, 2_000)],
    "platforms": [Instance(count=count) for count in (5, 10, 20, 50, 100)],
    "radius": [Instance(radius=radius) for radius in (1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6)],
}
FIELDS = dict(zip(AXES, Instance._fields, strict=True))


class Point(NamedTuple):
    """What one method took at one place of an axis."""

    axis: str
    at: float
    row: Row

    @property
    def closed(self) -> bool:
        """Whether the gap asked for was proven."""
        return self.row.gap is not None and self.row.gap <= GAP


def by_optimizer(instance: Instance, name: str, seconds: float) -> Row:
    """Merge the customers and solve."""
    warm_up()
    where, people, demand = drawn(instance.customers, instance.sites)
    watch = Stopwatch()
    groups = merge_customers(where, [(*people.T, demand)], instance.radius)
    left = max(1.0, seconds - watch.wall_s)
    plan = solve(groups.problem(instance.count), gap=GAP, time_limit_s=left)
    return Row(name, OURS, plan.objective, plan.bound, watch.cpu_s, watch.wall_s, peak_mb())


def by_peer(instance: Instance, name: str, seconds: float) -> Row:
    """Solve customer by customer."""
    return measure(planar(*instance), name, PEER, seconds, GAP)


METHODS = {OURS: by_optimizer, PEER: by_peer}


def points_of(axis: str, method: str, seconds: float) -> Iterator[Point]:
    """Measure one point after another; the peer until it first fails."""
    for instance in AXES[axis]:
        at = getattr(instance, FIELDS[axis])
        name = f"{axis} {at:,}"
        try:
            point = Point(axis, at, run_alone(METHODS[method], instance, name, seconds))
        except RowError as error:
            point = Point(axis, at, Row(name, method, remark=str(error)))
        yield point
        if method == PEER and not point.closed:
            return


def main() -> None:
    """Print the table and draw it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time for each point")
    parser.add_argument("--skip-peer", action="store_true", help="measure only this package")
    parser.add_argument("--only", nargs="+", choices=AXES, default=list(AXES), help="axes")
    parser.add_argument("--plot", type=Path, default=IMAGES / "growth.svg", help="where to draw")
    asked = parser.parse_args()
    points: list[Point] = []

    def cells() -> Iterator[list[str]]:
        for axis in asked.only:
            for method in (OURS,) if asked.skip_peer else METHODS:
                for point in points_of(axis, method, asked.seconds):
                    points.append(point)
                    yield point.row.cells()

    print_table(HEADS, cells(), labels=2)
    draw_growth(points, asked.plot)


if __name__ == "__main__":
    main()
