"""Make the problem smaller without changing its answer.

Kept sites open and what they cover leaves; forbidden sites leave; demand points covered by exactly
the same sites become one; a site whose reach lies inside another's leaves. What remains is again a
`SitingProblem`, with the way back to the sites it came from.

Source: Chen et al. 2023, EJOR 311 (aggregation and domination).
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover, cover_of
from optimizer.siting.merging import added_up, merged_points
from optimizer.siting.problem import Codes, Flags, Indices, SitingProblem

Marks = npt.NDArray[np.uint64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Remainder:
    """What is left to decide, and what is decided.

    Parameters
    ----------
    problem
        The smaller problem; nothing in it is kept or forbidden.
    cover
        Its arrays for compiled code.
    sites
        Original site of each of its sites [m'].
    opened
        Original sites that are open already.
    base
        Weight that those cover.
    """

    problem: SitingProblem
    cover: Cover
    sites: Indices
    opened: Indices
    base: float

    def is_settled(self) -> bool:
        """Whether nothing is left to choose, or no choice makes a difference."""
        return self.problem.count == 0 or self.problem.point_count == 0


class Removed(NamedTuple):
    """Original sites taken out as useless, and the one that covers as much; -1: adds nothing."""

    sites: Indices
    by: Indices


class Reduction(NamedTuple):
    """A smaller remainder; for each point before its point there, or -1; the sites removed."""

    rest: Remainder
    labels: Indices
    removed: Removed


def remainder_of(problem: SitingProblem) -> Remainder:
    """Reduce a problem by its own keep and forbid lists, merging and domination."""
    return reduction_of(problem).rest


def reduction_of(problem: SitingProblem) -> Reduction:
    """Reduce a problem by its own lists and say how."""
    whole = Remainder(
        problem=problem,
        cover=cover_of(problem),
        sites=np.arange(problem.site_count),
        opened=np.zeros(0, dtype=np.int64),
        base=0.0,
    )
    nobody = np.zeros(problem.site_count, dtype=np.bool_)
    return fix_sites(whole, problem.keep, problem.forbidden, nobody)


def fix_sites(parent: Remainder, opened: Flags, closed: Flags, protected: Flags) -> Reduction:
    """Open and close sites of a remainder for good and reduce what is left.

    Parameters
    ----------
    parent
        The problem to reduce.
    opened, closed, protected
        Flags over its sites [m]: to open, to close, and never to drop as dominated.
    """
    problem = parent.problem
    base = parent.base + problem.covered_weight(np.flatnonzero(opened))
    point_rows = _points_left(parent, opened, closed)
    labels, firsts = merged_points(point_rows)
    merged = point_rows[firsts]
    least_kept = max(0, problem.least_kept_previous - int((problem.previous & opened).sum()))
    movable = ~protected & ~(problem.previous if least_kept else np.zeros_like(opened))
    by = _dominators(merged, problem.region, movable)
    useless = (by >= 0) | ((np.diff(merged.tocsc().indptr) == 0) & movable)
    alive = ~(opened | closed | useless)
    gone = np.flatnonzero(useless & ~(opened | closed))
    left = np.flatnonzero(alive)
    smaller = _smaller_problem(parent, left, merged[:, left], labels, opened, least_kept)
    rest = Remainder(
        problem=smaller,
        cover=cover_of(smaller),
        sites=parent.sites[left],
        opened=np.concatenate([parent.opened, parent.sites[opened]]),
        base=base,
    )
    dominator = np.where(by[gone] >= 0, parent.sites[by[gone]], -1)
    return Reduction(rest, labels, Removed(parent.sites[gone], dominator))


def _points_left(parent: Remainder, opened: Flags, closed: Flags) -> sparse.csr_matrix:
    """Point by site matrix with covered and weightless points and decided sites emptied."""
    problem, cover = parent.problem, parent.cover
    gone = problem.covered_by(np.flatnonzero(opened)) | (problem.weight == 0)
    keep = ~np.repeat(gone, np.diff(cover.point_ptr)) & ~(opened | closed)[cover.point_sites]
    before = np.concatenate(([0], np.cumsum(keep)))
    pointer, sites = before[cover.point_ptr], cover.point_sites[keep].astype(np.int32)
    ones = np.ones(len(sites), dtype=np.int8)
    shape = (problem.point_count, problem.site_count)
    return sparse.csr_matrix((ones, sites, pointer), shape=shape)


def _smaller_problem(
    parent: Remainder,
    left: Indices,
    merged: sparse.csr_matrix,
    labels: Indices,
    opened: Flags,
    least_kept: int,
) -> SitingProblem:
    """Write what is left as a problem of its own; a region never asks for more than it has."""
    problem = parent.problem
    regions = len(problem.budgets)
    spent = np.bincount(problem.region[opened], minlength=regions)
    have = np.bincount(problem.region[left], minlength=regions)
    budgets = np.minimum(problem.budgets - spent, have)
    by_site = merged.T.tocsr()
    by_site.sort_indices()
    found = labels >= 0
    firsts = np.unique(labels[found], return_index=True)[1]
    previous = problem.previous[left]
    moves = int(previous.sum()) - min(least_kept, int(previous.sum()))
    return SitingProblem(
        indptr=by_site.indptr,
        demand=by_site.indices,
        weight=added_up(problem.weight, labels, merged.shape[0]),
        site_ids=problem.site_ids[left],
        demand_ids=problem.demand_ids[np.flatnonzero(found)[firsts]],
        count=int(budgets.sum()),
        region=problem.region[left],
        budgets=budgets,
        region_names=problem.region_names,
        previous=previous,
        max_moves=moves if least_kept else None,
    )


def _dominators(rows: sparse.csr_matrix, region: Codes, movable: Flags) -> Indices:
    """For each site one of its region that covers all its points too (ties: the earlier), or -1."""
    columns = rows.tocsc()
    return _dominating_sites(
        columns.indptr.astype(np.int64),
        columns.indices,
        rows.indptr.astype(np.int64),
        rows.indices,
        region,
        movable,
    )


@compiled
def _rarest_point(points: Codes, point_ptr: Indices) -> int:
    """Find the point that the fewest sites cover."""
    rarest = points[0]
    for j in points:
        if point_ptr[j + 1] - point_ptr[j] < point_ptr[rarest + 1] - point_ptr[rarest]:
            rarest = j
    return int(rarest)


@compiled
def _marks_inside(small: Marks, large: Marks) -> bool:
    inside = True
    for word in range(len(small)):
        inside &= small[word] & ~large[word] == 0
    return inside


@compiled
def _inside(site_ptr: Indices, site_points: Codes, small: int, large: int) -> bool:
    """Whether every point of one site is a point of the other; both lists ascend."""
    b, end = site_ptr[large], site_ptr[large + 1]
    for a in range(site_ptr[small], site_ptr[small + 1]):
        while b < end and site_points[b] < site_points[a]:
            b += 1
        if b == end or site_points[b] != site_points[a]:
            return False
        b += 1
    return True


@compiled
def _dominating_sites(
    site_ptr: Indices,
    site_points: Codes,
    point_ptr: Indices,
    point_sites: Codes,
    region: Codes,
    movable: Flags,
) -> Indices:
    m = len(site_ptr) - 1
    marks = np.zeros((m, 4), dtype=np.uint64)
    for i in range(m):
        for k in range(site_ptr[i], site_ptr[i + 1]):
            bit = (site_points[k] * 2654435761) % 256
            marks[i, bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)
    by = np.full(m, -1, dtype=np.int64)
    for i in range(m):
        size = site_ptr[i + 1] - site_ptr[i]
        if not movable[i] or size == 0:
            continue
        rarest = _rarest_point(site_points[site_ptr[i] : site_ptr[i + 1]], point_ptr)
        for k in range(point_ptr[rarest], point_ptr[rarest + 1]):
            other = point_sites[k]
            larger = site_ptr[other + 1] - site_ptr[other]
            if other == i or region[other] != region[i] or larger < size:
                continue
            if larger == size and other > i and movable[other]:
                continue
            if _marks_inside(marks[i], marks[other]) and _inside(site_ptr, site_points, i, other):
                by[i] = other
                break
    return by


def completed(problem: SitingProblem, sites: Indices, budgets: Indices) -> Indices:
    """Fill the regions that have too few sites, previous sites first, then in order of number.

    Reduction drops only sites that cannot add anything, so any of them may fill a budget.
    """
    opened = np.zeros(problem.site_count, dtype=np.bool_)
    opened[sites] = True
    for r, budget in enumerate(budgets):
        in_region = problem.region == r
        missing = int(budget) - int((opened & in_region).sum())
        spare = np.flatnonzero(in_region & ~opened & ~problem.forbidden)
        spare = spare[np.argsort(~problem.previous[spare], kind="stable")]
        opened[spare[: max(0, missing)]] = True
    return np.flatnonzero(opened)
