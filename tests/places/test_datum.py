"""The shift of Chinese maps: right to published values, undone exactly, mainland only."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.places.datum import Datum, from_wgs84, to_wgs84
from optimizer.places.mainland import on_mainland

GEOD = pyproj.Geod(ellps="WGS84")

# lon, lat; border towns stand for the border
MAINLAND = {
    "Guangzhou": (113.2644, 23.1291), "Shaoyang": (111.47, 27.24), "Beijing": (116.397, 39.908),
    "Bao'an": (113.8831, 22.5533), "Shekou": (113.915, 22.482), "Futian port": (114.068, 22.5225),
    "Luohu port": (114.1137, 22.5335), "Shatoujiao": (114.23, 22.557), "Yantian": (114.27, 22.58),
    "Gongbei": (113.5497, 22.219), "Hengqin": (113.53, 22.13), "Xiamen": (118.09, 24.48),
    "Pingtan": (119.79, 25.5), "Zhoushan": (122.2, 30.0), "Haikou": (110.33, 20.03),
    "Sanya": (109.51, 18.25), "Dandong": (124.39, 40.13), "Heihe": (127.52, 50.245),
    "Dongxing": (107.97, 21.545), "Hekou": (103.96, 22.512), "Kashgar": (75.99, 39.47),
    "Manzhouli": (117.45, 49.6), "Erenhot": (111.97, 43.65), "Ruili": (97.85, 24.01),
}  # fmt: skip
ELSEWHERE = {
    "Hong Kong Central": (114.158, 22.281), "Sheung Shui": (114.127, 22.502),
    "Lo Wu": (114.1133, 22.5285), "Lok Ma Chau": (114.0655, 22.5135), "Macau": (113.543, 22.198),
    "Coloane": (113.565, 22.12), "Taipei": (121.565, 25.033), "Kaohsiung": (120.3, 22.63),
    "Kinmen": (118.32, 24.44), "Matsu": (119.94, 26.16), "Hanoi": (105.85, 21.03),
    "Mong Cai": (107.966, 21.525), "Lao Cai": (103.97, 22.485), "Seoul": (126.98, 37.57),
    "Pyongyang": (125.75, 39.03), "Ulaanbaatar": (106.9, 47.9), "Kathmandu": (85.32, 27.72),
    "Vladivostok": (131.9, 43.1), "Almaty": (76.9, 43.25), "Minneapolis": (-93.27, 44.98),
}  # fmt: skip


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_gcj02_of_published_places(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    """Reference values of the eviltransform project, computed there by other code."""
    np.testing.assert_allclose(from_wgs84(*wgs84, "gcj02"), gcj02, rtol=0, atol=1e-11)
    np.testing.assert_allclose(to_wgs84(*gcj02, "gcj02"), wgs84, rtol=0, atol=1e-11)


def test_the_shift_in_guangzhou_is_621_metres() -> None:
    lon, lat = MAINLAND["Guangzhou"]
    assert round(GEOD.inv(lon, lat, *from_wgs84(lon, lat, "gcj02"))[2]) == 621


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("place", MAINLAND)
def test_the_mainland_moves(place: str, datum: Datum) -> None:
    lon, lat = MAINLAND[place]
    assert 200 < GEOD.inv(lon, lat, *from_wgs84(lon, lat, datum))[2] < 2000


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
@pytest.mark.parametrize("place", ELSEWHERE)
def test_nobody_else_moves(place: str, datum: Datum) -> None:
    assert from_wgs84(*ELSEWHERE[place], datum) == ELSEWHERE[place]
    assert to_wgs84(*ELSEWHERE[place], datum) == ELSEWHERE[place]


@given(st.floats(103, 118), st.floats(25, 39), st.sampled_from(["gcj02", "bd09"]))
def test_there_and_back_is_nowhere_else(lon: float, lat: float, datum: Datum) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert GEOD.inv(lon, lat, *back)[2] < 1e-7


def test_arrays_keep_their_shape_and_are_copied() -> None:
    lon, lat = np.array([113.2, np.nan, -93.0]), np.array([23.1, 23.1, 45.0])
    before = lon.copy()
    moved = to_wgs84(lon, lat, "gcj02")
    np.testing.assert_array_equal(lon, before)
    assert moved[0].shape == (3,)
    assert np.isnan(moved[0][1])
    assert moved[0][2] == -93.0


def test_nowhere_is_not_on_the_mainland() -> None:
    assert not on_mainland(np.array([np.nan, np.inf, 1e9]), np.array([30.0, 30.0, 30.0])).any()
