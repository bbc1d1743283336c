"""Coverage of a one-way street, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from pyproj import CRS
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_info, threadpool_limits

from optimizer.demand import DemandPoints, SnapReport
from optimizer.errors import InputError
from optimizer.evaluation import (
    Coverage,
    evaluate_coverage,
    in_time,
    kmeans_layout,
    platform_duties,
    random_layouts,
    replay_holdout,
)
from optimizer.roads import NetworkReport, RoadNetwork

MINUTE_MS = 60_000


@pytest.fixture
def loop() -> RoadNetwork:
    """Four junctions on a one-way loop 0 > 1 > 2 > 3 > 0, a minute from each to the next."""
    tail = np.arange(4)
    head = (tail + 1) % 4
    x_m, y_m = np.array([0.0, 1, 1, 0]), np.array([0.0, 0, 1, 1])
    lines = [shapely.LineString([(x_m[a], y_m[a]), (x_m[b], y_m[b])])
             for a, b in zip(tail, head, strict=True)]  # fmt: skip
    return RoadNetwork(
        node_ids=np.array(list("abcd"), dtype=object), x_m=x_m, y_m=y_m, tail=tail, head=head,
        travel_ms=np.full(4, MINUTE_MS), length_m=np.full(4, 1000.0), line=tail,
        lines=np.array(lines, dtype=object), line_name=np.array(["Loop"] * 4, dtype=object),
        line_class=np.array([""] * 4, dtype=object), line_speed_kph=np.full(4, 60.0),
        crs=CRS.from_epsg(32649),
        report=NetworkReport("loop", 4, {}, 0, {}, {}),
    )  # fmt: skip


@pytest.fixture
def demand_at() -> Callable[..., DemandPoints]:
    """Demand at nodes of the loop; node 3 is a key site of 1 minute, the others have 2 minutes."""

    def build(weight: list[float], calls: list[int] | None = None) -> DemandPoints:
        n = len(weight)
        return DemandPoints(
            point_id=np.array(list("abcd")[:n], dtype=object), node=np.arange(n, dtype=np.int32),
            x_m=np.array([0.0, 1, 1, 0])[:n], y_m=np.array([0.0, 0, 1, 1])[:n],
            weight=np.array(weight), calls=np.array(calls or weight).astype(np.int64),
            shift_weight=np.array(weight)[:, None], shift_names=("day",),
            tier=np.array([1, 1, 1, 0])[:n], tier_names=("key", "urban"),
            standard_s=np.array([120.0, 120, 120, 60])[:n],
            district=np.array([0, 0, 1, 1])[:n], district_names=("East", "West", "outside"),
            snap=SnapReport(0, 0, 0, 500),
        )  # fmt: skip

    return build


@pytest.fixture
def from_a(loop: RoadNetwork, demand_at: Callable[..., DemandPoints]) -> Coverage:
    """One platform at a: b is 1 minute away, c 2 (just in time), d 3 (too late: its key is 1)."""
    return evaluate_coverage(demand_at([10, 20, 30, 40]), loop, np.array([0], np.int32), 0)


def test_times_follow_the_one_way(from_a: Coverage) -> None:
    assert from_a.response_s.tolist() == [0, 60, 120, 180]
    assert from_a.within.tolist() == [True, True, True, False]
    assert from_a.covered_weight() == 60
    assert from_a.covered_share() == 0.6


def test_turnout_is_on_the_clock(loop: RoadNetwork, demand_at: Callable[..., DemandPoints]) -> None:
    late = evaluate_coverage(demand_at([10, 20, 30, 40]), loop, np.array([0], np.int32), 1)
    assert late.response_s.tolist() == [1, 61, 121, 181]
    assert late.covered_weight() == 30, "c was just in time before"


def test_exactly_on_the_standard_is_in_time_whatever_the_fraction() -> None:
    """60 x 4.1 is 245.99999999999997 in binary; a way of 246 s is in time all the same."""
    minutes = np.arange(1, 2000) / 100
    assert in_time(np.round(60 * minutes, 3), 60 * minutes).all()
    assert not in_time(np.round(60 * minutes, 3) + 0.001, 60 * minutes).any()


def test_shares_by_tier_and_district(from_a: Coverage) -> None:
    tiers = from_a.by_tier()
    assert list(tiers) == ["key", "urban"]
    assert (tiers["key"].minutes, tiers["key"].covered_share, tiers["key"].calls) == (1, 0, 40)
    assert (tiers["urban"].covered_share, tiers["urban"].weight) == (1, 60)
    assert from_a.by_district() == {"East": 1.0, "West": pytest.approx(30 / 70)}
    assert from_a.worst_district() == "West"


def test_response_is_weighted(from_a: Coverage) -> None:
    assert from_a.mean_s() == (20 * 60 + 30 * 120 + 40 * 180) / 100
    assert [from_a.quantile_s(share) for share in (0.1, 0.3, 0.31, 0.6, 0.9)] == [
        0,
        60,
        120,
        120,
        180,
    ]
    assert from_a.max_s() == 180


def test_the_second_platform_stands_behind_the_first(
    loop: RoadNetwork, demand_at: Callable[..., DemandPoints]
) -> None:
    both = evaluate_coverage(demand_at([10, 20, 30, 40]), loop, np.array([0, 2], np.int32), 0)
    assert both.platform.tolist() == [0, 0, 1, 1]
    assert both.backup.tolist() == [1, 1, 0, 0]
    assert both.covered_share() == 1.0


def test_a_platform_alone_has_no_backup(from_a: Coverage) -> None:
    assert from_a.backup.tolist() == [-1] * 4


def test_duties(loop: RoadNetwork, demand_at: Callable[..., DemandPoints]) -> None:
    """From a: b's 20 calls 1 minute away; from c: c's 30 here and d's 40, 1 minute away."""
    both = evaluate_coverage(demand_at([10, 20, 30, 40]), loop, np.array([0, 2], np.int32), 0)
    first, second = platform_duties(both, np.array([15.0, 35.0]), np.array([0.5, 1.5]))
    assert (first.calls_per_year, second.calls_per_year) == (15, 35)
    assert (first.workload_hours_per_day, second.workload_hours_per_day) == (0.5, 1.5)
    assert (first.backup, second.backup) == (1, 0)
    assert first.within == {"urban": 1.0}
    assert second.within == {"key": 1.0, "urban": 1.0}


