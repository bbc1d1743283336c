"""A fugitive's clock: factor, profile and head start."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.checkpoints import Evader

from ..small_cities import streets

DRIVING = np.array([0.0, 100.0, 300.0, 420.0, np.inf])


def test_a_plain_fugitive_drives_as_the_road_file_says() -> None:
    assert Evader().arrival_s(DRIVING).tolist() == DRIVING.tolist()


def test_a_fast_one_with_a_head_start_is_there_sooner() -> None:
    evader = Evader(factor=2.0, head_start_s=30.0)
    assert evader.arrival_s(DRIVING).tolist() == [-30.0, 20.0, 120.0, 180.0, np.inf]


def test_a_profile_is_followed_by_hand() -> None:
    # 300 s at the road file's speed, then half as fast for 60 s (30 s of road), then twice as fast.
    evader = Evader(profile=((0, 1.0), (300, 0.5), (360, 2.0)))
    assert evader.arrival_s(np.array([100.0, 300.0, 315.0, 330.0, 420.0])).tolist() == [
        100.0, 300.0, 330.0, 360.0, 405.0,
    ]  # fmt: skip


@given(
    st.lists(st.floats(0.1, 5), min_size=1, max_size=5),
    st.lists(st.floats(0, 5000), min_size=2, max_size=20),
)
def test_a_profile_is_undone_by_driving_it(factors: list[float], drives: list[float]) -> None:
    """Adding up speed times time until the arrival gives the driving seconds again."""
    starts = [60.0 * step for step in range(len(factors))]
    arrival_s = Evader(profile=tuple(zip(starts, factors, strict=True))).arrival_s(np.array(drives))
    ends = [*starts[1:], np.inf]
    driven = [
        sum(factor * max(0.0, min(end, at) - start)
            for start, end, factor in zip(starts, ends, factors, strict=True))
        for at in arrival_s
    ]  # fmt: skip
    assert driven == pytest.approx(drives, abs=1e-6)


def test_of_several_fugitives_the_first_counts() -> None:
    road = streets(4, (0, 1, 10), (1, 2, 10))
    assert Evader(factor=0.5).earliest_s(road, np.array([0, 2])).tolist() == [0, 20, 0, np.inf]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"factor": 0.0}, "above 0"),
        ({"profile": ((0, 1.0), (60, -1.0))}, "above 0"),
        ({"profile": ((10, 1.0),)}, "ascend from 0"),
        ({"profile": ((0, 1.0), (0, 2.0))}, "ascend from 0"),
        ({"profile": ()}, "ascend from 0"),
        ({"head_start_s": -1.0}, "must not be negative"),
        ({"margin_s": float("nan")}, "must not be negative"),
    ],
)
def test_nonsense_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Evader(**wrong)  # type: ignore[arg-type]
