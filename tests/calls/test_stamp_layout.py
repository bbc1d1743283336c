"""A signature is matched once, and its fields stand where the pattern says."""

from __future__ import annotations

import numpy as np
import pytest

from optimizer.calls.stamp_layout import SIGNATURE_OF, layout_of


def signature(stamp: str) -> bytes:
    return SIGNATURE_OF[np.frombuffer(stamp.encode(), np.uint8)].tobytes()


def test_a_signature_hides_which_digit_and_which_letter() -> None:
    assert signature("Mar\t1 2012") == b"aaa 0 0000"
    assert signature("1月") == "0月".encode()


@pytest.mark.parametrize(
    ("stamp", "fields"),
    [
        ("2016-01-02T03:04Z", {"year": "2016", "month": "01", "hour": "03", "zulu": "Z"}),
        ("2016年1月2日 下午3:04", {"month": "1", "afternoon": "下午", "hour": "3"}),
        ("13/1/16", {"first": "13", "second_part": "1", "year": "16"}),
        ("Mar  1 2012  7:21PM", {"name": "Mar", "day": "1", "half": "PM"}),
        ("42370.25", {"serial": "42370", "fraction": "25"}),
        ("2016-01-02 03:04 CST", {"zone_name": "CST"}),
    ],
)
def test_fields_stand_in_their_spans(stamp: str, fields: dict[str, str]) -> None:
    """Spans count bytes: Chinese signs have three."""
    layout = layout_of(signature(stamp))
    assert layout is not None
    for name, text in fields.items():
        start, end = layout.spans[name]
        assert stamp.encode()[start:end].decode() == text


def test_numbers_are_read_for_all_stamps_at_once() -> None:
    stamps = np.array([list(b"2016-01-02"), list(b"1999-12-31")], np.uint8).T
    layout = layout_of(b"0000-00-00")
    assert layout is not None
    assert layout.number(stamps, "year").tolist() == [2016, 1999]
    assert layout.number(stamps, "hour").tolist() == [0, 0]


def test_unknown_ways_have_no_layout() -> None:
    for stamp in ("03:04", "2016-01/02", "week 12", ""):
        assert layout_of(signature(stamp)) is None
