"""The plane in metres: chosen, checked, and the same as PROJ's."""

from __future__ import annotations

import numpy as np
import pyproj
import pyproj.aoi
import pyproj.database
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.errors import InputError
from optimizer.places.planar import (
    LOCAL_CRS,
    WGS84,
    is_local,
    planar_crs,
    project,
    transform,
    unproject,
)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [(-93.27, 44.98, 32615), (111.47, 27.24, 32649), (18.4, -33.9, 32734), (180.0, 10.0, 32660)],
)
def test_the_utm_zone_of_the_data_is_taken(lon: float, lat: float, code: int) -> None:
    assert planar_crs(None, [lon, np.nan], [lat, 1.0]).to_epsg() == code


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (114.0, 30.0),
        (-180.0, 10.0),
        (0.0, 0.0),
        (3.0, -0.1),
        (6.0, 60.0),
        (20.0, 78.0),
        (9.0, 84.0),
    ],
)
def test_the_zone_is_the_first_that_projs_own_tables_name(lon: float, lat: float) -> None:
    """Where zones meet, too; the exceptions of Norway and Svalbard are not EPSG's."""
    place = pyproj.aoi.AreaOfInterest(lon, lat, lon, lat)
    first = pyproj.database.query_utm_crs_info(datum_name="WGS 84", area_of_interest=place)[0]
    assert planar_crs(None, [lon], [lat]).to_epsg() == int(first.code)


def test_near_the_poles_there_is_no_zone() -> None:
    for lat in (84.1, -80.1):
        with pytest.raises(InputError, match="no UTM zone holds the data's middle"):
            planar_crs(None, [10.0], [lat])


def test_a_named_crs_must_be_a_plane_in_metres() -> None:
    assert planar_crs("EPSG:26915", [], []).to_epsg() == 26915
    for spec, fault in [
        ("EPSG:4326", "is in degrees"),
        ("ESRI:102696", "measures in US survey foot, not in metres"),
        ("EPSG:999999", "is not a coordinate reference system"),
        ("Minneapolis", "is not a coordinate reference system"),
    ]:
        with pytest.raises(InputError, match=fault):
            planar_crs(spec, [], [])


@pytest.mark.parametrize(
    ("spec", "lon", "lat", "length"),
    [
        ("EPSG:3857", -93.27, 44.98, "1.41"),  # Web Mercator: 1 / cos(45 degrees)
        ("EPSG:3395", 111.47, 27.24, "1.12"),  # World Mercator
        ("EPSG:32649", -93.27, 44.98, "1.04"),  # another continent's zone
        ("EPSG:26915", 0.0, 0.0, "inf"),  # a quarter of the Earth away
    ],
)
def test_a_named_plane_must_be_true_to_scale(
    spec: str, lon: float, lat: float, length: str
) -> None:
    """A length on it is what PROJ's geodesics say, within 2 %, or the UTM zone is advised."""
    zone = planar_crs(None, [lon], [lat]).to_string()
    with pytest.raises(InputError) as error:
        planar_crs(spec, [lon, np.nan], [lat, np.nan])
    assert f'a metre is {length} m long in "{spec}"' in str(error.value)
    assert f'write "{zone}"' in str(error.value)


@pytest.mark.parametrize(
    ("spec", "lon", "lat"),
    [
        ("EPSG:3857", 103.8, 1.35),  # Singapore: Web Mercator is right at the equator
        ("EPSG:26915", -93.27, 44.98),
        ("EPSG:32615", -96.8, 46.9),  # Fargo, just across the border of the zone
        ("EPSG:4547", 111.47, 27.24),  # CGCS2000, three degrees
        ("EPSG:5070", -80.2, 25.8),  # Albers: Miami's lengths are off by 1 %
    ],
)
def test_a_plane_that_is_true_where_the_data_lie_is_taken(
    spec: str, lon: float, lat: float
) -> None:
    crs = planar_crs(spec, [lon], [lat])
    assert crs.to_string() == spec
    x_m, y_m = project([lon, lon], [lat, lat + 0.01], crs)
    _, _, length_m = pyproj.Geod(ellps="WGS84").inv(lon, lat, lon, lat + 0.01)
    assert float(np.hypot(*np.diff([x_m, y_m])[:, 0])) == pytest.approx(length_m, rel=0.02)


def test_without_name_and_place_there_is_no_plane() -> None:
    with pytest.raises(InputError, match=r"study\.crs: it is not set"):
        planar_crs(None, [np.nan], [np.nan])
    with pytest.raises(InputError, match="no UTM zone"):
        planar_crs(None, [0.0], [89.9])


def test_the_local_plane_is_only_itself() -> None:
    assert is_local(LOCAL_CRS)
    assert not is_local(pyproj.CRS(26915))
    assert not is_local(WGS84)


@given(st.floats(-95, -91), st.floats(44, 46))
def test_projecting_is_undone(lon: float, lat: float) -> None:
    crs = pyproj.CRS(26915)
    np.testing.assert_allclose(unproject(*project(lon, lat, crs), crs), (lon, lat), atol=1e-9)


def test_feet_become_metres() -> None:
    """Missouri East in US feet: its meridian, 90.5 W, stands at 250,000 m = 820,208.333 ft."""
    lon, _ = transform([820_208.333], [500_000.0], pyproj.CRS("ESRI:102696"), WGS84)
    np.testing.assert_allclose(lon, [-90.5], atol=2e-5)


def test_what_has_no_place_is_nan_in_both() -> None:
    x_m, y_m = project([np.nan, -93.0, np.inf], [45.0, 45.0, 45.0], pyproj.CRS(26915))
    assert np.isnan(x_m).tolist() == np.isnan(y_m).tolist() == [True, False, True]
