"""Sentences for a planner."""

from __future__ import annotations

ROWS = """\
time,kind,lon,lat
2015-05-05 10:00,theft,111.47,27.24
2015-06-05 10:00,Officer Initiated,111.4,27.2
"""


def rows(**calls: int) -> str:
    """A file in which each category, with blanks for its underscores, has some calls."""
    lines = [f"2015-05-{1 + i % 28:02d} {i // 28:02d}:00,{kind.replace('_', ' ')},111.47,27.24"
             for kind, count in calls.items() for i in range(count)]  # fmt: skip
    return "\n".join(["time,kind,lon,lat", *lines, ""])


def test_settings_for_categories_that_do_not_occur(clean) -> None:
    quality = clean(rows(theft=5), category="kind", exclude=["thefd"], weights={"zzz": 2.0}).quality
    assert (
        'calls.exclude: no call has the category "thefd"; did you mean "theft"?' in quality.warnings
    )
    assert 'calls.weights: no call has the category "zzz"; check its spelling' in quality.warnings


def test_a_value_that_few_calls_bear_is_not_suggested(clean) -> None:
    """It may be what a caller said; quality.json is published."""
    quality = clean(rows(theft=4, robbery=5), category="kind", exclude=["thefd"]).quality
    assert 'calls.exclude: no call has the category "thefd"; check its spelling' in quality.warnings


def test_records_that_officers_start_themselves_are_named(clean) -> None:
    """Guard rail: siting on one's own patrol records feeds on itself."""
    text = rows(Officer_Initiated=5, theft=5)
    warnings = "\n".join(clean(text, category="kind").quality.warnings)
    assert (
        'calls: 1 category looks like records that officers start themselves, such as "Officer '
        'Initiated"; a plan'
    ) in warnings
    excluded = clean(text, category="kind", exclude=["Officer Initiated"]).quality
    assert "officers start themselves" not in "\n".join(excluded.warnings)


def test_free_text_in_place_of_categories_is_counted_and_not_printed(clean) -> None:
    """Guard rail: a narrative that mentions a traffic stop must not reach a published file."""
    said = {f"traffic_stop_of_J_Doe_{number}": 1 for number in range(301)}
    warnings = "\n".join(clean(rows(**said), category="kind").quality.warnings)
    assert "Doe" not in warnings
    assert "calls: 301 categories look like records that officers start themselves; a" in warnings
    assert "has 301 different values; is it free text?" in warnings
    few = clean(rows(**dict(list(said.items())[:300])), category="kind").quality
    assert "free text" not in "\n".join(few.warnings)


def test_an_empty_end_of_the_window_is_named(clean) -> None:
    warnings = "\n".join(clean(ROWS).quality.warnings)
    assert "the window starts on 2013-01-01, but the first call is of 2015-05-05" in warnings
    assert "the window ends before 2016-01-01, but the last call is of 2015-06-05" in warnings


def test_loud_shares_of_bad_rows_are_named(clean) -> None:
    warnings = "\n".join(clean(ROWS + "2015-05-05,theft,,\n").quality.warnings)
    assert "1 of 3 rows (33%) are no_coordinates; geocode them" in warnings
