"""Tables, layers and figures of checkpoints: one ring between two junctions, one net, two gates.

Three junctions in a row, 100 m apart; the post of the ring stands at the middle one.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import shapely

from optimizer.checkpoints import (
    CheckpointPlan,
    ContainmentPlan,
    DrillPost,
    GatePlan,
    GateRow,
    HotspotNet,
    NetPost,
    PostRow,
    Ring,
    RingPlan,
    Units,
    Ways,
    anywhere,
    graph_of_arcs,
    plan_drill,
    seal_ring,
)
from optimizer.places import LOCAL_CRS
from optimizer.publishing.checkpoint_figures import checkpoint_figures
from optimizer.publishing.checkpoint_layers import checkpoint_layers
from optimizer.publishing.checkpoint_tables import checkpoint_tables
from optimizer.publishing.locale import LANGUAGES, texts
from optimizer.publishing.plan_tables import _meaning
from optimizer.publishing.tables import csv_text


@pytest.fixture
def plan() -> CheckpointPlan:
    arcs = np.array([(0, 1), (1, 0), (1, 2), (2, 1)])
    graph = graph_of_arcs(3, arcs[:, 0], arcs[:, 1], np.full(4, 60.0))
    x_m = np.array([0.0, 100.0, 200.0])
    lines = np.array([shapely.LineString([(x, 0), (x + 100, 0)]) for x in x_m[:2]], dtype=object)
    names = np.array(["Elm St", "=Main"], dtype=object)
    ways = Ways(graph, {"car": graph}, np.array(list("abc"), dtype=object), x_m, np.zeros(3),
                lines, names, names, 3)  # fmt: skip
    ring = Ring("core", x_m < 50, x_m > 150)
    seal = seal_ring(graph, ring, anywhere(graph))
    post = PostRow("core-01", "core", "post", "junction", 1, 1, 1.0, 2.0, 100.0, 0.0, "Elm St",
                   1.0, must=False)  # fmt: skip
    one = np.array([2])
    units = Units(("P1",), ("North",), one, np.array([1]), ("car",), np.array([0.0]))
    drill = plan_drill(ways.graphs, [DrillPost("core-01", "Elm St", "junction", (1,))], units)
    middle = shapely.Point(0, 0)
    ring_plan = RingPlan(
        "core", middle.buffer(50), middle.buffer(150), seal, (post,),
        tuple(ways.route_line(route) for route in seal.routes), None, (), 0.25, 3, None, drill,
    )  # fmt: skip
    manned = NetPost(1, 1.0, 2.0, 100.0, 0.0, "Elm St", "P1", 90.0, 120.0)
    nets = (
        HotspotNet("H01", 1, 3.0, "Elm St", 0, 0.5, 2.0, contained=True, latest_s=90.0,
                   bound_s=90.0, status="optimal", net=(manned,), leak=None),
        HotspotNet("H02", 2, 1.0, "", 2, 0.5, 2.0, contained=False, latest_s=math.inf,
                   bound_s=math.inf, status="optimal", net=(), leak=lines[0]),
    )  # fmt: skip
    gates = GatePlan(
        (GateRow("G1", "Gate", "present", 1.0, 2.0, 0.0, 0.0, "Elm St"),
         GateRow("next-1", "", "next", 1.0, 2.0, 100.0, 0.0, "")),
        {0.0: 0.5, math.inf: 0.25}, 0.5, {0.0: 1.0, math.inf: 0.75}, lines[0],
    )  # fmt: skip
    containment = ContainmentPlan(nets, {5.0: 0.75, 10.0: 0.75}, 2, 6, 4)
    return CheckpointPlan((ring_plan,), containment, None, gates, ways)


def test_every_row_fills_columns_of_its_table_and_every_column_is_explained(
    plan: CheckpointPlan,
) -> None:
    tables = checkpoint_tables(plan, on_earth=True)
    assert set(tables) == {"checkpoints.csv", "drill.csv", "containment.csv", "nets.csv",
                           "gates.csv"}  # fmt: skip
    for file, (columns, rows) in tables.items():
        assert csv_text(columns, rows)
        for language in LANGUAGES:
            words = texts(language)["columns"]
            assert all(_meaning(words, file, column) for column in columns)


def test_a_column_may_mean_something_else_in_another_file() -> None:
    words = texts("en")["columns"]
    assert _meaning(words, "holdout.csv", "from") == "First day"
    assert "unit" in _meaning(words, "drill.csv", "from")


def test_a_post_knows_who_closes_it_and_when(plan: CheckpointPlan) -> None:
    _, rows = checkpoint_tables(plan, on_earth=True)["checkpoints.csv"]
    (row,) = rows
    assert row["role"] == "seal"
    assert (row["unit"], row["closed_minutes"]) == ("P1", 1.0)
    assert (row["lon"], row["x"]) == (1.0, 100.0)


def test_a_network_nowhere_on_earth_has_no_degrees(plan: CheckpointPlan) -> None:
    for columns, rows in checkpoint_tables(plan, on_earth=False).values():
        assert all("lon" not in row for row in rows)
        assert "x" in columns or "order" in columns or "minutes" in columns


def test_never_is_an_empty_cell_and_margins_are_what_is_left(plan: CheckpointPlan) -> None:
    tables = checkpoint_tables(plan, on_earth=True)
    first, second = tables["containment.csv"][1]
    assert (first["minutes"], first["contained_5"], first["posts"]) == (1.5, True, 1)
    assert (second["minutes"], second["contained_10"], second["posts"]) == (None, False, 0)
    (row,) = tables["nets.csv"][1]
    assert (row["unit_minutes"], row["evader_minutes"], row["margin_minutes"]) == (1.5, 2.0, 0.5)


def test_the_layers_lie_where_the_tables_say(plan: CheckpointPlan) -> None:
    layers = checkpoint_layers(plan, LOCAL_CRS, on_earth=False)
    assert {name: len(frame) for name, frame in layers.items()} == {
        "rings": 1, "checkpoints": 1, "ring_routes": 1, "containment": 2, "nets": 1, "gates": 2,
    }  # fmt: skip
    assert layers["checkpoints"].geometry[0].coords[0] == (100, 0)
    assert layers["rings"].geometry[0].area == pytest.approx(np.pi * (150**2 - 50**2), rel=0.02)
    assert layers["ring_routes"].geometry[0].length == 200


def test_the_figures_are_those_of_the_plan_and_plain_json(plan: CheckpointPlan) -> None:
    figures = json.loads(json.dumps(checkpoint_figures(plan), allow_nan=False))
    (ring,) = figures["rings"]
    assert {key: ring[key] for key in ("name", "checkpoints", "max_flow", "sealed", "routes")} == {
        "name": "core", "checkpoints": 1, "max_flow": 1, "sealed": True, "routes": 1,
    }  # fmt: skip
    assert ring["beyond_data_share"] == 0.25
    assert ring["drill"] == {"manned": 1, "left_open": 0, "out_of_reach": 0,
                             "latest_minutes": 1.0, "total_minutes": 1.0}  # fmt: skip
    assert figures["containment"] == {"5": 0.75, "10": 0.75}
    assert figures["nets"]["contained_share"] == 0.75
    assert figures["gates"]["next_shares"] == {"0": 1.0, "any": 0.75}


def test_what_was_not_asked_for_is_absent(plan: CheckpointPlan) -> None:
    empty = CheckpointPlan((), None, None, None, plan.ways)
    assert checkpoint_figures(empty) == {}
    assert checkpoint_tables(empty, on_earth=True) == {}
