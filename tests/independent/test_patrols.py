"""The patrols of a plan of Minneapolis, driven again over the streets from the published files.

Nothing of the package is imported: networkx finds the ways, SciPy what is reached from them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from .city import MINUTES, City, Demand
from .published import Row, read_rows
from .streets import PLANE, Name, Streets
from .workload import SHIFTS

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis")]

DWELL_S = (10 * 60, 16 * 60)
EVERY_S = 2 * 3600
BUSY = 0.8
FLOOR = 0.8
KINDS = {"car": "response_car", "moto": "motorcycle"}
NEAR_M = 0.2
"""Lines that meet agree to a millionth of a degree."""
ROUNDING_S = 1.0
"""Ways are planned in whole seconds, rounded up."""


@dataclass(frozen=True)
class Stop:
    """A row of the table, on the roads."""

    row: Row
    node: int
    arrive_s: float
    leave_s: float

    @property
    def target(self) -> str:
        return self.row["target_id"]


Beats = dict[str, list[Stop]]


@pytest.fixture(scope="module")
def beats(town: City, minneapolis_plan: Path) -> Beats:
    found: Beats = defaultdict(list)
    for row in read_rows(minneapolis_plan, "patrols.csv"):
        node, distance = town.snap(np.array([float(row["x"])]), np.array([float(row["y"])]))
        assert distance[0] < 0.1, "a stop is not at a junction"
        times = float(row["arrive_s"]), float(row["leave_s"])
        found[row["beat_id"]].append(Stop(row, int(node[0]), *times))
    return found


@pytest.fixture(scope="module")
def way(town: City) -> Callable[[int, int], tuple[float, list[int]]]:
    """Seconds and junctions of the quickest way."""
    return cache(lambda tail, head: nx.bidirectional_dijkstra(town.graph, tail, head, weight="s"))


@pytest.fixture(scope="module")
def paths(minneapolis_plan: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(minneapolis_plan / "plan.gpkg", layer="beats").set_index("beat_id")


@pytest.fixture(scope="module")
def features(minneapolis_plan: Path) -> dict[str, dict]:
    document = json.loads((minneapolis_plan / "patrols.geojson").read_text())
    return {one["properties"]["beat_id"]: one for one in document["features"]}


def test_beats_are_of_units_on_duty(
    beats: Beats, minneapolis_plan: Path, plan_rows: list[Row]
) -> None:
    """A unit has one beat in a shift, and is manned in it on every weekday."""
    manned: dict[tuple[str, str, str], int] = {}
    for row in read_rows(minneapolis_plan, "staffing.csv"):
        for short, column in (("car", "response_cars"), ("moto", "motorcycles")):
            key = row["platform_id"], row["shift"], short
            manned[key] = min(manned.get(key, 99), int(row[column]))
    units = Counter((stops[0].row["shift"], stops[0].row["unit"]) for stops in beats.values())
    assert set(units.values()) == {1}
    for name, stops in beats.items():
        first = stops[0].row
        assert name == f"{first['platform_id']}-{first['shift']}-{first['unit'].split('-')[1]}"
        kind = first["unit"].split("-")[1].rstrip("0123456789")
        number = int(first["unit"].removeprefix(f"{first['platform_id']}-{kind}"))
        assert first["vehicle"] == KINDS[kind]
        assert 1 <= number <= manned[first["platform_id"], first["shift"], kind]
        same = ("platform_id", "grid_id", "shift", "unit", "vehicle")
        assert all(
            [stop.row[key] for key in same] == [first[key] for key in same] for stop in stops
        )
        assert first["grid_id"] == f"G-{first['platform_id']}"
        assert [int(stop.row["order"]) for stop in stops] == list(range(1, len(stops) + 1))


def test_beats_fill_their_shift_and_end_at_the_platform(
    beats: Beats, plan_rows: list[Row], platforms: np.ndarray
) -> None:
    seat = {row["platform_id"]: int(at) for row, at in zip(plan_rows, platforms, strict=True)}
    for stops in beats.values():
        begin, end = SHIFTS[stops[0].row["shift"]]
        home = seat[stops[0].row["platform_id"]]
        assert [stops[0].row["kind"], stops[-1].row["kind"]] == ["start", "end"]
        assert (stops[0].arrive_s, stops[-1].leave_s) == (3600 * begin, 3600 * end)
        for stop in stops:
            assert (stop.node == home) or stop.target
            assert bool(stop.target) == (stop.row["kind"] == "point")
            for key, seconds in (("arrive", stop.arrive_s), ("leave", stop.leave_s)):
                hours, minutes, rest = map(int, stop.row[key].split(":"))
                assert 3600 * hours + 60 * minutes + rest == seconds % 86400


def test_times_add_up_to_the_second(beats: Beats, way: Callable) -> None:
    """Each stop is reached by the quickest way of networkx, in whole seconds rounded up."""
    for stops in beats.values():
        for before, stop in pairwise(stops):
            drive_s = stop.arrive_s - before.leave_s
            real_s, _ = way(before.node, stop.node)
            assert real_s - 0.05 <= drive_s < real_s + ROUNDING_S + 0.05
            assert float(stop.row["travel_minutes"]) == pytest.approx(drive_s / 60, abs=0.001)
            assert stop.leave_s >= stop.arrive_s
            if stop.target:
                assert DWELL_S[0] <= stop.leave_s - stop.arrive_s <= DWELL_S[1]


def test_every_target_is_visited_every_two_hours(
    beats: Beats, summary: dict, minneapolis_plan: Path, owners: dict
) -> None:
    """In each shift every target has one beat, in its own grid; nothing was left out."""
    assert read_rows(minneapolis_plan, "patrols_left_out.csv") == []
    visits: dict[tuple[str, str], list[Stop]] = defaultdict(list)
    for stops in beats.values():
        for stop in stops:
            if stop.target:
                visits[stop.row["shift"], stop.target].append(stop)
                assert f"G-{stops[0].row['platform_id']}" == stop.row["grid_id"]
                assert owners["grids"][stop.node] == owners["grids"][stops[0].node]
    targets = {target for _, target in visits}
    assert set(visits) == {(shift, target) for shift in SHIFTS for target in targets}
    assert len(targets) == summary["patrols"]["targets"]
    for (shift, _), seen in visits.items():
        begin, end = SHIFTS[shift]
        assert len({stop.row["beat_id"] for stop in seen}) == 1
        gaps = [after.arrive_s - before.leave_s for before, after in pairwise(seen)]
        gaps += [seen[0].arrive_s - 3600 * begin, 3600 * end - seen[-1].leave_s]
        assert max(gaps) <= EVERY_S
        assert all(after.arrive_s - before.arrive_s <= EVERY_S for before, after in pairwise(seen))


def test_targets_are_the_hotspots_and_key_sites(
    beats: Beats, town: City, planned: Demand, shared: Path, minneapolis_plan: Path
) -> None:
    """A hotspot is guarded at its junction with most demand, without any at the nearest to its
    middle; what is at one junction is one.
    """
    at = {stop.target: stop.node for stops in beats.values() for stop in stops if stop.target}
    node_of = {one: node for target, node in at.items() for one in target.split("+")}
    hotspots = gpd.read_file(minneapolis_plan / "plan.gpkg", layer="hotspots")
    sites = gpd.read_file(shared / "data" / "minneapolis" / "key_sites.geojson").to_crs(PLANE)
    names = {f"Key site {number}" for number in range(1, len(sites) + 1)}
    assert set(node_of) == set(hotspots["hotspot_id"]) | names
    assert len(set(at.values())) == len(at)
    node, _ = town.snap(sites.geometry.x.to_numpy(), sites.geometry.y.to_numpy())
    assert sorted(node_of[name] for name in names) == sorted(node.tolist())
    for hotspot in hotspots.itertuples():
        inside = shapely.contains_xy(hotspot.geometry, *town.places.T)
        node = node_of[hotspot.hotspot_id]
        if inside.any():
            assert planned.weight[node] == planned.weight[inside].max()
        else:
            middle = shapely.point_on_surface(hotspot.geometry)
            assert town.snap(np.array([middle.x]), np.array([middle.y]))[0][0] == node


def rounds_of(stops: list[Stop]) -> Iterator[list[Stop]]:
    """Cut a beat where the unit is back at the platform; that stop ends one, begins another."""
    home = [at for at, stop in enumerate(stops) if not stop.target]
    return (stops[begin : end + 1] for begin, end in pairwise(home))


def test_rounds_leave_time_for_calls(beats: Beats, paths: gpd.GeoDataFrame) -> None:
    for name, stops in beats.items():
        rounds = list(rounds_of(stops))
        assert paths.loc[name, "rounds"] == len(rounds)
        busy = [one[-1].arrive_s - one[0].leave_s for one in rounds]
        whole = [one[-1].leave_s - one[0].leave_s for one in rounds]
        assert all(b <= BUSY * w for b, w in zip(busy, whole, strict=True))
        assert paths.loc[name, "patrol_share"] == pytest.approx(sum(busy) / sum(whole), abs=1e-4)


def test_rounds_are_as_quick_as_is_told(
    beats: Beats, paths: gpd.GeoDataFrame, features: dict, summary: dict, way: Callable
) -> None:
    """Where a round is said to be proven, no other order of its stops is quicker by networkx."""
    told = Counter()
    for name, stops in beats.items():
        first = next(rounds_of(stops))
        busy_s = first[-1].arrive_s - first[0].leave_s
        row = stops[0].row
        assert float(row["round_minutes"]) == pytest.approx(busy_s / 60, abs=0.001)
        told[row["round_status"]] += 1
        stay_s = sum(stop.leave_s - stop.arrive_s for stop in first[1:-1])
        least_s = stay_s + least_driving_s([stop.node for stop in first[:-1]], way)
        rounded_s = ROUNDING_S * (len(first) - 1)
        assert 60 * float(row["round_bound_minutes"]) <= least_s + rounded_s
        if row["round_status"] == "optimal":
            assert least_s - 0.05 <= busy_s <= least_s + rounded_s
        for told_too in (paths.loc[name], features[name]["properties"]):
            assert told_too["round_status"] == row["round_status"]
    assert summary["patrols"]["round_status"] == told


def least_driving_s(nodes: list[int], way: Callable) -> float:
    """Time the quickest closed way from the first node past all others."""
    drive_s = {(a, b): way(a, b)[0] for a in nodes for b in nodes}
    home, *rest = nodes
    best = {(frozenset([one]), one): drive_s[home, one] for one in rest}
    for _ in rest[1:]:
        best = {
            (seen | {one}, one): min(
                best[seen, last] + drive_s[last, one] for last in seen
            )
            for seen, _ in best for one in rest if one not in seen
        }  # fmt: skip
    return min((s + drive_s[last, home] for (_, last), s in best.items()), default=0)


def test_driven_ways_are_streets(
    beats: Beats, paths: gpd.GeoDataFrame, streets: Streets, way: Callable, summary: dict
) -> None:
    """The line of a round runs from junction to junction along streets, the way they are open, past
    its stops in their order, as long and as quick as is told.
    """
    graph, places = streets
    names = list(graph)
    tree = KDTree([places[name] for name in names])
    for beat, stops in beats.items():
        path = shapely.get_coordinates(paths.geometry[beat])
        nodes = junctions_along(graph, path, tree, names)
        length_m = sum(graph.edges[edge]["line"].length for edge in pairwise(nodes))
        assert shapely.length(paths.geometry[beat]) == pytest.approx(length_m, abs=0.5)
        first = next(rounds_of(stops))
        legs = [way(a.node, b.node)[0] for a, b in pairwise(first)]
        seconds = sum(graph.edges[edge]["s"] for edge in pairwise(nodes))
        assert seconds == pytest.approx(sum(legs), abs=0.01)
        line = iter(nodes)
        for stop in first:
            spot = names[tree.query([float(stop.row["x"]), float(stop.row["y"])])[1]]
            assert spot == nodes[0] or spot in line, "a stop is not on the way in its turn"
        rounds = paths.loc[beat, "rounds"]
        assert paths.loc[beat, "driven_km"] == pytest.approx(rounds * length_m / 1000, abs=0.002)
    assert summary["patrols"]["driven_km"] == pytest.approx(paths["driven_km"].sum(), abs=0.2)


def junctions_along(
    graph: nx.DiGraph, path: np.ndarray, tree: KDTree, names: list[Name]
) -> list[Name]:
    """Follow a line from its first vertex: the next junction is one that a street leads to."""
    distance, at = tree.query(path)
    nodes = [names[at[0]]]
    assert distance[0] < NEAR_M
    for away, number in zip(distance[1:], at[1:], strict=True):
        if away < NEAR_M and graph.has_edge(nodes[-1], names[number]):
            nodes.append(names[number])
    assert nodes[-1] == names[at[-1]]
    return nodes


def test_geojson_tells_the_same(
    features: dict, beats: Beats, paths: gpd.GeoDataFrame, minneapolis_plan: Path
) -> None:
    """The same stops and figures, and a line less than two metres beside the one of the layer."""
    assert list(features) == list(beats)
    told = ("kind", "target_id", "name", "arrive", "leave")
    for name, one in features.items():
        stops, properties = beats[name], one["properties"]
        assert [[stop[key] for key in told] for stop in properties["stops"]] == [
            [stop.row[key] for key in told] for stop in stops
        ]
        assert [(stop["lon"], stop["lat"]) for stop in properties["stops"]] == [
            (float(stop.row["lon"]), float(stop.row["lat"])) for stop in stops
        ]
        for key in ("platform_id", "grid_id", "shift", "unit", "vehicle"):
            assert properties[key] == stops[0].row[key]
        for key in ("rounds", "driven_km", "patrol_share"):
            assert properties[key] == paths.loc[name, key]
    lines = gpd.GeoSeries(
        [shapely.LineString(one["geometry"]["coordinates"]) for one in features.values()],
        index=list(features), crs="EPSG:4326",
    ).to_crs(PLANE)  # fmt: skip
    apart = shapely.hausdorff_distance(lines.to_numpy(), paths.geometry[lines.index].to_numpy())
    assert apart.max() < 2


@pytest.fixture(scope="module")
def slack_s(town: City, planned: Demand) -> Callable[[int], np.ndarray]:
    """Seconds left at every node of the city when help comes from a node; below 0: too late."""
    standard = np.array([60 * MINUTES[tier] for tier in planned.tier])
    roads = nx.to_scipy_sparse_array(town.graph, range(len(standard)), weight="s").tocsr()
    return cache(lambda node: standard - dijkstra(roads, indices=node, limit=standard.max()))


@pytest.fixture(scope="module")
def at_home(
    minneapolis_plan: Path, plan_rows: list[Row], platforms: np.ndarray
) -> dict[tuple[str, str], tuple[int, int]]:
    """Node of the platform of a grid and shift, and the units there on the leanest weekday."""
    seat = {row["platform_id"]: int(at) for row, at in zip(plan_rows, platforms, strict=True)}
    units: dict[tuple[str, str], int] = {}
    for row in read_rows(minneapolis_plan, "staffing.csv"):
        key = row["platform_id"], row["shift"]
        count = int(row["response_cars"]) + int(row["motorcycles"])
        units[key] = min(units.get(key, count), count)
    return {(f"G-{one}", shift): (seat[one], count) for (one, shift), count in units.items()}


def test_cover_is_kept_at_every_stop(
    beats: Beats,
    town: City,
    planned: Demand,
    owners: dict,
    way: Callable,
    slack_s: Callable,
    at_home: dict,
    minneapolis_plan: Path,
) -> None:
    """Whenever a unit of a grid reaches a stop or leaves it, all of the grid's units, where they
    are then, reach in time what the floor asks of what they reach from the platform.
    """
    told = {(row["grid_id"], row["shift"]): row
            for row in read_rows(minneapolis_plan, "patrol_cover.csv")}  # fmt: skip
    assert set(told) == set(at_home)
    out: dict[tuple[str, str], Beats] = {key: {} for key in told}
    for name, stops in beats.items():
        out[stops[0].row["grid_id"], stops[0].row["shift"]][name] = stops
    for key, (seat, units) in at_home.items():
        own = out[key].values()
        weight = np.where(owners["grids"] == owners["grids"][seat], planned.weight, 0)
        whole = slack_s(seat) >= 0
        kept = [1.0]
        for moment in {m for stops in own for stop in stops for m in (stop.arrive_s, stop.leave_s)}:
            reached = whole.copy() if units > len(own) else np.zeros(len(weight), bool)
            for stops in own:
                node, ahead_s = place_of(town.graph, stops, moment, way)
                reached |= slack_s(node) >= ahead_s - 0.001
            kept.append(weight[reached].sum() / weight[whole].sum())
        assert int(told[key]["beats"]) == len(own)
        assert FLOOR <= float(told[key]["least_cover"]) <= min(kept) + 1e-4


def place_of(
    graph: nx.DiGraph, stops: list[Stop], moment: float, way: Callable
) -> tuple[int, float]:
    """Find the junction that a unit is at or reaches next just after a moment, and when."""
    here = max(at for at, stop in enumerate(stops) if stop.arrive_s <= moment)
    if moment < stops[here].leave_s or here + 1 == len(stops):
        return stops[here].node, 0.0
    clock = stops[here].leave_s
    _, nodes = way(stops[here].node, stops[here + 1].node)
    for edge in pairwise(nodes):
        clock += graph.edges[edge]["s"]
        if clock > moment:
            return edge[1], clock - moment
    return stops[here + 1].node, 0.0


def test_summary_of_patrols(summary: dict, beats: Beats, minneapolis_plan: Path) -> None:
    told, cover = summary["patrols"], read_rows(minneapolis_plan, "patrol_cover.csv")
    least = min(float(row["least_cover"]) for row in cover)
    assert told["cover_floor"] == FLOOR
    assert told["least_cover"] == pytest.approx(least, abs=1e-4)
    assert told["beats"] == len(beats)
    assert (told["left_out"], told["left_out_targets"], told["reasons"]) == (0, 0, {})
