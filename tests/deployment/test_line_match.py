"""Lines drawn on a map, and the roads that they mean."""

from __future__ import annotations

import pytest
import shapely

from optimizer.deployment.line_match import LineMatcher
from optimizer.deployment.street_ways import StreetWays

from .patrol_towns import town

GRID = town(6, 5)  # junction c + 6 r at (100 c, 100 r)


def matched(*points: tuple[float, float], network=GRID) -> tuple[int, ...]:
    return LineMatcher(StreetWays.over(network)).match(shapely.LineString(points))


def test_a_line_along_a_street() -> None:
    assert matched((0, 0), (500, 0)) == (0, 1, 2, 3, 4, 5)
    assert matched((500, 0), (0, 0)) == (5, 4, 3, 2, 1, 0)


def test_a_line_drawn_a_few_metres_beside_its_street_around_a_corner() -> None:
    assert matched((100, 112), (295, 108), (310, 300)) == (7, 8, 9, 15, 21)


def test_a_line_that_begins_and_ends_between_junctions_takes_the_nearer_ones() -> None:
    assert matched((30, 100), (370, 100)) == (6, 7, 8, 9, 10)


def test_a_block_is_driven_around() -> None:
    nodes = matched((100, 100), (300, 100), (300, 300), (100, 300), (100, 100))
    assert nodes == (7, 8, 9, 15, 21, 20, 19, 13, 7)


@pytest.mark.parametrize("line", [
    [(0, 5000), (500, 5000)],
    [(50, 50), (450, 50)],
    [(0, 0), (400, 400)],
])  # fmt: skip
def test_a_line_off_the_roads_is_none(line: list[tuple[float, float]]) -> None:
    assert matched(*line) == ()


def test_a_line_beyond_the_last_road_is_none() -> None:
    assert matched((400, 0), (900, 0)) == ()
    assert matched((0, 0), (540, 0)) == (0, 1, 2, 3, 4, 5)


def test_one_way_streets_are_driven_their_way() -> None:
    arcs = [(a, b, 20.0) for a, b in ((0, 1), (1, 2), (2, 5), (5, 4), (4, 3), (3, 0))]
    ring = town(3, 2, arcs)
    assert matched((0, 0), (200, 0), network=ring) == (0, 1, 2)
    assert matched((200, 0), (0, 0), network=ring) == ()
