"""Which lines belong together when quotation marks cannot be trusted."""

from __future__ import annotations

import pyarrow as pa
import pytest

from optimizer.places.quoting import mend_quotes, swallowed_rows


@pytest.mark.parametrize(
    ("lines", "whole", "given_up"),
    [
        (["a,b\n", "1,2\n"], ["a,b\n", "1,2\n"], 0),
        (["a,b\n", '"1\n', '2",3\n'], ["a,b\n", '"1\n2",3\n'], 0),  # a cell of two lines
        (["a,b\n", '1,"open\n', "3,4\n"], ["a,b\n", "3,4\n"], 1),
        (["a,b\n", '1,"open\n', "3,4\n", '5,"six"\n'], ["a,b\n", "3,4\n", '5,"six"\n'], 1),
        (["a,b\n", '5" pipe,1\n'], ["a,b\n", '5" pipe,1\n'], 0),  # a mark within a cell is text
        (["a,b\n", '1,"last'], ["a,b\n"], 1),
    ],
)
def test_only_the_torn_line_is_given_up(lines: list[str], whole: list[str], given_up: int) -> None:
    assert mend_quotes(lines, ",", columns=2) == (whole, given_up)


@pytest.mark.parametrize(
    ("cell", "swallowed"),
    [
        ("one line, with, commas", False),
        ("two\nlines", False),
        ("two\nlines, of prose", False),  # a row of three columns would have two delimiters
        ("open\n4,5,6", True),
        ("\n" * 30, True),
    ],
)
def test_a_cell_that_holds_rows_is_suspected(cell: str, swallowed: bool) -> None:
    table = pa.table({"a": ["x", cell], "b": ["1", "2"], "c": [None, None]})
    assert (
        swallowed_rows(table.cast(pa.schema([(n, pa.string()) for n in "abc"])), ",") is swallowed
    )
