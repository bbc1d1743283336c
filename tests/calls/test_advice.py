"""Sentences for a planner."""

from __future__ import annotations

ROWS = """\
time,kind,lon,lat
2015-05-05 10:00,theft,111.47,27.24
2015-06-05 10:00,Officer Initiated,111.4,27.2
"""


def test_settings_for_categories_that_do_not_occur(clean) -> None:
    quality = clean(ROWS, category="kind", exclude=["thefd"], weights={"zzz": 2.0}).quality
    assert (
        'calls.exclude: no call has the category "thefd"; did you mean "theft"?' in quality.warnings
    )
    assert 'calls.weights: no call has the category "zzz"; check its spelling' in quality.warnings


def test_records_that_officers_start_themselves_are_named(clean) -> None:
    """Guard rail: siting on one's own patrol records feeds on itself."""
    warnings = "\n".join(clean(ROWS, category="kind").quality.warnings)
    assert '"Officer Initiated" look like records that officers start themselves' in warnings
    excluded = clean(ROWS, category="kind", exclude=["Officer Initiated"]).quality
    assert "officers start themselves" not in "\n".join(excluded.warnings)


def test_an_empty_end_of_the_window_is_named(clean) -> None:
    warnings = "\n".join(clean(ROWS).quality.warnings)
    assert "the window starts on 2013-01-01, but the first call is of 2015-05-05" in warnings
    assert "the window ends before 2016-01-01, but the last call is of 2015-06-05" in warnings


def test_loud_shares_of_bad_rows_are_named(clean) -> None:
    warnings = "\n".join(clean(ROWS + "2015-05-05,theft,,\n").quality.warnings)
    assert "1 of 3 rows (33%) are no_coordinates; geocode them" in warnings
