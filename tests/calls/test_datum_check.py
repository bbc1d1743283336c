"""A wrong datum puts every call on the wrong street; the streets tell."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from optimizer.calls import Calls, datum_warning
from optimizer.places import LOCAL_CRS, Datum, from_wgs84, project, to_wgs84

GUANGZHOU = pyproj.CRS(32649)


def calls_at(lon: np.ndarray, lat: np.ndarray, crs: pyproj.CRS) -> Calls:
    n = len(lon)
    day = np.full(n, np.datetime64("2015-01-01", "m"))
    return Calls(*project(lon, lat, crs), day, np.zeros(n, bool), np.zeros(n, np.int32), ("a",))


def on_streets(n: int = 2000) -> tuple[np.ndarray, np.ndarray]:
    """Places in WGS-84 on streets that run north every 1,000 m of the plane."""
    rng = np.random.default_rng(0)
    x_m = 1000.0 * rng.integers(730, 740, n) + rng.uniform(-10, 10, n)
    y_m = rng.uniform(2_555_000, 2_565_000, n)
    return pyproj.Transformer.from_crs(GUANGZHOU, 4326, always_xy=True).transform(x_m, y_m)


def street_distance(x_m: np.ndarray, y_m: np.ndarray) -> np.ndarray:
    return np.abs(x_m - 1000.0 * np.round(x_m / 1000.0))


@pytest.mark.parametrize("true", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("stated", ["wgs84", "gcj02", "bd09"])
def test_the_true_datum_is_named_when_another_is_stated(true: Datum, stated: Datum) -> None:
    written = from_wgs84(*on_streets(), true)
    sentence = datum_warning(
        calls_at(*to_wgs84(*written, stated), GUANGZHOU), stated, GUANGZHOU, street_distance
    )
    if true == stated:
        assert sentence is None
    else:
        assert sentence is not None
        assert f'set datum = "{true}"' in sentence


def test_outside_china_every_datum_is_the_same() -> None:
    crs = pyproj.CRS(26915)
    calls = calls_at(np.full(10, -93.27), np.full(10, 44.98), crs)
    assert datum_warning(calls, "wgs84", crs, lambda x, _: np.full(len(x), 1000.0)) is None


def test_a_plane_without_a_place_on_earth_has_no_datum() -> None:
    calls = calls_at(np.zeros(1), np.zeros(1), LOCAL_CRS)
    assert datum_warning(calls, "wgs84", LOCAL_CRS, street_distance) is None
