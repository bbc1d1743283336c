"""Coverage against the number of platforms, and the number it speaks for."""

from __future__ import annotations

import logging
from itertools import pairwise

import numpy as np

from optimizer.siting import (
    CurvePoint,
    MaximalCovering,
    SitingProblem,
    SitingSolution,
    coverage_curve,
)
from optimizer.study import PlatformSettings

LOG = logging.getLogger(__name__)

SHORTEST, LONGEST = 20, 60


def choose_count(problem: SitingProblem, settings: PlatformSettings, seed: int) -> SitingProblem:
    """Let the curve choose the number of platforms where the study asks for that.

    It is the number after which one more platform adds less than ``min_gain_share`` of all demand.
    """
    if settings.count != "curve":
        return problem
    least = _fewest(problem)
    most = min(max(settings.curve_max, least), _most(problem))
    counts = range(least, most + 1)
    curve = coverage_curve(problem, counts, gap=settings.gap, seed=seed, progress=LOG.info)
    enough = next(
        (before.count for before, point in pairwise(curve)
         if point.marginal_share < settings.min_gain_share),
        curve[-1].count,
    )  # fmt: skip
    return problem.replace(count=enough, budgets=np.array([enough]))


def draw_curve(
    problem: SitingProblem, solution: SitingSolution, settings: PlatformSettings, seed: int
) -> tuple[CurvePoint, ...]:
    """Draw the curve around a plan; budgets by district leave nothing to draw.

    The curve is that of maximal covering: a plan of another model may lie under it.
    """
    if settings.per_district:
        return ()
    longest = settings.curve_max if settings.count == "curve" else 2 * problem.count
    most = min(max(SHORTEST, min(longest, LONGEST), problem.count), _most(problem))
    counts = range(_fewest(problem), most + 1)
    known = solution if isinstance(solution.model, MaximalCovering) else None
    return tuple(coverage_curve(problem, counts, gap=settings.gap, seed=seed, known=known))


def _fewest(problem: SitingProblem) -> int:
    stay = int((problem.keep & problem.previous).sum())
    return max(1, int(problem.keep.sum()) + max(0, problem.least_kept_previous - stay))


def _most(problem: SitingProblem) -> int:
    return int((~problem.forbidden).sum())
