"""The siting problems that are measured: drawn in the plane, published, and Minneapolis."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from optimizer.roads import RoadsSettings, read_network, snap, snap_places, travel_times
from optimizer.siting import SitingProblem, merge_customers, points_within, reach_within, solve

SHARED = Path(__file__).resolve().parents[2] / "shared"
DATA = SHARED / "data" / "minneapolis"
CRS = "EPSG:26915"
TIERS = {"central": 180.0, "urban": 300.0}
KEY_SECONDS = 60.0
SIDE = 30.0
AT_A_TIME = 1_000_000


def drawn(customers: int, sites: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw sites and customers in a square of 30 and demand from 1 to 100.

    The demand is drawn a million at a time, which changes no number.
    """
    rng = np.random.default_rng(1)
    where = rng.uniform(0, SIDE, (sites, 2))
    people = rng.uniform(0, SIDE, (customers, 2))
    demand = np.empty(customers, dtype=np.uint8)
    for start in range(0, customers, AT_A_TIME):
        some = demand[start : start + AT_A_TIME]
        some[:] = rng.integers(1, 101, len(some))
    return where, people, demand


def warm_up() -> None:
    """Load, or compile, what merging and solving run, on toys."""
    where, people, demand = drawn(300_000, 20)
    merge_customers(where, [(*people.T, demand)], 5.0, strict=True)
    solve(planar(1_500, 120, 8), gap=0)


def planar(
    customers: int = 10_000, sites: int = 500, count: int = 20, radius: float = 3.5
) -> SitingProblem:
    """State an instance of the planar family customer by customer; by default the one in 'records'.

    Cordeau, Furini & Ljubic 2019, doi:10.1016/j.ejor.2018.12.021.
    """
    where, people, demand = drawn(customers, sites)
    return _within(where, people, demand, count, radius)


def sjc(points: int, count: int, radius: float = 800.0) -> SitingProblem:
    """Read a district of São José dos Campos, where every point is also a site.

    Lorena & Pereira 2002.
    """
    table = np.loadtxt(SHARED / "benchmarks" / "sjc" / f"SJC{points}.txt", skiprows=1)
    return _within(table[:, :2], table[:, :2], table[:, 2], count, radius)


def _within(
    where: np.ndarray, people: np.ndarray, weight: np.ndarray, count: int, radius: float
) -> SitingProblem:
    indptr, demand = points_within(where, people, radius)
    sites, points = np.arange(len(where)), np.arange(len(people))
    return SitingProblem(indptr, demand, weight, sites.astype(object), points.astype(object), count)


def minneapolis(legs: int, count: int, *, tiered: bool) -> SitingProblem:
    """Read streets and calls; 3 minutes everywhere, or 1 / 3 / 5 minutes by zone.

    Every call's node is a demand point, every junction of so many legs a site.
    """
    settings = RoadsSettings(
        path="street_centerline.gpkg", oneway="ONEWAY", speed="SPEED_LIM", speed_unit="mph"
    )
    network = read_network(settings, DATA, CRS)
    calls = pd.read_csv(DATA / "police_incidents_2010_2016.csv.gz", dtype=str)
    places = calls[["Longitude", "Latitude"]].apply(pd.to_numeric, errors="coerce").dropna()
    at = gpd.GeoSeries.from_xy(places.Longitude, places.Latitude, crs="EPSG:4326").to_crs(CRS)
    at = at[np.isfinite(at.x) & np.isfinite(at.y)]
    snapped = snap(network, at.x.to_numpy(), at.y.to_numpy())
    counted = np.bincount(snapped.node[snapped.distance_m <= 500], minlength=network.node_count)
    points = np.flatnonzero(counted)
    standard = _tier_seconds(network, points) if tiered else np.full(len(points), 180.0)
    sites = np.flatnonzero(network.degree() >= legs)
    times = travel_times(network, sites, points, float(standard.max()))
    indptr, demand = reach_within(times.indptr, times.target, times.travel_s, standard)
    ids = np.asarray(network.node_ids, dtype=object)
    return SitingProblem(indptr, demand, counted[points], ids[sites], ids[points], count)


def _tier_seconds(network, points: np.ndarray) -> np.ndarray:
    """Seconds allowed at each node: by zone, and the key standard at the key sites."""
    zones = gpd.read_file(DATA / "zones.gpkg").to_crs(network.crs)[["tier", "geometry"]]
    nodes = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(network.x_m[points], network.y_m[points]), crs=network.crs
    )
    inside = nodes.sjoin(zones, predicate="intersects", how="left")
    tier = inside.tier[~inside.index.duplicated()].fillna("urban")
    seconds = tier.map(TIERS).to_numpy(dtype=float, copy=True)
    key_sites = gpd.read_file(DATA / "key_sites.geojson").to_crs(network.crs)
    key_sites["node"] = None
    seconds[np.isin(points, snap_places(network, key_sites).node)] = KEY_SECONDS
    return seconds
