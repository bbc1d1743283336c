"""The time line of a drill: order, times and routes, by hand and on random streets."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimizer.checkpoints import (
    DRILL_COLUMNS,
    Drill,
    DrillPost,
    StreetGraph,
    Units,
    graph_of_arcs,
    plan_drill,
)


def streets(arcs: list[tuple[int, int, float]], nodes: int, *, oneway: bool = False) -> StreetGraph:
    ways = arcs if oneway else [*arcs, *((head, tail, s) for tail, head, s in arcs)]
    tail, head, seconds = zip(*ways, strict=True)
    return graph_of_arcs(nodes, np.array(tail), np.array(head), np.array(seconds, float))


def cars(*groups: tuple[str, int, int, float]) -> Units:
    """Groups of id, node, capacity and seconds until ready."""
    ids, node, capacity, ready_s = zip(*groups, strict=True)
    return Units(ids, ids, node, capacity, ("car",) * len(ids), ready_s)  # type: ignore[arg-type]


def junction(node: int, weight: float = 1.0) -> DrillPost:
    return DrillPost(f"p{node}", f"Post {node}", "junction", (node,), weight)


ROW = streets([(node, node + 1, 60.0) for node in range(5)], 6)
"""Six junctions in a row, a minute apart."""


def test_a_row_of_junctions_by_hand() -> None:
    """Two cars at the west end, one in the east: the road post is closed from its nearer end."""
    road = DrillPost("r", "", "road", (1, 2))
    drill = plan_drill(
        {"car": ROW}, [junction(5), road, junction(0)], cars(("W", 0, 2, 0), ("E", 4, 1, 30)),
        turnout_s=10, setup_s=120,
    )  # fmt: skip
    assert [(move.post.post_id, drill.units.ids[move.unit]) for move in drill.moves] == [
        ("p0", "W#1"), ("r", "W#2"), ("p5", "E"),
    ]  # fmt: skip
    last = drill.moves[2]
    assert (last.depart_s, last.arrive_s, last.closed_s) == (40, 100, 220)
    assert drill.moves[1].nodes == (0, 1)
    assert drill.moves[1].passed_s == (10, 70)
    assert drill.moves[0].nodes == (0,), "it stands there already"
    assert drill.complete
    assert (drill.latest_s, drill.total_s) == (220, 130 + 190 + 220)


def test_a_far_unit_goes_to_the_far_post_so_that_the_last_is_soonest() -> None:
    """The car at 2 is nearest to both posts, yet closes the one that the car at 0 is far from."""
    drill = plan_drill(
        {"car": ROW}, [junction(3), junction(5)], cars(("A", 0, 1, 0), ("B", 2, 1, 0))
    )
    assert {move.post.post_id: drill.units.ids[move.unit] for move in drill.moves} == {
        "p3": "A", "p5": "B",
    }  # fmt: skip
    assert drill.latest_s == 180


def test_what_holds_the_last_post_up_is_named() -> None:
    """Before 120 s only the car at 2 is at either 3 or 4: a unit there would help, no other."""
    drill = plan_drill(
        {"car": ROW}, [junction(3), junction(4), junction(0)],
        cars(("A", 0, 2, 0), ("B", 2, 1, 0)), setup_s=30,
    )  # fmt: skip
    assert drill.latest_s == 210
    assert [post.post_id for post in drill.held_up] == ["p3", "p4"]
    assert drill.held_by == ("B",)


def test_what_stays_open_is_told_apart_from_what_nobody_reaches() -> None:
    """One car, one-way eastwards from 2: the post at 1 lies behind it."""
    row = streets([(node, node + 1, 60.0) for node in range(5)], 6, oneway=True)
    drill = plan_drill(
        {"car": row}, [junction(1), junction(3), junction(5, weight=2)], cars(("A", 2, 1, 0))
    )
    assert [move.post.post_id for move in drill.moves] == ["p5"]
    assert drill.moves[0].nodes == (2, 3, 4, 5)
    assert [post.post_id for post in drill.left_open] == ["p3"]
    assert [post.post_id for post in drill.out_of_reach] == ["p1"]
    assert not drill.complete
    assert (drill.held_up, drill.held_by) == ((), ())
    statuses = [row["status"] for row in drill.rows()]
    assert statuses == ["closed", "open: too few units", "open: no unit can drive there"]


def test_boats_close_what_lies_on_the_water() -> None:
    """Roads join 0 and 1, water joins 1 and 2: only the boat reaches the post in the stream."""
    graphs = {"car": streets([(0, 1, 60)], 3), "boat": streets([(1, 2, 30)], 3)}
    units = Units(("C", "B"), ("C", "B"), [0, 1], [5, 1], ("car", "boat"), [0, 0])  # type: ignore[arg-type]
    drill = plan_drill(graphs, [junction(2), junction(1)], units)  # type: ignore[arg-type]
    moves = {move.post.post_id: move for move in drill.moves}
    assert drill.units.ids[moves["p2"].unit] == "B"
    assert drill.units.ids[moves["p1"].unit] == "C#1"
    assert drill.units.count == 6, "those that stay are still listed"


def test_without_anybody_who_can_go_nothing_is_closed() -> None:
    drill = plan_drill({"car": ROW}, [], cars(("A", 0, 3, 0)))
    assert (drill.moves, drill.latest_s, drill.total_s, drill.complete) == ((), None, 0, True)


def test_the_table_has_its_columns_and_minutes() -> None:
    drill = plan_drill({"car": ROW}, [junction(1), junction(3)], cars(("A", 0, 1, 6)), setup_s=60)
    first, second = drill.rows()
    assert set(first) == set(DRILL_COLUMNS)
    assert set(second) < set(DRILL_COLUMNS)
    assert (first["order"], first["unit"], first["closed_minutes"]) == (1, "A", 2.1)
    assert (first["depart_minutes"], first["arrive_minutes"]) == (0.1, 1.1)


SECONDS = st.integers(1, 20)
ARCS = st.dictionaries(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]),
    SECONDS, min_size=1, max_size=24,
)  # fmt: skip


GROUPS = st.tuples(st.integers(0, 7), st.integers(1, 2), st.integers(0, 9))


@given(
    ARCS,
    st.lists(GROUPS, min_size=1, max_size=4),
    st.lists(st.integers(0, 7), min_size=1, max_size=5, unique=True),
)  # fmt: skip
def test_routes_are_drivable_and_as_quick_as_networkx_says(
    arcs: dict[tuple[int, int], int], groups: list[tuple[int, int, int]], nodes: list[int]
) -> None:
    """On random one-way streets of several parts: each move can be followed arc by arc."""
    graph = streets([(*pair, s) for pair, s in arcs.items()], 8, oneway=True)
    units = cars(*((f"u{at}", *group) for at, group in enumerate(groups)))
    drill = plan_drill(
        {"car": graph}, [junction(node) for node in nodes], units, turnout_s=7, setup_s=11
    )
    check = nx.DiGraph((*pair, {"weight": s}) for pair, s in arcs.items())
    check.add_nodes_from(range(8))
    for move in drill.moves:
        start, end = int(drill.units.node[move.unit]), move.post.nodes[0]
        assert (move.nodes[0], move.nodes[-1]) == (start, end)
        assert move.depart_s == drill.units.ready_s[move.unit] + 7
        assert move.closed_s == move.arrive_s + 11
        driven = nx.dijkstra_path_length(check, start, end)
        assert move.arrive_s - move.depart_s == driven
        legs = [arcs[leg] for leg in pairwise(move.nodes)]
        assert [b - a for a, b in pairwise(move.passed_s)] == legs
    assert_whole(drill, check)


def assert_whole(drill: Drill, check: nx.DiGraph) -> None:
    """Every post is listed once, no unit goes twice, and the order is that of closing."""
    gone = [move.unit for move in drill.moves]
    assert len(set(gone)) == len(gone)
    closed = [move.closed_s for move in drill.moves]
    assert closed == sorted(closed)
    posts = [*(move.post for move in drill.moves), *drill.left_open, *drill.out_of_reach]
    assert sorted(post.post_id for post in posts) == sorted(post.post_id for post in drill.posts)
    idle = set(range(len(drill.units))) - set(gone)
    for post in drill.left_open:
        assert not any(nx.has_path(check, int(drill.units.node[u]), post.nodes[0]) for u in idle)
    for post in drill.out_of_reach:
        starts = drill.units.node.tolist()
        assert not any(nx.has_path(check, start, post.nodes[0]) for start in starts)
