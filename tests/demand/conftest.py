"""A small town for the tests of demand: streets every 100 m, five by five junctions."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import CRS

from optimizer.calls import Calls
from optimizer.demand import DemandSettings, Shifts
from optimizer.roads import NetworkReport, RoadNetwork

PLANE = CRS("EPSG:32649")


def calls_at(x_m, y_m, time="2014-06-01T12:00", has_time=True, category=0, categories=("theft",)):
    """Calls at places; every other argument may be one value or one per call."""
    n = len(x_m)
    return Calls(
        np.asarray(x_m, float),
        np.asarray(y_m, float),
        np.broadcast_to(np.asarray(time, "M8[m]"), n),
        np.broadcast_to(has_time, n),
        np.broadcast_to(np.asarray(category, np.int32), n),
        categories,
    )


@pytest.fixture
def shifts() -> Shifts:
    return Shifts.from_settings(DemandSettings())


@pytest.fixture
def network() -> RoadNetwork:
    """Node "r-c" stands at x = 100 c, y = 100 r; arcs form one ring through all nodes."""
    row, column = np.divmod(np.arange(25), 5)
    tail = np.arange(25)
    report = NetworkReport("town", 0, {}, 0, 25, 25, 1, 1.0, 25, 25, 2.5, {}, {}, ())
    return RoadNetwork(
        node_ids=np.array([f"{r}-{c}" for r, c in zip(row, column, strict=True)], object),
        x_m=100.0 * column,
        y_m=100.0 * row,
        tail=tail,
        head=np.roll(tail, -1),
        travel_ms=np.full(25, 1000),
        length_m=np.full(25, 100.0),
        line=np.zeros(25, int),
        lines=np.array([None], object),
        line_name=np.array([""], object),
        line_class=np.array([""], object),
        line_speed_kph=np.array([36.0]),
        crs=PLANE,
        report=report,
    )
