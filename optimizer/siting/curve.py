"""Coverage against the number of platforms: what one more brings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Literal

import numpy as np
from threadpoolctl import threadpool_limits

from optimizer.siting.cover import rules_of
from optimizer.siting.covering.bounds import Bound, first_prices, site_values, tighten
from optimizer.siting.covering.local_search import extend_greedily, improve
from optimizer.siting.covering.reduce import Remainder, completed, remainder_of
from optimizer.siting.feasibility import check_feasible
from optimizer.siting.problem import Indices, SitingProblem, Weights
from optimizer.siting.proof import Progress
from optimizer.siting.solution import SitingSolution
from optimizer.siting.wording import counted

SEARCH_WORK = 7e7
ITERATIONS = 50


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CurvePoint:
    """The best plan found with `count` platforms.

    `marginal_share` is the share of all demand that it covers beyond the point before it (for the
    first point: beyond nothing). `bound`, `gap` and `status` as in `SitingSolution`.
    """

    count: int
    sites: Indices
    covered_weight: float
    covered_share: float
    marginal_share: float
    bound: float
    gap: float
    status: Literal["optimal", "feasible"]


def coverage_curve(
    problem: SitingProblem,
    counts: Iterable[int],
    *,
    gap: float = 0.01,
    seed: int = 0,
    known: SitingSolution | None = None,
    progress: Progress | None = None,
) -> list[CurvePoint]:
    """Draw the curve for a problem of one region; its own `count` is ignored.

    Each plan starts from the one before, so the curve never falls. The prices that bound one point
    bound every other too, and each point takes the lowest. Nothing assumes that the curve is
    concave: the best plan for N + 1 platforms need not contain the best for N.

    Parameters
    ----------
    problem
        What to decide; exactly one region.
    counts
        Numbers of platforms; repeats are dropped.
    gap
        Gap within which a point is called optimal and tightening stops.
    seed
        Of the search.
    known
        A plan for one of the counts, which stands in the curve as it is, with its own proof.
    progress
        Told one sentence for each point.

    Raises
    ------
    InfeasibleError
        If no plan of the smallest or of the largest count keeps every rule.
    ValueError
        If the problem has several regions.
    """
    if len(problem.budgets) != 1:
        raise ValueError("A coverage curve needs a problem of one region.")
    numbers = sorted(set(counts))
    for count in {numbers[0], numbers[-1]}:
        check_feasible(problem.replace(count=count))
    rest = remainder_of(problem.replace(count=numbers[-1]))
    with threadpool_limits(1, user_api="blas"):
        plans, ceilings = _plans_and_ceilings(rest, numbers, gap, seed)
    points: list[CurvePoint] = []
    for count, plan in zip(numbers, plans, strict=True):
        sites = np.concatenate([rest.opened, rest.sites[plan]])
        sites = completed(problem, sites, np.array([count]))
        ceiling = float(ceilings[len(plan)])
        if known is not None and len(known.sites) == count:
            sites, ceiling = known.sites, min(ceiling, known.bound)
        points.append(_point(problem, sites, points, ceiling, gap))
        if progress is not None:
            progress(
                f"{counted(count, 'platform')}: {100 * points[-1].covered_share:.2f} % covered"
            )
    return points


def _plans_and_ceilings(
    rest: Remainder, numbers: list[int], gap: float, seed: int
) -> tuple[list[Indices], Weights]:
    """Search along the curve; the plan of each count, and the lowest bound for each number free."""
    cover, full = rest.cover, rules_of(rest.problem)
    most = int(full.budgets.sum())
    ceilings = np.full(most + 1, rest.base + rest.problem.total_weight)
    ceilings[0] = rest.base
    plan, prices = np.zeros(0, dtype=np.int64), None
    plans = []
    for count in numbers:
        free = min(count - len(rest.opened), most)
        budgets = np.array([free])
        budgets.setflags(write=False)  # as a problem's own: numba compiles writable ones anew
        rules = full._replace(budgets=budgets)
        plan = extend_greedily(cover, rules, plan)
        plan = improve(cover, rules, plan, seed=seed, work=SEARCH_WORK)
        plans.append(plan)
        value = rest.problem.covered_weight(plan)
        bound = tighten(
            cover,
            rules,
            first_prices(cover, plan) if prices is None else prices,
            target=value,
            enough=value * (1 + gap),
            iterations=ITERATIONS,
        )
        prices = bound.prices
        ceilings = np.minimum(ceilings, rest.base + _ceilings(bound, rest, most))
        ceilings[free] = min(ceilings[free], rest.base + bound.value)
    return plans, ceilings


def _ceilings(bound: Bound, rest: Remainder, most: int) -> Weights:
    """Bound every number of free platforms from 0 to `most` by the same prices."""
    values = np.sort(site_values(rest.cover, bound.prices))[::-1]
    unsold = float((rest.cover.weight - bound.prices).sum())
    return unsold + np.concatenate(([0.0], np.cumsum(values[:most])))


def _point(
    problem: SitingProblem, sites: Indices, before: list[CurvePoint], ceiling: float, gap: float
) -> CurvePoint:
    value = problem.covered_weight(sites)
    if before and before[-1].covered_weight > value:  # one more platform never covers less
        sites = completed(problem, before[-1].sites, np.array([len(sites)]))
        value = problem.covered_weight(sites)
    share = value / problem.total_weight
    bound = max(value, ceiling)
    open_gap = (bound - value) / value if value > 0 else float(bound > 0)
    return CurvePoint(
        count=len(sites),
        sites=sites,
        covered_weight=value,
        covered_share=share,
        marginal_share=share - (before[-1].covered_share if before else 0.0),
        bound=bound,
        gap=open_gap,
        status="optimal" if open_gap <= gap else "feasible",
    )
