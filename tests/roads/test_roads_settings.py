"""[roads] and the candidates of [platforms]: what is accepted, what is refused and how."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from optimizer.roads import CandidateSettings, RoadsSettings


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({}, "needs either path"),
        ({"path": "a.gpkg", "nodes": "n.csv"}, "needs either path"),
        ({"nodes": "n.csv"}, "needs either path"),
        ({"path": "a.gpkg", "u": "from"}, "give both, or neither"),
        ({"path": "a.gpkg", "class_speeds": {"primary": 0}}, "without a speed above 0"),
        ({"path": "a.gpkg", "speed_factor": 0}, "greater than 0"),
        ({"path": "a.gpkg", "default_speed_kph": -1}, "greater than 0"),
        ({"path": "a.gpkg", "speed_unit": "knots"}, "'kph', 'mph' or 'mps'"),
        ({"path": "a.gpkg", "spped": "x"}, "Extra inputs"),
        ({"path": "a.gpkg", "oneway_values": {"closed": ["x"]}}, "Extra inputs"),
    ],
)
def test_wrong_settings(keys: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        RoadsSettings(**keys)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        RoadsSettings(path="a.gpkg").path = "b.gpkg"  # type: ignore[misc]


def test_candidates_from_a_path_or_a_table() -> None:
    assert CandidateSettings().candidates == "junctions"
    assert CandidateSettings(candidates="sites.csv").candidates == "sites.csv"
    source = CandidateSettings.model_validate({"candidates": {"path": "sites.csv", "id": "nr"}})
    assert getattr(source.candidates, "id", None) == "nr"
