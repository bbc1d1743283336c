"""What covering a point once, twice, ... is worth: what backup and expected cover share."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.siting.merging import added_up, merged_points
from optimizer.siting.model import Model
from optimizer.siting.problem import Indices, SitingProblem, Weights

Worth = npt.NDArray[np.float64]


class RepeatedCovering(Model, Protocol):
    """A location model in which second and further units in reach of a point are worth something.

    A plan that keeps the rules has, summed over the points, the worth of as many units as reach
    each of them; its objective is that sum less `excess`.
    """

    def most_units(self, problem: SitingProblem) -> Indices:
        """Units that may stand at each site, forbidden ones apart [m]."""

    def worth(self, problem: SitingProblem) -> Worth:
        """Value the first to K-th unit in reach of each point [n, K]."""

    def excess(self, problem: SitingProblem) -> float:
        """Tell by how much the worths of a plan that keeps the rules exceed its objective."""


def times_covered(problem: SitingProblem, sites: npt.ArrayLike) -> Indices:
    """How many of the units at these sites, which may repeat, reach each point [n]."""
    times = np.zeros(problem.point_count, dtype=np.int64)
    for site in np.asarray(sites, dtype=np.int64):
        times[problem.demand[problem.indptr[site] : problem.indptr[site + 1]]] += 1
    return times


def merged_demand(problem: SitingProblem) -> tuple[sparse.csr_matrix, Weights]:
    """Merge points that the same sites reach, of those with weight: group by site, and weights.

    Points out of the reach of every site that may open are left out.
    """
    rows = point_rows(problem)
    labels, firsts = merged_points(rows)
    return rows[firsts], added_up(problem.weight, labels, len(firsts))


def point_rows(problem: SitingProblem) -> sparse.csr_matrix:
    """Lay out which sites that may open reach each point with weight: point by site matrix."""
    ones = np.repeat((~problem.forbidden).astype(np.int8), np.diff(problem.indptr))
    shape = (problem.site_count, problem.point_count)
    by_site = sparse.csr_matrix((ones, problem.demand, problem.indptr), shape=shape)
    rows = sparse.csr_matrix(by_site.T.tocsr().multiply((problem.weight > 0)[:, None]))
    rows.eliminate_zeros()
    rows.sort_indices()
    return rows
