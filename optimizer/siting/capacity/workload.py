"""Hours of work against the hours that sites have: who serves what, exactly.

For given sites the best assignment of divisible demand is a transport problem: each point sends its
hours to open sites within reach, no site takes more than its capacity, and an hour of point j is
worth w_j / h_j. Points with the same reach and the same worth per hour are one point.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

from optimizer.errors import SolverError
from optimizer.siting.merging import added_up, merged_points
from optimizer.siting.problem import Flags, Indices, SitingProblem, Weights

WORTH_STEPS = 2.0**40


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Groups of points with the same reach and the same worth per hour.

    Parameters
    ----------
    rows, columns
        Group by site matrix of who reaches whom [g, m], by group and by site.
    weight, hours
        Of all points of each group [g].
    kind
        Groups of the same kind are worth the same per hour [g].
    """

    rows: sparse.csr_matrix
    columns: sparse.csc_matrix
    weight: Weights
    hours: Weights
    kind: Indices


def work_of(problem: SitingProblem, workload_h: Weights, usable: Flags) -> Work:
    """Gather the points with weight that the usable sites reach; worth is told apart to 1e-12."""
    some = np.repeat(usable, np.diff(problem.indptr))
    site = np.repeat(np.arange(problem.site_count), np.diff(problem.indptr))[some]
    point = problem.demand[some]
    laden = workload_h > 0
    worth = np.divide(problem.weight, workload_h, out=np.zeros_like(problem.weight), where=laden)
    step = np.where(laden, np.rint(worth / (worth.max(initial=0.0) or 1.0) * WORTH_STEPS), -1.0)
    kind = np.unique(step, return_inverse=True)[1]
    counted = problem.weight[point] > 0
    site, point = site[counted], point[counted]
    reached = np.unique(point)
    marked = sparse.csr_matrix(
        (
            np.ones(len(point) + len(reached), dtype=np.int8),
            (
                np.concatenate([point, reached]),
                np.concatenate([site, problem.site_count + kind[reached]]),
            ),
        ),
        shape=(problem.point_count, problem.site_count + int(kind.max(initial=0)) + 1),
    )
    marked.sort_indices()
    labels, firsts = merged_points(marked)
    rows = sparse.csr_matrix(marked[firsts][:, : problem.site_count])
    weight = added_up(problem.weight, labels, len(firsts))
    hours = added_up(workload_h, labels, len(firsts))
    return Work(rows, rows.tocsc(), weight, hours, kind[firsts])


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Share of each group that is served [g], the weight served in all, and who serves it.

    Groups that the same open sites reach are served alike: `flow` holds the hours along pairs of
    such a bundle and a site, `bundle` the bundle of each group (-1: out of reach) [g].
    """

    share: Weights
    served: float
    bundle: Indices
    flow: sparse.csr_matrix


def assign(work: Work, capacity_h: Weights, sites: npt.ArrayLike) -> Assignment:
    """Serve as much weight as the given sites can; groups without work are served by reach alone.

    Raises
    ------
    SolverError
        If the linear program fails.
    """
    opened = np.unique(np.asarray(sites, dtype=np.int64))
    near = work.columns[:, opened].toarray() > 0
    bundle = _bundles(near, work.kind)
    found = bundle >= 0
    count = int(bundle.max(initial=-1)) + 1
    weight = added_up(work.weight, bundle, count)
    hours = added_up(work.hours, bundle, count)
    first = np.flatnonzero(found)[np.unique(bundle[found], return_index=True)[1]]
    laden = hours > 0
    one, column = np.nonzero(near[first] & laden[:, None])
    flow = _most_worth(weight, hours, one, column, np.asarray(capacity_h)[opened])
    share = np.ones(count)
    given = np.bincount(one, flow, minlength=count)
    share[laden] = np.minimum(1.0, given[laden] / hours[laden])
    each = np.zeros(len(bundle))
    each[found] = share[bundle[found]]
    shape = (count, work.rows.shape[1])
    pairs = sparse.csr_matrix((flow, (one, opened[column])), shape=shape)
    return Assignment(each, float(share @ weight), bundle, pairs)


def _bundles(near: Flags, kind: Indices) -> Indices:
    """Bundle the groups by the open sites that reach them and their kind; -1: none does."""
    marks = np.packbits(near, axis=1)
    keys = np.column_stack([marks, kind[:, None].astype(np.int64).view(np.uint8)])
    whole = np.ascontiguousarray(keys).view(np.dtype((np.void, keys.shape[1]))).ravel()
    bundle = np.full(len(near), -1, dtype=np.int64)
    found = near.any(axis=1)
    bundle[found] = np.unique(whole[found], return_inverse=True)[1]
    return bundle


def _most_worth(
    weight: Weights, hours: Weights, bundle: Indices, column: Indices, capacity_h: Weights
) -> Weights:
    """Hours along each pair of a bundle and an open site, by linear programming."""
    if not len(bundle):
        return np.zeros(0)
    ones, pairs = np.ones(len(bundle)), np.arange(len(bundle))
    sent = sparse.csr_matrix((ones, (bundle, pairs)), shape=(len(hours), len(bundle)))
    taken = sparse.csr_matrix((ones, (column, pairs)), shape=(len(capacity_h), len(bundle)))
    worth = weight[bundle] / hours[bundle]
    answer = optimize.linprog(
        -worth / max(worth.max(), np.finfo(float).tiny),
        A_ub=sparse.vstack([sent, taken]),
        b_ub=np.concatenate([hours, capacity_h]),
        method="highs",
    )
    if answer.x is None:
        raise SolverError(f"The assignment of demand to sites failed: {answer.message}")
    flow: Weights = np.maximum(0.0, answer.x)
    return flow
