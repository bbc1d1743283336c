"""From tables to a siting problem; all faults of all tables and options at once."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from optimizer.errors import InputError
from optimizer.instances.tables import (
    DemandTable,
    SiteTable,
    WayTable,
    read_demand,
    read_sites,
    read_ways,
)
from optimizer.siting import SitingProblem, points_within

MOST_PAIRS = 50_000_000

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class InstanceFiles:
    """Where an instance lies and how far a site reaches.

    Parameters
    ----------
    demand, sites
        The tables of both.
    times
        The table of ways; None: straight lines between the coordinates.
    radius
        Longest straight line, in the units of the coordinates.
    standard
        Longest way, in seconds.
    strict
        A point exactly at the limit is not covered.
    """

    demand: Path | None
    sites: Path | None
    times: Path | None = None
    radius: float | None = None
    standard: float | None = None
    strict: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Needs:
    """What a model needs of an instance.

    Parameters
    ----------
    limit
        Whether it needs to know how far a site reaches.
    lengths
        Whether it needs the length of every way.
    count
        Number of platforms to open; None: the model finds the number itself.
    units_per_site
        Most platforms at one site; None: any number.
    """

    limit: bool
    lengths: bool
    count: int | None
    units_per_site: int | None = 1


def read_instance(files: InstanceFiles, needs: Needs, faults: list[str]) -> SitingProblem:
    """Read the tables and make a problem of them.

    Parameters
    ----------
    files, needs
        What is there, and what the model needs.
    faults
        What was found wrong before; it is reported with the rest.

    Raises
    ------
    InputError
        Naming every fault of options and tables.
    """
    faults = [*faults, *_option_faults(files, needs)]
    with_places = files.times is None
    demand = files.demand and read_demand(files.demand, with_places=with_places, faults=faults)
    sites = files.sites and read_sites(files.sites, with_places=with_places, faults=faults)
    ways = files.times and read_ways(files.times, sites or None, demand or None, faults)
    faults.extend(_count_faults(needs, sites or None))
    if sites and demand and not ways and needs.lengths and files.radius is None:
        faults.extend(_too_many_faults(sites, demand))
    if faults or not sites or not demand:
        raise InputError(faults)
    if ways:
        indptr, points, travel_s = _by_ways(files, ways, len(sites.ids))
    else:
        indptr, points, travel_s = _by_coordinates(files, sites, demand, needs)
    return SitingProblem(
        indptr=indptr,
        demand=points.astype(np.int32),
        weight=demand.weight,
        site_ids=sites.ids,
        demand_ids=demand.ids,
        count=len(sites.ids) if needs.count is None else needs.count,
        keep=sites.keep,
        forbidden=sites.forbidden,
        travel_s=travel_s if needs.lengths else np.zeros(0),
    )


def _option_faults(files: InstanceFiles, needs: Needs) -> list[str]:
    faults = []
    for path, option in ((files.demand, "--demand"), (files.sites, "--sites")):
        if path is None:
            faults.append(f"{option} is missing: name the table")
    if files.radius is not None and files.times is not None:
        faults.append("--radius and --times are both given: reach is either a radius or a time")
    if needs.limit and files.radius is None and files.times is None:
        faults.append("neither --radius nor --times is given: say how far a site reaches")
    if files.times is not None and files.standard is None and needs.limit:
        faults.append("--times is given without --standard: say how many seconds are allowed")
    if files.times is None and files.standard is not None:
        faults.append("--standard is given without --times: it limits their seconds")
    for limit, option in ((files.radius, "--radius"), (files.standard, "--standard")):
        if limit is not None and not (math.isfinite(limit) and limit >= 0):
            faults.append(f"{option} {limit} is no length: give a finite number from 0")
    return faults


def _count_faults(needs: Needs, sites: SiteTable | None) -> list[str]:
    if needs.count is None:
        return []
    if needs.count < 1:
        return [f"-p {needs.count} is no number of platforms: give 1 or more"]
    if sites is None or needs.units_per_site is None:
        return []
    most = needs.units_per_site * len(sites.ids)
    if needs.count <= most:
        return []
    return [f"-p {needs.count} is more than the {most} that {len(sites.ids)} sites can take"]


def _too_many_faults(sites: SiteTable, demand: DemandTable) -> list[str]:
    m, n = len(sites.ids), len(demand.ids)
    if m * n <= MOST_PAIRS:
        return []
    sentence = (
        f"{m:,} sites and {n:,} demand points make {m * n:,} straight lines, more than "
        f"{MOST_PAIRS:,}: limit them with --radius, or hand in --times"
    )
    return [sentence]


def _by_ways(files: InstanceFiles, ways: WayTable, sites: int) -> tuple[Whole, Whole, Floats]:
    """Lay out the ways that are short enough as CSR."""
    limit = math.inf if files.standard is None else files.standard
    short = ways.travel_s < limit if files.strict else ways.travel_s <= limit
    indptr = np.searchsorted(ways.site[short], np.arange(sites + 1))
    return indptr, ways.demand[short], ways.travel_s[short]


def _by_coordinates(
    files: InstanceFiles, sites: SiteTable, demand: DemandTable, needs: Needs
) -> tuple[Whole, Whole, Floats]:
    """Lay out the straight lines that are short enough as CSR; lengths only if needed."""
    m, n = len(sites.ids), len(demand.ids)
    if files.radius is None:
        indptr, points = np.arange(m + 1) * n, np.tile(np.arange(n), m)
    else:
        indptr, narrow = points_within(sites.xy, demand.xy, files.radius, strict=files.strict)
        points = narrow.astype(np.int64)
    if not needs.lengths:
        return indptr, points, np.zeros(0)
    x, y = (np.repeat(sites.xy, np.diff(indptr), axis=0) - demand.xy[points]).T
    return indptr, points, np.hypot(x, y)
