"""Minneapolis read once for all modules: its streets, its calls, and what its plan publishes."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from .city import City, Demand, demand_of, read_calls, read_city
from .published import Row, column, read_rows
from .streets import Streets, read_streets
from .workload import read_work


@pytest.fixture(scope="session")
def streets(shared: Path) -> Streets:
    return read_streets(shared)


@pytest.fixture(scope="session")
def town(streets: Streets) -> City:
    return read_city(*streets)


@pytest.fixture(scope="session")
def calls(shared: Path) -> pd.DataFrame:
    return read_calls(shared)


@pytest.fixture(scope="session")
def window(calls: pd.DataFrame) -> pd.DataFrame:
    """The calls that the study plans with."""
    return calls[(calls["day"] >= "2012-01-01") & (calls["day"] < "2015-01-01")]


@pytest.fixture(scope="session")
def planned(town: City, window: pd.DataFrame, shared: Path) -> Demand:
    return demand_of(town, window, shared, weighted=True)


@pytest.fixture(scope="session")
def summary(minneapolis_plan: Path) -> dict:
    return json.loads((minneapolis_plan / "summary.json").read_text())


@pytest.fixture(scope="session")
def plan_rows(minneapolis_plan: Path) -> list[Row]:
    return read_rows(minneapolis_plan, "plan.csv")


@pytest.fixture(scope="session")
def platforms(town: City, plan_rows: list[Row]) -> np.ndarray:
    node, distance = town.snap(np.array(column(plan_rows, "x")), np.array(column(plan_rows, "y")))
    assert distance.max() < 0.1, "a platform does not stand on a road node"
    return node


@pytest.fixture(scope="session")
def away_s(town: City, platforms: np.ndarray) -> np.ndarray:
    """Seconds from each platform to every node, by networkx."""
    ways = [nx.single_source_dijkstra_path_length(town.graph, node, weight="s")
            for node in platforms.tolist()]  # fmt: skip
    return np.array([[way[node] for node in range(len(town.places))] for way in ways])


@pytest.fixture(scope="session")
def layers(minneapolis_plan: Path) -> dict[str, gpd.GeoDataFrame]:
    """The polygons of both divisions of the ground, in the order of the platforms."""
    names = ("grids", "grids_nearest")
    return {name: gpd.read_file(minneapolis_plan / "plan.gpkg", layer=name) for name in names}


@pytest.fixture(scope="session")
def owners(town: City, layers: dict[str, gpd.GeoDataFrame]) -> dict[str, np.ndarray]:
    """In which polygon each node lies, none in two: number of the platform in either division."""
    points, found = shapely.points(town.places), {}
    for name, layer in layers.items():
        inside = np.array([shapely.contains(polygon, points) for polygon in layer.geometry])
        assert (inside.sum(axis=0) == 1).all()
        found[name] = inside.argmax(axis=0)
    return found


@pytest.fixture(scope="session")
def work(town: City, window: pd.DataFrame) -> pd.DataFrame:
    return read_work(town, window)
