"""The data block: short, rounded, honest about what is unknown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.publishing import MapContent
from optimizer.publishing.map_payload import class_breaks, map_payload


@pytest.mark.parametrize(
    ("counts", "breaks"),
    [
        ([], []),
        ([5], []),
        ([4, 4, 4], []),
        ([1, 2], [2]),
        (list(range(1, 101)), [50, 100]),
        ([1] * 90 + [1000] * 10, [100, 1000]),
        ([10**k for k in range(11)], [10**4, 10**7, 10**9, 10**10]),
    ],
)
def test_classes_begin_at_round_numbers(counts: list[int], breaks: list[int]) -> None:
    assert class_breaks(counts) == breaks


@given(st.lists(st.integers(1, 10**7), min_size=1))
def test_every_class_can_be_met(counts: list[int]) -> None:
    breaks = class_breaks(counts)
    assert breaks == sorted(set(breaks))
    assert all(min(counts) < least <= max(counts) for least in breaks)
    assert len(breaks) <= 4


def test_the_unknown_and_the_endless_are_absent(town: MapContent) -> None:
    data = map_payload(replace(town, covered_share=float("nan")))
    assert data["share"] is None
    assert data["platforms"][1]["hours"] is None
    assert [site["minutes"] for site in data["keySites"]] == [0.6, None]


def test_ground_goes_from_the_longest_time_to_the_shortest(town: MapContent) -> None:
    """So that the page draws the near ground over the far."""
    assert [ground["minutes"] for ground in map_payload(town)["ground"]] == [5, 1]


def test_roads_are_sorted_by_class(town: MapContent) -> None:
    assert [len(lines) for lines in map_payload(town)["roads"]] == [4, 1, 1, 0]
