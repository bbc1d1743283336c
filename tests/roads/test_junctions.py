"""Where lines are cut and joined: through-running lines, bridges, node ids, drawing direction."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from optimizer.errors import InputError

EAST = [(0, 0), (100, 0), (200, 0)]


def test_through_lines_are_cut_where_they_share_a_vertex(read_streets: Any) -> None:
    """TIGER's way: an avenue crosses two streets in inner vertices, and a lane ends on it."""
    avenue = [(0, 0), (100, 0), (200, 0), (300, 0), (400, 0)]
    streets = [[(x, -100), (x, 0), (x, 100)] for x in (100, 200)]
    lane, near_miss = [(300, 0), (300, 100)], [(100, 50), (50, 50)]
    network = read_streets([avenue, *streets, lane, near_miss])
    assert network.report.lines_split == 3
    assert sorted(network.degree().tolist()) == [1] * 7 + [3, 4, 4]
    assert network.report.nodes_found == 12, "a street has no vertex at (100, 50): nothing joins"


def test_a_noded_file_is_not_cut_at_a_bridge(read_streets: Any) -> None:
    """A square of lines that end at its corners, and two roads over and under it."""
    square = [(0, 0), (0, 100), (100, 100), (100, 0), (0, 0)]
    sides = [list(side) for side in pairwise(square)]
    over = [(0, 0), (50, 50), (100, 100)]
    under = [(0, 100), (50, 50), (100, 0)]
    network = read_streets([*sides, over, under])
    assert network.report.lines_split == 0
    assert network.node_count == 4, "the bridge at (50, 50) is no junction"
    forced = read_streets([*sides, over, under], {"split": "always"})
    assert forced.node_count == 5
    assert forced.report.lines_split == 2


def test_a_dangling_end_joins_the_line_it_touches(read_streets: Any) -> None:
    """In a noded file a street that ends on another street's inner vertex is still a junction."""
    square = [(0, 0), (0, 100), (100, 100), (100, 0), (0, 0)]
    sides = [list(side) for side in pairwise(square)]
    bent = [(0, 0), (-50, -50), (-100, 0)]
    others = [[(-100, 0), (-100, 100)], [(-100, 100), (0, 100)]]
    stub = [(-50, -50), (-50, -150)]
    streets = [*sides, bent, *others, stub]
    assert read_streets(streets).report.lines_split == 1
    assert read_streets(streets, {"split": "never"}).report.lines_split == 0


def test_gaps_below_ten_centimetres_close(read_streets: Any) -> None:
    joined = read_streets([[(0, 0), (100, 0)], [(100.02, 0.01), (200, 0)]])
    assert joined.node_count == 3


def test_cut_lines_keep_names_speeds_and_length(read_streets: Any) -> None:
    network = read_streets(
        [EAST, [(100, 0), (100, 80)]], {"speed": "v"}, v=[36, 72], name=["Long Road", "Lane"]
    )
    assert sorted(network.length_m.tolist()) == pytest.approx(
        [80, 80, 100, 100, 100, 100], rel=1e-3
    )
    assert sorted(network.travel_ms.tolist()) == [4000, 4000] + [10_000] * 4
    middle = int(network.degree().argmax())
    assert network.streets_at([middle]) == ["Lane / Long Road"]


def test_node_ids_join_lines_whichever_way_they_are_drawn(read_streets: Any, ways: Any) -> None:
    """The lines a-b and b-c are drawn away from b; ids say how they hang together."""
    network = read_streets(
        [[(100, 0), (0, 0)], [(100, 0), (200, 0)], [(200, 0), (200, 100)]],
        u=["a", "b", "c"], v=["b", "c", "d"],
    )  # fmt: skip
    assert sorted(network.node_ids) == ["a", "b", "c", "d"]
    assert ((0, 0), (100, 0)) in ways(network)
    place = {node_id: (round(x - 500_000), round(y - 3_400_000)) for node_id, x, y in zip(
        network.node_ids, network.x_m, network.y_m, strict=True)}  # fmt: skip
    assert place == {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (200, 100)}


def test_a_one_way_line_with_ids_runs_from_u_to_v(read_streets: Any, ways: Any) -> None:
    """Whichever way it is drawn: u -> v is forward."""
    network = read_streets(
        [[(100, 0), (0, 0)], [(100, 0), (200, 0)], [(200, 0), (0, 0)]],
        u=[1, 2, 3], v=[2, 3, 1], oneway=["yes", "yes", "yes"],
    )  # fmt: skip
    assert set(ways(network)) == {((0, 0), (100, 0)), ((100, 0), (200, 0)), ((200, 0), (0, 0))}


def test_rows_that_stand_twice_are_one_arc_each(read_streets: Any, ways: Any) -> None:
    """A directed table without a one-way column: only the third side of the ring is one-way."""
    ring = [(0, 0), (100, 0), (100, 100)]
    u, v = [0, 1, 1, 2, 2], [1, 0, 2, 1, 0]
    network = read_streets([[ring[a], ring[b]] for a, b in zip(u, v, strict=True)], u=u, v=v)
    assert network.arc_count == 5
    assert (ring[0], ring[2]) not in ways(network)
    assert "each row is read as one way" in network.report.warnings[0]


def test_missing_node_ids_are_a_fault(read_streets: Any) -> None:
    with pytest.raises(InputError, match='1 node ids are missing in the columns "u" and "v"'):
        read_streets([[(0, 0), (1, 0)], [(1, 0), (2, 0)]], u=["a", None], v=["b", "c"])


def test_ids_by_place_do_not_depend_on_the_order_of_the_lines(read_streets: Any) -> None:
    streets = [[(0, 0), (100, 0)], [(100, 0), (200, 50)], [(200, 50), (0, 0)], [(0, 0), (0, 90)]]
    first, second = read_streets(streets), read_streets(streets[::-1])
    ids = [
        dict(zip(zip(n.x_m.round(2), n.y_m.round(2), strict=True), n.node_ids, strict=True))
        for n in (first, second)
    ]
    assert ids[0] == ids[1]
    assert sorted(first.node_ids) == ["1", "2", "3", "4"]
    order = np.lexsort((first.y_m, first.x_m))
    assert first.node_ids[order].tolist() == ["1", "2", "3", "4"], "by x, then y"
