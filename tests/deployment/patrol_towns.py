"""Towns of junctions on a square lattice, 100 m apart, for patrols; one metre takes 0.1 s or so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import networkx as nx
import numpy as np
import shapely

from optimizer.deployment import Beat, PatrolSettings
from optimizer.deployment.beats import BeatWriter, PatrolShift, Places
from optimizer.deployment.cover_kept import GridCover
from optimizer.deployment.grid_demand import GridDemand
from optimizer.deployment.rounds import PatrolGround, RoundPlan
from optimizer.deployment.street_ways import StreetWays
from optimizer.deployment.targets import Target, Visit
from optimizer.places import LOCAL_CRS
from optimizer.roads import NetworkReport, RoadNetwork

Arc = tuple[int, int, float]


def town(width: int, height: int, arcs: Iterable[Arc] | None = None, step_s: float = 60.0):
    """Junction c + width * r stands at (100 c, 100 r); without arcs every street takes step_s."""
    n = width * height
    x_m, y_m = 100.0 * (np.arange(n) % width), 100.0 * (np.arange(n) // width)
    if arcs is None:
        across = [(i, i + 1) for i in range(n) if i % width < width - 1]
        along = [(i, i + width) for i in range(n - width)]
        arcs = [(a, b, step_s) for pair in across + along for a, b in (pair, pair[::-1])]
    arcs = sorted(arcs)
    tail, head = np.array([a[0] for a in arcs]), np.array([a[1] for a in arcs])
    ends = np.stack([np.column_stack([x_m[e], y_m[e]]) for e in (tail, head)], axis=1)
    length = np.hypot(x_m[tail] - x_m[head], y_m[tail] - y_m[head])
    return RoadNetwork(
        node_ids=[f"n{i}" for i in range(n)], x_m=x_m, y_m=y_m, tail=tail, head=head,
        travel_ms=np.array([1000.0 * a[2] for a in arcs]), length_m=length,
        line=np.arange(len(arcs)), lines=shapely.linestrings(ends),
        line_name=["High Street"] * len(arcs), line_class=[""] * len(arcs),
        line_speed_kph=np.full(len(arcs), 36.0), crs=LOCAL_CRS,
        report=NetworkReport("test", len(arcs), {}, 0, {}, {}),
    )  # fmt: skip


def stand(name: str, node: int, worth: int = 1, minutes: float = 12) -> Target:
    return Target(name, name, "point", worth, (Visit((node,), round(60 * minutes)),))


def drive(name: str, worth: int, *ways: tuple[Sequence[int], int]) -> Target:
    return Target(name, name, "line", worth, tuple(Visit(tuple(n), s) for n, s in ways))


def demand_at(nodes: Sequence[int], minutes: float, weight: Sequence[float] | None = None):
    held = np.ones(len(nodes)) if weight is None else np.array(weight, float)
    return GridDemand(np.array(nodes, np.int32), held, np.full(len(nodes), 60.0 * minutes))


def ground(
    network: RoadNetwork,
    platform: int,
    targets: Sequence[Target],
    demand: GridDemand | None = None,
    **settings: object,
) -> PatrolGround:
    given = demand_at([platform], 5) if demand is None else demand
    return PatrolGround(
        StreetWays.over(network), platform, tuple(targets),
        GridCover(network, platform, given), PatrolSettings(**settings),
    )  # fmt: skip


def shift_of(platform: int, units: int, hours: float = 8.0, start_s: int = 28_800) -> PatrolShift:
    names = tuple((f"P01-car{number}", "response_car") for number in range(1, units + 1))
    return PatrolShift("G-P01", "P01", platform, "day", start_s, start_s + round(3600 * hours),
                       names)  # fmt: skip


def beats_of(place: PatrolGround, shift: PatrolShift) -> tuple[RoundPlan, list[Beat]]:
    """Plan a shift and write its beats."""
    plan = place.plan(len(shift.units), shift.limit_s(place.settings))
    nodes = [place.platform_node, *(v.nodes[0] for t in place.targets for v in t.visits)]
    places = Places.of(place.ways.network, nodes)
    writer = BeatWriter(place.ways, places, place.targets, place.settings)
    return plan, writer.write(shift, plan.rounds)


def left(place: PatrolGround, units: int, limit_s: int) -> dict[str, str]:
    """Which targets are left out, by name, and why."""
    out = place.plan(units, limit_s).left_out
    return {place.targets[index].name: reason for index, reason in out.items()}


def graph_of(network: RoadNetwork) -> nx.DiGraph:
    """The same roads for networkx, in seconds."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(network.node_count))
    graph.add_weighted_edges_from(
        zip(network.tail.tolist(), network.head.tolist(), network.travel_ms / 1000, strict=True)
    )
    return graph
