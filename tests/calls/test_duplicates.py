"""A row handed in twice counts once; a row that differs anywhere is another row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from optimizer.calls.duplicates import fingerprints, repeated_ids, repeated_rows

ROWS = st.lists(st.tuples(*[st.sampled_from(["a", "b", "", None])] * 3), max_size=25)


def table(rows: Sequence[tuple[str | None, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ([], [], [])
    return pa.table([pa.array(column, pa.string()) for column in columns], names=["p", "q", "r"])


@given(ROWS, ROWS, st.booleans())
def test_brute_force_agrees(first: list, second: list, all_suspect: bool) -> None:
    """Across files, whatever the fingerprint lets through; the first copy stays."""
    rows = [tuple(cell for cell in row) for row in first + second]
    seen: set[tuple] = set()
    want = [row in seen or bool(seen.add(row)) for row in rows]
    marks = [0 if all_suspect else hash(row) for row in rows]
    fingerprint = np.array(marks, np.int64).view(np.uint64)
    assert repeated_rows([table(first), table(second)], fingerprint).tolist() == want


def test_columns_one_file_lacks_count_as_empty() -> None:
    narrow, wide = pa.table({"p": ["a", "b"]}), pa.table({"p": ["a", "b"], "q": [None, "x"]})
    assert repeated_rows([narrow, wide], np.zeros(4, np.uint64)).tolist() == [
        False,
        False,
        True,
        False,
    ]


def test_cells_that_are_lists_are_compared_too() -> None:
    files = [pa.table({"p": [["a", "b"], ["a"], None, ["a", "b"]]})]
    assert repeated_rows(files, np.zeros(4, np.uint64)).tolist() == [False, False, False, True]


def test_ids_repeat_across_files_and_an_empty_one_never() -> None:
    files = [
        pa.chunked_array([pa.array(["0012", None, "12"])]),
        pa.chunked_array([pa.array([None, "0012"])]),
    ]
    assert repeated_ids(files).tolist() == [False, False, False, False, True]


def test_fingerprints_tell_rows_apart() -> None:
    """Neighbouring values, swapped columns and both zeros all differ; equal rows do not."""
    first = np.array([1.0, 2.0, 1.0, 0.0, -0.0, np.nan, np.nan])
    second = np.array([2, 1, 2, 0, 0, 0, 0])
    marks = fingerprints(first, second)
    assert marks[0] == marks[2]
    assert marks[5] == marks[6]
    assert len(set(marks.tolist())) == 5
