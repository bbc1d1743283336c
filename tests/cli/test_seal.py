"""``optimizer seal`` as a user types it, on a planar city of tables and on files with faults."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from .conftest import PlanarCity

pytestmark = pytest.mark.xdist_group("planar-city")


def optimizer(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "optimizer", *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def best_by_scanning(times: np.ndarray) -> tuple[float, float]:
    """Latest and total by raising the limit from one time to the next until all can be closed."""
    for limit in np.unique(times):
        allowed = np.where(times <= limit, times, 1e9)
        cost = float(allowed[linear_sum_assignment(allowed)].sum())
        if cost < 1e9:
            return float(limit), cost
    raise AssertionError("no limit is enough")


def test_a_planar_city_is_scored(planar_city: PlanarCity, tmp_path: Path) -> None:
    """Nodes, edges and counts as tables: the share within 3 minutes is that of SciPy's times."""
    score = tmp_path / "score.json"
    result = optimizer("score", planar_city.study, "--sites", planar_city.units, "--json", score)
    assert result.returncode == 0, result.stderr
    found = json.loads(score.read_text(encoding="utf-8"))
    nearest_s = planar_city.travel_s[planar_city.unit_nodes].min(axis=0)
    within = planar_city.calls[nearest_s <= 180].sum() / planar_city.calls.sum()
    assert found["covered_share"] == pytest.approx(within)
    assert found["max_s"] == pytest.approx(nearest_s.max(), abs=0.01)


def test_a_planar_city_is_sealed(planar_city: PlanarCity, tmp_path: Path) -> None:
    """All 17 exits by 80 stations: the optimum found by scanning SciPy's travel times."""
    report, folder = tmp_path / "seal.json", tmp_path / "drill"
    result = optimizer(
        "seal", planar_city.study, "--exits", planar_city.exits, "--units", planar_city.units,
        "--json", report, "--out", folder,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    found = json.loads(report.read_text(encoding="utf-8"))
    times = planar_city.travel_s[np.ix_(planar_city.unit_nodes, planar_city.exit_nodes)]
    latest_s, total_s = best_by_scanning(times)
    assert found["latest_minutes"] == pytest.approx(latest_s / 60, abs=1e-4)
    assert found["total_minutes"] == pytest.approx(total_s / 60, abs=1e-3)
    assert found["sealed"] is True
    assert found["left_open"] == found["out_of_reach"] == []
    assignment = found["assignment"]
    assert len({pair["unit"] for pair in assignment}) == len(assignment) == 17
    for pair in assignment:
        unit, exit_node = (int(pair[who][1:]) - 1 for who in ("unit", "exit"))
        driven_s = planar_city.travel_s[planar_city.unit_nodes[unit], exit_node]
        assert 60 * pair["minutes"] == pytest.approx(driven_s, abs=0.01)
    assert "17 of 17 exits are closed" in result.stdout
    table = [line.split() for line in result.stdout.splitlines()[2:19]]
    order = [exit_id for _, exit_id, *_ in table]
    assert order == [pair["exit"] for pair in assignment]
    with (folder / "drill.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["post_id"] for row in rows] == order
    page = (folder / "drill.html").read_text(encoding="utf-8")
    assert all(exit_id in page for exit_id in order)
    inputs = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert set(inputs) == {"nodes.csv", "edges.csv", "exits.csv", "units.csv"}


def test_a_study_without_platforms_is_whole_but_cannot_be_run(
    planar_city: PlanarCity, tmp_path: Path
) -> None:
    """It can be scored, sealed and contained; `check` tells what `run` would ask for."""
    result = optimizer("check", planar_city.study)
    assert result.returncode == 0, result.stderr
    assert "study.toml: [platforms] is missing; score, seal and contain do without" in result.stdout
    result = optimizer("run", planar_city.study, "--as-of", "2026-01-01", "--out", tmp_path / "out")
    assert (result.returncode, result.stdout) == (2, "")
    assert "study.toml: [platforms] is missing" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_drill_is_not_overwritten_unasked(planar_city: PlanarCity, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    words = ("--exits", planar_city.exits, "--units", planar_city.units, "--out", tmp_path)
    result = optimizer("seal", planar_city.study, *words)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--overwrite" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_nothing_is_written_where_one_of_two_targets_is_taken(
    planar_city: PlanarCity, tmp_path: Path
) -> None:
    taken, folder = tmp_path / "seal.json", tmp_path / "drill"
    taken.write_text("{}", encoding="utf-8")
    words = ["seal", planar_city.study, "--exits", planar_city.exits, "--units", planar_city.units]
    result = optimizer(*words, "--out", folder, "--json", taken)
    assert (result.returncode, result.stdout) == (2, "")
    assert "seal.json is already there; give --overwrite" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["seal.json"]
    result = optimizer(*words, "--out", folder, "--json", folder / "seal.json")
    assert result.returncode == 0, result.stderr
    assert {path.name for path in folder.iterdir()} >= {"seal.json", "drill.csv"}


def test_help_has_an_example() -> None:
    result = optimizer("seal", "--help")
    assert result.returncode == 0
    assert "optimizer seal" in result.stdout.split("Example:")[1]
