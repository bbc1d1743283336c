"""Minneapolis read from its files with pandas, geopandas and networkx alone: ways and demand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from .streets import PLANE, Name

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


def read_city(graph: nx.DiGraph, at: dict[Name, Name]) -> City:
    """Number the junctions from which every other one is reached."""
    main = max(nx.strongly_connected_components(graph), key=len)
    names = sorted(main)
    index = {name: i for i, name in enumerate(names)}
    places = np.array([at[name] for name in names])
    return City(nx.relabel_nodes(graph.subgraph(main), index), places, KDTree(places))


def read_calls(shared: Path) -> pd.DataFrame:
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
