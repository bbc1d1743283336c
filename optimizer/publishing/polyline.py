"""Polyline text: lines of coordinates in about five characters a vertex.

The format is Google's encoded polyline algorithm at 1e-5 degree (about one metre): each coordinate
is the difference from the one before, zigzag coded, cut into groups of five bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

UNITS_PER_DEGREE = 100_000


def encode(lines: Sequence[NDArray[np.float64]]) -> list[str]:
    """Encode many lines at once.

    Parameters
    ----------
    lines
        Longitude and latitude in degrees, each of shape (k, 2) with k >= 0.

    Returns
    -------
    One text for each line, latitude before longitude as the format wants it.
    """
    if not lines:
        return []
    vertices = np.array([len(line) for line in lines], dtype=np.int64)
    start = np.concatenate(([0], np.cumsum(vertices)))
    units = np.rint(np.concatenate(lines).reshape(-1, 2)[:, ::-1] * UNITS_PER_DEGREE).astype(
        np.int64
    )
    step = np.diff(units, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    first = start[:-1][vertices > 0]
    step[first] = units[first]
    text, length = _characters(((step << 1) ^ (step >> 63)).ravel())
    end = np.concatenate(([0], np.cumsum(length)))[2 * start].tolist()
    return [text[a:b] for a, b in pairwise(end)]


def _characters(numbers: NDArray[np.int64]) -> tuple[str, NDArray[np.int64]]:
    """Write numbers >= 0 in groups of five bits, lowest first; return the text and each length."""
    groups = 7
    shifts = 5 * np.arange(groups)
    bits = (numbers[:, None] >> shifts) & 31
    length = np.maximum(groups - np.argmax(bits[:, ::-1] > 0, axis=1), 1)
    length[numbers == 0] = 1
    place = np.arange(groups)
    more = place < length[:, None] - 1
    codes = (bits + 32 * more + 63).astype(np.uint8)
    return codes[place < length[:, None]].tobytes().decode("ascii"), length
