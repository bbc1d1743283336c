"""A stop that is longer than a round is told before anything is planned."""

from __future__ import annotations

import pytest

from optimizer.planning.duty_inputs.rounds import round_faults

from .conftest import Town


@pytest.mark.parametrize(
    ("patrols", "advice"),
    [
        (
            {"dwell_minutes": 60, "every_minutes": 20},
            "raise every_minutes to 75 or stand for 16 minutes",
        ),
        ({"patrol_share": 1e-9}, "raise patrol_share to 0.1"),
        (
            {"patrol_share": 0.05},
            "raise every_minutes to 240 or raise patrol_share to 0.1 or stand for 6 minutes",
        ),
        (
            {"dwell_minutes": 60, "every_minutes": 20, "patrol_share": 1e-9},
            "raise every_minutes to 60 and patrol_share to 1",
        ),
    ],
)
def test_only_changes_that_the_settings_allow_are_named(
    town: Town, patrols: dict[str, float], advice: str
) -> None:
    (fault,) = round_faults(town.with_sections(patrols=patrols).study)
    assert fault.startswith("[patrols]: one stop of dwell_minutes = ")
    assert fault.endswith(f" minutes); {advice}")


def test_a_stop_as_long_as_the_round_is_no_fault(town: Town) -> None:
    study = town.with_sections(patrols={"dwell_minutes": 30, "every_minutes": 37.5}).study
    assert list(round_faults(study)) == []


def test_without_stops_their_length_is_idle(town: Town) -> None:
    """Hotspots are off, and the town names neither key sites nor points."""
    off = {"dwell_minutes": 60, "every_minutes": 20, "hotspots": False}
    assert list(round_faults(town.with_sections(patrols=off).study)) == []
    zones = town.with_sections(patrols=off, patrol_zones={"count": 1})
    assert len(list(round_faults(zones.study))) == 1, "zones are made of stops, too"
