"""Numbers and names as people type them."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.places.cells import blank_to_null, numbers, texts


def column(*cells: object, kind: pa.DataType | None = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(cells, kind or pa.string())])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-93.25", -93.25), (" 27 ", 27.0), ("+1.5", 1.5), ("１１１．５", 111.5),
        ("39,9075", 39.9075), ("\u3000116.4°", 116.4), (".5", 0.5),
        ("\u22121", -1.0), ("1e2", 100.0), ("0", 0.0),
    ],
)  # fmt: skip
def test_numbers_are_understood(text: str, value: float) -> None:
    read = numbers(column(text, "x"))
    assert read.values[0] == value
    assert not read.bad[0]


@pytest.mark.parametrize(
    "text", ["512,345", "1.2.3", "N39", "不详", "1 2", "0x1F", "nan", "inf", "=1"]
)
def test_what_is_no_number_is_bad_not_missing(text: str) -> None:
    read = numbers(column(text, "1"))
    assert (bool(read.bad[0]), bool(read.missing[0])) == (True, False)
    assert math.isnan(read.values[0])


def test_empty_cells_are_missing_not_bad() -> None:
    read = numbers(column(None, "", "  ", "\x00", "\u3000", "1"))
    assert read.missing.tolist() == [True] * 5 + [False]
    assert not read.bad.any()


def test_typed_columns_keep_their_values() -> None:
    assert numbers(column(1, None, kind=pa.int64())).missing.tolist() == [False, True]
    typed = numbers(column(1.5, math.nan, math.inf, kind=pa.float64()))
    assert (typed.missing.tolist(), typed.bad.tolist()) == (
        [False, True, False],
        [False, False, True],
    )
    assert numbers(column(True, None, kind=pa.bool_())).bad.tolist() == [True, False]


def test_a_column_of_nothing() -> None:
    assert numbers(column("", None)).missing.all()
    assert numbers(column()).values.shape == (0,)


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=6), st.floats(-1e6, 1e6).map(str)), max_size=20)
)
def test_every_cell_is_a_number_or_missing_or_bad(cells: list[str | None]) -> None:
    read = numbers(column(*cells))
    one = np.isfinite(read.values).astype(int) + read.missing + read.bad
    assert (one == 1).all()


def test_texts_are_trimmed_and_whole_numbers_have_no_point() -> None:
    assert texts(column(" a ", "", None, "0012")).tolist() == ["a", None, None, "0012"]
    assert texts(column(3.0, 2.5, None, kind=pa.float64())).tolist() == ["3", "2.5", None]
    assert texts(column(7, None, kind=pa.int32())).tolist() == ["7", None]


def test_blank_to_null_keeps_inner_blanks() -> None:
    assert blank_to_null(column(" a b\n", "\t")).to_pylist() == ["a b", None]
