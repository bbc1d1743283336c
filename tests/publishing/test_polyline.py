"""Polyline text against the published example and a slow decoder written from the definition."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optimizer.publishing.polyline import encode


def decode(text: str) -> list[tuple[int, int]]:
    """Read (latitude, longitude) in units of 1e-5 degree, one character after the other."""
    numbers, value, shift = [], 0, 0
    for character in text:
        bits = ord(character) - 63
        value |= (bits % 32) << shift
        shift += 5
        if bits < 32:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value, shift = 0, 0
    steps = np.array(numbers, dtype=int).reshape(-1, 2)
    return [(int(lat), int(lon)) for lat, lon in steps.cumsum(axis=0)]


def test_the_example_of_the_published_algorithm() -> None:
    line = np.array([(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)])
    assert encode([line]) == ["_p~iF~ps|U_ulLnnqC_mqNvxq`@"]


def test_nothing_gives_nothing_and_an_empty_line_an_empty_text() -> None:
    empty = np.empty((0, 2))
    point = np.array([(0.0, 0.0)])
    assert encode([]) == []
    assert encode([empty, point, empty, point, empty]) == ["", "??", "", "??", ""]


degrees = st.floats(-180, 180, width=64)
lines = arrays(np.float64, st.tuples(st.integers(0, 6), st.just(2)), elements=degrees)


@given(st.lists(lines, max_size=6))
def test_decoding_gives_every_line_back_to_a_metre(many: list[np.ndarray]) -> None:
    for line, text in zip(many, encode(many), strict=True):
        wanted = [(int(lat), int(lon)) for lon, lat in np.rint(line * 1e5)]
        assert decode(text) == wanted
