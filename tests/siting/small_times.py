"""Siting problems with travel times small enough for brute force, and the brute force."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from hypothesis import strategies as st
from scipy.sparse.csgraph import shortest_path

from optimizer.siting import SitingProblem

from .small_problems import rules_round_a_plan

Times = Sequence[Mapping[int, float]]


def timed(times: Times, weight: Sequence[float], count: int, **rules: object) -> SitingProblem:
    """Write a problem down by the seconds from each site to each point that it reaches."""
    rows = [sorted(row.items()) for row in times]
    ways = list(itertools.chain(*rows))
    return SitingProblem(
        indptr=np.concatenate(([0], np.cumsum([len(row) for row in rows], dtype=np.int64))),
        demand=np.array([point for point, _ in ways], dtype=np.int32),
        travel_s=np.array([seconds for _, seconds in ways], dtype=np.float64),
        weight=np.array(weight, dtype=np.float64),
        site_ids=np.array([f"S{i}" for i in range(len(rows))], dtype=object),
        demand_ids=np.array([f"D{j}" for j in range(len(weight))], dtype=object),
        count=count,
        **rules,
    )


def times_of(problem: SitingProblem) -> list[dict[int, float]]:
    """Read the times of a problem back."""
    ends = zip(problem.indptr[:-1], problem.indptr[1:], strict=True)
    return [
        dict(zip(problem.demand[a:b].tolist(), problem.travel_s[a:b].tolist(), strict=True))
        for a, b in ends
    ]


def best_times_by_brute_force(problem: SitingProblem) -> tuple[float, float] | None:
    """Least weighted sum and least longest time over all plans; None: none reaches everybody."""
    times, asks = times_of(problem), np.flatnonzero(problem.weight > 0)
    sums, longest = [], []
    for sites in itertools.combinations(range(problem.site_count), problem.count):
        if problem.broken_rules(sites):
            continue
        nearest = [min(times[i].get(j, np.inf) for i in sites) for j in asks]
        sums.append(sum(problem.weight[j] * t for j, t in zip(asks, nearest, strict=True)))
        longest.append(max(nearest))
    if not sums or not np.isfinite(min(sums)):
        return None
    return float(min(sums)), float(min(longest))


@st.composite
def timed_problems(draw: st.DrawFn, *, rules: bool = True) -> SitingProblem:
    """Random problems of up to nine sites, times in no way symmetric and some ways missing.

    Rules are drawn around a plan that keeps them; it need not reach everybody.
    """
    m, n = draw(st.integers(2, 9)), draw(st.integers(1, 10))
    whole = draw(st.booleans())
    seconds = st.integers(0, 60) if whole else st.floats(0, 60, allow_subnormal=False)
    number = st.integers(0, 9) if whole else st.floats(0, 9, allow_subnormal=False)
    missing = draw(st.sampled_from([0.0, 0.0, 0.3]))
    row = st.dictionaries(st.integers(0, n - 1), seconds, max_size=n)
    full = st.lists(seconds, min_size=n, max_size=n).map(lambda times: dict(enumerate(times)))
    times = draw(st.lists(row if missing else full, min_size=m, max_size=m))
    weight = draw(st.lists(number, min_size=n, max_size=n))
    weight[0] += 1
    times[0].setdefault(0, 1.0)
    if not rules:
        return timed(times, weight, draw(st.integers(1, m)))
    return timed(times, weight, **draw(rules_round_a_plan(m)))


def or_library(shared: Path, name: str) -> SitingProblem:
    """Read an OR-Library graph: every vertex is demand and site; of repeated edges the last."""
    lines = (shared / "benchmarks" / "pmed" / f"{name}.txt").read_text().splitlines()
    (n, _, count), *edges = [tuple(map(int, line.split())) for line in lines if line.strip()]
    costs = np.zeros((n, n))
    for one, other, cost in edges:
        costs[one - 1, other - 1] = costs[other - 1, one - 1] = cost
    times = shortest_path(costs)
    return timed([dict(enumerate(row)) for row in times.tolist()], np.ones(n), count)
