"""Small named cities for the siting tests."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from optimizer.siting import SitingProblem

from .small_problems import problem_of

Build = Callable[..., SitingProblem]


@pytest.fixture
def riverside() -> SitingProblem:
    """Three streets on a river: S1 alone is busiest, but S0 and S2 together leave nobody out.

    S0 covers D0 D1 (5 + 4), S1 covers D1 D2 (4 + 6), S2 covers D2 D3 (6 + 3).
    One platform: S1 with 10. Two: S0 and S2 with 18 = everybody; greedy gets 15.
    """
    return problem_of([{0, 1}, {1, 2}, {2, 3}], [5, 4, 6, 3], 2)


@pytest.fixture
def planar() -> Build:
    """Sites and customers at random in a square, as in the planar family of the literature."""

    def build(points: int, sites: int, radius: float, count: int, seed: int = 1) -> SitingProblem:
        rng = np.random.default_rng(seed)
        where = rng.uniform(0, 30, (sites, 2))
        customers = rng.uniform(0, 30, (points, 2))
        weight = rng.integers(1, 101, points)
        distance = np.hypot(*(where[:, None, :] - customers[None, :, :]).transpose(2, 0, 1))
        return problem_of([set(np.flatnonzero(row <= radius)) for row in distance], weight, count)

    return build
