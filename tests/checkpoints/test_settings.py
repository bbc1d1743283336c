"""[checkpoints]: what is accepted, and the sentence for what is not."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from optimizer.checkpoints import CheckpointSettings

RINGS = {"centre": [0.0, 0.0], "rings_m": {"core": [100, 300]}}


def faults_of(**keys: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        CheckpointSettings(**keys)
    return "; ".join(error["msg"] for error in caught.value.errors())


def test_nothing_is_asked_for_by_default() -> None:
    settings = CheckpointSettings()
    assert settings.ring_names == ()
    assert list(settings.files()) == []
    assert settings.contain_minutes == (5, 10, 30)
    assert (settings.direction, settings.posts_at, settings.edge_of_data) == ("out", "both", None)


def test_rings_keep_the_order_of_the_study() -> None:
    settings = CheckpointSettings(
        centre=(0, 0),
        rings_m={"b": (1, 2), "a": (3, 4)},
        rings_road_m={"c": (0, 9)},
        rings=[{"name": "d", "inner": "in.geojson", "outer": "out.geojson"}],
    )
    assert settings.ring_names == ("b", "a", "c", "d")


@pytest.mark.parametrize("distances", [(300, 100), (100, 100), (-1, 5), (0, float("inf"))])
def test_a_ring_lies_between_two_distances(distances: tuple[float, float]) -> None:
    told = faults_of(centre=(0, 0), rings_m={"core": distances})
    assert f"not between {distances[0]:g} and {distances[1]:g}; write [inner, outer]" in told


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "\x1b[31mred", " core", "x" * 61])
def test_a_name_is_short_and_in_one_line(name: str) -> None:
    told = faults_of(centre=(0, 0), rings_m={name: (1, 2)})
    assert "is no name for rings" in told
    assert "is no name for kinds of post" in faults_of(kinds=[{"name": name}])


@pytest.mark.parametrize("centre", [("nan", 0), (0, "inf")])
def test_a_centre_is_two_finite_numbers(centre: tuple[object, object]) -> None:
    assert "finite number" in faults_of(centre=centre, rings_m={"core": (1, 2)})


@pytest.mark.parametrize("key", ["units_per_platform", "standing_units", "next_gates"])
def test_a_number_of_units_stays_within_reason(key: str) -> None:
    assert getattr(CheckpointSettings(**{key: 1000}), key) == 1000
    assert "less than or equal to 1000" in faults_of(**{key: 10**20})


@pytest.mark.parametrize("cost", [0, -1, 1e-9, 1e300, "nan"])
def test_the_cost_of_a_post_can_be_summed_exactly(cost: object) -> None:
    """A cost of 1e300 is no whole number of millionths that the machine knows."""
    assert "than or equal to" in faults_of(kinds=[{"name": "toll", "cost": cost}])


def test_all_faults_between_keys_are_told_at_once() -> None:
    told = faults_of(
        rings_m={"core": (1, 2)},
        rings_road_m={"core": (1, 2)},
        most_posts={"inner": 3},
        kinds=[{"name": "toll"}, {"name": "toll"}],
        evader_speed_factor=2,
        evader_profile=[(0, 1)],
    )
    for part in (
        "measured from a centre; write centre = [lon, lat]",
        'the name "core" is given to 2 rings',
        'a ring "inner" that is not there; the rings are core',
        'the name "toll" is given to 2 kinds',
        "say the same thing",
    ):
        assert part in told


@pytest.mark.parametrize(
    "profile", [[(1, 1)], [(0, 1), (0, 2)], [(0, 0)], [(0, 1), (float("inf"), 2)]]
)
def test_a_profile_rises_from_the_start(profile: list[tuple[float, float]]) -> None:
    assert "minutes rising from 0 and factors above 0" in faults_of(evader_profile=profile)


def test_a_kind_has_classes_or_places() -> None:
    both = {"name": "toll", "classes": ["motorway"], "places": "toll.csv"}
    assert "give one of them" in faults_of(kinds=[both])


def test_every_file_is_named_once() -> None:
    settings = CheckpointSettings(
        **RINGS,
        rings=[{"name": "d", "inner": "1", "outer": "2"}],
        sites="3", exits="4", units="5", gates="6",
        kinds=[{"name": "toll", "places": "7"}],
        water={"path": "8", "quays": "9"},
    )  # fmt: skip
    assert sorted(settings.files()) == list("123456789")
