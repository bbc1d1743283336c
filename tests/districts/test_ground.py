"""The ground refuses what is not one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from .towns import street


def test_arrays_are_its_own_and_cannot_be_written() -> None:
    calls = np.ones(3)
    ground = street(calls, [0, 2])
    calls[0] = 9
    assert ground.calls[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        ground.calls[0] = 9


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"calls": [1, 2]}, "handling_s has shape"),
        ({"calls": [1, -1, 1]}, "calls must be finite and not negative"),
        ({"travel_s": np.full((2, 3), np.inf)}, "travel_s must be finite and not negative"),
        ({"seed": [1, 1]}, "two platforms stand on one unit"),
        ({"seed": [0, 3]}, "seed must name units 0 to 2"),
        ({"group_of_unit": [0, 1, 1]}, "each with a platform"),
        ({"group_of_unit": [1, 1, 1], "group_of_platform": [1, 0]}, "unit of another group"),
        ({"neighbour": [1, 2, 2, 1]}, "must be mutual"),
        ({"indptr": [0, 0, 0, 0], "neighbour": []}, "cut off from all platforms"),
    ],
)
def test_faults(changes: dict[str, object], sentence: str) -> None:
    ground = street([1, 1, 1], [0, 2])
    with pytest.raises(ValueError, match=sentence):
        dataclasses.replace(ground, **changes)
