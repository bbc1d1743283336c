"""The plan of one city: what every stage found, frozen, ready to be published."""

from __future__ import annotations

import dataclasses
import datetime as dt

import geopandas as gpd

from optimizer.calls import Quality
from optimizer.checkpoints import CheckpointPlan
from optimizer.demand import DemandPoints, Hotspots, Zones
from optimizer.deployment import DutyPlan
from optimizer.districts import GridPlan
from optimizer.evaluation import Coverage, Holdout, Platform
from optimizer.roads import RoadNetwork
from optimizer.siting import CurvePoint, SitingSolution
from optimizer.study import Study


@dataclasses.dataclass(frozen=True, slots=True)
class Caveat:
    """Something that every reader must know.

    Parameters
    ----------
    key
        Of the sentence, in the texts of every language.
    values
        What the sentence names.
    """

    key: str
    values: dict[str, str | int | float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CityPlan:
    """Everything that is published of one city.

    Parameters
    ----------
    study, as_of
        What was asked, and from which day on nothing was known.
    window
        First day of the calls, and the first day that was not known; None for given counts.
    quality
        Account of the call records; None where the study gave counts.
    network, zones, demand, hotspots
        What was found; ``hotspots`` may be None.
    solution
        The chosen sites, with the proof.
    coverage
        What they reach, re-evaluated from roads and demand.
    platforms
        The chosen sites as platforms, in the order of ``coverage.platform``.
    curve
        Coverage against the number of platforms; empty where budgets fix the number by district.
    ground
        ``standard_s`` and planar ``geometry``: what lies within each standard of some platform.
    existing, key_sites
        Planar points with ``name``; key sites also with ``node``.
    present
        Coverage of the existing layout; None where there is none.
    holdout
        The plan on later calls; None where there are none.
    checkpoints
        Rings, nets and gates; None where the study does not ask for them.
    grids
        Who owns which ground.
    duty
        Who works where and when.
    caveats
        What every reader must know.
    inputs
        File -> SHA-256.
    seconds
        Stage -> wall seconds.
    """

    study: Study
    as_of: dt.date
    window: tuple[dt.date, dt.date] | None
    quality: Quality | None
    network: RoadNetwork
    zones: Zones
    demand: DemandPoints
    hotspots: Hotspots | None
    candidate_count: int
    solution: SitingSolution
    coverage: Coverage
    platforms: tuple[Platform, ...]
    curve: tuple[CurvePoint, ...]
    ground: gpd.GeoDataFrame
    existing: gpd.GeoDataFrame
    key_sites: gpd.GeoDataFrame
    present: Coverage | None
    holdout: Holdout | None
    checkpoints: CheckpointPlan | None
    grids: GridPlan
    duty: DutyPlan
    caveats: tuple[Caveat, ...]
    inputs: dict[str, str]
    seconds: dict[str, float]
