"""The figures of a result as JSON: in a file, or alone on stdout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import PlanarCity

pytestmark = pytest.mark.xdist_group("planar-city")


def optimizer(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "optimizer", *map(str, words)], cwd=folder,
        capture_output=True, text=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def commands(city: PlanarCity, folder: Path) -> dict[str, list[object]]:
    (folder / "demand.csv").write_text("id,x,y,weight\na,0,0,1\nb,5,0,2\n", encoding="utf-8")
    (folder / "sites.csv").write_text("id,x,y\ns,0,0\nt,9,0\n", encoding="utf-8")
    tables = ["--demand", "demand.csv", "--sites", "sites.csv"]
    return {
        "score": ["score", city.study, "--sites", city.units],
        "seal": ["seal", city.study, "--exits", city.exits, "--units", city.units],
        "contain": ["contain", city.study, "--incident", "1", "--units", city.units,
                    "--exits", city.exits],
        "solve": ["solve", "mclp", *tables, "--radius", 1, "-p", 1],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("score", "covered_share"),
        ("seal", "latest_minutes"),
        ("contain", "contained"),
        ("solve", "objective"),
    ],
)
def test_a_dash_is_stdout(planar_city: PlanarCity, tmp_path: Path, command: str, key: str) -> None:
    """Nothing but JSON on stdout, and no file of the name "-"."""
    words = commands(planar_city, tmp_path)[command]
    result = optimizer(tmp_path, *words, "--json", "-")
    assert result.returncode == 0, result.stderr
    assert key in json.loads(result.stdout)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demand.csv", "sites.csv"]


def test_a_file_that_is_there_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "score.json").write_text("mine", encoding="utf-8")
    result = optimizer(tmp_path, "score", "no.toml", "--sites", "no.csv", "--json", "score.json")
    assert (result.returncode, result.stdout) == (2, "")
    assert "score.json is already there; give --overwrite" in result.stderr
