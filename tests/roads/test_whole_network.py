"""All roads of a file, and their main part: what a fugitive may use beside where one plans."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from optimizer.errors import InputError
from optimizer.roads import (
    RoadNetwork,
    RoadsSettings,
    WholeNetwork,
    main_part,
    read_network,
    read_whole_network,
)

TOWN = [
    [(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 0)],
    [(100, 100), (300, 100)], [(900, 900), (950, 900)], [(0, 0), (40, 0), (40, 40), (0, 0)],
]  # fmt: skip
"""A triangle, a one-way road that leaves it, a road apart, and a loop at the first corner."""
WAYS = {"oneway": ["no", "no", "no", "yes", "no", "no"], "name": ["a", "b", "c", "d", "e", "f"]}


@pytest.fixture
def read_both(write_streets: Any) -> Any:
    """Write the town to a file and read it whole and as its main part."""

    def read(streets: Any = TOWN, **columns: Any) -> tuple[WholeNetwork, RoadNetwork]:
        path = write_streets(streets, **columns)
        settings = RoadsSettings(path=path.name)
        return (read_whole_network(settings, path.parent, "EPSG:32650"),
                read_network(settings, path.parent, "EPSG:32650"))  # fmt: skip

    return read


def assert_same(one: RoadNetwork, other: RoadNetwork) -> None:
    for field in dataclasses.fields(RoadNetwork):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if field.name == "lines":
            assert shapely.equals_exact(first, second).all()
        elif isinstance(first, np.ndarray):
            assert first.tolist() == second.tolist(), field.name
        else:
            assert first == second, field.name


def test_the_whole_has_what_the_main_part_leaves_out(read_both: Any) -> None:
    whole, main = read_both(**WAYS)
    assert (whole.node_count, whole.arc_count, len(whole.lines)) == (6, 9, 6)
    assert (main.node_count, main.arc_count, main.line_name.tolist()) == (
        3,
        6,
        ["a", "b", "c", "f"],
    )
    assert whole.report.length_km > main.report.length_km
    assert whole.report.main_share == main.report.main_share == 0.5
    assert not whole.report.warnings
    assert "only 50% of the road nodes" in main.report.warnings[0]


def test_the_one_way_road_out_is_there_and_has_no_way_back(read_both: Any) -> None:
    whole, main = read_both(**WAYS)
    [line] = np.flatnonzero(whole.line_name == "d")
    [arc] = np.flatnonzero(whole.line == line)
    assert whole.tail[arc] < main.node_count <= whole.head[arc]
    assert whole.line_ends[line].tolist() == [whole.tail[arc], whole.head[arc]]
    assert whole.line_length_m[line] == pytest.approx(200, rel=1e-3)


def test_nodes_have_one_number_and_one_id_in_both(read_both: Any) -> None:
    whole, main = read_both(**WAYS)
    assert whole.nodes_of(main.node_ids).tolist() == list(range(main.node_count))
    assert whole.x_m[: main.node_count].tolist() == main.x_m.tolist()
    assert main.nodes_of(["no such node", *whole.node_ids[3:]]).tolist() == [-1] * 4


def test_the_main_part_of_the_whole_is_what_is_read(read_both: Any) -> None:
    whole, main = read_both(**WAYS)
    assert_same(main_part(whole), main)


def test_of_equal_parts_the_same_one_is_taken(read_both: Any) -> None:
    """Two roads apart, both strongly connected and of two nodes."""
    whole, main = read_both([[(0, 0), (100, 0)], [(500, 500), (600, 500)]])
    assert main.node_count == 2
    assert whole.node_ids[:2].tolist() == main.node_ids.tolist()
    assert_same(main_part(whole), main)


def test_roads_out_and_never_back_are_whole_but_have_no_main_part(write_streets: Any) -> None:
    path = write_streets([[(0, 0), (100, 0)], [(100, 0), (200, 0)]], oneway=["yes", "yes"])
    settings = RoadsSettings(path=path.name)
    whole = read_whole_network(settings, path.parent, "EPSG:32650")
    assert (whole.node_count, whole.arc_count) == (3, 2)
    with pytest.raises(InputError, match="no two places of the roads can be reached"):
        main_part(whole)


def test_lines_need_ends_and_lengths(read_both: Any) -> None:
    whole, _ = read_both(**WAYS)
    for changes in ({"line_ends": whole.line_ends[:2]}, {"line_length_m": [1.0]}):
        with pytest.raises(ValueError, match="6 lines of a road network need two ends"):
            dataclasses.replace(whole, **changes)
    with pytest.raises(ValueError, match="read-only"):
        whole.line_ends[0] = 1
    with pytest.raises(ValueError, match="tail of a road network must lie between"):
        dataclasses.replace(whole, tail=whole.tail + 99)


@pytest.mark.realdata
def test_minneapolis_has_roads_that_leave_the_data(shared: Path) -> None:
    settings = RoadsSettings(
        path="street_centerline.gpkg", oneway="ONEWAY", speed="SPEED_LIM", speed_unit="mph"
    )
    folder = shared / "data" / "minneapolis"
    whole = read_whole_network(settings, folder, "EPSG:26915")
    main = read_network(settings, folder, "EPSG:26915")
    assert (whole.node_count, main.node_count) == (8228, 8169)
    assert_same(main_part(whole), main)
    assert whole.nodes_of(main.node_ids).tolist() == list(range(8169))
