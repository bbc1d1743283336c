"""Beats of Minneapolis around ten of its fire stations, timed over by networkx."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from optimizer.demand import find_hotspots
from optimizer.planning import deploy_platforms, plan_patrols, read_inputs
from optimizer.roads import nearest_source
from optimizer.study import read_study

from .hand_made import grids_of, roster_of

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis-duty")]

PLATFORMS = 10
SECONDS = 12.0
"""Of processor time, for all beats of ten platforms and three shifts."""


@pytest.mark.parametrize("cars", [1, 2])
def test_beats_hold_on_real_streets(shared: Path, cars: int) -> None:
    study = read_study(shared / "data" / "minneapolis" / "study.toml")
    inputs = read_inputs(study)
    source = inputs.source
    hotspots = find_hotspots(
        source.places, source.total, settings=study.settings.hotspots, shifts=inputs.shifts,
        crs=inputs.network.crs, window=source.window, suppress_below=5,
    )  # fmt: skip
    stations = inputs.existing["node"].to_numpy(np.int32)[:PLATFORMS]
    platforms = deploy_platforms(study, inputs, stations, resited=False).platforms
    nodes = np.array([one.node for one in platforms], np.int32)
    owner = nearest_source(inputs.network, nodes).source
    rosters = [roster_of(one, cars) for one in platforms]
    start = time.process_time()
    plan = plan_patrols(study, inputs, hotspots, platforms, grids_of(platforms, owner), rosters)
    assert time.process_time() - start < SECONDS
    assert plan.targets > 30
    assert min(plan.least_cover.values()) >= study.settings.patrols.cover_floor - 1e-9
    shifts = len({beat.shift for beat in plan.beats})
    visited = {(beat.shift, s.target_id) for beat in plan.beats for s in beat.stops if s.target_id}
    assert len(visited) + len(plan.left_out) == shifts * plan.targets
    _check_times(plan.beats, inputs.network)


def _check_times(beats, network) -> None:
    graph = nx.DiGraph()
    graph.add_weighted_edges_from(
        zip(network.tail.tolist(), network.head.tolist(), network.travel_ms / 1000, strict=True)
    )
    for beat in beats:
        for before, stop in pairwise(beat.stops[:6]):
            real = nx.dijkstra_path_length(graph, before.end_node, stop.node)
            assert real - 0.001 <= stop.travel_s < real + 1.001
            assert stop.arrive_s == before.leave_s + stop.travel_s
        gaps = [after.arrive_s - before.arrive_s for before, after in pairwise(
            [stop for stop in beat.stops if stop.target_id == beat.stops[1].target_id]
        )]  # fmt: skip
        assert max(gaps) <= 120 * 60
        assert beat.stops[-1].leave_s - beat.stops[0].arrive_s == 8 * 3600
