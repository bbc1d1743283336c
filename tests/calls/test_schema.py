"""The noun of the package: immutable, checked, and without anything but place, time, category."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from optimizer.calls import Calls, CallsSettings


def make(**changes: Any) -> Calls:
    columns: dict[str, Any] = {
        "x_m": [0.0, 1.0, 2.0],
        "y_m": [0.0, 1.0, 2.0],
        "time": np.array(["2015-01-01T03:04", "2015-01-02", "2015-01-03"], "M8[m]"),
        "has_time": [True, False, True],
        "category": [0, 1, 0],
        "categories": ("a", "b"),
    }
    return Calls(**{**columns, **changes})


def test_calls_hold_place_time_and_category_and_nothing_else() -> None:
    """Guard rail: free text, names, addresses and numbers end at the cleaning stage."""
    fields = [field.name for field in dataclasses.fields(Calls)]
    assert fields == ["x_m", "y_m", "time", "has_time", "category", "categories"]


def test_arrays_are_copied_and_read_only() -> None:
    mine = np.array([0.0, 1.0, 2.0])
    calls = make(x_m=mine)
    mine[0] = 99.0
    assert calls.x_m[0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        calls.x_m[0] = 1.0


def test_take_and_between() -> None:
    calls = make()
    assert calls.take(np.array([True, False, True])).x_m.tolist() == [0.0, 2.0]
    assert calls.take(np.array([2, 0])).x_m.tolist() == [2.0, 0.0]
    within = calls.between(np.datetime64("2015-01-01T03:04"), np.datetime64("2015-01-03"))
    assert within.x_m.tolist() == [0.0, 1.0]  # the start is in, the end is out
    assert within.categories == calls.categories


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"x_m": [0.0]}, "different length"),
        ({"y_m": [0.0, np.nan, 0.0]}, "finite place"),
        ({"time": np.array(["NaT"] * 3, "M8[m]")}, "needs a time"),
        ({"category": [0, 1, 2]}, "no name"),
        ({"category": [0, -1, 1]}, "no name"),
    ],
)
def test_broken_calls_cannot_be_made(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        make(**changes)


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ({"longitude": "lon"}, "longitude and latitude go together"),
        ({"x": "x"}, "x and y go together"),
        ({"x": "x", "y": "y", "node": "n"}, "a call has one place"),
        ({"x": "x", "y": "y", "datum": "gcj02"}, "is for longitude and latitude"),
        ({"timezone": "Asia/Shanhai"}, 'did you mean "Asia/Shanghai"'),
        ({"timezone": "../../etc/passwd"}, "is not a time zone"),
        ({"years": 0}, r"greater than or equal to 0\.083"),
        ({"years": 0.04}, r"greater than or equal to 0\.083"),
        ({"weights": {"a": -1}}, "greater than or equal to 0"),
        ({"half_life_days": float("nan")}, "finite number|greater than 0"),
        ({"path": []}, "at least 1 item"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_settings_refuse_contradictions(keys: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        CallsSettings(**{"path": "a.csv", "time": "t", **keys})


def test_numbers_are_texts_where_texts_are_meant() -> None:
    """Categories are often codes: `exclude = [3]` and `exclude = ["3"]` mean the same."""
    settings = CallsSettings(path="a.csv", time="t", category=3, exclude=[7, "8"])  # type: ignore[arg-type,list-item]
    assert (settings.category, settings.exclude) == ("3", ("7", "8"))


def test_one_path_or_many() -> None:
    assert CallsSettings(path="a.csv", time="t").path == ("a.csv",)
    assert CallsSettings(path=["a.csv", "b.csv"], time="t").path == ("a.csv", "b.csv")
