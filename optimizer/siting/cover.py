"""The arrays that compiled code works on: who covers whom, seen from both sides, and the rules."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.siting.problem import Codes, Flags, Indices, SitingProblem, Weights

Numbers = npt.NDArray[np.integer[Any]]


class Cover(NamedTuple):
    """Site -> points and point -> sites as two CSRs, and the weight of each point [n]."""

    site_ptr: Indices
    site_points: Numbers
    point_ptr: Indices
    point_sites: Numbers
    weight: Weights


class Rules(NamedTuple):
    """Region and previous use of each site [m], platforms per region [r], fewest previous kept."""

    region: Codes
    budgets: Indices
    previous: Flags
    least_kept: int


def cover_of(problem: SitingProblem) -> Cover:
    """Lay out the reach of a problem from both sides, numbers as narrow as they fit.

    The bound and the search spend their time reading these lists: half the bytes, half the time.
    """
    shape = (problem.site_count, problem.point_count)
    ones = np.ones(len(problem.demand), dtype=np.int8)
    columns = sparse.csr_matrix((ones, problem.demand, problem.indptr), shape=shape).tocsc()
    narrow = np.uint16 if max(shape) <= 2**16 else np.int32
    return Cover(
        problem.indptr,
        problem.demand.astype(narrow),
        columns.indptr.astype(np.int64),
        columns.indices.astype(narrow),
        problem.weight,
    )


def rules_of(problem: SitingProblem) -> Rules:
    """Lay out the rules of a problem in which nothing is kept or forbidden any more."""
    return Rules(problem.region, problem.budgets, problem.previous, problem.least_kept_previous)
