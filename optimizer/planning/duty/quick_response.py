"""Quick-response points: single vehicles between the platforms, where these leave holes.

With the platforms fixed, only the demand counts that none of them reaches in time (the holes), and
each hole keeps the standard of its own tier:

maximise    sum_{j hole} w_j z_j             so many points        (maximal covering)
minimise    sum_i y_i                        count = "all"         (set covering)

over the road nodes at which a single vehicle may stand, one for each set of holes. Whatever is
chosen is sent to the demand anew, together with the platforms, over the roads.

Source: Church & ReVelle 1974, doi:10.1007/BF01942293; Toregas, Swain, ReVelle & Bergman 1971,
doi:10.1287/opre.19.6.1363.
"""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment import QuickResponsePlan, QuickResponsePoint, QuickResponseSettings
from optimizer.errors import SolverError
from optimizer.evaluation import Coverage, Platform, evaluate_coverage
from optimizer.places import unproject
from optimizer.planning.duty.standing_places import standing_nodes, that_differ
from optimizer.planning.inputs import CityInputs
from optimizer.planning.problem import SiteRules, platform_settings
from optimizer.roads import nearest_source, travel_times
from optimizer.siting import (
    MaximalCovering,
    SetCovering,
    SitingProblem,
    SitingSolution,
    solve,
)
from optimizer.study import Study

LOG = logging.getLogger(__name__)

Ints = NDArray[np.integer]
TOLERANCE = 1e-6


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Holes:
    """What the platforms leave, and who could close it.

    Parameters
    ----------
    point
        Demand points that no platform reaches in time but some place does, shape (n,).
    node
        Road nodes from which some are reached, one for each set of them, shape (m,).
    problem
        These nodes and points, one node asked for; None where there is nothing to close.
    """

    point: Ints
    node: NDArray[np.int32]
    problem: SitingProblem | None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Choice:
    """The sites, what no choice of as many closes more than, and fewest that close everything."""

    sites: Ints
    bound: float
    status: Literal["optimal", "feasible"]
    least: int


def plan_quick_response(
    study: Study,
    inputs: CityInputs,
    rules: SiteRules,
    platforms: Sequence[Platform],
    coverage: Coverage,
) -> QuickResponsePlan | None:
    """Choose the standing points between the platforms; None without [quick_response].

    Points that would close nothing beyond the others are left out, so there may be fewer than
    asked for, and none where there is no hole or no site closes one.

    Parameters
    ----------
    platforms, coverage
        The platforms, which stay where they are, and what they reach.

    Raises
    ------
    SolverError
        Platforms and points together do not reach what was said.
    """
    settings = study.settings.quick_response
    if settings is None:
        return None
    holes = _find_holes(study, settings, inputs, rules, coverage)
    before, total = coverage.covered_weight(), float(inputs.demand.weight.sum())
    if holes.problem is None:
        share = before / total
        return QuickResponsePlan(settings.vehicle, (), share, share, share, share, "optimal")
    choice = _choose(study, settings, holes.problem)
    order, closes = _most_first(holes.problem, choice.sites)
    after = before + holes.problem.covered_weight(choice.sites)
    _check(study, inputs, platforms, holes.node[order], after)
    return QuickResponsePlan(
        vehicle=settings.vehicle,
        points=_points(inputs, platforms, holes, order, closes),
        before_share=before / total,
        after_share=after / total,
        bound_share=max(after, before + choice.bound) / total,
        closable_share=(before + holes.problem.total_weight) / total,
        status=choice.status,
        least_points=choice.least,
    )


def _find_holes(
    study: Study,
    settings: QuickResponseSettings,
    inputs: CityInputs,
    rules: SiteRules,
    coverage: Coverage,
) -> _Holes:
    """Time the way from every place where a vehicle may stand to what the platforms leave."""
    demand, turnout_s = inputs.demand, study.settings.standards.turnout_seconds
    point = np.flatnonzero(~coverage.within)
    place = standing_nodes(study, settings, inputs, rules)
    if len(point) == 0 or len(place) == 0:
        return _Holes(point[:0], place[:0], None)
    standard_s, weight = demand.standard_s[point], demand.weight[point]
    limit_s = max(0.0, float(standard_s.max()) - turnout_s)
    times = travel_times(inputs.network, place, demand.node[point], limit_s)
    kept, indptr, reached = that_differ(times, weight, standard_s, turnout_s)
    closable, row = np.unique(reached, return_inverse=True)
    if len(closable) == 0:
        return _Holes(point[:0], place[:0], None)
    problem = SitingProblem(
        indptr=indptr,
        demand=row.astype(np.int32),
        weight=weight[closable],
        site_ids=inputs.network.node_ids[place[kept]],
        demand_ids=closable.astype(object),
        count=1,
    )
    return _Holes(point[closable], place[kept], problem)


