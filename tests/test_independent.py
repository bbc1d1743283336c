"""The numbers of summary.json, worked out again from the input files alone.

Nothing of the package is imported here: pandas reads the calls, geopandas the layers, networkx
finds the ways. Only the chosen platforms are taken from the plan.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.spatial import KDTree

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis")]

PLANE = "EPSG:26915"
MINUTES = {"key": 1, "central": 3, "urban": 5}
WEIGHTS = {"Robbery Of Person": 3, "Robbery Per Agg": 4, "Robbery Of Business": 3}
FAR_M = 500


@dataclass(frozen=True)
class City:
    """Roads as a graph of seconds, and where its nodes lie."""

    graph: nx.DiGraph
    places: np.ndarray
    tree: KDTree

    def snap(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        distance, node = self.tree.query(np.column_stack([x, y]))
        return node, distance


Name = tuple[float, float]


def pieces_of(streets: gpd.GeoDataFrame) -> Iterator[tuple[tuple[Name, Name], float, float, str]]:
    """Lines meet where vertices agree to a millionth of a degree, a hand's breadth. They end at
    junctions already, but for some dead ends that touch another line on its way: cut it there.
    """
    planar = streets.geometry.to_crs(PLANE)
    vertices = [[tuple(np.round(xy[:2], 6)) for xy in line.coords] for line in streets.geometry]
    ends = Counter(name for line in vertices for name in (line[0], line[-1]))
    dead = {name for name, lines in ends.items() if lines == 1}
    for line, flat, mph, oneway in zip(
        vertices, planar, streets["SPEED_LIM"], streets["ONEWAY"], strict=True
    ):
        last = len(line) - 1
        stops = [i for i, name in enumerate(line) if i in (0, last) or name in dead]
        way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(np.array(flat.coords), axis=0).T))])
        for i, j in pairwise(stops):
            yield (line[i], line[j]), way[j] - way[i], mph, oneway


def vertex_places(streets: gpd.GeoDataFrame) -> dict[Name, Name]:
    """Where each vertex lies on the plane: as the first line that has it says."""
    places: dict[Name, Name] = {}
    for line, flat in zip(streets.geometry, streets.geometry.to_crs(PLANE), strict=True):
        for xy, place in zip(line.coords, flat.coords, strict=True):
            places.setdefault(tuple(np.round(xy[:2], 6)), place)
    return places


@pytest.fixture(scope="module")
def city(shared: Path) -> City:
    streets = gpd.read_file(shared / "data" / "minneapolis" / "street_centerline.gpkg")
    graph: nx.DiGraph = nx.DiGraph()
    for names, length_m, mph, oneway in pieces_of(streets):
        seconds = length_m / (mph * 1.609344 / 3.6)
        for (tail, head), open_to in ((names, "BF"), (names[::-1], "BT")):
            if oneway in open_to and seconds < graph.get_edge_data(tail, head, {"s": np.inf})["s"]:
                graph.add_edge(tail, head, s=seconds)
    main = max(nx.strongly_connected_components(graph), key=len)
    names = sorted(main)
    index = {name: i for i, name in enumerate(names)}
    numbered = nx.relabel_nodes(graph.subgraph(main), index)
    at = vertex_places(streets)
    places = np.array([at[name] for name in names])
    return City(numbered, places, KDTree(places))


@pytest.fixture(scope="module")
def calls(shared: Path) -> pd.DataFrame:
    path = shared / "data" / "minneapolis" / "police_incidents_2010_2016.csv.gz"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame = frame.drop_duplicates()
    day = frame["ReportedDate"].str.split("T").str[0]
    iso = day.str.contains("-")
    frame["day"] = pd.concat([
        pd.to_datetime(day[iso], format="%Y-%m-%d"),
        pd.to_datetime(day[~iso], format="%m/%d/%y"),
    ])  # fmt: skip
    points = gpd.GeoSeries(
        gpd.points_from_xy(frame["Longitude"].astype(float), frame["Latitude"].astype(float)),
        crs="EPSG:4326", index=frame.index,
    ).to_crs(PLANE)  # fmt: skip
    frame["x"], frame["y"] = points.x, points.y
    return frame[np.isfinite(frame["x"])]


@dataclass(frozen=True)
class Demand:
    """Weight and calls of every node, its tier and its district."""

    weight: np.ndarray
    calls: np.ndarray
    tier: np.ndarray
    district: np.ndarray


def demand_of(city: City, calls: pd.DataFrame, shared: Path, *, weighted: bool) -> Demand:
    node, distance = city.snap(calls["x"].to_numpy(), calls["y"].to_numpy())
    near = distance <= FAR_M
    weight = (
        calls["Description"].map(WEIGHTS).fillna(1).to_numpy() if weighted else np.ones(len(calls))
    )
    n = len(city.places)
    zones = gpd.read_file(shared / "data" / "minneapolis" / "zones.gpkg").to_crs(PLANE)
    tier, district = np.full(n, "urban", object), np.full(n, "outside", object)
    for zone in zones[::-1].itertuples():
        inside = shapely.intersects_xy(zone.geometry, city.places[:, 0], city.places[:, 1])
        tier[inside], district[inside] = zone.tier, zone.district
    sites = (
        gpd.read_file(shared / "data" / "minneapolis" / "key_sites.geojson").to_crs(PLANE).geometry
    )
    tier[city.snap(sites.x.to_numpy(), sites.y.to_numpy())[0]] = "key"
    return Demand(
        np.bincount(node[near], weight[near], n),
        np.bincount(node[near], minlength=n),
        tier,
        district,
    )


def seconds_from(city: City, nodes: np.ndarray) -> np.ndarray:
    found = nx.multi_source_dijkstra_path_length(city.graph, set(nodes.tolist()), weight="s")
    return np.array([found[node] for node in range(len(city.places))])


def share(demand: Demand, seconds: np.ndarray, where: np.ndarray | bool = True) -> float:
    standard = np.array([60 * MINUTES[tier] for tier in demand.tier])
    weight = np.where(where, demand.weight, 0)
    return float(weight[seconds <= standard].sum() / weight.sum())


@pytest.fixture(scope="module")
def summary(minneapolis_plan: Path) -> dict:
    return json.loads((minneapolis_plan / "summary.json").read_text())


@pytest.fixture(scope="module")
def platforms(city: City, minneapolis_plan: Path) -> np.ndarray:
    with (minneapolis_plan / "plan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    node, distance = city.snap(*np.array([[float(r["x"]), float(r["y"])] for r in rows]).T)
    assert distance.max() < 0.1, "a platform does not stand on a road node"
    return node


@pytest.fixture(scope="module")
def planned(city: City, calls: pd.DataFrame, shared: Path) -> Demand:
    window = calls[(calls["day"] >= "2012-01-01") & (calls["day"] < "2015-01-01")]
    return demand_of(city, window, shared, weighted=True)


def test_every_row_is_accounted_for(summary: dict, shared: Path) -> None:
    path = shared / "data" / "minneapolis" / "police_incidents_2010_2016.csv.gz"
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    counted = summary["calls"]
    assert counted["read"] == len(raw)
    assert counted["read"] == counted["used"] + sum(counted["dropped"].values())
    assert counted["dropped"]["duplicate"] == int(raw.duplicated().sum()) == 83


def test_calls_used(summary: dict, planned: Demand) -> None:
    assert summary["calls"]["used"] == planned.calls.sum()
    assert summary["siting"]["demand_points"] == (planned.weight > 0).sum()
    assert summary["siting"]["demand_weight"] == planned.weight.sum()


def test_covered_share(summary: dict, city: City, platforms: np.ndarray, planned: Demand) -> None:
    found = share(planned, seconds_from(city, platforms))
    assert summary["siting"]["covered_share"] == pytest.approx(found, abs=2e-6)
    assert summary["siting"]["objective"] == pytest.approx(found * planned.weight.sum(), abs=0.5)
    assert summary["siting"]["objective"] <= summary["siting"]["bound"] * (1 + 1e-9)


def test_shares_by_tier_and_district(
    summary: dict, city: City, platforms: np.ndarray, planned: Demand
) -> None:
    seconds = seconds_from(city, platforms)
    for name, tier in summary["tiers"].items():
        where = planned.tier == name
        assert tier["minutes"] == MINUTES[name]
        assert tier["calls"] == planned.calls[where].sum()
        assert tier["covered_share"] == pytest.approx(share(planned, seconds, where), abs=2e-6)
    districts = summary["districts"]["covered_share"]
    assert set(districts) == set(planned.district[planned.weight > 0])
    for name, found in districts.items():
        where = planned.district == name
        assert found == pytest.approx(share(planned, seconds, where), abs=2e-6)


def test_response(summary: dict, city: City, platforms: np.ndarray, planned: Demand) -> None:
    seconds = seconds_from(city, platforms)
    response = summary["response"]
    assert response["mean_s"] == pytest.approx(np.average(seconds, weights=planned.weight), abs=0.1)
    assert response["max_s"] == pytest.approx(seconds[planned.weight > 0].max(), abs=0.1)
    every_call = np.repeat(seconds, planned.weight.astype(int))
    assert response["median_s"] == pytest.approx(np.quantile(every_call, 0.5), abs=0.5)
    assert response["p90_s"] == pytest.approx(np.quantile(every_call, 0.9), abs=0.5)


def test_present_layout(summary: dict, city: City, planned: Demand, shared: Path) -> None:
    stations = (
        gpd.read_file(shared / "data" / "minneapolis" / "fire_stations.geojson")
        .to_crs(PLANE)
        .geometry
    )
    node, _ = city.snap(stations.x.to_numpy(), stations.y.to_numpy())
    found = share(planned, seconds_from(city, node))
    assert summary["present"]["platforms"] == len(stations)
    assert summary["present"]["covered_share"] == pytest.approx(found, abs=2e-6)


def test_holdout(
    summary: dict, city: City, platforms: np.ndarray, calls: pd.DataFrame, shared: Path
) -> None:
    quarter = calls[(calls["day"] >= "2015-01-01") & (calls["day"] < "2015-04-01")]
    later = demand_of(city, quarter, shared, weighted=False)
    holdout = summary["holdout"]
    assert (holdout["from"], holdout["to"]) == ("2015-01-01", "2015-04-01")
    assert holdout["calls"] == later.calls.sum()
    found = share(later, seconds_from(city, platforms))
    assert holdout["covered_share"] == pytest.approx(found, abs=2e-6)
    assert holdout["baselines"]["random"] < holdout["covered_share"]


def test_no_text_of_a_call_leaves_the_tool(minneapolis_plan: Path, shared: Path) -> None:
    """Addresses such as "0029XX Chicago AV S" are in the calls, and in nothing that is written."""
    assert [path.name for path in _files_with(minneapolis_plan, b"XX Chicago AV")] == []


def _files_with(folder: Path, needle: bytes) -> Iterator[Path]:
    return (path for path in folder.iterdir() if needle.lower() in path.read_bytes().lower())
