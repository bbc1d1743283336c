"""plan.csv and the popups of the map: what is told of each platform."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from pyproj import CRS

from optimizer.evaluation import Duty, Platform
from optimizer.publishing.city_map import _platform
from optimizer.publishing.plan_tables import _plan
from optimizer.study import StudyFile


def platform(name: str, district: str, calls: float) -> Platform:
    duty = Duty(calls, 0.9, {"urban": 0.9}, 1.25, -1)
    return Platform(name, name, 0, 3.0, 50.0, 500_000.0, 5_538_630.7, district, "new", "", "", duty,
                    "")  # fmt: skip


@pytest.fixture
def plan() -> Any:
    """Two platforms over four years; class "city" has two motorcycles and twelve auxiliaries."""
    settings = StudyFile.model_validate({
        "study": {"name": "town", "as_of": "2026-01-01"}, "demand": {"path": "counts.csv"},
        "roads": {"path": "roads.gpkg"}, "standards": {"urban": 5},
        "crew": {"classes": {"city": {"motorcycles": 2, "auxiliaries": 12}},
                 "class_of": {"West": "city"}},
    })  # fmt: skip

    class Plan:
        study = type("Study", (), {"settings": settings})
        network = type("Network", (), {"crs": CRS.from_epsg(32631)})
        window = (dt.date(2022, 1, 1), dt.date(2026, 1, 1))
        platforms = (platform("P01", "West", 100.0), platform("P02", "East", 0.5))

    return Plan()


def test_each_platform_has_the_crew_of_its_class(plan: Any) -> None:
    west, east = _plan(plan)[1]
    names = ("command_vehicles", "response_cars", "motorcycles", "officers", "auxiliaries")
    assert [west[name] for name in names] == [1, 2, 2, 8, 12]
    assert [east[name] for name in names] == [1, 2, 4, 8, 24]
    popups = [_platform(plan, each).crew for each in plan.platforms]
    assert [popup["motorcycles"] for popup in popups] == [2, 4]
    assert list(popups[0]) == list(names)


def test_a_platform_of_too_few_calls_does_not_tell_its_work(plan: Any) -> None:
    """Two calls in four years in the East, which the West and the city's sum would tell as well."""
    for row in _plan(plan)[1]:
        assert math.isnan(row["calls_per_year"])
        assert math.isnan(row["workload_hours_per_day"])
        assert row["covered_share"] == 0.9
    plan.platforms = (platform("P01", "West", 100.0), platform("P02", "East", 50.0))
    assert [row["calls_per_year"] for row in _plan(plan)[1]] == [100.0, 50.0]
