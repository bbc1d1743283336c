"""``optimizer contain`` as a user types it, on a planar city of tables."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

from .conftest import PlanarCity

pytestmark = pytest.mark.xdist_group("planar-city")


def optimizer(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "optimizer", *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def test_a_planar_city_contains_a_fugitive(planar_city: PlanarCity, tmp_path: Path) -> None:
    """The net holds by SciPy's travel times, and networkx finds no way past it."""
    report, folder = tmp_path / "net.json", tmp_path / "net"
    result = optimizer(
        "contain", planar_city.study, "--incident", 291, "--exits", planar_city.exits,
        "--units", planar_city.units, "--delay", 1, "--json", report, "--out", folder,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    assert (found["contained"], found["status"]) == (True, "optimal")
    posts = [int(post["site"]) - 1 for post in found["checkpoints"]]
    for post, node in zip(found["checkpoints"], posts, strict=True):
        assert post["evader_minutes"] == pytest.approx(planar_city.travel_s[290, node] / 60)
        assert post["unit_minutes"] <= post["evader_minutes"]
    assert max(p["unit_minutes"] for p in found["checkpoints"]) == found["minutes_after_incident"]
    assert len({post["unit"] for post in found["checkpoints"]}) == len(posts)
    edges = pd.read_csv(planar_city.study.parent / "edges.csv")
    city = nx.Graph(edges[["from", "to"]].itertuples(index=False))
    city.remove_nodes_from(node + 1 for node in posts)
    assert not nx.node_connected_component(city, 291) & {n + 1 for n in planar_city.exit_nodes}
    with (folder / "net.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["node"]) - 1 for row in rows] == posts
    assert "Proven: no net closes sooner." in result.stdout


def test_who_is_not_contained_is_told_the_way_out(planar_city: PlanarCity) -> None:
    result = optimizer(
        "contain", planar_city.study, "--incident", 291, "--exits", planar_city.exits,
        "--units", planar_city.units, "--delay", 60,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "Not contained" in result.stdout
    assert "Quickest way out" in result.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--incident", "nan,nan"), '"nan,nan" is no place; write two numbers'),
        (("--incident", "1e400,1"), '"1e400,1" is no place; write two numbers'),
        (("--incident", "291", "--delay", "nan"), "'nan' is no number of minutes"),
        (("--incident", "291", "--head-start", "inf"), "not in the range 0<=x<=10080"),
    ],
)
def test_what_is_no_finite_number_ends_with_code_2(
    planar_city: PlanarCity, words: tuple[str, ...], sentence: str
) -> None:
    result = optimizer(
        "contain", planar_city.study, *words, "--exits", planar_city.exits,
        "--units", planar_city.units,
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (2, "")
    assert sentence in result.stderr


def test_a_place_off_the_roads_ends_with_code_2(planar_city: PlanarCity) -> None:
    result = optimizer(
        "contain", planar_city.study, "--incident", "1e7,0", "--exits", planar_city.exits,
        "--units", planar_city.units,
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (2, "")
    assert "from the nearest road" in result.stderr
