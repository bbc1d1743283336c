"""From drills and nets on streets to their pages: places, ways, times and a fugitive's reach."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import CRS

from optimizer.checkpoints import (
    Drill,
    DrillPost,
    Move,
    NetPost,
    Units,
    Ways,
    graph_of_arcs,
)
from optimizer.places import project, unproject
from optimizer.publishing import MapRing, drill_content, net_content
from optimizer.study import Study

UTM = CRS.from_user_input("EPSG:32631")
X0, Y0 = (float(value[0]) for value in project([3.0], [50.0], UTM))


@pytest.fixture
def ways() -> Ways:
    """Four junctions in a row, 1 km apart; the last road is one-way, eastward, and has a corner.

    The roads take 60 s each.
    """
    tail, head = np.array([0, 1, 1, 2, 2]), np.array([1, 0, 2, 1, 3])
    graph = graph_of_arcs(4, tail.astype(np.int32), head.astype(np.int32), np.full(5, 60.0))
    x_m, y_m = X0 + 1000.0 * np.arange(4), np.full(4, Y0)
    lines = [shapely.LineString([(x_m[k], Y0), (x_m[k + 1], Y0)]) for k in range(2)]
    lines.append(shapely.LineString([(x_m[2], Y0), (x_m[2], Y0 + 500), (x_m[3], Y0)]))
    return Ways(
        graph, {"car": graph}, np.array(["a", "b", "c", "d"], object), x_m, y_m,
        np.array(lines, object), np.array(["First", "Second", "Third"], object),
        np.array([""] * 3, object), 4,
    )  # fmt: skip


@pytest.fixture
def study() -> Study:
    head = SimpleNamespace(title="Rowtown", name="row", language="en", attribution="Survey")
    return SimpleNamespace(settings=SimpleNamespace(study=head))  # type: ignore[return-value]


@pytest.fixture
def network(ways: Ways) -> Any:
    """Only what the basemap is drawn from."""
    return SimpleNamespace(
        lines=ways.lines, crs=UTM, line_class=ways.classes, line_speed_kph=np.full(3, 60.0)
    )


def degrees(x_m: float, y_m: float) -> tuple[float, float]:
    lon, lat = unproject(np.array([x_m]), np.array([y_m]), UTM)
    return float(lon[0]), float(lat[0])


@pytest.fixture
def drill() -> Drill:
    """A car at the west end closes the one-way road after 30 s of turnout and 15 s of set-up."""
    road = DrillPost("x-2", "Third", "road", (2, 3))
    lost = DrillPost("x-1", "", "junction", (0,))
    units = Units(("C1", "C2"), ("Depot", "C2"), np.array([0, 0]), np.array([1, 1]),
                  ("car", "car"), np.zeros(2))  # fmt: skip
    move = Move(road, 0, 30.0, 150.0, 165.0, (0, 1, 2), (30.0, 90.0, 150.0))
    return Drill((road, lost), units, (move,), (lost,), ())


def test_a_drill_has_its_posts_in_place_and_its_units_on_time(
    drill: Drill, ways: Ways, network: Any, study: Study
) -> None:
    ring = MapRing("core", (), (), 2, sealed=True)
    page = drill_content(drill, ways, network, study, ring)
    move, lost = page.moves
    assert (page.title, page.name, page.rings) == ("Close the gates: Rowtown", "core", (ring,))
    assert (move.post, move.street, move.unit, move.start) == ("x-2", "Third", "C1", "Depot")
    times = (move.depart_minutes, move.arrive_minutes, move.closed_minutes)
    assert times == (0.5, 2.5, 2.75)
    assert move.route_minutes.tolist() == [0.5, 1.5, 2.5]
    ends = [degrees(X0, Y0), degrees(X0 + 1000, Y0), degrees(X0 + 2000, Y0)]
    np.testing.assert_allclose(move.route, ends, atol=1e-9)
    assert (lost.post, lost.street, lost.closes) == ("x-1", "First", False)


def test_a_post_on_a_road_stands_halfway_along_it_whichever_way_it_runs(
    drill: Drill, ways: Ways, network: Any, study: Study
) -> None:
    """500 m up, then 1118 m down to the east: halfway lies on the second leg."""
    at = ways.lines[2].interpolate(0.5, normalized=True)
    for nodes in ((2, 3), (3, 2)):
        post = DrillPost("x-2", "", "road", nodes)
        left = Drill((post,), drill.units, (), (), (post,))
        (page,) = drill_content(left, ways, network, study).moves
        assert (page.lon, page.lat) == pytest.approx(degrees(at.x, at.y))


def test_a_unit_that_starts_at_its_post_has_a_route_of_one_place(
    drill: Drill, ways: Ways, network: Any, study: Study
) -> None:
    post = DrillPost("here", "", "junction", (0,))
    stays = Drill((post,), drill.units, (Move(post, 0, 5.0, 5.0, 5.0, (0,), (5.0,)),), (), ())
    (move,) = drill_content(stays, ways, network, study).moves
    np.testing.assert_allclose(move.route, [degrees(X0, Y0)], atol=1e-9)
    assert move.route_minutes.tolist() == pytest.approx([5 / 60])


def test_corners_of_a_road_are_passed_in_proportion(
    drill: Drill, ways: Ways, network: Any, study: Study
) -> None:
    post = DrillPost("end", "", "junction", (3,))
    move = Move(post, 0, 0.0, 60.0, 60.0, (2, 3), (0.0, 60.0))
    (drawn,) = drill_content(
        Drill((post,), drill.units, (move,), (), ()), ways, network, study
    ).moves
    share = 500 / ways.lines[2].length
    assert drawn.route_minutes.tolist() == pytest.approx([0.0, share, 1.0])


def test_a_net_has_margins_and_the_streets_that_the_fugitive_can_turn_into(
    ways: Ways, network: Any, study: Study
) -> None:
    """From b at 0; c is closed at minute 1: a is reached at 1, nothing is beyond c."""
    lon, lat = degrees(X0 + 2000, Y0)
    post = NetPost(2, lon, lat, X0 + 2000, Y0, "Second / Third", "C1", 54.0, 60.0)
    reach = np.array([60.0, 0.0, np.inf, np.inf])
    page = net_content([post], ways, network, study, incidents=[("Bank", 1)], evader_s=reach)
    (move,) = page.moves
    assert (move.closed_minutes, move.evader_minutes) == (0.9, 1.0)
    assert (page.title, page.incidents[0].name) == ("Containment: Rowtown", "Bank")
    assert page.reach.minutes == (0.0, 0.0)
    assert not len(page.leak)


def test_who_gets_away_leaves_by_the_quickest_way(ways: Ways, network: Any, study: Study) -> None:
    arrival = np.array([60.0, 0.0, 60.0, 120.0])
    page = net_content(
        [], ways, network, study, incidents=[("Bank", 1)], evader_s=arrival, leak=[1, 2, 3]
    )
    assert page.leak_minutes == 2.0
    np.testing.assert_allclose(page.leak[[0, -1]], [degrees(X0 + 1000, Y0), degrees(X0 + 3000, Y0)])
    assert sorted(page.reach.minutes) == [0.0, 0.0, 1.0]
