"""From hotspots to key patrol zones with their platforms."""

from __future__ import annotations

import dataclasses
import datetime as dt

import geopandas as gpd
import numpy as np
import pytest
import shapely

from optimizer.calls import Calls
from optimizer.demand import CallWeights, Hotspots
from optimizer.deployment import PatrolZoneSettings
from optimizer.errors import InputError
from optimizer.planning import plan_patrol_zones, read_duty_inputs
from optimizer.planning.duty.patrol_zones import preventable_calls

from .conftest import Town


def hotspots_at(town: Town, names: str, calls: list[int]) -> Hotspots:
    """Squares of 200 m around some junctions, heaviest first."""
    node = town.nodes(names)
    network = town.inputs.network
    middles = shapely.points(network.x_m[node], network.y_m[node])
    squares = shapely.buffer(middles, 100, cap_style="square")
    rank = np.arange(1, len(node) + 1)
    table = gpd.GeoDataFrame(
        {"hotspot_id": [f"H{r:02d}" for r in rank], "rank": rank, "calls": calls,
         "weight": np.array(calls, float)}, geometry=list(squares), crs=network.crs,
    )  # fmt: skip
    return Hotspots(table, None, 1.0, None)


def zone_town(town: Town, **asked: object) -> Town:
    return town.with_sections(patrol_zones={"count": 2, "across_minutes": 2.0} | asked)


def with_calls(town: Town, names: str, category: list[int], years: int = 2) -> Town:
    """The same town with calls at junctions instead of counts."""
    node = town.nodes(names)
    network = town.inputs.network
    calls = Calls(
        network.x_m[node], network.y_m[node], np.full(len(node), "2025-06-01", "M8[m]"),
        np.ones(len(node), bool), np.array(category), ("Fire", "Robbery", "Theft"),
    )  # fmt: skip
    window = (dt.date(2026 - years, 1, 1), dt.date(2026, 1, 1))
    weights = CallWeights(np.ones(len(node)), np.zeros(len(node), np.int8), np.ones(1), ("day",))
    source = dataclasses.replace(town.inputs.source, places=calls, weights=weights, window=window)
    return dataclasses.replace(town, inputs=dataclasses.replace(town.inputs, source=source))


def test_neighbours_make_a_zone_with_the_nearest_platform(town: Town) -> None:
    """a0 to a2 lie within two minutes, a5 and b5 too; a platform at a1 and one at b4 react."""
    asked = zone_town(town)
    hotspots = hotspots_at(town, "a1 a5 a0 a2 b5", [50, 40, 30, 20, 10])
    platforms, _ = asked.force("a1 b4")
    plan = plan_patrol_zones(asked.study, asked.inputs, hotspots, platforms)
    assert plan is not None
    assert plan.preventable_per_year == plan.bound == 150
    assert plan.status == "optimal"
    west, east = plan.zones
    names = town.inputs.network.node_ids
    stands = {one.platform_id: names[one.node] for one in platforms}
    assert (west.zone_id, west.hotspots, west.preventable_per_year) == ("Z01", (1, 3, 4), 100)
    assert (east.zone_id, east.hotspots, east.preventable_per_year) == ("Z02", (2, 5), 50)
    assert names[west.node] == "a1", "the middle of the three"
    assert [stands[zone.reaction_platform] for zone in plan.zones] == ["a1", "b4"]
    assert west.reaction_s == 30
    assert east.reaction_s == 30 + 60 + 120 * (names[east.node] == "a5")
    assert west.patrol_hours_per_day == pytest.approx(12 * (3 * 12 + 4) / 60)
    for hotspot, zone in ((0, west), (1, east), (2, west), (3, west), (4, east)):
        assert zone.outline.covers(hotspots.table.geometry[hotspot])


def test_hours_are_kept(town: Town) -> None:
    """Five hours a day are two stops alone: the heaviest hotspots, a zone each."""
    asked = zone_town(town, hours_per_day=5.0)
    hotspots = hotspots_at(town, "a1 a5 a0", [50, 40, 30])
    plan = plan_patrol_zones(asked.study, asked.inputs, hotspots, asked.force("a1")[0])
    assert plan is not None
    assert [zone.hotspots for zone in plan.zones] == [(1,), (2,)]
    assert sum(zone.patrol_hours_per_day for zone in plan.zones) <= 5.0


def test_no_hotspot_makes_no_zone(town: Town) -> None:
    asked = zone_town(town)
    hotspots = hotspots_at(town, "", [])
    plan = plan_patrol_zones(asked.study, asked.inputs, hotspots, asked.force("a1")[0])
    assert plan is not None
    assert (plan.zones, plan.preventable_per_year, plan.bound) == ((), 0.0, 0.0)
    assert plan.status == "optimal"


def test_nothing_is_planned_unasked(town: Town) -> None:
    hotspots = hotspots_at(town, "a1", [5])
    assert plan_patrol_zones(town.study, town.inputs, hotspots, town.force("a1")[0]) is None


def test_categories_count_by_what_presence_prevents(town: Town) -> None:
    """Two robberies, a theft and a fire at a1; a theft at a5; one robbery outside of both."""
    town = with_calls(town, "a1 a1 a1 a1 a5 b0", [1, 1, 2, 0, 2, 1])
    hotspots = hotspots_at(town, "a1 a5", [4, 1])
    shares = PatrolZoneSettings(count=1, preventable={"Robbery": 0.5, "Theft": 0.2})
    assert preventable_calls(town.inputs, shares, hotspots).tolist() == pytest.approx([1.2, 0.2])
    alike = PatrolZoneSettings(count=1)
    assert preventable_calls(town.inputs, alike, hotspots).tolist() == [4, 1]
    asked = zone_town(town, preventable={"Robbery": 0.5, "Theft": 0.2})
    plan = plan_patrol_zones(asked.study, asked.inputs, hotspots, asked.force("a1")[0])
    assert plan is not None
    assert plan.preventable_per_year == pytest.approx(1.4 / 2, rel=2e-3), "two years of calls"


@pytest.mark.parametrize(("calls", "advice"), [
    (5, 'did you mean "Robbery"?'), (4, "check its spelling"),
])  # fmt: skip
def test_an_unknown_category_is_named_with_the_nearest_that_many_calls_bear(
    town: Town, calls: int, advice: str
) -> None:
    """A category of fewer than five calls may be a caller's own words: it is never printed."""
    town = zone_town(with_calls(town, "a1 " * calls, [1] * calls), preventable={"Robery": 0.5})
    with pytest.raises(InputError) as caught:
        read_duty_inputs(town.study, town.inputs.network, town.inputs.source)
    (fault,) = caught.value.faults
    assert fault == f'[patrol_zones] preventable: no call has the category "Robery"; {advice}'
