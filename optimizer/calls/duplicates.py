"""Rows handed in twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_SIFT_BITS = 24


def repeated_rows(tables: Sequence[pa.Table], fingerprint: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Find rows that equal an earlier row in every cell, across files.

    Comparing whole rows of text is slow, so only rows that share a fingerprint are compared.

    Parameters
    ----------
    tables
        The files; columns one file lacks count as empty.
    fingerprint
        uint64[n] over all rows, equal for equal rows.

    Returns
    -------
    numpy.ndarray
        bool[n], True for every copy but the first.
    """
    suspects = np.flatnonzero(_shared(fingerprint))
    repeated = np.zeros(len(fingerprint), bool)
    if not len(suspects):
        return repeated
    columns = dict.fromkeys(name for table in tables for name in table.column_names)
    group = np.zeros(len(suspects), np.int64)
    for name in columns:
        codes = _codes([_cells(table, name) for table in tables], suspects)
        group = np.unique(group * (int(codes.max()) + 1) + codes, return_inverse=True)[1]
    first = np.unique(group, return_index=True)[1]
    copies = np.ones(len(suspects), bool)
    copies[first] = False
    repeated[suspects[copies]] = True
    return repeated


def repeated_ids(columns: Sequence[pa.ChunkedArray]) -> NDArray[np.bool_]:
    """Find rows whose id stands in an earlier row, across files; an empty id is none."""
    rows = np.arange(sum(len(column) for column in columns))
    codes = _codes(columns, rows)
    repeated = np.ones(len(codes), bool)
    repeated[np.unique(codes, return_index=True)[1]] = False
    return repeated & (codes > 0)


def fingerprints(*columns: NDArray[np.generic]) -> NDArray[np.uint64]:
    """Mix columns of eight-byte values into one uint64 per row (splitmix64)."""
    mixed = np.zeros(len(columns[0]), np.uint64)
    for column in columns:
        mixed += column.view(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(30)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
        mixed *= np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return mixed


def _shared(fingerprint: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which rows may have a fingerprint that occurs more than once; never misses one.

    A table of the low bits of the repeated fingerprints sifts nearly all others out without a
    search.
    """
    ordered = np.sort(fingerprint)
    repeated = ordered[1:][ordered[1:] == ordered[:-1]]
    low_bits = np.uint64((1 << _SIFT_BITS) - 1)
    sift = np.zeros(1 << _SIFT_BITS, bool)
    sift[repeated & low_bits] = True
    possible: NDArray[np.bool_] = sift[fingerprint & low_bits]
    return possible


def _cells(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name not in table.column_names:
        return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])
    column = table[name]
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        cells = [None if cell is None else repr(cell) for cell in column.to_pylist()]
        return pa.chunked_array([pa.array(cells, pa.string())])
    return column.cast(pa.string())


def _codes(columns: Sequence[pa.ChunkedArray], rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """Give equal cells equal numbers from 1 on, and 0 to empty ones."""
    joined = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    coded = joined.take(pa.array(rows)).dictionary_encode().combine_chunks()
    return np.asarray(coded.indices.fill_null(-1), dtype=np.int64) + 1
