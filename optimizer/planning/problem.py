"""The hand-over from roads and demand to the siting problem, which knows arrays only."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.planning.inputs import CityInputs
from optimizer.planning.names import district_faults, keep_faults
from optimizer.roads import (
    CandidateSites,
    candidate_sites,
    in_forbidden_ground,
    travel_times,
)
from optimizer.siting import SitingProblem, reach_within
from optimizer.study import PlatformSettings, Study

Flags = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SiteRules:
    """Who must, may and must not stand at the m candidate sites.

    Parameters
    ----------
    sites
        The candidates.
    keep, forbidden, previous
        Sites that must open, that must not, and that the present layout uses, shape (m,).
    region, region_names, budgets
        Budgeted district of every site, shape (m,), their names and numbers of platforms; empty
        where one number holds for the whole city.
    """

    sites: CandidateSites
    keep: Flags
    forbidden: Flags
    previous: Flags
    region: NDArray[np.int32]
    region_names: tuple[str, ...]
    budgets: tuple[int, ...]


def site_rules(study: Study, inputs: CityInputs) -> SiteRules:
    """Choose the candidate sites and settle the rules that hold at each.

    Raises
    ------
    InputError
        [platforms] names an unknown platform or district, or no candidate site is left.
    """
    settings = platform_settings(study)
    kept = settings.keep if settings.max_moves is None else tuple(inputs.existing["place_id"])
    of_existing = inputs.existing["place_id"].isin(kept)
    sites = candidate_sites(
        inputs.network, settings, inputs.network.crs, study.root,
        always=inputs.existing["node"].to_numpy(np.int32)[of_existing],
    )  # fmt: skip
    faults = [
        *district_faults(settings, inputs.zones.district_names),
        *keep_faults(settings, inputs.existing["place_id"], sites.site_id),
    ]
    if faults:
        raise InputError(faults)
    keep = np.zeros(len(sites.node), dtype=bool)
    for name in settings.keep:
        keep |= _sites_named(name, sites, inputs.existing)
    region, outside = _regions(settings, inputs, sites)
    banned = in_forbidden_ground(  # only platforms to keep can stand there
        inputs.network, sites.node, settings, inputs.network.crs, study.root
    )
    return SiteRules(
        sites=sites,
        keep=keep,
        forbidden=outside | banned,
        previous=np.isin(sites.node, inputs.existing["node"].to_numpy()),
        region=region,
        region_names=tuple(settings.per_district),
        budgets=tuple(settings.per_district.values()),
    )


def platform_settings(study: Study) -> PlatformSettings:
    """Give the section [platforms], which scoring can do without but siting cannot.

    Raises
    ------
    InputError
        The study has no such section.
    """
    if study.settings.platforms is None:
        raise InputError(
            f"{study.path.name}: [platforms] is missing; say how many platforms: count = 10"
        )
    return study.settings.platforms


def planned_count(study: Study, rules: SiteRules) -> int:
    """Read the number of platforms off the study; a curve starts from as many as it may reach.

    Raises
    ------
    InputError
        There are more platforms than candidate sites, in all or in a district.
    """
    settings, free = platform_settings(study), ~rules.forbidden
    if settings.count == "curve":
        return min(settings.curve_max, int(free.sum()))
    more = "ask for fewer, or allow more sites (min_legs, spacing_m, classes)"
    sites = np.bincount(rules.region[free], minlength=len(rules.budgets))
    faults = [
        f"[platforms] per_district: {count} platforms are asked for in {name}, but it has only "
        f"{available} candidate sites; {more}"
        for name, count, available in zip(rules.region_names, rules.budgets, sites, strict=False)
        if count > available
    ]
    if settings.count is not None and settings.count > free.sum():
        faults.append(
            f"[platforms] count: {settings.count} platforms are asked for, but there are only "
            f"{free.sum()} candidate sites; {more}"
        )
    if faults:
        raise InputError(faults)
    return settings.count or sum(rules.budgets)


def siting_problem(study: Study, inputs: CityInputs, rules: SiteRules, count: int) -> SitingProblem:
    """Time the way from every candidate site and state who reaches whom within the standards.

    Parameters
    ----------
    count
        Number of platforms; with budgets by district their sum.

    Raises
    ------
    InputError
        The turnout alone is longer than every standard.
    """
    demand, settings = inputs.demand, platform_settings(study)
    turnout_s = study.settings.standards.turnout_seconds
    limit_s = float(demand.standard_s.max()) - turnout_s
    if limit_s < 0:
        raise InputError(
            f"[standards] turnout_seconds = {turnout_s:g} leaves no time to drive within the "
            f"longest standard, {demand.standard_s.max():g} s; lengthen it or shorten the turnout"
        )
    times = travel_times(inputs.network, rules.sites.node, demand.node, limit_s)
    indptr, reached = reach_within(
        times.indptr, times.target, times.travel_s, demand.standard_s, turnout_s
    )
    problem = SitingProblem(
        indptr=indptr,
        demand=reached,
        weight=demand.weight,
        site_ids=_labels(inputs, rules),
        demand_ids=np.arange(len(demand)).astype(object),
        count=count,
        keep=rules.keep,
        forbidden=rules.forbidden,
        previous=rules.previous,
        max_moves=settings.max_moves,
    )
    if not rules.budgets:
        return problem
    return problem.replace(
        region=rules.region, budgets=np.array(rules.budgets), region_names=rules.region_names
    )


def _labels(inputs: CityInputs, rules: SiteRules) -> NDArray[np.object_]:
    """Name the sites as a planner knows them: a present platform by its id too."""
    present = dict(zip(inputs.existing["node"], inputs.existing["place_id"], strict=True))
    return np.array(
        [
            f"{present[node]} (node {site_id})" if node in present else site_id
            for node, site_id in zip(rules.sites.node.tolist(), rules.sites.site_id, strict=True)
        ],
        dtype=object,
    )


def _sites_named(name: str, sites: CandidateSites, existing: gpd.GeoDataFrame) -> Flags:
    """Find the sites at the node of a present platform of this id, or the site of this id."""
    nodes = existing.loc[existing["place_id"] == name, "node"].to_numpy()
    if len(nodes):
        return np.isin(sites.node, nodes)
    return np.asarray(sites.site_id == name, dtype=bool)


def _regions(
    settings: PlatformSettings, inputs: CityInputs, sites: CandidateSites
) -> tuple[NDArray[np.int32], Flags]:
    """Find the budgeted district of every site; sites in none may not open."""
    count = len(sites.node)
    if not settings.per_district:
        return np.zeros(count, np.int32), np.zeros(count, dtype=bool)
    network = inputs.network
    codes = inputs.zones.assign(network.x_m[sites.node], network.y_m[sites.node]).district
    names = list(settings.per_district)
    budgeted = np.array(
        [names.index(name) if name in names else -1 for name in inputs.zones.district_names]
    )[codes]
    return np.maximum(budgeted, 0).astype(np.int32), budgeted < 0
