"""What a platform has to do, as plan.csv tells it: worked out by hand, and as the grids say."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from optimizer.evaluation import DAYS_PER_YEAR
from optimizer.planning import deploy_platforms, plan_grids, read_inputs
from optimizer.study import read_study

STUDY = """
[study]
name = "row"
as_of = 2026-01-26
[calls]
path = "calls.csv"
time = "time"
node = "node"
category = "category"
years = 0.0834
[calls.weights]
Check = 0
[roads]
nodes = "nodes.csv"
edges = "edges.csv"
[standards]
urban = 3
turnout_seconds = 60
[crew]
handling_minutes = 20
handling = {Fire = 50}
"""
CALLS = """time,node,category
2026-01-05 08:00,c,Fire
2026-01-06 02:00,b,Theft
2026-01-06 03:00,b,Check
2026-01-07 08:00,e,Theft
2026-01-08,d,Check
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Junctions a to f a minute apart; the call at d weighs nothing in siting, yet takes time."""
    names = list(enumerate("abcdef"))
    edges = ["from,to,speed_kph", *(f"{one},{other},36" for one, other in pairwise("abcdef"))]
    texts = {
        "study.toml": STUDY, "calls.csv": CALLS, "edges.csv": "\n".join(edges),
        "nodes.csv": "\n".join(["id,x,y", *(f"{name},{600 * k},0" for k, name in names)]),
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "study.toml"


def test_work_is_turnout_way_and_handling_by_category_as_grids_have_it(study: Path) -> None:
    """Platforms at a and f: minutes of turnout, way and handling of b, b, c, and of d and e."""
    read = read_study(study)
    inputs = read_inputs(read)
    first, end = inputs.source.window
    days = (end - first).days
    nodes = inputs.network.nodes_of(["a", "f"]).astype(np.int32)
    deployed = deploy_platforms(read, inputs, nodes, resited=False)
    west, east = deployed.platforms
    assert [west.node, east.node] == nodes.tolist(), "the busiest comes first"
    assert west.duty.workload_hours_per_day == pytest.approx((22 + 22 + 53) / 60 / days)
    assert east.duty.workload_hours_per_day == pytest.approx((23 + 22) / 60 / days)
    assert west.duty.calls_per_year == pytest.approx(3 * DAYS_PER_YEAR / days)
    grids = plan_grids(read, inputs, deployed.platforms, deployed.coverage)
    for platform, row in zip(deployed.platforms, grids.rows, strict=True):
        assert row.nearest_hours_per_day == pytest.approx(platform.duty.workload_hours_per_day)
    nearest = next(one for one in grids.variants if one.name == "nearest")
    assert nearest.hours.sum() == pytest.approx((22 + 22 + 53 + 23 + 22) / 60 / days)


STATIONS = "place_id,name,node\n{stations}\n"


def test_the_number_of_a_platform_is_its_rank(study: Path) -> None:
    """Fire and theft at b and c go to b, then come e and f; the third would be P03, taken by d."""
    study.write_text(STUDY + '[platforms]\ncount = 3\nmin_legs = 1\nexisting = "stations.csv"\n')
    ids = []
    for stations in ("S-1,Old,e", "S-1,Old,a", "P03,Closed,d", "P03,Busiest,b\nP02,Gone,a"):
        rows = STATIONS.format(stations=stations)
        study.with_name("stations.csv").write_text(rows, encoding="utf-8")
        read = read_study(study)
        inputs = read_inputs(read)
        nodes = inputs.network.nodes_of(["b", "e", "f"])
        deployed = deploy_platforms(read, inputs, nodes, resited=False)
        ids.append([platform.platform_id for platform in deployed.platforms])
    assert ids == [
        ["P01", "S-1", "P03"],
        ["P01", "P02", "P03"],
        ["P01", "P02", "P04"],
        ["P03", "P04", "P05"],
    ]
