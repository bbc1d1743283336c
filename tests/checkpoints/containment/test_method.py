"""Nets around a fugitive: by hand, against trying everything out, and as properties."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from optimizer.checkpoints import Evader, StreetGraph, contain, contain_each

from ..small_cities import cities, driven, smallest_time, streets, walks_out


@pytest.fixture
def crossroads() -> StreetGraph:
    """A fugitive at 0; four arms of two blocks, 60 s each: 0 - 1 - 5, 0 - 2 - 6, ... 0 - 4 - 8."""
    inner = [(0, arm, 60.0) for arm in (1, 2, 3, 4)]
    outer = [(arm, arm + 4, 60.0) for arm in (1, 2, 3, 4)]
    return streets(9, *inner, *outer)


ENDS = np.array([5, 6, 7, 8])


def test_four_units_at_the_ends_of_four_arms(crossroads: StreetGraph) -> None:
    """Told after 30 s, they stand where they are, 90 s before the fugitive comes."""
    found = contain(
        crossroads, np.array([0]), ENDS, driven(crossroads, *ENDS), np.ones(4, int),
        Evader(report_delay_s=30.0),
    )  # fmt: skip
    assert (found.contained, found.status, found.fewest) == (True, "optimal", True)
    assert (found.latest_s, found.bound_s) == (30.0, 30.0)
    assert found.net is not None
    assert sorted(found.net.nodes.tolist()) == [5, 6, 7, 8]
    assert found.net.group.tolist() == [at - 5 for at in found.net.nodes]
    assert found.net.margin_s.tolist() == [90.0] * 4
    assert found.leak is None


def test_three_units_are_too_few_and_the_quickest_way_out_is_named(
    crossroads: StreetGraph,
) -> None:
    found = contain(
        crossroads, np.array([0]), ENDS, driven(crossroads, 5, 6, 7), np.ones(3, int), Evader()
    )
    assert (found.contained, found.net, found.status) == (False, None, "optimal")
    assert (found.latest_s, found.bound_s) == (np.inf, np.inf)
    assert found.leak is not None
    assert found.leak.tolist() == [0, 4, 8]
    assert found.leak_s == 120.0


def test_units_of_one_platform_drive_out(crossroads: StreetGraph) -> None:
    """Two at 5, one each at 7 and 8: the second of 5 must cut off arm 2 at 6, which is far."""
    arrival_s = driven(crossroads, 5, 7, 8)
    arrival_s[0, 6] = 100.0  # by a lane that is no way for cars
    found = contain(crossroads, np.array([0]), ENDS, arrival_s, np.array([2, 1, 1]), Evader())
    assert found.latest_s == 100.0
    assert found.net is not None
    assert found.net.nodes[-1] == 6
    assert found.net.group[-1] == 0


def test_a_margin_must_be_kept(crossroads: StreetGraph) -> None:
    arrival_s = driven(crossroads, *ENDS) + 100.0
    for margin_s, contained in ((20.0, True), (20.5, False)):
        evader = Evader(margin_s=margin_s)
        found = contain(crossroads, np.array([0]), ENDS, arrival_s, np.ones(4, int), evader)
        assert found.contained is contained


def test_a_fugitive_at_an_exit_is_away(crossroads: StreetGraph) -> None:
    found = contain(
        crossroads, np.array([5]), ENDS, driven(crossroads, *ENDS), np.ones(4, int), Evader()
    )
    assert not found.contained
    assert found.leak is not None
    assert found.leak.tolist() == [5]
    assert found.leak_s == 0.0


def test_where_no_way_leads_out_nobody_is_needed() -> None:
    """Two parts: exits in one, the incident in the other; and a city without any exit."""
    parts = streets(5, (0, 1, 10), (2, 3, 10), (3, 4, 10))
    for exits in ([4], []):
        found = contain(
            parts, np.array([0]), np.array(exits, int), driven(parts, 3), np.ones(1, int), Evader()
        )
        assert (found.contained, found.latest_s, found.status) == (True, 0.0, "optimal")
        assert found.net is not None
        assert len(found.net) == 0


def test_a_one_way_out_needs_one_post_and_a_one_way_in_none() -> None:
    out = streets(3, (0, 1, 60), (1, 2, 60), oneway=True)
    one = contain(out, np.array([0]), np.array([2]), driven(out, 1), np.ones(1, int), Evader())
    assert one.net is not None
    assert one.net.nodes.tolist() == [1]
    none = contain(out, np.array([2]), np.array([0]), driven(out, 1), np.ones(1, int), Evader())
    assert none.net is not None
    assert len(none.net) == 0


def test_two_fugitives_share_one_net(crossroads: StreetGraph) -> None:
    """The second one, at 1, is at 5 after 60 s; a unit that needs 90 is too late for him."""
    arrival_s = driven(crossroads, *ENDS) + 90.0
    for origins, contained in (([0], True), ([0, 1], False)):
        found = contain(crossroads, np.array(origins), ENDS, arrival_s, np.ones(4, int), Evader())
        assert found.contained is contained


def test_wrong_shapes_are_refused(crossroads: StreetGraph) -> None:
    with pytest.raises(ValueError, match="a row for each group"):
        contain(crossroads, np.array([0]), ENDS, np.zeros((2, 9)), np.ones(3, int), Evader())


@settings(max_examples=300)
@given(cities())
def test_the_time_is_the_smallest_and_the_posts_the_fewest(city: dict[str, Any]) -> None:
    """Against every way to send units; and a plain search finds no way out past the net."""
    found = contain(**city)
    latest_s, posts = smallest_time(**city)
    assert found.latest_s == latest_s
    assert (found.contained, found.status) == (np.isfinite(latest_s), "optimal")
    assert found.bound_s == found.latest_s
    if found.net is None:
        assert found.leak is not None
        assert found.leak[0] in city["origins"]
        assert found.leak[-1] in city["exits"]
    else:
        assert (len(found.net), found.fewest) == (posts, True)
        closed = frozenset(found.net.nodes.tolist())
        exits = set(city["exits"].tolist())
        assert not walks_out(city["graph"], set(city["origins"].tolist()), exits, closed)
        assert (np.bincount(found.net.group, minlength=3)[: len(city["capacity"])]
                <= city["capacity"]).all()  # fmt: skip
        assert (found.net.margin_s >= city["evader"].margin_s).all()


@given(cities())
def test_more_units_and_slower_fugitives_never_make_it_longer(city: dict[str, Any]) -> None:
    before = contain(**city).latest_s
    one_more = city["capacity"] + np.eye(1, len(city["capacity"]), dtype=int)[0]
    slower = dataclasses.replace(city["evader"], factor=city["evader"].factor / 2)
    later_told = dataclasses.replace(city["evader"], report_delay_s=10.0)
    assert contain(**{**city, "capacity": one_more}).latest_s <= before
    assert contain(**{**city, "evader": slower}).latest_s <= before
    assert contain(**{**city, "evader": later_told}).latest_s >= before


@settings(max_examples=20)
@given(cities())
def test_many_incidents_are_contained_as_each_alone(city: dict[str, Any]) -> None:
    nodes = np.arange(city["graph"].node_count)
    said: list[str] = []
    together = contain_each(**{**city, "origins": np.tile(nodes, 5)}, progress=said.append)
    assert len(together) == 5 * len(nodes)
    assert said[0].startswith("Contained 20 of") if len(together) >= 20 else not said
    for node in nodes:
        alone = contain(**{**city, "origins": np.array([node])})
        assert together[node].latest_s == alone.latest_s
        if alone.net is not None:
            assert together[node].net.nodes.tolist() == alone.net.nodes.tolist()


@settings(max_examples=30)
@given(cities())
def test_a_search_that_ends_early_promises_no_more_than_it_knows(city: dict[str, Any]) -> None:
    """Without any rounds of prices for later times, the true time lies between its two."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("optimizer.checkpoints.containment.net_search.EFFORT", 0)
        nodes = np.arange(city["graph"].node_count)
        early = contain_each(**{**city, "origins": nodes})
    for node, found in zip(nodes, early, strict=True):
        best_s, _ = smallest_time(**{**city, "origins": np.array([node])})
        assert found.bound_s <= best_s + 1e-9
        assert found.latest_s >= best_s - 1e-9
