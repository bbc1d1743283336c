"""From a plan of checkpoints to its map and its report: every part, and none where none is."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import CRS

from optimizer.checkpoints import (
    BestPosts,
    CheckpointPlan,
    ContainmentPlan,
    Drill,
    DrillPost,
    GatePlan,
    GateRow,
    HotspotNet,
    Move,
    NetPost,
    PostRow,
    RingPlan,
    StandingRow,
    StandingUnits,
    Units,
)
from optimizer.places import project, unproject
from optimizer.publishing import MapCheckpoints
from optimizer.publishing.checkpoint_map import map_checkpoints
from optimizer.publishing.checkpoint_report import checkpoint_report
from optimizer.publishing.locale import texts

UTM = CRS.from_user_input("EPSG:32631")
X0, Y0 = (float(value[0]) for value in project([3.0], [50.0], UTM))
WAY = shapely.LineString([(X0, Y0), (X0 + 1000, Y0), (X0 + 1000, Y0 + 500)])


def row(post_id: str, x_m: float) -> PostRow:
    lon, lat = unproject(np.array([X0 + x_m]), np.array([Y0]), UTM)
    return PostRow(
        post_id, "core", "post", "junction", 1, 1, float(lon[0]), float(lat[0]), X0 + x_m, Y0,
        "Elm Street", 1.0, False,
    )  # fmt: skip


@pytest.fixture
def ring() -> RingPlan:
    """Two posts seal the core; a car closes the first after four minutes, nobody the second."""
    posts = (row("core-01", 300.0), row("core-02", 600.0))
    first = DrillPost("core-01", "", "junction", (1,))
    units = Units(("C1",), ("Depot",), np.array([0]), np.array([1]), ("car",), np.zeros(1))
    second = DrillPost("core-02", "", "junction", (2,))
    move = Move(first, 0, 0.0, 240.0, 240.0, (0, 1), (0.0, 240.0))
    middle = shapely.Point(X0, Y0)
    seal: Any = SimpleNamespace(status="optimal", bound=2.0)
    return RingPlan(
        "core", middle.buffer(200), middle.buffer(800), seal, posts, (WAY, WAY), None, (), 0.25, 3,
        None, Drill((first, second), units, (move,), (second,), ()),
    )  # fmt: skip


@pytest.fixture
def plan(ring: RingPlan) -> CheckpointPlan:
    post = NetPost(1, 3.0, 50.0, X0, Y0, "Elm Street", "C1", 120.0, 180.0)
    caught = HotspotNet(
        "7", 1, 5.0, "Bank", 0, 3.0, 50.0, True, 120.0, 120.0, "optimal", (post,), None
    )
    away = HotspotNet("8", 2, 5.0, "Inn", 0, 3.0, 50.0, False, math.inf, 0.0, "optimal", (), WAY)
    gates = GatePlan(
        (GateRow("g1", "", "present", 3.0, 50.0, X0, Y0, ""),
         GateRow("g2", "Bridge", "next", 3.0, 50.0, X0, Y0, "")),
        {0.0: 0.9, 0.5: 0.5, math.inf: 0.25}, 0.9, {0.0: 1.0, 0.5: 0.75, math.inf: 0.5}, WAY,
    )  # fmt: skip
    watch = StandingUnits((StandingRow(1, 3.0, 50.0, X0, Y0, "Elm Street"),), 10.0, 0.5, 0.75, 0.8)
    nets = ContainmentPlan((caught, away), {5.0: 0.5, 10.0: 0.5}, 0, 1, 4)
    return CheckpointPlan((ring,), nets, watch, gates, None)  # type: ignore[arg-type]


def test_no_plan_is_an_empty_map() -> None:
    empty = map_checkpoints(None, UTM)
    assert [name for name, drawn in empty.drawn() if len(drawn)] == []
    assert (empty.rings, empty.posts, empty.nets, empty.gates) == ((), (), (), ())
    assert map_checkpoints(CheckpointPlan((), None, None, None, None), UTM).rings == ()  # type: ignore[arg-type]


def test_a_sealed_ring_has_its_proof_and_its_drill(plan: CheckpointPlan) -> None:
    content = map_checkpoints(plan, UTM)
    (ring,) = content.rings
    assert (ring.checkpoints, ring.sealed, ring.fewest, len(ring.routes)) == (2, True, True, 2)
    assert (len(ring.leak), ring.beyond_data_share, ring.sealing_posts) == (0, 0.25, 0)
    assert math.isnan(ring.intercepted_share)
    first, second = content.posts
    assert (first.unit, first.minutes, first.lon) == ("C1", 4.0, plan.rings[0].posts[0].lon)
    assert (second.unit, math.isnan(second.minutes)) == ("", True)
    back = project(ring.routes[0][:, 0], ring.routes[0][:, 1], UTM)
    np.testing.assert_allclose(np.column_stack(back), shapely.get_coordinates(WAY), atol=1e-3)


def test_an_open_ring_shows_its_leak_and_what_it_misses(
    plan: CheckpointPlan, ring: RingPlan
) -> None:
    seal: Any = SimpleNamespace(status="open", bound=0.0)
    leaky = replace(ring, seal=seal, leak=WAY, needed=(row("core-n1", 900.0),), routes=())
    content = map_checkpoints(replace(plan, rings=(leaky,)), UTM)
    assert (content.rings[0].sealed, content.rings[0].fewest) == (False, False)
    assert len(content.rings[0].leak) == 3
    assert [post.post_id for post in content.posts if post.missing] == ["core-n1"]


def test_a_short_force_shows_its_own_posts_and_share(plan: CheckpointPlan, ring: RingPlan) -> None:
    best = BestPosts((row("core-b1", 300.0),), 0.5, 0.7, 0.8, 0.125, "feasible", {0.5: 0.7})
    content = map_checkpoints(replace(plan, rings=(replace(ring, best=best, drill=None),)), UTM)
    (shown,) = content.rings
    assert (shown.checkpoints, shown.sealed, shown.sealing_posts) == (1, False, 2)
    assert shown.intercepted_share == 0.7
    assert [post.post_id for post in content.posts] == ["core-b1"]


def test_nets_gates_and_watches_come_along(plan: CheckpointPlan) -> None:
    content = map_checkpoints(plan, UTM)
    caught, away = content.nets
    assert (caught.minutes, caught.posts[0].minutes, caught.posts[0].evader_minutes) == (2, 2, 3)
    assert (away.minutes, len(away.leak)) == (math.inf, 3)
    assert (content.contain_minutes, content.contained_shares) == ((5.0, 10.0), (0.5, 0.5))
    assert [(gate.name, gate.proposed) for gate in content.gates] == [
        ("g1", False),
        ("Bridge", True),
    ]
    assert (content.seen_share, len(content.blind_route)) == (0.25, 3)
    assert content.standing[0].name == "Elm Street"
    assert isinstance(content, MapCheckpoints)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_tells_the_proof_or_how_far_it_went(
    plan: CheckpointPlan, ring: RingPlan, language: str
) -> None:
    words = texts(language)["report"]
    seal: Any = SimpleNamespace(status="feasible", bound=1.0)
    leak: Any = SimpleNamespace(status="open", bound=0.0)
    best = BestPosts((row("core-b1", 300.0),), 0.5, 0.7, 0.8, 0.125, "feasible", {0.5: 0.7})
    rings = (ring, replace(ring, seal=seal), replace(ring, seal=leak, needed=ring.posts),
             replace(ring, best=best, drill=None))  # fmt: skip
    report = checkpoint_report(replace(plan, rings=rings), words)
    proven, bounded, leaky, short = report["rings"]
    assert (proven["result"], proven["proof"]) == (
        words["ring_sealed"], words["ring_proof"].format(routes=2))  # fmt: skip
    assert bounded["proof"] == words["ring_bound"].format(bound="1")
    assert (leaky["result"], leaky["proof"]) == (words["ring_open"].format(posts=2), "")
    assert short["result"] == words["ring_best"].format(share="70.0", bound="80.0")
    assert (proven["manned"], proven["posts"], proven["latest_minutes"]) == (1, 2, "4.0")
    assert (short["manned"], short["latest_minutes"]) == (0, None)
    assert report["places"] == "Elm Street"
    assert report["gate_rows"][0] == (words["gates_quickest"], 0.9, 1.0)
    assert report["gate_rows"][2] == (words["any_detour"], 0.25, 0.5)
