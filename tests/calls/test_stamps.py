"""Times in every way people write them, checked by hand and against pandas."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.calls.stamps import Stamps, parse_stamps
from optimizer.errors import InputError


def parse(*stamps: str | None, time_format: str | None = None) -> Stamps:
    column = pa.chunked_array([pa.array(stamps, pa.string())])
    return parse_stamps(column, time_format, "calls.csv")


@pytest.mark.parametrize(
    ("stamp", "minute", "has_time"),
    [
        ("2010-02-22T13:40:00.000Z", "2010-02-22T13:40", True),
        ("2016-01-02 03:04", "2016-01-02T03:04", True),
        ("  2016-01-02 03:04\t", "2016-01-02T03:04", True),
        ("\u30002016-01-02", "2016-01-02", False),
        ("2016/1/2 3:04", "2016-01-02T03:04", True),
        ("2016.01.02", "2016-01-02", False),
        ("20160102", "2016-01-02", False),
        ("20160102030405", "2016-01-02T03:04", True),
        ("20160102T0304", "2016-01-02T03:04", True),
        ("1/1/13", "2013-01-01", False),
        ("12/31/2013 11:59:59 PM", "2013-12-31T23:59", True),
        ("31/12/2013 12:00 a.m.", "2013-12-31T00:00", True),
        ("Mar  1 2012  7:21PM", "2012-03-01T19:21", True),
        ("March 1st, 2012", "2012-03-01", False),
        ("2-Jan-14 23:59", "2014-01-02T23:59", True),
        ("Thu, 02 Jan 2014 03:04:05 +0000", "2014-01-02T03:04", True),
        ("2016年1月2日", "2016-01-02", False),
        ("2016年1月2日 3时4分", "2016-01-02T03:04", True),
        ("2016年1月2日3时4分5秒", "2016-01-02T03:04", True),
        ("2016年01月02日 下午3:04", "2016-01-02T15:04", True),
        ("2016/1/2 上午 12:04", "2016-01-02T00:04", True),
        ("2016-01-02 24:00", "2016-01-03T00:00", True),
        ("2016-02-29 23:59:60", "2016-02-29T23:59", True),
        ("42370", "2016-01-01", False),
        ("42370.5", "2016-01-01T12:00", True),
        ("1456789012", "2016-02-29T23:36", True),
        ("1456789012345", "2016-02-29T23:36", True),
    ],
)
def test_known_ways_to_write_a_time(stamp: str, minute: str, has_time: bool) -> None:
    parsed = parse(stamp)
    assert parsed.minute[0] == np.datetime64(minute, "m")
    assert parsed.has_time[0] == has_time


@pytest.mark.parametrize(
    "stamp",
    [
        "2015-02-29", "2016-13-01", "2016-00-10", "2016-01-32", "31/31/2013", "2016-01-02 25:00",
        "2016-01-02 03:60", "2016-01-02X03:04", "2016-01-02 12:00 XM", "Foo 1 2012", "13:22:00",
        "tomorrow", "<script>", "{{ 7*7 }}", "=NOW()", "12345678901234567890", "12", "99999",
        "2016-01-02T03:04Q", "二〇一六年", "🕒", "a" * 5000, "2016-01-02 03:04 +99:00",
    ],
)  # fmt: skip
def test_what_is_no_time_is_bad(stamp: str) -> None:
    parsed = parse(stamp, "2016-01-02")
    assert parsed.bad.tolist() == [True, False]
    assert np.isnat(parsed.minute[0])
    assert not parsed.has_time[0]


def test_empty_is_missing_not_bad() -> None:
    parsed = parse(None, "", "  ", "\x00")
    assert parsed.missing.all()
    assert not parsed.bad.any()


@pytest.mark.parametrize(
    ("stamp", "offset", "zulu"),
    [
        ("2016-01-02T03:04Z", 0, True), ("2016-01-02 03:04 UTC", 0, True),
        ("2016-01-02T03:04+08:00", 480, False), ("2016-01-02T03:04:05.123-0530", -330, False),
        ("2016-01-02T03:04 -05", -300, False),
    ],
)  # fmt: skip
def test_offsets_are_told_and_the_clock_is_left_as_written(
    stamp: str, offset: int, zulu: bool
) -> None:
    parsed = parse(stamp)
    assert parsed.minute[0] == np.datetime64("2016-01-02T03:04")
    assert (parsed.zoned[0], parsed.zulu[0], parsed.offset_minutes[0]) == (True, zulu, offset)


@pytest.mark.parametrize(
    ("stamps", "read", "warned"),
    [
        (["1/2/2013", "1/13/2013"], "2013-01-02", ""),  # 13 can only be a day: month first
        (["1/2/2013", "13/1/2013"], "2013-02-01", ""),
        (["1/2/2013"], "2013-01-02", "no date tells day from month; 1 dates"),
        (["1/2/2013", "13/1/2013", "14/1/2013", "1/13/2013"], "2013-02-01",
         "2 dates can only be day/month and 1 only month/day; 1 dates"),
    ],
)  # fmt: skip
def test_day_and_month_by_the_evidence_of_the_file(
    stamps: list[str], read: str, warned: str
) -> None:
    parsed = parse(*stamps)
    assert parsed.minute[0] == np.datetime64(read)
    assert not parsed.bad.any()
    assert [warned in sentence for sentence in parsed.warnings] == ([True] if warned else [])


def test_formats_may_vary_from_row_to_row() -> None:
    """More ways than one, of one length too, in one column and more chunks than one."""
    same = ["2016-01-02 03:04", "2016/01/02 03:04", "20160102 03:04:0", "02/01/2016 03:04"]
    chunks = [pa.array(same[:2]), pa.array([None, *same[2:]]), pa.array([], pa.string())]
    parsed = parse_stamps(pa.chunked_array(chunks), None, "calls.csv")
    want = np.array(["2016-01-02T03:04"] * 2 + ["NaT"] * 2 + ["2016-02-01T03:04"], "M8[m]")
    np.testing.assert_array_equal(parsed.minute, want)


def test_hundreds_of_signatures_of_one_length() -> None:
    """Garbage of many shapes cannot hide the times among it."""
    rng = np.random.default_rng(0)
    signs = list("!#$%&*+;<=>?@^_~")
    garbage = ["".join(rng.choice(signs, 16)) for _ in range(500)]
    parsed = parse(*garbage, "2016-01-02 03:04")
    assert parsed.bad.tolist() == [True] * 500 + [False]


FORMATS = [
    "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S.%f", "%Y%m%d%H%M%S",
    "%b %d %Y %I:%M%p", "%d %B %Y %H:%M", "%Y年%m月%d日 %H时%M分", "%m/%d/%Y %I:%M:%S %p",
]  # fmt: skip


def moment(text: str) -> dt.datetime:
    """Read a local time, which has no zone."""
    return dt.datetime.fromisoformat(text)


MOMENTS = st.lists(st.datetimes(moment("1975-01-01"), moment("2065-01-01")), min_size=1, max_size=6)


@given(MOMENTS, st.sampled_from(FORMATS))
def test_pandas_reads_the_same(moments: list[dt.datetime], layout: str) -> None:
    """An independent parser that is told the format agrees with the one that finds it."""
    january = moment("1999-01-31")  # settles month/day order
    written = [one.strftime(layout) for one in (january, *moments)]
    want = pd.to_datetime(pd.Series(written), format=layout).to_numpy().astype("M8[m]")
    np.testing.assert_array_equal(parse(*written).minute, want)


@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=8))
def test_every_cell_is_a_time_or_missing_or_bad(cells: list[str | None]) -> None:
    parsed = parse(*cells)
    one = (~np.isnat(parsed.minute)).astype(int) + parsed.missing + parsed.bad
    assert (one == 1).all()
    assert not (parsed.has_time & np.isnat(parsed.minute)).any()


def test_a_stated_format_is_the_only_one() -> None:
    parsed = parse("3.4.16 7h", "2016-04-03", "", time_format="%d.%m.%y %Hh")
    assert parsed.minute[0] == np.datetime64("2016-04-03T07:00")
    assert parsed.bad.tolist() == [False, True, False]
    assert parsed.missing.tolist() == [False, False, True]
    assert not parse("3.4.16", time_format="%d.%m.%y").has_time[0]
    zoned = parse("2016-01-02 03:04 +0800", time_format="%Y-%m-%d %H:%M %z")
    assert (zoned.minute[0], zoned.zoned[0]) == (np.datetime64("2016-01-01T19:04"), True)
    with pytest.raises(InputError, match="is no strptime format"):
        parse("x", time_format="%Q")


def test_typed_columns() -> None:
    moments = [moment("2016-01-02T03:04:59"), None]
    plain = parse_stamps(pa.chunked_array([pa.array(moments)]), None, "a")
    assert plain.minute[0] == np.datetime64("2016-01-02T03:04")
    assert plain.missing.tolist() == [False, True]
    zoned = pa.array(moments, pa.timestamp("us", tz="Asia/Shanghai"))
    assert parse_stamps(pa.chunked_array([zoned]), None, "a").zoned.tolist() == [True, False]
    days = parse_stamps(pa.chunked_array([pa.array([dt.date(2016, 1, 2), None])]), None, "a")
    assert (days.minute[0], days.has_time[0]) == (np.datetime64("2016-01-02"), False)
