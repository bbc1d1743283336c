"""A small city on the plane for calls, and a door from text to cleaned calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyproj
import pytest

from optimizer.calls import Area, CallsSettings, CleanedCalls, clean_calls, read_calls
from optimizer.places import project

CITY_CRS = pyproj.CRS(32649)
"""UTM 49N holds Shaoyang."""

DEFAULTS = {"path": "calls.csv", "time": "time"}


@pytest.fixture(scope="session")
def area() -> Area:
    """About 30 km around the middle of Shaoyang."""
    return Area.around(*project([111.3, 111.6], [27.1, 27.4], CITY_CRS), margin_m=500.0)


@pytest.fixture
def clean(tmp_path: Path, area: Area) -> Callable[..., CleanedCalls]:
    """Write texts as files and clean them, as of 2016 and three years back."""

    def run(*texts: str, as_of: dt.date = dt.date(2016, 1, 1), **keys: Any) -> CleanedCalls:
        names = [f"calls{number}.csv" for number in range(len(texts))]
        for name, text in zip(names, texts, strict=True):
            (tmp_path / name).write_text(text, "utf-8")
        settings = CallsSettings(**{**DEFAULTS, "path": names, **keys})
        raw = read_calls(settings, tmp_path)
        return clean_calls(raw, settings, crs=CITY_CRS, area=area, as_of=as_of)

    return run
