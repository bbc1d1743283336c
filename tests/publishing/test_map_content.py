"""What may be on a map, and where it opens."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from optimizer.errors import InputError
from optimizer.publishing import MapCells, MapContent, MapRoads


def test_it_opens_on_platforms_and_calls(town: MapContent) -> None:
    """Cells end at column 6 (0.014) and row 5 (0.012); the eastern platform lies at 0.015."""
    assert town.bounds() == pytest.approx((0.0, 0.0, 0.015, 0.012))


def test_without_either_it_opens_on_what_there_is(town: MapContent) -> None:
    bare = MapContent(
        title="", language="en", as_of=town.as_of, window_start=town.window_start,
        window_end=town.window_end, roads=town.roads,
    )  # fmt: skip
    assert bare.bounds() == pytest.approx((0.0, 0.0, 0.02, 0.02))
    with pytest.raises(InputError, match="nothing can be drawn"):
        replace(bare, roads=MapRoads()).bounds()


def test_all_faults_are_told_at_once(town: MapContent) -> None:
    first, second = town.platforms
    swapped = replace(first, lon=44.9, lat=-93.2)
    unknown = replace(second, status="closed")
    road = MapRoads((np.array([(0.0, float("nan"))]),), (0,))
    with pytest.raises(InputError) as caught:
        replace(town, platforms=(swapped, unknown), roads=road)
    status, line, place = caught.value.faults
    assert status == "platform 'Market' has the status 'closed': use one of new, kept, moved"
    assert line.startswith("road line 0 lies at longitude 0.0, latitude nan")
    assert place.startswith("platform 'Depot' lies at longitude 44.9, latitude -93.2")


def test_roads_and_cells_check_their_columns() -> None:
    line = np.zeros((2, 2))
    with pytest.raises(InputError, match="1 road lines but 2 road classes"):
        MapRoads((line,), (0, 1))
    with pytest.raises(InputError, match="no road class 7"):
        MapRoads((line,), (7,))
    with pytest.raises(InputError, match="1 rows, 0 columns and 1 counts"):
        MapCells(row=(1,), calls=(1,))
    with pytest.raises(InputError, match="both must be above 0"):
        MapCells(step_lon=0)
