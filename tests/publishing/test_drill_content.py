"""What the page of a drill may show, in which order, and how it is written for the page."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from optimizer.errors import InputError
from optimizer.publishing import DrillContent, DrillMove, DrillReach, render_drill
from optimizer.publishing.drill_page import drill_payload


def test_posts_are_listed_as_they_close_and_open_ones_last(drill: DrillContent) -> None:
    assert [move.post for move in drill.in_order()] == ["East", "North", "West"]
    assert [move["post"] for move in drill_payload(drill)["drills"][0]["moves"]] == [
        "East",
        "North",
        "West",
    ]


def test_posts_that_close_together_are_listed_by_name() -> None:
    moves = [DrillMove(name, 0, 0, "", "u", "", 0, 1, 1) for name in ("b", "c", "a")]
    content = DrillContent("", "en", tuple(moves))
    assert [move.post for move in content.in_order()] == ["a", "b", "c"]


def test_what_stays_open_has_no_time_on_the_page(drill: DrillContent) -> None:
    east, north, west = drill_payload(drill)["drills"][0]["moves"]
    assert (east["closed"], north["arrive"], north["closed"]) == (2.0, 4.0, 5.0)
    assert (west["depart"], west["arrive"], west["closed"], west["route"]) == (None, None, None, "")


def test_it_opens_on_posts_routes_and_incidents(drill: DrillContent) -> None:
    assert drill.bounds() == pytest.approx((0.0, 0.0, 0.02, 0.02))
    bare = replace(drill, moves=drill.moves[1:2])
    assert bare.bounds() == pytest.approx((0.0, 0.01, 0.0, 0.01))
    assert replace(drill, moves=()).bounds() == pytest.approx((0.0, 0.0, 0.02, 0.02))
    with pytest.raises(InputError, match="neither posts nor roads"):
        DrillContent("", "en", ()).bounds()


def test_all_faults_are_told_at_once(drill: DrillContent) -> None:
    north, west, east = drill.moves
    early = replace(north, arrive_minutes=0.5)
    untimed = replace(east, route_minutes=np.array([0.0]))
    lost = replace(west, lat=91.0)
    with pytest.raises(InputError) as caught:
        replace(drill, moves=(early, untimed, lost))
    first, second, third = caught.value.faults
    assert first.startswith("post 'North' is left for at minute 1, reached at 0.5 and closed at 5")
    assert second.startswith("the route to post 'East' has 2 places and 1 times")
    assert third.startswith("post 'West' lies at longitude 0.0, latitude 91.0")


def test_times_that_are_no_numbers_are_refused(drill: DrillContent) -> None:
    with pytest.raises(InputError, match="each must be a number from 0 up"):
        replace(drill, moves=(replace(drill.moves[0], depart_minutes=math.nan),))


def test_reach_is_gathered_by_quarter_minutes(net: DrillContent) -> None:
    lines = (*net.reach.lines, net.reach.lines[0])
    content = replace(net, reach=DrillReach(lines, (0.0, 3.1, 3.24)))
    steps = drill_payload(content)["drills"][0]["reach"]
    assert [(step["from"], len(step["lines"])) for step in steps] == [(0.0, 1), (3.0, 2)]
    with pytest.raises(InputError, match="3 lines but 1 minutes"):
        DrillReach(lines, (0.0,))


def test_two_renders_are_the_same_bytes_and_the_language_is_told(drill: DrillContent) -> None:
    assert render_drill(drill) == render_drill(replace(drill))
    assert '<html lang="zh-CN">' in render_drill(replace(drill, language="zh"))
    with pytest.raises(InputError, match="language = 'fr'"):
        render_drill(replace(drill, language="fr"))
