"""The checkpoints of the embedded study, planned from today's stations and proved anew."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from optimizer.checkpoints import CheckpointPlan, Posts, reached, shortest_routes
from optimizer.demand import Hotspots, find_hotspots
from optimizer.evaluation import Platform
from optimizer.planning import (
    CityInputs,
    checkpoint_caveats,
    deploy_platforms,
    plan_checkpoints,
    read_inputs,
)
from optimizer.publishing.checkpoint_figures import checkpoint_figures
from optimizer.publishing.locale import LANGUAGES, texts
from optimizer.study import Study, read_study

pytestmark = pytest.mark.xdist_group("small-study")


@dataclasses.dataclass(frozen=True)
class Case:
    """The study with what a plan of its checkpoints is made from."""

    study: Study
    inputs: CityInputs
    hotspots: Hotspots
    platforms: tuple[Platform, ...]

    def plan(self, **keys: Any) -> CheckpointPlan:
        """Plan with other keys in [checkpoints]."""
        settings = self.study.settings
        assert settings.checkpoints is not None
        other = settings.checkpoints.model_copy(update=keys)
        study = dataclasses.replace(
            self.study, settings=settings.model_copy(update={"checkpoints": other})
        )
        plan = plan_checkpoints(study, self.inputs, self.hotspots, self.platforms)
        assert plan is not None
        return plan


@pytest.fixture(scope="module")
def case(small_study: Path) -> Case:
    study = read_study(small_study)
    inputs = read_inputs(study)
    hotspots = find_hotspots(
        inputs.source.places, inputs.source.total, settings=study.settings.hotspots,
        shifts=inputs.shifts, crs=inputs.network.crs, window=inputs.source.window,
    )  # fmt: skip
    nodes = inputs.existing["node"].to_numpy(np.int32)
    platforms = deploy_platforms(study, inputs, nodes, resited=False).platforms
    return Case(study, inputs, hotspots, platforms)


@pytest.fixture(scope="module")
def plan(case: Case) -> CheckpointPlan:
    return case.plan()


def test_nobody_gets_through_a_ring(case: Case, plan: CheckpointPlan) -> None:
    """A search that avoids the posts ends inside, and each post of the ring is needed."""
    assert [ring.name for ring in plan.rings] == ["core", "urban", "city"]
    for ring in plan.rings:
        graph, sides, posts = plan.ways.graph, ring.seal.ring, ring.seal.posts
        inside = np.flatnonzero(sides.inside)
        assert ring.sealed
        assert not reached(graph, inside, posts=posts)[sides.outside].any()
        for node in posts.nodes[:3]:
            fewer = Posts(posts.nodes[posts.nodes != node], posts.roads)
            assert reached(graph, inside, posts=fewer)[sides.outside].any()


def test_the_certificate_has_as_many_routes_as_posts(case: Case, plan: CheckpointPlan) -> None:
    """They lead from inside to outside, and no two share a junction at which a post may stand."""
    assert case.inputs.checkpoints is not None
    may_stand = np.isfinite(case.inputs.checkpoints.sites.node_cost)
    for ring in plan.rings:
        sides = ring.seal.ring
        assert len(ring.posts) == ring.seal.max_flow == len(ring.routes)
        met: Counter[int] = Counter()
        for route, line in zip(ring.seal.routes, ring.routes, strict=True):
            assert sides.inside[route[0]]
            assert sides.outside[route[-1]]
            assert line.length > 0
            met.update(node for node in route.tolist() if (sides.annulus & may_stand)[node])
        assert set(met.values()) <= {1}


def test_posts_are_numbered_clockwise_and_water_posts_named(plan: CheckpointPlan) -> None:
    for ring in plan.rings:
        middle = ring.inner.centroid
        east = np.array([post.x_m - middle.x for post in ring.posts])
        north = np.array([post.y_m - middle.y for post in ring.posts])
        assert (np.diff(np.arctan2(east, north) % (2 * np.pi)) >= 0).all()
        assert [post.post_id for post in ring.posts] == [
            f"{ring.name}-{number:02d}" for number in range(1, len(ring.posts) + 1)
        ]
        kinds = Counter(post.kind for post in ring.posts)
        assert kinds["water post"] == 2, "the river flows in and out"


def test_no_post_stands_where_it_is_forbidden(case: Case, plan: CheckpointPlan) -> None:
    assert case.inputs.checkpoints is not None
    closed = np.isinf(case.inputs.checkpoints.sites.node_cost)
    assert closed.sum() >= 1
    for ring in plan.rings:
        assert not closed[ring.seal.posts.nodes].any()


def test_a_drill_sends_each_unit_once_and_never_too_early(plan: CheckpointPlan) -> None:
    for ring in plan.rings:
        drill = ring.drill
        assert drill is not None
        assert drill.complete
        units = [move.unit for move in drill.moves]
        assert len(set(units)) == len(units)
        for move in drill.moves[:5]:
            graph = plan.ways.graphs[drill.units.mode[move.unit]]
            start = drill.units.node[[move.unit]]
            driven = shortest_routes(graph, start).travel_s[list(move.post.nodes)].min()
            assert move.closed_s == pytest.approx(driven)


def test_nets_hold_and_spend_no_unit_twice(case: Case) -> None:
    """With a report at once and three times the force some nets close in this small city."""
    plan = case.plan(report_delay_minutes=0, units_per_platform=18, evader_speed_factor=0.3)
    found = plan.containment
    assert found is not None
    assert any(net.contained and net.net for net in found.nets)
    assert case.inputs.checkpoints is not None
    exits = case.inputs.checkpoints.way_out.nodes
    for net in found.nets:
        nodes = np.array([post.node for post in net.net], np.int32)
        past = reached(
            plan.ways.graph, np.array([net.node]), posts=Posts(nodes, np.empty(0, np.int32))
        )
        assert past[exits].any() != net.contained
        assert all(post.unit_s <= post.evader_s for post in net.net)
        assert len({post.unit for post in net.net}) == len(net.net)
        assert (net.leak is None) == net.contained
    weight = sum(net.weight for net in found.nets)
    for minutes, share in found.shares.items():
        by_then = sum(net.weight for net in found.nets if net.latest_s <= 60 * minutes)
        assert share == pytest.approx(by_then / weight)


def test_more_units_never_contain_later(case: Case) -> None:
    easy = {"report_delay_minutes": 0, "evader_speed_factor": 0.3}
    few, many = (case.plan(units_per_platform=n, **easy).containment for n in (6, 18))
    assert few is not None
    assert many is not None
    for one, other in zip(few.nets, many.nets, strict=True):
        assert other.bound_s <= one.latest_s


def test_a_short_force_intercepts_what_it_can(case: Case) -> None:
    (core, urban, _) = case.plan(most_posts={"core": 12, "urban": 99}).rings
    best = core.best
    assert best is not None
    assert urban.best is None, "99 posts are enough to seal it"
    assert len(best.posts) <= 12 < len(core.posts)
    assert 0 <= best.intercepted_share <= best.bound_share + 1e-9
    shares = list(best.shares.values())
    assert all(first >= second for first, second in itertools.pairwise(shares))
    assert {post.post_id[:6] for post in best.posts} == {"core-b"}
    assert core.drill is not None
    assert len(core.drill.posts) == len(best.posts), "the drill is of the posts that are manned"


def test_gates_are_kept_and_further_ones_see_more(plan: CheckpointPlan) -> None:
    gates = plan.gates
    assert gates is not None
    status = Counter(row.status for row in gates.rows)
    assert status["next"] == 3
    assert status["present"] > 10
    for tolerance, share in gates.seen_shares.items():
        assert gates.next_shares[tolerance] >= share
        assert share <= gates.quickest_share + 1e-9


def test_the_same_study_gives_the_same_figures(case: Case, plan: CheckpointPlan) -> None:
    again = checkpoint_figures(case.plan())
    assert json.dumps(again) == json.dumps(checkpoint_figures(plan))
    assert set(again) >= {"rings", "containment", "nets", "gates"}
    assert list(again["containment"]) == ["5", "10", "30"]
    for ring in again["rings"]:
        assert ring["sealed"]
        assert ring["checkpoints"] == ring["max_flow"] == ring["routes"] == ring["bound"]


def test_every_caveat_can_be_said_in_every_language(case: Case) -> None:
    """Of an inward ring of roads only, too few units, and the ring that leaves the data."""
    plan = case.plan(direction="in", most_posts={"core": 3}, units_per_platform=1)
    said = list(checkpoint_caveats(case.study, plan))
    assert {"ring_beyond_data", "short_force", "fugitive"} <= {one.key for one in said}
    for language in LANGUAGES:
        for one in said:
            assert "{" not in texts(language)["caveats"][one.key].format(**one.values)


def test_standing_units_help_and_stay_below_their_bound(case: Case) -> None:
    plan = case.plan(
        report_delay_minutes=0, evader_speed_factor=0.3, units_per_platform=1, standing_units=3,
        standing_minutes=10, time_limit_s=5,
    )  # fmt: skip
    standing = plan.standing
    assert standing is not None
    assert len(standing.rows) <= 3
    assert standing.share_before <= standing.share_after <= standing.bound_share + 1e-9
    figures = checkpoint_figures(plan)["standing"]
    assert figures["units"] == len(standing.rows)
    assert figures["minutes"] == 10
