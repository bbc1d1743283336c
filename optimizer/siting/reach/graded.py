"""Cover by degrees: full credit inside the first standard, part inside the next.

maximise sum_j w_j a_j(t_j), where t_j is the time of the nearest open site and a_j falls in steps
a_j1 >= a_j2 >= ... at the standards S_j1 < S_j2 < ... (the generalised maximal covering problem of
Berman & Krass 2002, Computers & Operations Research 29, 563-581). Because

    a_j(t) = sum_k (a_jk - a_j,k+1) [t <= S_jk],

point j may be split into one point for each step, with the drop in credit as its weight: what is
left is plain maximal covering, without any loss.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from optimizer.errors import InputError
from optimizer.siting.problem import Indices, SitingProblem, Weights
from optimizer.siting.reach.standards import reach_within


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """Within `standard_s` seconds a point earns `share` of its weight."""

    standard_s: float
    share: float


Steps = Sequence[Step]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GradedProblem:
    """A graded problem as maximal covering, with the way back to the points it was made of.

    Parameters
    ----------
    problem
        To be solved; its points are (point, step) pairs, of which equal shares leave out some.
    point, share
        For each of its points the original one, and the share of weight earned there when it is
        the tightest that is covered [n'].
    point_count
        Number of original points, n.
    """

    problem: SitingProblem
    point: Indices
    share: Weights
    point_count: int

    def earned_share(self, sites: npt.ArrayLike) -> Weights:
        """Share of its weight that each original point earns from the given sites [n]."""
        earned = np.zeros(self.point_count)
        covered = self.problem.covered_by(sites)
        np.maximum.at(earned, self.point[covered], self.share[covered])
        return earned


def graded_problem(
    indptr: npt.NDArray[np.integer[Any]],
    target: npt.NDArray[np.integer[Any]],
    travel_s: npt.NDArray[np.floating[Any]],
    weight: npt.ArrayLike,
    steps: Steps | Sequence[Steps],
    *,
    tier: npt.NDArray[np.integer[Any]] | None = None,
    turnout_s: float = 0.0,
    **problem: Any,
) -> GradedProblem:
    """Split demand points by the steps of their standards, exactly.

    Parameters
    ----------
    indptr, target, travel_s
        CSR of travel times, site by demand point, points ascending within each site: indptr
        [m + 1], target and travel_s [nnz], seconds.
    weight
        Demand weight of each point [n].
    steps
        Standards ascending with shares in (0, 1] that never rise: one list for all points, or one
        list for each tier.
    tier
        Which list holds for each point [n]; needed where there are several lists.
    turnout_s
        Seconds from the alarm to wheels rolling, part of every response.
    problem
        The other fields of a `SitingProblem`: site_ids, demand_ids, count, rules.

    Raises
    ------
    InputError
        Naming every fault of the steps, or of the problem.
    """
    weights = np.asarray(weight, dtype=np.float64)
    lists = _lists_of_steps(steps)
    tiers = np.zeros(len(weights), dtype=np.int64) if tier is None else np.asarray(tier)
    faults = [*_step_faults(lists), *_tier_faults(lists, tiers, len(weights), tier is None)]
    if faults:
        raise InputError(faults)
    kept = [_steps_that_matter(one) for one in lists]
    sizes = np.array([len(one) for one in kept])[tiers]
    first = np.concatenate(([0], np.cumsum(sizes)))
    point = np.repeat(np.arange(len(weights)), sizes)
    rank = np.arange(first[-1]) - first[point]
    table = np.full((len(kept), max(map(len, kept)) + 1, 2), 0.0)
    for t, one in enumerate(kept):
        table[t, : len(one)] = [(step.standard_s, step.share) for step in one]
    standard, share = table[tiers[point], rank].T
    drop = share - table[tiers[point], rank + 1, 1]
    ids = np.asarray(problem.pop("demand_ids"), dtype=np.object_)
    reach = _split_reach(indptr, target, travel_s, first, sizes)
    row_ptr, demand = reach_within(*reach, standard, turnout_s)
    split = SitingProblem(
        indptr=row_ptr,
        demand=demand,
        weight=weights[point] * drop,
        demand_ids=_labels(ids, point, standard),
        **problem,
    )
    return GradedProblem(split, point, share, len(weights))


def _split_reach(
    indptr: npt.NDArray[np.integer[Any]],
    target: npt.NDArray[np.integer[Any]],
    travel_s: npt.NDArray[np.floating[Any]],
    first: Indices,
    sizes: Indices,
) -> tuple[Indices, Indices, npt.NDArray[np.floating[Any]]]:
    """Repeat each pair for every step of its point; rows that ascend still do."""
    targets = np.asarray(target)
    times = sizes[targets]
    before = np.concatenate(([0], np.cumsum(times)))
    within = np.arange(before[-1]) - np.repeat(before[:-1], times)
    return (
        before[np.asarray(indptr)],
        np.repeat(first[targets], times) + within,
        np.repeat(np.asarray(travel_s), times),
    )


def _labels(ids: npt.NDArray[np.object_], point: Indices, standard: Weights) -> Any:
    labels = np.empty(len(point), dtype=np.object_)
    labels[:] = [(ids[j], float(s)) for j, s in zip(point, standard, strict=True)]
    return labels


def _lists_of_steps(steps: Steps | Sequence[Steps]) -> list[list[Step]]:
    if all(isinstance(step, Step) for step in steps):
        return [[step for step in steps if isinstance(step, Step)]]
    return [list(one) for one in steps if not isinstance(one, Step)]


def _steps_that_matter(steps: list[Step]) -> list[Step]:
    """Leave out a step after which as much is earned."""
    following = [*(step.share for step in steps[1:]), 0.0]
    return [step for step, after in zip(steps, following, strict=True) if step.share > after]


def _step_faults(lists: list[list[Step]]) -> list[str]:
    faults = []
    for t, steps in enumerate(lists):
        place = "" if len(lists) == 1 else f" of tier {t}"
        if not steps:
            faults.append(f"The list of steps{place} is empty: give at least one standard.")
        for step in steps:
            if not (np.isfinite(step.standard_s) and step.standard_s >= 0):
                faults.append(
                    f"A step{place} has a standard of {step.standard_s} s: "
                    "standards are finite and at least 0."
                )
            if not 0 < step.share <= 1:
                faults.append(
                    f"The step{place} at {step.standard_s} s earns a share of {step.share}: "
                    "shares are above 0 and at most 1."
                )
        for step, after in itertools.pairwise(steps):
            if after.standard_s <= step.standard_s:
                faults.append(
                    f"The steps{place} go from {step.standard_s} s to {after.standard_s} s: "
                    "put standards in ascending order, each once."
                )
            if after.share > step.share:
                faults.append(
                    f"The steps{place} earn {step.share} within {step.standard_s} s, but "
                    f"{after.share} within {after.standard_s} s: a later arrival never earns more."
                )
    return faults


def _tier_faults(
    lists: list[list[Step]], tier: npt.NDArray[np.integer[Any]], points: int, left_out: bool
) -> list[str]:
    if tier.shape != (points,):
        return [f"tier has shape {tier.shape}, but there are {points} demand points."]
    if left_out and len(lists) > 1:
        return [f"There are {len(lists)} lists of steps, but no tier says which holds where."]
    for wrong in tier[(tier < 0) | (tier >= len(lists))][:1]:
        return [
            (
                f"A demand point lies in tier {wrong}, but tiers are numbered from 0 to "
                f"{len(lists) - 1}, one for each list of steps."
            )
        ]
    return []
