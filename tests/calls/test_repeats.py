"""One event reported twice: same category, near in place and time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.calls import repeats
from optimizer.calls.repeats import Reports


def brute_force(reports: Reports, metres: float, minutes: float) -> list[bool]:
    """Compare every pair; of one minute the earlier row is the earlier report."""
    x_m, y_m, minute, category = reports.x_m, reports.y_m, reports.minute, reports.category

    def match(early: int, late: int) -> bool:
        near = np.hypot(x_m[late] - x_m[early], y_m[late] - y_m[early]) <= metres
        soon = minute[late] - minute[early] <= minutes
        return bool(near and soon and category[early] == category[late])

    order = sorted(range(len(minute)), key=lambda row: (minute[row], row))
    found = [False] * len(order)
    for position, late in enumerate(order):
        found[late] = any(match(early, late) for early in order[:position])
    return found


SIDE = st.integers(-150, 150)
CALL = st.tuples(SIDE, SIDE, st.integers(0, 40), st.integers(0, 1))


@pytest.mark.parametrize("crowded", [32, 0])
@given(calls=st.lists(CALL, max_size=30), metres=st.sampled_from([10.0, 50.0]))
def test_brute_force_agrees(calls: list[tuple[int, ...]], metres: float, crowded: int) -> None:
    """By the plain sweep and, where calls crowd, by cells."""
    x_m, y_m, minute, category = np.array(calls, dtype=np.int64).reshape(-1, 4).T
    reports = Reports(x_m.astype(float), y_m.astype(float), minute, category.astype(np.int32))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "_CROWDED", crowded)
        assert reports.repeated(metres, 10.0).tolist() == brute_force(reports, metres, 10.0)


def test_limits_are_inclusive_and_chains_keep_their_first() -> None:
    x_m = np.array([0.0, 50.0, 100.0, 150.1])
    minute = np.array([0, 10, 20, 30])
    reports = Reports(x_m, np.zeros(4), minute, np.zeros(4, np.int32))
    assert reports.repeated(50.0, 10.0).tolist() == [False, True, True, False]


def test_a_crowd_in_one_minute_is_no_quadratic_trap() -> None:
    """30,000 calls of one minute all over a city make hundreds of millions of pairs: by cells."""
    rng = np.random.default_rng(0)
    x_m, y_m = rng.uniform(0, 20_000, (2, 30_000))
    reports = Reports(x_m, y_m, np.zeros(30_000, np.int64), np.zeros(30_000, np.int32))
    found = reports.repeated(50.0, 10.0)
    assert 0 < found.sum() < 30_000
