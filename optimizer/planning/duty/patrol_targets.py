"""Must-patrol points and lines of a study: hotspots, key sites, and what its files list."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import numpy as np
import shapely

from optimizer.demand import Hotspots
from optimizer.deployment.street_ways import StreetWays
from optimizer.deployment.targets import Target, Visit, at_one_stop, worths
from optimizer.planning.duty_inputs.patrol_files import PatrolFiles
from optimizer.planning.inputs import CityInputs
from optimizer.roads import snap
from optimizer.study import Study


def patrol_targets(
    study: Study, inputs: CityInputs, hotspots: Hotspots, files: PatrolFiles, ways: StreetWays
) -> list[Target]:
    """Gather the must-patrol points and lines; points at one junction are one.

    Orders come first: what the files list is worth more than all hotspots and key sites together.
    A key site weighs at least as much as hotspots in the mean, for its weight is often left at 0.
    """
    settings = study.settings.patrols
    dwell_s = round(60 * settings.dwell_minutes)
    table = hotspots.table if settings.hotspots else hotspots.table.iloc[:0]
    sites = inputs.key_sites if settings.key_sites else inputs.key_sites.iloc[:0]
    points = inputs.key_sites.iloc[:0] if files.points is None else files.points
    mean = float(table["weight"].mean()) if len(table) else 1.0
    orders, statistics = worths(
        [*points["weight"], *(line.weight for line in files.lines)],
        [*table["weight"], *np.maximum(sites["weight"].to_numpy(float), mean)],
    )
    stand = [
        *zip(points["place_id"], points["name"], orders, points["node"], strict=False),
        *zip(table["hotspot_id"], table["hotspot_id"], statistics,
             busiest_nodes(inputs, table.geometry.to_numpy()), strict=False),
        *zip(sites["place_id"], sites["name"], statistics[len(table) :], sites["node"],
             strict=True),
    ]  # fmt: skip
    standing = [
        Target(str(target_id), str(name), "point", worth, (Visit((int(node),), dwell_s),))
        for target_id, name, worth, node in stand
    ]
    driving = [
        Target(line.line_id, line.name, "line", worth,
               tuple(_drive(nodes, ways) for nodes in line.directions))
        for line, worth in zip(files.lines, orders[len(points) :], strict=True)
    ]  # fmt: skip
    return at_one_stop(_with_own_ids([*standing, *driving]))


def busiest_nodes(inputs: CityInputs, outlines: Iterable[shapely.Geometry]) -> Iterator[int]:
    """Find the junction with most demand in each outline; else the one nearest to its middle."""
    demand, network = inputs.demand, inputs.network
    for outline in outlines:
        inside = np.flatnonzero(shapely.contains_xy(outline, demand.x_m, demand.y_m))
        if len(inside):
            yield int(demand.node[inside[demand.weight[inside].argmax()]])
        else:
            middle = shapely.point_on_surface(outline)
            yield int(snap(network, np.array([middle.x]), np.array([middle.y])).node[0])


def _drive(nodes: tuple[int, ...], ways: StreetWays) -> Visit:
    milliseconds = round(1000 * float(ways.seconds(nodes).sum()))
    return Visit(nodes, -(-milliseconds // 1000))


def _with_own_ids(targets: Iterable[Target]) -> Iterator[Target]:
    """Tell targets of one id apart: the later ones get a number."""
    taken: set[str] = set()
    for target in targets:
        own, number = target.target_id, 2
        while own in taken:
            own, number = f"{target.target_id}-{number}", number + 1
        taken.add(own)
        yield dataclasses.replace(target, target_id=own)
