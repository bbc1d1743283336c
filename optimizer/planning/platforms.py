"""From chosen sites to platforms with an id, a name, a status and a duty."""

from __future__ import annotations

import dataclasses
import itertools

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from optimizer.errors import SolverError
from optimizer.evaluation import (
    DAYS_PER_YEAR,
    Coverage,
    Duty,
    Platform,
    Status,
    evaluate_coverage,
    platform_duties,
)
from optimizer.places import unproject
from optimizer.planning.inputs import CityInputs
from optimizer.planning.placed_calls import PlacedCalls, placed_calls, totals
from optimizer.roads import RoadNetwork, nearest_source
from optimizer.siting import SitingSolution
from optimizer.study import Study

Nodes = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Deployment:
    """The platforms of a plan and what they reach; indices of the coverage follow their order."""

    platforms: tuple[Platform, ...]
    coverage: Coverage

    def require_agreement(self, solution: SitingSolution) -> None:
        """Compare what the platforms cover, found anew over the roads, with what siting says.

        Raises
        ------
        SolverError
            The two differ.
        """
        found, said = self.coverage.covered_weight(), solution.covered_weight()
        if abs(found - said) > 1e-6 * max(1.0, said):
            raise SolverError(
                f"The plan was said to cover a weight of {said}, but from the roads and the "
                f"demand it covers {found}; nothing was published."
            )


def deploy_platforms(
    study: Study, inputs: CityInputs, nodes: Nodes, *, resited: bool
) -> Deployment:
    """Make platforms of chosen road nodes, busiest first.

    Parameters
    ----------
    nodes
        Road nodes of the chosen sites, shape (p,).
    resited
        The plan moves the present platforms instead of starting anew, so that a platform which
        stands elsewhere was moved from somewhere.
    """
    calls = placed_calls(study, inputs)
    calls_per_year, _ = _nearest_work(calls, inputs.network, nodes)
    nodes = nodes[np.lexsort((nodes, -calls_per_year))]
    turnout_s = study.settings.standards.turnout_seconds
    coverage = evaluate_coverage(inputs.demand, inputs.network, nodes, turnout_s)
    duties = platform_duties(coverage, *_nearest_work(calls, inputs.network, nodes))
    origins = _origins(inputs, nodes, resited=resited)
    ids = _ids(origins, set(inputs.existing["place_id"]))
    return Deployment(_platforms(inputs, nodes, duties, origins, ids), coverage)


@dataclasses.dataclass(frozen=True, slots=True)
class _Origin:
    """Where a platform comes from: the present one that stays here, or that moves here."""

    status: Status
    place_id: str = ""
    name: str = ""


def _nearest_work(calls: PlacedCalls, network: RoadNetwork, nodes: Nodes) -> tuple[Floats, Floats]:
    """Add up calls a year and hours of work a day if each call is its nearest platform's.

    Returns
    -------
    Both by platform, shape (p,).
    """
    nearest = nearest_source(network, nodes)
    owner, hours = nearest.source[calls.node], calls.hours_per_day(nearest.travel_s)
    per_day = totals(owner, calls.per_day, len(nodes))
    return DAYS_PER_YEAR * per_day, totals(owner, hours, len(nodes))


def _origins(inputs: CityInputs, nodes: Nodes, *, resited: bool) -> list[_Origin]:
    existing = inputs.existing
    present = existing["node"].to_numpy(np.int32)
    origins = [_Origin("new")] * len(nodes)
    stays: set[int] = set()
    for index, node in enumerate(nodes):
        here = np.flatnonzero(present == node)
        if len(here):
            stays.add(int(here[0]))
            row = existing.iloc[here[0]]
            origins[index] = _Origin("kept", row["place_id"], row["name"])
    if resited:
        new = [index for index, origin in enumerate(origins) if origin.status == "new"]
        gone = [index for index in range(len(present)) if index not in stays]
        for at, origin in _moves(inputs, nodes, new, existing.iloc[gone]).items():
            origins[at] = origin
    return origins


def _moves(
    inputs: CityInputs, nodes: Nodes, new: list[int], gone: gpd.GeoDataFrame
) -> dict[int, _Origin]:
    """Pair new platforms with closed ones so that the straight ways add up to least."""
    x_m, y_m = inputs.network.x_m, inputs.network.y_m
    old = gone["node"].to_numpy(np.int32)
    way_m = np.hypot(x_m[nodes[new]][:, None] - x_m[old], y_m[nodes[new]][:, None] - y_m[old])
    rows, columns = linear_sum_assignment(way_m)
    return {
        new[row]: _Origin("moved", gone.iloc[column]["place_id"])
        for row, column in zip(rows, columns, strict=True)
    }


def _ids(origins: list[_Origin], taken: set[str]) -> list[str]:
    """Assign ids by rank: P05 is the fifth of the plan.

    One that stays keeps its own id. No new one takes the id of another, present or closed: where
    the number of its rank is taken, it gets the next one beyond the last rank.
    """
    numbers = (f"P{number:02d}" for number in itertools.count(len(origins) + 1))
    beyond = (number for number in numbers if number not in taken)
    by_rank = (f"P{rank:02d}" for rank in range(1, len(origins) + 1))
    return [
        origin.place_id if origin.status == "kept" else own if own not in taken else next(beyond)
        for origin, own in zip(origins, by_rank, strict=True)
    ]


def _platforms(
    inputs: CityInputs,
    nodes: Nodes,
    duties: tuple[Duty, ...],
    origins: list[_Origin],
    ids: list[str],
) -> tuple[Platform, ...]:
    network, zones = inputs.network, inputs.zones
    x_m, y_m = network.x_m[nodes], network.y_m[nodes]
    lon, lat = unproject(x_m, y_m, network.crs)
    districts = zones.assign(x_m, y_m).district
    streets = network.streets_at(nodes)
    return tuple(
        Platform(
            platform_id=ids[i],
            name=origins[i].name or streets[i] or f"Node {network.node_ids[nodes[i]]}",
            node=int(nodes[i]),
            lon=float(lon[i]),
            lat=float(lat[i]),
            x_m=float(x_m[i]),
            y_m=float(y_m[i]),
            district=zones.district_names[districts[i]],
            status=origins[i].status,
            moved_from=origins[i].place_id if origins[i].status == "moved" else "",
            nearest_street=streets[i],
            backup_platform="" if duties[i].backup < 0 else ids[duties[i].backup],
            duty=duties[i],
        )
        for i in range(len(nodes))
    )
