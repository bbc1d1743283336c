"""Measure plans and proofs: ours beside the plain model that PuLP hands to HiGHS.

Minneapolis (every call's node a demand point, every junction a site, travel on the road network)
and the planar instance of 10,000 customers and 500 sites at which solvers stop. Each row runs in a
process of its own, warmed up on a toy; both methods get the same wall time. Prints a table in
Markdown::

    python benchmarks/siting.py [--seconds 60] [--gap 0.001] [--skip-peer] [--only WORD]
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from optimizer.roads import RoadsSettings, read_network, snap, snap_places, travel_times
from optimizer.siting import SitingProblem, coverage_curve, reach_within, solve
from optimizer.siting.cover import cover_of
from optimizer.siting.formulations import MCLP
from optimizer.solvers import HighsBackend

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "minneapolis"
CRS = "EPSG:26915"
TIERS = {"central": 180.0, "urban": 300.0}
KEY_SECONDS = 60.0
OURS, PEER, CURVE = "optimizer", "PuLP + HiGHS", "optimizer, curve 1 to 20"


def planar(points: int = 10_000, sites: int = 500, count: int = 20) -> SitingProblem:
    """Draw the instance of the planar family: radius 3.5 in a square of 30."""
    rng = np.random.default_rng(1)
    where, customers = rng.uniform(0, 30, (sites, 2)), rng.uniform(0, 30, (points, 2))
    weight = rng.integers(1, 101, points)
    near = KDTree(customers).query_ball_point(where, 3.5, return_sorted=True)
    return SitingProblem(
        indptr=np.concatenate(([0], np.cumsum([len(row) for row in near]))),
        demand=np.concatenate(near),
        weight=weight,
        site_ids=np.arange(sites).astype(object),
        demand_ids=np.arange(points).astype(object),
        count=count,
    )


def minneapolis(legs: int, count: int, *, tiered: bool) -> SitingProblem:
    """Read streets and calls; 3 minutes everywhere, or 1 / 3 / 5 minutes by zone."""
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
    standard = tier_seconds(network, points) if tiered else np.full(len(points), 180.0)
    sites = np.flatnonzero(network.degree() >= legs)
    times = travel_times(network, sites, points, float(standard.max()))
    indptr, demand = reach_within(times.indptr, times.target, times.travel_s, standard)
    ids = np.asarray(network.node_ids, dtype=object)
    return SitingProblem(indptr, demand, counted[points], ids[sites], ids[points], count)


def tier_seconds(network, points: np.ndarray) -> np.ndarray:
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


INSTANCES: dict[str, Callable[[], SitingProblem]] = {
    "planar 10,000 x 500, p = 20": planar,
    "Minneapolis, 4 legs, 3 min, p = 5": lambda: minneapolis(4, 5, tiered=False),
    "Minneapolis, 4 legs, 3 min, p = 10": lambda: minneapolis(4, 10, tiered=False),
    "Minneapolis, 4 legs, 3 min, p = 15": lambda: minneapolis(4, 15, tiered=False),
    "Minneapolis, 4 legs, tiers 1/3/5, p = 10": lambda: minneapolis(4, 10, tiered=True),
    "Minneapolis, 3 legs, tiers 1/3/5, p = 10": lambda: minneapolis(3, 10, tiered=True),
}


def measure(name: str, method: str, seconds: float, gap: float, answers) -> None:
    """Solve one instance by one method in this process and send back a row of the table."""
    toy = planar(300, 20, 4)
    solve(toy)
    coverage_curve(toy, [1, 2])
    problem = INSTANCES[name]()
    before, started = cpu_seconds(), time.perf_counter()
    objective, bound = METHODS[method](problem, seconds, gap)
    wall, cpu = time.perf_counter() - started, cpu_seconds() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = f"{problem.site_count:,} x {problem.point_count:,}"
    room = "-" if objective is None else f"{100 * (bound - objective) / max(objective, 1):.3f} %"
    found = "-" if objective is None else f"{objective:,.0f}"
    answers.put(
        f"| {name} | {size} | {method} | {found} | {bound:,.0f} | {room} "
        f"| {cpu:.1f} | {wall:.1f} | {peak:,} |"
    )


def by_optimizer(problem: SitingProblem, seconds: float, gap: float) -> tuple[float, float]:
    """Solve with this package."""
    plan = solve(problem, gap=gap, time_limit_s=seconds)
    return plan.objective, plan.bound


def by_peer(problem: SitingProblem, seconds: float, gap: float) -> tuple[float | None, float]:
    """Write the textbook model down with PuLP and let HiGHS solve it, without any help."""
    backend = HighsBackend()
    model = MCLP(problem, cover_of(problem), backend)
    outcome = backend.solve(gap=gap, time_limit_s=seconds, seed=0)
    bound = problem.total_weight if outcome.bound is None else outcome.bound
    if not outcome.values:
        return None, bound
    return problem.covered_weight(model.sites(outcome.values)), bound


def by_curve(problem: SitingProblem, _seconds: float, gap: float) -> tuple[float, float]:
    """Draw the whole curve; the row shows its last point."""
    last = coverage_curve(problem, range(1, 21), gap=gap)[-1]
    return last.covered_weight, last.bound


METHODS = {OURS: by_optimizer, PEER: by_peer, CURVE: by_curve}


def cpu_seconds() -> float:
    """User and system seconds of this process."""
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time for each row")
    parser.add_argument("--gap", type=float, default=0.001, help="gap at which to stop")
    parser.add_argument("--skip-peer", action="store_true", help="measure only this package")
    parser.add_argument("--only", default="", help="instances whose name contains this")
    asked = parser.parse_args()
    rows = [(name, method) for name in INSTANCES for method in (OURS, PEER)]
    rows.append((list(INSTANCES)[-1], CURVE))
    heads = "instance, sites x points, method, objective, bound, gap, CPU s, wall s, peak MB"
    print(f"| {heads.replace(', ', ' | ')} |")
    print("|---|---|---|---:|---:|---:|---:|---:|---:|")
    spawn = multiprocessing.get_context("spawn")
    for name, method in rows:
        if asked.only not in name or (asked.skip_peer and method == PEER):
            continue
        answers = spawn.SimpleQueue()
        child = spawn.Process(
            target=measure, args=(name, method, asked.seconds, asked.gap, answers)
        )
        child.start()
        child.join()
        print(
            answers.get() if child.exitcode == 0 else f"| {name} | | {method} failed |", flush=True
        )


if __name__ == "__main__":
    main()
