"""Suggestions for names that users got almost right."""

from __future__ import annotations

import pytest

from optimizer.places.columns import guess_column, missing_columns, nearest


def test_the_nearest_name_ignores_case() -> None:
    assert nearest("lonitude", ["Latitude", "Longitude", "Description"]) == "Longitude"
    assert nearest("TIER", ["tier", "district"]) == "tier"
    assert nearest("qqq", ["tier", "district"]) is None
    assert nearest("tier", []) is None


@pytest.mark.parametrize(
    ("role", "columns", "found"),
    [
        ("longitude", ["LNG", "lat"], "LNG"),
        ("latitude", ["经度", "纬度"], "纬度"),
        ("id", ["name", " Code "], " Code "),
        ("id", ["code", "id"], "id"),  # the more telling name wins, not the first column
        ("node", ["x", "y"], None),
    ],
)
def test_usual_names_are_guessed(role, columns: list[str], found: str | None) -> None:
    assert guess_column(role, columns) == found


def test_a_missing_column_is_one_sentence_each() -> None:
    faults = missing_columns(["tme", "lon", "zzz"], ["time", "lon"], "calls.csv")
    assert faults == [
        'calls.csv: there is no column "tme"; did you mean "time"?',
        'calls.csv: there is no column "zzz"; the file has "time", "lon"',
    ]
