"""A small invented prefecture, drawn once."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.example import City, SyntheticCalls, synthetic_calls, synthetic_city, write_example

SMALL = {"scale": 0.3, "calls": 30_000}


@pytest.fixture(scope="session")
def city() -> City:
    """The city at a third of its size: river, rings, two towns, some villages."""
    return synthetic_city(0, SMALL["scale"])


@pytest.fixture(scope="session")
def calls(city: City) -> SyntheticCalls:
    """Enough calls to see rhythms: 200,000 of them on the small city."""
    return synthetic_calls(city, 200_000, 0)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study, written once."""
    return write_example(tmp_path_factory.mktemp("study"), seed=0, **SMALL).parent
