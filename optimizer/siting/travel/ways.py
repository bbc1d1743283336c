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
    return Ways(*_by_point(site_ptr, points, used, problem.point_count), site_ptr, points, used)


def cut(ways: Ways, most: Weights, dropped: Flags) -> Ways:
    """Leave out the ways of dropped sites [m], and those that cost a point more than `most` [n]."""
    lists = _shortened(ways, most, dropped)
    return Ways(*lists, *_by_site(*lists, len(ways.site_ptr) - 1))


def nearest_s(problem: SitingProblem, sites: npt.ArrayLike) -> Weights:
    """Travel time to each point from the nearest of the sites; inf where none reaches it [n]."""
    nearest = np.full(problem.point_count, np.inf)
    for site in np.asarray(sites, dtype=np.int64):
        row = slice(problem.indptr[site], problem.indptr[site + 1])
        points = problem.demand[row]
        nearest[points] = np.minimum(nearest[points], problem.travel_s[row])
    return nearest


@compiled
def _by_point(
    site_ptr: Indices, points: Codes, costs: Weights, n: int
) -> tuple[Indices, Codes, Weights]:
    ptr = np.zeros(n + 1, dtype=np.int64)
    for j in points:
        ptr[j + 1] += 1
    for j in range(n):
        ptr[j + 1] += ptr[j]
    fill = ptr[:-1].copy()
    sites = np.zeros(len(points), dtype=np.int32)
    sorted_costs = np.zeros(len(points))
    for i in range(len(site_ptr) - 1):
        for k in range(site_ptr[i], site_ptr[i + 1]):
            at = fill[points[k]]
            sites[at], sorted_costs[at] = i, costs[k]
            fill[points[k]] += 1
    for j in range(n):
        here = slice(ptr[j], ptr[j + 1])
        order = np.argsort(sorted_costs[here], kind="mergesort")
        sites[here] = sites[here][order]
        sorted_costs[here] = sorted_costs[here][order]
    return ptr, sites, sorted_costs


@compiled
def _by_site(
    point_ptr: Indices, sites: Codes, costs: Weights, m: int
) -> tuple[Indices, Codes, Weights]:
    ptr = np.zeros(m + 1, dtype=np.int64)
    for i in sites:
        ptr[i + 1] += 1
    for i in range(m):
        ptr[i + 1] += ptr[i]
    fill = ptr[:-1].copy()
    points = np.zeros(len(sites), dtype=np.int32)
    costs_there = np.zeros(len(sites))
    for j in range(len(point_ptr) - 1):
        for k in range(point_ptr[j], point_ptr[j + 1]):
            at = fill[sites[k]]
            points[at], costs_there[at] = j, costs[k]
            fill[sites[k]] += 1
    return ptr, points, costs_there


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
