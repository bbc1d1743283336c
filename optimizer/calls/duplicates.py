"""Rows handed in twice, and calls reported twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_HASH_BITS = 38
_TIME_BITS = 26  # minutes: 127 years


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


def repeat_reports(
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    minute: NDArray[np.int64],
    category: NDArray[np.int32],
    within: tuple[float, float],
) -> NDArray[np.bool_]:
    """Find calls that report what an earlier one did: same category, near in place and time.

    Any two places within r of each other share a cell in one of four grids of width 2r, each
    shifted by r; within a cell the calls are sorted by time and each is compared with those
    shortly before it until one matches.

    Parameters
    ----------
    x_m, y_m
        float64[n], metres.
    minute
        int64[n], any origin.
    category
        int32[n].
    within
        Metres and minutes, both inclusive.

    Returns
    -------
    numpy.ndarray
        bool[n], True for every report but the first of a chain; of equal minutes the earlier row
        comes first.
    """
    metres, minutes = within
    found = np.zeros(len(x_m), bool)
    if len(x_m) < 2:
        return found
    clock = (minute - minute.min()).astype(np.uint64)
    for shift_x, shift_y in ((0, 0), (1, 0), (0, 1), (1, 1)):
        cell_x = np.floor((x_m / metres + shift_x) / 2).astype(np.int64)
        cell_y = np.floor((y_m / metres + shift_y) / 2).astype(np.int64)
        cell = fingerprints(cell_x, cell_y, category.astype(np.int64))
        key = (cell >> np.uint64(64 - _HASH_BITS) << np.uint64(_TIME_BITS)) | clock
        order = np.argsort(key, kind="stable")
        _match_in_order(found, order, key[order], (x_m, y_m, category), (metres, minutes))
    return found


def _match_in_order(
    found: NDArray[np.bool_],
    order: NDArray[np.intp],
    key: NDArray[np.uint64],
    attributes: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32]],
    within: tuple[float, float],
) -> None:
    """Mark calls with a match among those shortly before them in the same cell."""
    x_m, y_m, category = attributes
    metres, minutes = within
    back = 1
    active = np.arange(back, len(order))
    while len(active):
        near = key[active] - key[active - back] <= np.uint64(minutes)
        active = active[near & ~found[order[active]]]
        late, early = order[active], order[active - back]
        gap = np.hypot(x_m[late] - x_m[early], y_m[late] - y_m[early])
        same = (gap <= metres) & (category[late] == category[early])
        found[late[same]] = True
        active = active[~same]
        back += 1
        active = active[active >= back]


def _shared(fingerprint: NDArray[np.uint64]) -> NDArray[np.bool_]:
    order = np.argsort(fingerprint)
    sorted_ = fingerprint[order]
    equal = sorted_[1:] == sorted_[:-1]
    shared = np.zeros(len(fingerprint), bool)
    shared[order[1:][equal]] = True
    shared[order[:-1][equal]] = True
    return shared


def _cells(table: pa.Table, name: str) -> pa.ChunkedArray:
    if name in table.column_names:
        return table[name].cast(pa.string())
    return pa.chunked_array([pa.nulls(table.num_rows, pa.string())])


def _codes(columns: Sequence[pa.ChunkedArray], rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """Give equal cells equal numbers from 1 on, and 0 to empty ones."""
    joined = pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string())
    coded = joined.take(pa.array(rows)).dictionary_encode().combine_chunks()
    return np.asarray(coded.indices.fill_null(-1), dtype=np.int64) + 1
