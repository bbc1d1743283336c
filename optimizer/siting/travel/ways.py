"""The ways to each demand point, cheapest first: the arrays that models of travel time work on."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.problem import Codes, Flags, Indices, SitingProblem, Weights


class Ways(NamedTuple):
    """Point -> sites by ascending cost, and site -> points. A point of weight 0 has no ways."""

    point_ptr: Indices
    point_sites: Codes
    point_costs: Weights
    site_ptr: Indices
    site_points: Codes
    site_costs: Weights


def ways_of(problem: SitingProblem, costs: Weights) -> Ways:
    """Lay out the ways from every site that may open to every point with weight.

    Parameters
    ----------
    problem
        Who reaches whom.
    costs
        Of each entry of its reach [nnz].
    """
    usable = np.repeat(~problem.forbidden, np.diff(problem.indptr))
    usable &= problem.weight[problem.demand] > 0
    before = np.concatenate(([0], np.cumsum(usable)))
    points = problem.demand[usable]
    site_ptr = before[problem.indptr]
    used = costs[usable]
    lists = _turned(site_ptr, points, used, problem.point_count)
    _sort_by_cost(*lists)
    return Ways(*lists, site_ptr, points, used)


def cut(ways: Ways, most: Weights, dropped: Flags) -> Ways:
    """Leave out the ways of dropped sites [m], and those that cost a point more than `most` [n]."""
    lists = _shortened(ways, most, dropped)
    return Ways(*lists, *_turned(*lists, len(ways.site_ptr) - 1))


def nearest_s(problem: SitingProblem, sites: npt.ArrayLike) -> Weights:
    """Travel time to each point from the nearest of the sites; inf where none reaches it [n]."""
    nearest = np.full(problem.point_count, np.inf)
    for site in np.asarray(sites, dtype=np.int64):
        row = slice(problem.indptr[site], problem.indptr[site + 1])
        points = problem.demand[row]
        nearest[points] = np.minimum(nearest[points], problem.travel_s[row])
    return nearest


@compiled
def _turned(
    row_ptr: Indices, columns: Codes, costs: Weights, width: int
) -> tuple[Indices, Codes, Weights]:
    """List by column what is listed by row, rows ascending."""
    ptr = np.zeros(width + 1, dtype=np.int64)
    for c in columns:
        ptr[c + 1] += 1
    for c in range(width):
        ptr[c + 1] += ptr[c]
    fill = ptr[:-1].copy()
    rows = np.zeros(len(columns), dtype=np.int32)
    costs_there = np.zeros(len(columns))
    for r in range(len(row_ptr) - 1):
        for k in range(row_ptr[r], row_ptr[r + 1]):
            at = fill[columns[k]]
            rows[at], costs_there[at] = r, costs[k]
            fill[columns[k]] += 1
    return ptr, rows, costs_there


@compiled
def _sort_by_cost(ptr: Indices, sites: Codes, costs: Weights) -> None:
    """Put the cheapest way of each point first; of equal ones the site of the lower number."""
    for j in range(len(ptr) - 1):
        here = slice(ptr[j], ptr[j + 1])
        order = np.argsort(costs[here], kind="mergesort")
        sites[here] = sites[here][order]
        costs[here] = costs[here][order]


@compiled
def _shortened(ways: Ways, most: Weights, dropped: Flags) -> tuple[Indices, Codes, Weights]:
    ptr = np.zeros_like(ways.point_ptr)
    sites, costs = np.empty_like(ways.point_sites), np.empty_like(ways.point_costs)
    at = 0
    for j in range(len(ptr) - 1):
        for k in range(ways.point_ptr[j], ways.point_ptr[j + 1]):
            if ways.point_costs[k] > most[j]:
                break
            if not dropped[ways.point_sites[k]]:
                sites[at], costs[at] = ways.point_sites[k], ways.point_costs[k]
                at += 1
        ptr[j + 1] = at
    return ptr, sites[:at].copy(), costs[:at].copy()
