"""Key patrol zones: hotspots gathered into zones, each with the platform whose units react."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.calls import Calls
from optimizer.demand import Hotspots
from optimizer.demand.settings import DAY_MINUTES
from optimizer.deployment import PatrolZone, PatrolZoneSettings, ZonePlan
from optimizer.deployment.zone_problem import Zone, ZoneProblem
from optimizer.deployment.zones import choose_zones
from optimizer.evaluation import Platform
from optimizer.places import unproject
from optimizer.planning.duty.patrol_targets import busiest_nodes
from optimizer.planning.duty.zone_outlines import zone_outlines
from optimizer.planning.inputs import CityInputs
from optimizer.roads import nearest_source, travel_times
from optimizer.study import Study

Floats = NDArray[np.float64]
Nodes = NDArray[np.int32]


def plan_patrol_zones(
    study: Study, inputs: CityInputs, hotspots: Hotspots, platforms: Sequence[Platform]
) -> ZonePlan | None:
    """Gather hotspots into the zones in which presence prevents most; None without [patrol_zones].

    There may be fewer zones than asked for, and none where there is no hotspot.

    Parameters
    ----------
    platforms
        From which units react.

    Raises
    ------
    SolverError
        The zones break a rule, or prevent more than was proven possible.
    """
    settings = study.settings.patrol_zones
    if settings is None:
        return None
    outlines = hotspots.table.geometry.to_numpy()
    node = np.fromiter(busiest_nodes(inputs, outlines), np.int32, len(outlines))
    problem = _problem(study, inputs, settings, hotspots, node)
    choice = choose_zones(problem, seed=study.settings.study.seed)
    return ZonePlan(
        zones=_zones(study, inputs, hotspots, platforms, problem, choice.zones, node),
        preventable_per_year=choice.prevented,
        bound=choice.bound,
        status=choice.status,
    )


def _problem(
    study: Study,
    inputs: CityInputs,
    settings: PatrolZoneSettings,
    hotspots: Hotspots,
    node: Nodes,
) -> ZoneProblem:
    patrols, hours = study.settings.patrols, settings.hours_per_day
    across_s = 60 * settings.across_minutes
    return ZoneProblem(
        preventable=preventable_calls(inputs, settings, hotspots) / inputs.source.years,
        travel_s=travel_times(inputs.network, node, node, across_s).table(len(node)),
        across_s=across_s,
        dwell_s=60 * patrols.dwell_minutes,
        round_s=60 * patrols.every_minutes * patrols.patrol_share,
        rounds_per_day=DAY_MINUTES / patrols.every_minutes,
        count=settings.count,
        hours_per_day=np.inf if hours is None else hours,
    )


def preventable_calls(
    inputs: CityInputs, settings: PatrolZoneSettings, hotspots: Hotspots
) -> Floats:
    """Add up the calls in each hotspot that presence prevents, over the planning window."""
    places, table = inputs.source.places, hotspots.table
    if settings.preventable is None or not isinstance(places, Calls):
        return np.asarray(table["calls"], dtype=float)
    share = np.array([settings.preventable.get(name, 0.0) for name in places.categories])
    left = np.flatnonzero(share[places.category] > 0)
    prevented = np.zeros(len(table))
    for row, outline in enumerate(table.geometry):
        inside = shapely.contains_xy(outline, places.x_m[left], places.y_m[left])
        prevented[row] = share[places.category[left[inside]]].sum()
        left = left[~inside]
    return prevented


def _zones(
    study: Study,
    inputs: CityInputs,
    hotspots: Hotspots,
    platforms: Sequence[Platform],
    problem: ZoneProblem,
    zones: Sequence[Zone],
    node: Nodes,
) -> tuple[PatrolZone, ...]:
    network, table = inputs.network, hotspots.table
    middle = node[np.array([_middle(problem, zone) for zone in zones], int)]
    x_m, y_m = network.x_m[middle], network.y_m[middle]
    lon, lat = unproject(x_m, y_m, network.crs)
    streets = network.streets_at(middle)
    nearest = nearest_source(network, np.array([one.node for one in platforms], np.int32))
    reaction_s = nearest.travel_s[middle] + study.settings.standards.turnout_seconds
    shapes = table.geometry.to_numpy()
    outlines = zone_outlines([shapes[list(zone)] for zone in zones])
    return tuple(
        PatrolZone(
            zone_id=f"Z{at + 1:02d}",
            hotspots=tuple(table["rank"].iloc[list(zone)].tolist()),
            preventable_per_year=problem.prevented([zone]),
            patrol_hours_per_day=problem.zone_hours(zone),
            reaction_platform=platforms[nearest.source[middle[at]]].platform_id,
            reaction_s=float(reaction_s[at]),
            node=int(middle[at]),
            lon=float(lon[at]),
            lat=float(lat[at]),
            x_m=float(x_m[at]),
            y_m=float(y_m[at]),
            street=streets[at],
            outline=outlines[at],
        )
        for at, zone in enumerate(zones)
    )


def _middle(problem: ZoneProblem, zone: Zone) -> int:
    """Find the hotspot of a zone from which the furthest other one is soonest reached."""
    return min(zone, key=lambda hotspot: (problem.travel_s[hotspot, list(zone)].max(), hotspot))
