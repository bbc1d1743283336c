"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; where it is absent the test is skipped, but never in CI."""
    if not SHARED.is_dir():
        if os.environ.get("OPTIMIZER_NO_SKIP"):
            pytest.fail(f"no real data at {SHARED}: a skip is a failure here")
        pytest.skip("needs the real calls and roads in ../shared, which are not here")
    return SHARED
