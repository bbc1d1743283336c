"""The claim of a maximal covering certificate that needs no proof: the problem, and its plan."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from optimizer.verification.certificate import Array, Certificate

ROUNDING = 1e-9


def problem_fault(claim: Certificate) -> str | None:
    """Say what makes the problem meaningless, or None."""
    return next(_problem_faults(claim), None)


def plan_fault(claim: Certificate) -> str | None:
    """Say which rule the plan breaks, or how its objective is not what was claimed, or None."""
    return next(_plan_faults(claim), None)


def covered_by(claim: Certificate, sites: Array) -> npt.NDArray[np.bool_]:
    """Points that at least one of the sites covers [n]."""
    covered = np.zeros(len(claim["weight"]), dtype=np.bool_)
    for site in sites.tolist():
        covered[claim["demand"][claim["indptr"][site] : claim["indptr"][site + 1]]] = True
    return covered


def least_kept_previous(claim: Certificate) -> int:
    """How many previous sites must stay open (0: no such rule)."""
    if claim.max_moves is None:
        return 0
    return max(0, int(claim["previous"].sum()) - claim.max_moves)


def are_rows(start: Array, size: int, rows: int) -> bool:
    """Whether `start` divides so many entries into so many rows."""
    return bool(
        len(start) == rows + 1
        and start[0] == 0
        and start[-1] == size
        and (start[1:] >= start[:-1]).all()
    )


def are_below(values: Array, end: int, least: int = 0) -> bool:
    """Whether all values lie in least .. end - 1."""
    return bool(((values >= least) & (values < end)).all())


def _problem_faults(claim: Certificate) -> Iterator[str]:
    if claim.model != "mclp":
        yield f"model {claim.model!r} is not one that certificates are known for"
    yield from _shape_faults(claim)
    yield from _reach_faults(claim)
    yield from _rule_faults(claim)


def _shape_faults(claim: Certificate) -> Iterator[str]:
    m, n = len(claim.site_ids), len(claim.demand_ids)
    if not (m and n and len(claim["budgets"])):
        yield "there is no site, no demand point or no region"
    if len(set(claim.site_ids)) < m or len(set(claim.demand_ids)) < n:
        yield "two sites or two demand points have the same id"
    for name in ("region", "keep", "forbidden", "previous"):
        if len(claim[name]) != m:
            yield f"{name} has {len(claim[name])} entries for {m} sites"
    for name in ("weight", "group"):
        if len(claim[name]) != n:
            yield f"{name} has {len(claim[name])} entries for {n} demand points"


def _reach_faults(claim: Certificate) -> Iterator[str]:
    start, points, n = claim["indptr"], claim["demand"], len(claim.demand_ids)
    if not are_rows(start, len(points), len(claim.site_ids)):
        yield "indptr does not divide the reach into one row for each site"
        return
    if not are_below(points, n):
        yield f"the reach names a demand point outside 0..{n - 1}"
    begins = np.zeros(len(points) + 1, dtype=np.bool_)
    begins[start] = True
    if not ((np.diff(points) > 0) | begins[1:-1]).all():
        yield "the demand points of a site are not in ascending order without repeats"


def _rule_faults(claim: Certificate) -> Iterator[str]:
    regions = len(claim["budgets"])
    if not np.isfinite(claim["weight"]).all() or (claim["weight"] < 0).any():
        yield "a demand weight is negative or no number"
    if not are_below(claim["region"], regions):
        yield f"a site lies in a region outside 0..{regions - 1}"
    if len(claim.region_names) != regions or (claim["budgets"] < 0).any():
        yield "the budgets are not one number from 0 for each named region"
    if claim.max_moves is not None and claim.max_moves < 0:
        yield f"max_moves is {claim.max_moves}"


def _plan_faults(claim: Certificate) -> Iterator[str]:
    plan, m = claim["plan"], len(claim.site_ids)
    if not are_below(plan, m) or len(np.unique(plan)) < len(plan):
        yield f"the plan names a site twice, or one outside 0..{m - 1}"
        return
    if claim.sites != tuple(claim.site_ids[i] for i in plan):
        yield "the ids of the plan's sites are not those of its numbers"
    have = np.bincount(claim["region"][plan], minlength=len(claim["budgets"]))
    for r in np.flatnonzero(have != claim["budgets"]):
        yield (
            f"the plan opens {have[r]} sites in region {claim.region_names[r]!r}, "
            f"not {claim['budgets'][r]}"
        )
    closed = np.ones(m, dtype=np.bool_)
    closed[plan] = False
    for i in np.flatnonzero(claim["keep"] & closed):
        yield f"the plan closes the kept site {claim.site_ids[i]!r}"
    for i in np.flatnonzero(claim["forbidden"] & ~closed):
        yield f"the plan opens the forbidden site {claim.site_ids[i]!r}"
    if int((claim["previous"] & ~closed).sum()) < least_kept_previous(claim):
        yield f"the plan moves more previous sites than the {claim.max_moves} that may move"
    yield from _objective_faults(claim)


def _objective_faults(claim: Certificate) -> Iterator[str]:
    weight = claim["weight"]
    covered = math.fsum(weight[covered_by(claim, claim["plan"])])
    is_whole = bool((weight == np.rint(weight)).all())
    allowed = 0.0 if is_whole else ROUNDING * covered
    if abs(covered - claim.objective) > allowed:
        yield f"the plan covers {covered:.15g}, not {claim.objective:.15g} as claimed"
    if claim.objective > claim.bound + allowed:
        yield f"the plan covers {covered:.15g}, more than the bound {claim.bound:.15g}"