def test_no_platform_is_a_sentence(
    loop: RoadNetwork, demand_at: Callable[..., DemandPoints]
) -> None:
    with pytest.raises(InputError, match="no platform to score"):
        evaluate_coverage(demand_at([1]), loop, np.array([], np.int32), 0)


def test_rivals_are_replayed_on_the_same_calls(
    loop: RoadNetwork, demand_at: Callable[..., DemandPoints]
) -> None:
    later = demand_at([1, 1, 1, 1])
    from_a, from_b = (np.array([node], np.int32) for node in (0, 1))
    shares = replay_holdout(later, loop, {"a": [from_a], "either": [from_a, from_b]}, 0)
    assert shares == {"a": 0.75, "either": 0.625}, "b reaches b and c, but a and d too late"


def test_kmeans_stands_at_sites(loop: RoadNetwork, demand_at: Callable[..., DemandPoints]) -> None:
    sites = np.array([0, 2], np.int32)
    assert kmeans_layout(demand_at([9, 1, 1, 9]), loop, sites, 1, 0).tolist() in ([0], [2])
    assert kmeans_layout(demand_at([1, 1, 1, 1]), loop, sites, 4, 0).tolist() == [0, 2]


def test_kmeans_has_as_many_platforms_as_asked(
    loop: RoadNetwork, demand_at: Callable[..., DemandPoints]
) -> None:
    """Calls lie at a and b; b's nearest site is a, which is taken, so that d serves it."""
    two = kmeans_layout(demand_at([5, 5]), loop, np.array([0, 3], np.int32), 2, 0)
    assert two.tolist() == [0, 3]


def test_kmeans_adds_up_in_one_thread(
    loop: RoadNetwork, demand_at: Callable[..., DemandPoints], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With several, the same seed may give other sites on another machine."""
    threads: list[int] = []
    fit = KMeans.fit

    def watched(*args: object, **keys: object) -> KMeans:
        threads.extend(pool["num_threads"] for pool in threadpool_info())
        return fit(*args, **keys)

    monkeypatch.setattr(KMeans, "fit", watched)
    with threadpool_limits(2):
        kmeans_layout(demand_at([1, 1, 1, 1]), loop, np.array([0, 2], np.int32), 2, 0)
    assert threads
    assert set(threads) == {1}


def test_random_draws_are_seeded_and_without_repeats() -> None:
    sites = np.arange(50, dtype=np.int32)
    first, again, other = (random_layouts(sites, 5, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(first, other, strict=True))
    assert all(len(set(draw.tolist())) == 5 for draw in first)
