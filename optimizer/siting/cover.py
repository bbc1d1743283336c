"""The arrays that compiled code works on: who covers whom, seen from both sides, and the rules."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse

from optimizer.siting.problem import Codes, Flags, Indices, SitingProblem, Weights


class Cover(NamedTuple):
    """Site -> points and point -> sites as two CSRs, and the weight of each point [n]."""

    site_ptr: Indices
    site_points: Codes
    point_ptr: Indices
    point_sites: Codes
    weight: Weights


class Rules(NamedTuple):
    """Region of each site [m], platforms per region [r], previous sites [m], fewest of them kept."""

    region: Codes
    budgets: Indices
    previous: Flags
    least_kept: int


def cover_of(problem: SitingProblem) -> Cover:
    """Lay out the reach of a problem from both sides."""
    shape = (problem.site_count, problem.point_count)
    ones = np.ones(len(problem.demand), dtype=np.int8)
    columns = sparse.csr_matrix((ones, problem.demand, problem.indptr), shape=shape).tocsc()
    return Cover(
        problem.indptr,
        problem.demand,
        columns.indptr.astype(np.int64),
        columns.indices.astype(np.int32),
        problem.weight,
    )


def rules_of(problem: SitingProblem) -> Rules:
    """Lay out the rules of a problem in which nothing is kept or forbidden any more."""
    return Rules(problem.region, problem.budgets, problem.previous, problem.least_kept_previous)
