"""The town of twelve junctions that the tests of duty use too."""

from __future__ import annotations

from ..duty.conftest import town, write_town

__all__ = ["town", "write_town"]