def _choose(study: Study, settings: QuickResponseSettings, problem: SitingProblem) -> _Choice:
    """Choose sites; where so many close all that can be closed, look for the fewest that do."""

    def solved(asked: SitingProblem, model: MaximalCovering | SetCovering) -> SitingSolution:
        solution = solve(
            asked, model, gap=platform_settings(study).gap, time_limit_s=settings.time_limit_s,
            seed=study.settings.study.seed, progress=LOG.info,
        )  # fmt: skip
        solution.require_end()
        return solution

    total, most = problem.total_weight, None
    if settings.count != "all":
        most = solved(
            problem.replace(count=min(settings.count, problem.site_count)), MaximalCovering()
        )
        if not most.covered().all():
            return _Choice(most.sites, min(most.bound, total), most.status, 0)
    fewest = solved(problem, SetCovering())
    least = math.ceil(fewest.bound - TOLERANCE)
    if most is None:
        return _Choice(fewest.sites, total, fewest.status, least)
    return _Choice(min(most.sites, fewest.sites, key=len), total, "optimal", least)


def _most_first(problem: SitingProblem, chosen: Ints) -> tuple[Ints, list[Ints]]:
    """Order sites by the weight that each closes beyond those before it; drop those that add none.

    Returns
    -------
    The sites, and the points of the problem that each closes.
    """
    open_points = np.ones(problem.point_count, dtype=bool)
    left = {site: problem.demand[problem.indptr[site] : problem.indptr[site + 1]]
            for site in chosen.tolist()}  # fmt: skip
    order: list[int] = []
    closes: list[Ints] = []
    while left:
        new = {site: reached[open_points[reached]] for site, reached in left.items()}
        best = max(new, key=lambda site: (float(problem.weight[new[site]].sum()), -site))
        if len(new[best]) == 0:
            break
        order.append(best)
        closes.append(new[best])
        open_points[new[best]] = False
        left = {site: reached for site, reached in new.items() if site != best}
    return np.array(order, dtype=np.int64), closes


def _check(
    study: Study,
    inputs: CityInputs,
    platforms: Sequence[Platform],
    node: NDArray[np.int32],
    said: float,
) -> None:
    """Send platforms and points to all demand over the roads, and compare with what was said."""
    nodes = np.append(np.array([one.node for one in platforms], np.int32), node)
    turnout_s = study.settings.standards.turnout_seconds
    found = evaluate_coverage(inputs.demand, inputs.network, nodes, turnout_s).covered_weight()
    if abs(found - said) > TOLERANCE * max(1.0, said):
        raise SolverError(
            f"Platforms and quick-response points were said to cover a weight of {said}, but from "
            f"the roads and the demand they cover {found}; nothing was published."
        )


def _points(
    inputs: CityInputs,
    platforms: Sequence[Platform],
    holes: _Holes,
    order: Ints,
    closes: list[Ints],
) -> tuple[QuickResponsePoint, ...]:
    network, demand, zones = inputs.network, inputs.demand, inputs.zones
    node = holes.node[order]
    x_m, y_m = network.x_m[node], network.y_m[node]
    lon, lat = unproject(x_m, y_m, network.crs)
    district = zones.assign(x_m, y_m).district
    streets = network.streets_at(node)
    parent = nearest_source(network, np.array([one.node for one in platforms], np.int32)).source
    return tuple(
        QuickResponsePoint(
            point_id=f"Q{at + 1:02d}",
            node=int(node[at]),
            lon=float(lon[at]),
            lat=float(lat[at]),
            x_m=float(x_m[at]),
            y_m=float(y_m[at]),
            street=streets[at],
            district=zones.district_names[district[at]],
            closes_weight=float(demand.weight[holes.point[new]].sum()),
            closes_calls_per_year=float(demand.calls[holes.point[new]].sum()) / inputs.source.years,
            parent_platform=platforms[parent[node[at]]].platform_id,
        )
        for at, new in enumerate(closes)
    )
