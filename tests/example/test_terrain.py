"""The ground: frames turn into each other and the river runs where the plan says."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from optimizer.example.terrain import ORIGIN_LAT, ORIGIN_LON, Terrain, to_lonlat

TERRAIN = Terrain.drawn(5000.0, 4000.0, 6000.0, np.random.default_rng(5))


@given(st.floats(-2e4, 2e4), st.floats(-2e4, 2e4))
def test_turning_back_is_the_identity(x: float, y: float) -> None:
    assert TERRAIN.frame(*TERRAIN.turned(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(st.floats(-6000, 6000))
def test_the_axis_of_the_plan_is_the_middle_of_the_river(v: float) -> None:
    x, y = TERRAIN.bent(0.0, v)
    assert float(x) == pytest.approx(float(TERRAIN.river(y)), abs=1e-6)
    assert shapely.contains_xy(TERRAIN.water(), float(x), float(y))


def test_riverside_roads_are_dry() -> None:
    for side in (-260.0, 260.0):
        x, y = TERRAIN.bent(side, np.linspace(-5000, 5000, 300))
        assert not shapely.contains_xy(TERRAIN.water().buffer(15), x, y).any()


def test_bending_folds_nothing() -> None:
    """The map of the plan keeps its orientation: no street crosses itself."""
    u, v = np.meshgrid(np.linspace(-4000, 6000, 120), np.linspace(-5000, 5000, 120))
    x, y = TERRAIN.bent(u, v)
    du, dv = np.gradient(x), np.gradient(y)
    assert (du[1] * dv[0] - du[0] * dv[1] > 0).all()


def test_the_origin_lies_where_it_says() -> None:
    assert to_lonlat(*TERRAIN.turned(0.0, 0.0)) == (ORIGIN_LON, ORIGIN_LAT)
