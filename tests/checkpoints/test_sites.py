"""Where posts may stand: kinds by class and place, rules of single sites, what overrules what.

Four junctions in a row: 0 -motorway- 1 -street- 2 -lane- 3.
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from optimizer.checkpoints import (
    ListedSite,
    PostKind,
    Posts,
    Ring,
    Ways,
    graph_of_arcs,
    nearest_roads,
    post_sites,
    ring_sites,
    road_middle,
)


@pytest.fixture
def ways() -> Ways:
    arcs = np.array([(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)])
    graph = graph_of_arcs(4, arcs[:, 0], arcs[:, 1], np.ones(6))
    x_m = np.array([0.0, 100.0, 200.0, 300.0])
    lines = [shapely.LineString([(x, 0), (x + 100, 0)]) for x in x_m[:3]]
    return Ways(
        graph, {"car": graph}, np.array(list("abcd"), dtype=object), x_m, np.zeros(4),
        np.array(lines, dtype=object), np.array(["M1", "Elm", ""], dtype=object),
        np.array(["Motorway", "street", "lane"], dtype=object), 4,
    )  # fmt: skip


def named(kinds: tuple[str, ...], codes: np.ndarray) -> list[str]:
    return [kinds[code] for code in codes]


def test_every_site_is_a_plain_post_of_cost_one(ways: Ways) -> None:
    sites = post_sites(ways)
    assert sites.kinds == ("post",)
    assert sites.node_cost.tolist() == [1] * 4
    assert sites.road_cost.tolist() == [1] * 3
    assert len(sites.must) == 0


def test_the_first_kind_whose_class_meets_there_decides(ways: Ways) -> None:
    """Junction 1 is of both kinds: the first of the study wins, whatever the case of letters."""
    kinds = [PostKind(name="toll", cost=5, classes=("motorway",)),
             PostKind(name="beat", cost=2, classes=("STREET",))]  # fmt: skip
    sites = post_sites(ways, kinds=kinds)
    assert named(sites.kinds, sites.node_kind) == ["toll", "toll", "beat", "post"]
    assert named(sites.kinds, sites.road_kind) == ["toll", "beat", "post"]
    assert sites.node_cost.tolist() == [5, 5, 2, 1]


def test_a_kind_of_the_plain_name_sets_the_plain_cost(ways: Ways) -> None:
    sites = post_sites(ways, kinds=[PostKind(name="post", cost=3)])
    assert sites.kinds == ("post",)
    assert set(sites.node_cost) == {3.0}


def test_what_is_said_of_one_site_overrules_its_kind(ways: Ways) -> None:
    kinds = [PostKind(name="toll", cost=5, classes=("motorway",)), PostKind(name="gate", cost=4)]
    listed = [ListedSite("1", "junction", 0, kind="gate"), ListedSite("2", "road", 2, cost=0.5)]
    placed = {"gate": Posts(np.array([3]), np.array([], np.int32))}
    sites = post_sites(ways, kinds=kinds, placed=placed, listed=listed)
    assert named(sites.kinds, sites.node_kind) == ["gate", "toll", "post", "gate"]
    assert sites.node_cost.tolist() == [4, 5, 1, 4]
    assert sites.road_cost.tolist() == [5, 1, 0.5]


def test_forbidden_sites_cost_too_much_and_must_sites_stand(ways: Ways) -> None:
    listed = [ListedSite("1", "junction", 1, rule="forbidden"),
              ListedSite("2", "road", 2, rule="must")]  # fmt: skip
    sites = post_sites(ways, listed=listed)
    assert np.flatnonzero(np.isinf(sites.node_cost)).tolist() == [1]
    assert sites.must.roads.tolist() == [2]
    assert np.isfinite(sites.road_cost).all()


def test_as_soon_as_one_site_is_allowed_only_listed_ones_are(ways: Ways) -> None:
    listed = [ListedSite("1", "junction", 1, rule="allowed"),
              ListedSite("2", "road", 2, rule="must"),
              ListedSite("3", "road", 0, cost=2)]  # fmt: skip
    sites = post_sites(ways, listed=listed)
    assert np.flatnonzero(np.isfinite(sites.node_cost)).tolist() == [1]
    assert np.flatnonzero(np.isfinite(sites.road_cost)).tolist() == [2]


@pytest.mark.parametrize(
    ("where", "nodes", "roads"), [("junctions", 4, 0), ("roads", 0, 3), ("both", 4, 3)]
)
def test_posts_stand_at_junctions_or_on_roads(
    ways: Ways, where: str, nodes: int, roads: int
) -> None:
    sites = post_sites(ways, posts_at=where)  # type: ignore[arg-type]
    assert np.isfinite(sites.node_cost).sum() == nodes
    assert np.isfinite(sites.road_cost).sum() == roads


def test_a_ring_has_the_sites_on_it_and_no_others(ways: Ways) -> None:
    """Junction 0 inside, 2 and 3 outside: the ring is junction 1 and the roads on both sides."""
    ring = Ring("r", np.array([1, 0, 0, 0], bool), np.array([0, 0, 1, 1], bool))
    listed = [ListedSite("1", "junction", 1, rule="must"), ListedSite("2", "road", 2, rule="must")]
    sites = ring_sites(ways.graph, ring, post_sites(ways, listed=listed))
    assert np.flatnonzero(np.isfinite(sites.node_cost)).tolist() == [1]
    assert np.flatnonzero(np.isfinite(sites.road_cost)).tolist() == [0, 1]
    assert (sites.must.nodes.tolist(), sites.must.roads.tolist()) == ([1], [])


def test_the_nearest_road_and_its_middle(ways: Ways) -> None:
    road, way_m = nearest_roads(ways, np.array([250.0, 20.0]), np.array([30.0, -5.0]))
    assert road.tolist() == [2, 0]
    assert way_m.tolist() == pytest.approx([30, 5])
    assert road_middle(ways, 1) == (150.0, 0.0)
