"""Where a call is, and the one reason why it is nowhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from optimizer.calls import Area
from optimizer.calls.placing import Placed, place_calls, place_nodes
from optimizer.places import PlaceSource, SourceTable, project
from optimizer.places.coordinates import CoordinateColumns, read_coordinates

from .conftest import CITY_CRS


def place(area: Area, *pairs: tuple[str | None, str | None]) -> Placed:
    east, north = zip(*pairs, strict=True)
    table = pa.table({"lon": pa.array(east, pa.string()), "lat": pa.array(north, pa.string())})
    columns = CoordinateColumns("degrees", ("lon", "lat"))
    source = SourceTable(Path("calls.csv"), table)
    coordinates = read_coordinates(source, columns, PlaceSource(path="calls.csv"), CITY_CRS)
    return place_calls(coordinates, CITY_CRS, area)


def reason_of(placed: Placed) -> list[str | None]:
    return [
        next((reason for reason, rows in placed.reasons.items() if rows[row]), None)
        for row in range(len(placed.x_m))
    ]


def test_every_kind_of_bad_place_has_its_reason(area: Area) -> None:
    placed = place(
        area,
        ("111.47", "27.24"),
        ("27.24", "111.47"),  # swapped
        (None, "27.24"),
        ("0", "0.000"),
        ("不详", "27.24"),
        ("1147", "27.24"),
        ("113.0", "28.2"),  # Changsha
        ("0", "27.24"),
    )
    assert reason_of(placed) == [
        None,
        None,
        "no_coordinates",
        "zero_coordinates",
        "bad_coordinates",
        "bad_coordinates",
        "out_of_area",
        "out_of_area",
    ]
    assert placed.swapped.tolist() == [False, True, *[False] * 6]
    np.testing.assert_allclose(placed.x_m[1], placed.x_m[0])
    np.testing.assert_allclose(placed.y_m[:1], project(111.47, 27.24, CITY_CRS)[1])
    assert np.isnan(placed.x_m[2:]).all()


NUMBER = st.one_of(
    st.none(), st.floats(-200, 200).map(str), st.sampled_from(["0", "x", "111.4", "27.2"])
)


@given(st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=12))
def test_a_call_is_placed_or_has_a_reason(pairs) -> None:
    area = Area.around(*project([111.3, 111.6], [27.1, 27.4], CITY_CRS), margin_m=500.0)
    placed = place(area, *pairs)
    without_reason = np.array([reason is None for reason in reason_of(placed)])
    np.testing.assert_array_equal(without_reason, area.contains(placed.x_m, placed.y_m))


def test_nodes() -> None:
    nodes = np.array(["7", None, "8"], dtype=object)
    placed = place_nodes(nodes, np.array([1.0, np.nan, np.nan]), np.array([2.0, np.nan, np.nan]))
    assert reason_of(placed) == [None, "no_coordinates", "unknown_node"]


def test_the_edge_of_the_area_is_in() -> None:
    area = Area.around([0.0, 10.0], [0.0, 10.0], margin_m=1.0)
    inside = area.contains(np.array([-1.0, 11.0, 11.1, np.nan]), np.array([-1.0, 11.0, 0.0, 0.0]))
    assert inside.tolist() == [True, True, False, False]
