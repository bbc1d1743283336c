"""Zones, points and villages of Minneapolis, around its fire stations; read over by SciPy."""

from __future__ import annotations

import dataclasses
import itertools
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimizer.demand import Hotspots, find_hotspots
from optimizer.planning import (
    plan_patrol_zones,
    plan_quick_response,
    plan_villages,
    read_duty_inputs,
    read_inputs,
    site_rules,
)
from optimizer.planning.duty.patrol_targets import busiest_nodes
from optimizer.study import read_study

from .conftest import Town

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis-duty")]


@pytest.fixture(scope="module")
def city(shared: Path) -> Town:
    study = read_study(shared / "data" / "minneapolis" / "study.toml")
    inputs = read_inputs(study)
    return Town(study, inputs, site_rules(study, inputs))


@pytest.fixture(scope="module")
def stations(city: Town) -> str:
    """Every third fire station, so that there are holes to close."""
    nodes = city.inputs.existing["node"].to_numpy()[::3]
    return " ".join(dict.fromkeys(city.inputs.network.node_ids[nodes].tolist()))


@pytest.fixture(scope="module")
def hotspots(city: Town) -> Hotspots:
    inputs, source = city.inputs, city.inputs.source
    return find_hotspots(
        source.places, source.total, settings=city.study.settings.hotspots, shifts=inputs.shifts,
        crs=inputs.network.crs, window=source.window,
    )  # fmt: skip


def times_s(city: Town, nodes: np.ndarray) -> np.ndarray:
    """Seconds from some nodes to every node, by SciPy."""
    network = city.inputs.network
    graph = csr_array((network.travel_ms, (network.tail, network.head)),
                      shape=(network.node_count,) * 2)  # fmt: skip
    return dijkstra(graph, indices=nodes) / 1000


def test_points_close_what_they_say(city: Town, stations: str) -> None:
    """Eight points and all that help: more never cover less, and nothing beats the bound."""
    platforms, coverage = city.force(stations)
    demand, shares = city.inputs.demand, [coverage.covered_share()]
    for count in (8, "all"):
        asked = city.with_sections(quick_response={"count": count})
        plan = plan_quick_response(asked.study, asked.inputs, asked.rules, platforms, coverage)
        assert plan is not None
        nodes = np.append(city.nodes(stations), [point.node for point in plan.points])
        response_s = times_s(city, nodes.astype(int)).min(axis=0)[demand.node]
        inside = response_s <= demand.standard_s + 5e-4
        share = demand.weight[inside].sum() / demand.weight.sum()
        assert plan.after_share == pytest.approx(share)
        assert plan.after_share <= plan.bound_share <= plan.closable_share + 1e-12
        assert plan.status == "optimal"
        shares.append(plan.after_share)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(plan.closable_share)


def test_twelve_zones_are_compact_and_can_be_patrolled(
    city: Town, stations: str, hotspots: Hotspots
) -> None:
    asked = city.with_sections(patrol_zones={"count": 12})
    plan = plan_patrol_zones(asked.study, asked.inputs, hotspots, city.force(stations)[0])
    assert plan is not None
    assert plan.status == "optimal"
    assert len(plan.zones) == 12
    node = np.array(list(busiest_nodes(city.inputs, hotspots.table.geometry)))
    apart_s = times_s(city, node)[:, node]
    used = [rank for zone in plan.zones for rank in zone.hotspots]
    assert len(set(used)) == len(used)
    for zone in plan.zones:
        members = np.array(zone.hotspots) - 1
        assert apart_s[np.ix_(members, members)].max() <= 300.0005
        way_s = min(
            sum(apart_s[a, b] for a, b in itertools.pairwise((members[0], *rest, members[0])))
            for rest in itertools.permutations(members[1:])
        )
        round_s = 720 * len(members) + (way_s if len(members) > 1 else 0)
        assert round_s <= 0.8 * 7200
        assert zone.patrol_hours_per_day == pytest.approx(12 * round_s / 3600, rel=1e-6)
        calls = hotspots.table["calls"].to_numpy()[members].sum()
        assert zone.preventable_per_year == pytest.approx(calls / city.inputs.source.years)


def test_thousands_of_villages_take_about_a_second(
    city: Town, stations: str, tmp_path: Path
) -> None:
    """As many as Shaoyang has, strewn beside the roads."""
    network, rng = city.inputs.network, np.random.default_rng(0)
    at = rng.integers(0, network.node_count, 3299)
    east, north = network.x_m[at] + rng.normal(0, 30, 3299), network.y_m[at]
    rows = [f"V{i},{x:.2f},{y:.2f}" for i, (x, y) in enumerate(zip(east, north, strict=True))]
    path = tmp_path / "villages.csv"
    path.write_text("\n".join(["id,x,y", *rows]))
    asked = city.with_sections(villages={"path": str(path), "within_minutes": 4})
    platforms, _ = city.force(stations)
    started = time.process_time()
    duty = read_duty_inputs(asked.study, network, asked.inputs.source)
    plan = plan_villages(asked.study, dataclasses.replace(city.inputs, duty=duty), platforms)
    assert time.process_time() - started < 3
    assert plan is not None
    time_s = times_s(city, np.array([one.node for one in platforms])).min(axis=0)
    for post in plan.posts:
        assert post.backup_s == pytest.approx(time_s[post.node], abs=1e-3)
        assert post.late == (post.backup_s > 240.0005)
    assert 0 < sum(post.late for post in plan.posts) < 3299
