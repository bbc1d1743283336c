"""The account adds up, always."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.calls import REASONS, Quality

COUNTS = st.dictionaries(st.sampled_from(REASONS), st.integers(0, 1000))


@given(st.integers(0, 1000), COUNTS, st.sampled_from(REASONS), st.integers(0, 1000))
def test_moving_calls_keeps_the_sum(used: int, dropped, reason, moved: int) -> None:
    quality = Quality(used + sum(dropped.values()), used, dropped)
    if moved > used:
        with pytest.raises(ValueError, match="negative"):
            quality.with_dropped(reason, moved)
        return
    after = quality.with_dropped(reason, moved)
    assert after.read == quality.read == after.used + sum(after.dropped.values())
    assert after.dropped.get(reason, 0) == dropped.get(reason, 0) + moved


def test_a_lost_row_is_an_error() -> None:
    with pytest.raises(ValueError, match="10 rows read, but 8 used and 1 dropped"):
        Quality(10, 8, {"no_time": 1})
    with pytest.raises(ValueError, match="unknown reasons"):
        Quality(1, 0, {"bad_luck": 1})  # type: ignore[dict-item]


def test_counts_cannot_be_changed_from_outside() -> None:
    dropped = {"no_time": 1}
    quality = Quality(2, 1, dropped)
    dropped["no_time"] = 5
    assert quality.dropped["no_time"] == 1
    with pytest.raises(TypeError):
        quality.dropped["no_time"] = 0  # type: ignore[index]


def test_json_is_plain_and_in_the_order_of_reasons() -> None:
    quality = Quality(5, 2, {"bad_time": 1, "broken_row": 2}).with_warning("Look.")
    document = json.loads(json.dumps(quality.to_json()))
    assert list(document["dropped"]) == ["broken_row", "bad_time"]
    assert document["warnings"] == ["Look."]
