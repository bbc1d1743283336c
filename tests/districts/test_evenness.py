"""Even loads behind a state that moves over borders cannot pass.

The county is Shitan of the embedded example: 625 units, two platforms in its town and one outside,
whose roads end in valleys. Searches from the best prices and the nearest division stop 20 % off.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimizer.districts import Ground, balanced_division, evaluate, evenness
from optimizer.districts.evenness import most_even

from .towns import is_connected, street


@pytest.fixture(scope="module")
def county() -> Ground:
    with np.load(Path(__file__).parent / "data" / "county.npz") as saved:
        arrays = dict(saved)
    units, platforms = len(arrays["calls"]), len(arrays["seed"])
    return Ground(**arrays, group_of_unit=np.zeros(units), group_of_platform=np.zeros(platforms))


def test_drawn_beginnings_get_past_it(county: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    found = most_even(county, 0.1)
    assert (found.tolerance, found.impossible_below) == (0.1, 0.0)
    assert evaluate(county, found.labels).spread <= 0.1
    assert is_connected(county, found.labels)
    assert (most_even(county, 0.1).labels == found.labels).all()
    monkeypatch.setattr(evenness, "MOST_DRAWS", 0)
    assert most_even(county, 0.1).tolerance > 0.2


def test_an_even_division_is_shortened_before_it_is_the_plans(county: Ground) -> None:
    even, division = most_even(county, 0.1), balanced_division(county, 0.1)
    assert division.tolerance == 0.1
    assert division.bound_s <= division.travel_s <= evaluate(county, even.labels).travel_s


def test_what_is_reached_and_what_is_impossible_meet_on_a_street() -> None:
    """The first has its own call and no way past the second."""
    found = most_even(street([1] * 6, [0, 1]), 0.1)
    assert found.tolerance - 0.001 <= found.impossible_below <= found.tolerance
