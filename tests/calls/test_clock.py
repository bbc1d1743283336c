"""From stamps to local time: no call is lost at clock changes, and a wrong Z is found out."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.calls.clock import Offsets, local_time
from optimizer.calls.stamps import parse_stamps

CHICAGO = "America/Chicago"


def local(
    stamps: list[str], timezone: str | None = CHICAGO, offsets: Offsets = "auto"
) -> tuple[list[str], list[bool], tuple[str, ...]]:
    parsed = parse_stamps(pa.chunked_array([pa.array(stamps)]), None, "calls.csv")
    time, has_time, warnings = local_time(parsed, timezone, offsets, "calls.csv")
    return [str(one) for one in time], has_time.tolist(), warnings


def night_owls(low_hour: int) -> list[str]:
    """A year of stamps ending in Z: ten calls an hour, one in the four hours from `low_hour`."""
    quiet = {(low_hour + step) % 24 for step in range(4)}
    days = np.datetime64("2015-01-01") + np.arange(0, 365, 5)
    return [
        f"{day}T{hour:02d}:{6 * n + 1:02d}:00Z"
        for day in days
        for hour in range(24)
        for n in range(1 if hour in quiet else 10)
    ]


def test_stamps_without_offset_are_local() -> None:
    assert local(["2015-03-08 02:30"])[0] == ["2015-03-08T02:30"]  # a minute the clock skipped


def test_explicit_offsets_are_honoured() -> None:
    times, _, warnings = local(["2015-07-01T12:00+08:00", "2015-01-01T12:00-06:00"])
    assert times == ["2015-06-30T23:00", "2015-01-01T12:00"]
    assert warnings == ()


@given(st.integers(0, 365 * 24 * 60))
def test_every_minute_of_a_year_has_one_local_time(minute: int) -> None:
    """Gaps and overlaps included; the standard library is the second opinion."""
    utc = np.datetime64("2015-01-01T00:00") + np.timedelta64(minute, "m")
    times, has_time, _ = local([f"{utc}+00:00", "2015-05-05T05:05-05:00"], offsets="honour")
    want = utc.item().replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(CHICAGO))
    assert times[0] == want.strftime("%Y-%m-%dT%H:%M")
    assert has_time == [True, True]


def test_a_z_behind_local_time_is_found_out() -> None:
    """Calls rest from 02 to 06 h as written; six hours earlier they would rest in the evening."""
    stamps = night_owls(low_hour=2)
    times, _, warnings = local(stamps)
    assert times[0] == stamps[0][:16]
    assert "are local time" in warnings[0]


def test_a_true_z_is_converted() -> None:
    """Calls rest from 08 to 12 h UTC, which is night in Chicago."""
    stamps = night_owls(low_hour=8)
    times, _, warnings = local(stamps)
    assert times[0] == "2014-12-31T18:01"
    assert warnings == ()


@pytest.mark.parametrize(
    ("offsets", "want"), [("honour", "2014-12-31T18:01"), ("ignore", "2015-01-01T00:01")]
)
def test_the_user_may_decide(offsets: Offsets, want: str) -> None:
    for low in (2, 8):
        assert local(night_owls(low), offsets=offsets)[0][0] == want


def test_few_stamps_are_no_evidence() -> None:
    assert local(["2015-01-01T12:00Z"])[0] == ["2015-01-01T06:00"]


def test_without_a_timezone_stamps_are_read_as_written() -> None:
    times, _, warnings = local(["2015-01-01T12:00Z"], timezone=None)
    assert times == ["2015-01-01T12:00"]
    assert "has no timezone" in warnings[0]


def test_bare_days_never_shift() -> None:
    times, has_time, _ = local(["2015-01-01", "2015-01-02T00:30Z"])
    assert times == ["2015-01-01T00:00", "2015-01-01T18:30"]
    assert has_time == [False, True]


def test_days_exported_as_midnight_are_days() -> None:
    """One call in 1,440 falls on 00:00; a hundred of two hundred are days without a time."""
    stamps = ["2015-01-02T00:00:00Z"] * 100 + ["2015-01-02T12:34:00Z"] * 100
    times, has_time, warnings = local(stamps)
    assert times[0] == "2015-01-02T00:00"  # the day is kept, not moved to New Year's Day
    assert has_time == [False] * 100 + [True] * 100
    assert "100 of 200 stamps stand at exactly 00:00" in warnings[0]
    assert local(["2015-01-02T00:00"] * 4 + ["2015-01-02T12:34"] * 200)[1] == [True] * 204
