"""Village posts: who backs them up, by hand and by another library's shortest ways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from optimizer.errors import InputError
from optimizer.planning import describe_inputs, plan_villages, read_inputs, site_rules
from optimizer.study import read_study

from .conftest import STREET_M, Town

VILLAGES = """
[villages]
path = "villages.csv"
within_minutes = 3.5
crew = {guard = 1, other = 4}
"""


@pytest.fixture
def town_with(write_town: Callable[[str], Path]) -> Callable[[list[str]], Town]:
    """Write a table of villages beside the town and read everything."""

    def read(rows: list[str]) -> Town:
        path = write_town(VILLAGES)
        (path.parent / "villages.csv").write_text("\n".join(rows), encoding="utf-8")
        study = read_study(path)
        inputs = read_inputs(study)
        return Town(study, inputs, site_rules(study, inputs))

    return read


def test_the_nearest_platform_backs_up(town_with: Callable[[list[str]], Town]) -> None:
    """Half a minute to turn out; three and a half minutes are in time, four and a half are not."""
    town = town_with(["id,name,x,y", "V1,Oak,0,100", "V2,Elm,1800,-40", "V3,Fir,2990,600"])
    platforms, _ = town.force("a0")
    plan = plan_villages(town.study, town.inputs, platforms)
    assert plan is not None
    oak, elm, fir = plan.posts
    assert [post.backup_s for post in plan.posts] == [30, 210, 30 + 5 * 60 + 120]
    assert [post.late for post in plan.posts] == [False, False, True]
    assert [post.way_m for post in plan.posts] == [100, 40, pytest.approx(10)]
    assert (oak.village_id, oak.name, oak.x_m, oak.y_m) == ("V1", "Oak", 0, 100)
    assert town.inputs.network.node_ids[elm.node] == "a3"
    assert fir.backup_platform == platforms[0].platform_id
    assert (plan.crew, plan.people, plan.within_minutes) == ({"guard": 1, "other": 4}, 15, 3.5)


def test_of_two_platforms_the_nearer_one_comes(town_with: Callable[[list[str]], Town]) -> None:
    town = town_with(["id,x,y", "west,0,0", "east,3000,0"])
    platforms, _ = town.force("a1 a4")
    plan = plan_villages(town.study, town.inputs, platforms)
    assert plan is not None
    stands = {one.platform_id: town.inputs.network.node_ids[one.node] for one in platforms}
    assert [stands[post.backup_platform] for post in plan.posts] == ["a1", "a4"]


def test_a_village_may_name_its_node(town_with: Callable[[list[str]], Town]) -> None:
    town = town_with(["id,node", "V1,b5"])
    plan = plan_villages(town.study, town.inputs, town.force("b4")[0])
    assert plan is not None
    assert "Villages: 1, at most 0 m" in describe_inputs(town.study, town.inputs, town.rules)
    (post,) = plan.posts
    assert (post.x_m, post.y_m, post.way_m) == (5 * STREET_M, STREET_M, 0)
    assert post.backup_s == 90


def test_thousands_of_villages(town_with: Callable[[list[str]], Town]) -> None:
    """Every back-up and time against shortest ways found by SciPy."""
    rng = np.random.default_rng(0)
    places = rng.uniform([-200, -200], [3200, 800], (3299, 2))
    town = town_with(["id,x,y", *(f"V{i},{x:.2f},{y:.2f}" for i, (x, y) in enumerate(places))])
    platforms, _ = town.force("a0 b4")
    plan = plan_villages(town.study, town.inputs, platforms)
    assert plan is not None
    network = town.inputs.network
    graph = coo_array((network.travel_ms, (network.tail, network.head)),
                      shape=(network.node_count,) * 2).tocsr()  # fmt: skip
    time_s = dijkstra(graph, indices=[one.node for one in platforms]) / 1000 + 30
    ids = [one.platform_id for one in platforms]
    assert len(plan.posts) == 3299
    for post, (x_m, y_m) in zip(plan.posts, places, strict=True):
        way_m = np.hypot(network.x_m - x_m, network.y_m - y_m)
        assert post.way_m == pytest.approx(way_m.min(), abs=0.02)
        assert post.backup_s == pytest.approx(time_s[:, post.node].min())
        assert time_s[ids.index(post.backup_platform), post.node] == pytest.approx(post.backup_s)
        assert post.late == (post.backup_s > 210.0005)


def test_villages_off_the_roads_are_named_with_the_limit_that_would_do(
    town_with: Callable[[list[str]], Town],
) -> None:
    with pytest.raises(InputError) as error:
        town_with(["id,name,x,y", "V1,Oak,0,600", "V2,Elm,0,-1200", "V3,Fir,9000,0"])
    (fault,) = error.value.faults
    assert "villages.csv: 2 villages lie more than max_snap_m = 500 m" in fault
    assert "V3 Fir (6,000 m), V2 Elm (1,200 m)" in fault
    assert "max_snap_m to 6000" in fault
    assert "Oak" not in fault


def test_no_limit_mends_a_village_at_the_end_of_the_world(
    town_with: Callable[[list[str]], Town],
) -> None:
    with pytest.raises(InputError) as error:
        town_with(["id,x,y", "V1,0,0", "V2,0,20700000"])
    (fault,) = error.value.faults
    assert fault.endswith("V2 (20,699,400 m); correct coordinates, CRS or datum")


def test_rows_without_a_place_do_not_hide_villages_off_the_roads(
    town_with: Callable[[list[str]], Town],
) -> None:
    with pytest.raises(InputError) as error:
        town_with(["id,x,y", "V1,,600", "V2,0,-1200", "V2,0,0"])
    assert error.value.faults == (
        "villages.csv: data row 1 has no usable place; fill in its coordinates or node",
        'villages.csv: the id "V2" stands in 2 rows; give each place its own',
        (
            "villages.csv: 1 village lies more than max_snap_m = 500 m from every road junction: "
            "V2 (1,200 m); correct coordinates, CRS or datum, or raise [roads] max_snap_m to 1200"
        ),
    )


def test_a_node_that_does_not_exist_is_told_with_its_file(
    town_with: Callable[[list[str]], Town],
) -> None:
    with pytest.raises(InputError) as error:
        town_with(["id,node", "V1,", "V2,b55"])
    empty, unknown = error.value.faults
    assert empty.startswith("villages.csv: data row 1 has no usable place")
    assert unknown.startswith('villages.csv: place V2: there is no road node "b55"')


def test_faults_of_all_sections_come_at_once(write_town: Callable[[str], Path]) -> None:
    """A file that is not there, a zone that cannot be patrolled, categories that counts lack."""
    zones = "[patrol_zones]\ncount = 1\nhours_per_day = 1\npreventable = {Theft = 0.5}\n"
    path = write_town(VILLAGES + zones + "[patrols]\ndwell_minutes = 30\nevery_minutes = 30\n")
    with pytest.raises(InputError) as error:
        read_inputs(read_study(path))
    for words in ("villages.csv", "raise every_minutes to 37.5", "give at least 24", "categories"):
        assert any(words in fault for fault in error.value.faults), words


def test_nothing_is_planned_unasked(town: Town) -> None:
    assert town.inputs.duty.villages is None
    assert plan_villages(town.study, town.inputs, town.force("a0")[0]) is None
