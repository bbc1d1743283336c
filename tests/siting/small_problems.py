"""Siting problems small enough for brute force, and the brute force."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from optimizer.siting import SitingProblem


def problem_of(
    reach: Sequence[set[int]], weight: Sequence[float], count: int, **rules: object
) -> SitingProblem:
    """Write a problem down by the set of points that each site covers."""
    rows = [sorted(points) for points in reach]
    return SitingProblem(
        indptr=np.concatenate(([0], np.cumsum([len(row) for row in rows], dtype=np.int64))),
        demand=np.array(list(itertools.chain(*rows)), dtype=np.int32),
        weight=np.array(weight, dtype=np.float64),
        site_ids=np.array([f"S{i}" for i in range(len(rows))], dtype=object),
        demand_ids=np.array([f"D{j}" for j in range(len(weight))], dtype=object),
        count=count,
        **rules,
    )


def flags(size: int, *where: int) -> np.ndarray:
    """An array of `size` flags, set at the given places."""
    array = np.zeros(size, dtype=np.bool_)
    array[list(where)] = True
    return array


def best_by_brute_force(problem: SitingProblem) -> float | None:
    """The best covered weight over every set of sites that keeps the rules; None: there is none."""
    reach = np.split(problem.demand, problem.indptr[1:-1])
    best = None
    for sites in itertools.combinations(range(problem.site_count), problem.count):
        if problem.broken_rules(sites):
            continue
        covered = set().union(*(reach[i].tolist() for i in sites))
        value = float(sum(problem.weight[j] for j in covered))
        best = value if best is None else max(best, value)
    return best


@st.composite
def rules_round_a_plan(draw: st.DrawFn, m: int) -> dict[str, object]:
    """Count, regions, keep, forbid and moves for m sites, which one plan at least keeps."""
    some = st.lists(st.booleans(), min_size=m, max_size=m).map(np.array)
    few = st.sets(st.integers(0, m - 1), max_size=2).map(lambda where: flags(m, *where))
    plan = draw(some)
    plan[draw(st.integers(0, m - 1))] = True
    regions = draw(st.integers(1, 3))
    region = np.array(draw(st.lists(st.integers(0, regions - 1), min_size=m, max_size=m)))
    previous = draw(some)
    least_moves = int((previous & ~plan).sum())
    return {
        "count": int(plan.sum()),
        "region": region,
        "budgets": np.bincount(region[plan], minlength=regions),
        "keep": draw(few) & plan,
        "forbidden": draw(few) & ~plan,
        "previous": previous,
        "max_moves": draw(st.none() | st.integers(least_moves, least_moves + 2)),
    }


@st.composite
def problems(
    draw: st.DrawFn, *, rules: bool = True, most_sites: int = 9, whole: bool = False
) -> SitingProblem:
    """Random problems of a few sites, with regions, keep, forbid and moves if `rules`.

    Rules are drawn around a plan that keeps them all, so that every problem has an answer; weights
    are whole if `whole`, else sometimes.
    """
    m = draw(st.integers(2, most_sites))
    n = draw(st.integers(1, 12))
    reach = draw(st.lists(st.sets(st.integers(0, n - 1)), min_size=m, max_size=m))
    reach[0] = reach[0] | {0}
    whole = whole or draw(st.booleans())
    number = st.integers(0, 50) if whole else st.floats(0, 50, allow_subnormal=False)
    weight = draw(st.lists(number, min_size=n, max_size=n))
    weight[0] += 1
    if not rules:
        return problem_of(reach, weight, draw(st.integers(1, m)))
    return problem_of(reach, weight, **draw(rules_round_a_plan(m)))


def sjc(shared: Path, name: str, radius: float, count: int) -> SitingProblem:
    """Read an instance of São José dos Campos: every point is a site too."""
    rows = (shared / "benchmarks" / "sjc" / f"{name}.txt").read_text().split("\n")[1:]
    x, y, weight = np.array([row.split() for row in rows if row.strip()], dtype=float).T
    near = np.hypot(x[:, None] - x, y[:, None] - y) <= radius
    return problem_of([set(np.flatnonzero(row)) for row in near], weight, count)
