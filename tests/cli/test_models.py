"""A study planned under each location model, as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .test_commands import copy_of, optimizer

pytestmark = pytest.mark.xdist_group("small-study")
MODEL = 'model = "mclp"'


@pytest.mark.parametrize(
    ("model", "parameters", "goal"),
    [
        ("backup", "first_share = 0.6", "and, as a backup, by a second"),
        ("mexclp", "busy_share = [[0.7, 0.3], [0.3, 0.5]]", "not out on another call"),
    ],
)
def test_a_study_names_its_model(
    small_study: Path, tmp_path: Path, model: str, parameters: str, goal: str
) -> None:
    study = copy_of(
        small_study, tmp_path / "study", model=(MODEL, f'model = "{model}"\n{parameters}')
    )
    result = optimizer("run", study, "--out", tmp_path / "plan")
    assert result.returncode == 0, result.stderr
    siting = json.loads((tmp_path / "plan" / "summary.json").read_text())["siting"]
    assert siting["model"] == model
    assert siting["objective"] <= siting["bound"] * (1 + 1e-9)
    assert siting["gap"] <= 0.001
    assert siting["objective"] < siting["covered_share"] * siting["demand_weight"]
    assert goal in (tmp_path / "plan" / "report.html").read_text(encoding="utf-8")


def test_faults_of_a_model_are_told_before_anything_is_planned(
    small_study: Path, tmp_path: Path
) -> None:
    no_share = copy_of(small_study, tmp_path / "one", model=(MODEL, 'model = "mexclp"'))
    result = optimizer("check", no_share)
    assert result.returncode == 2
    assert "mexclp needs busy_share" in result.stderr
    wrong_share = copy_of(
        small_study, tmp_path / "two", model=(MODEL, 'model = "mexclp"\nbusy_share = 1.5')
    )
    result = optimizer("check", wrong_share)
    assert result.returncode == 2
    assert "busy_share = 1.5 is no share of a unit's time: give 0 to less than 1" in result.stderr


def test_too_few_platforms_to_reach_everybody_are_told(small_study: Path, tmp_path: Path) -> None:
    budgets = next(
        line for line in small_study.read_text(encoding="utf-8").splitlines()
        if line.startswith("per_district")
    )  # fmt: skip
    everybody = copy_of(
        small_study, tmp_path / "study",
        count=(budgets, "count = 1"), model=(MODEL, 'model = "backup"\nbackup_kind = "bacop1"'),
    )  # fmt: skip
    result = optimizer("check", everybody)
    assert result.returncode == 1
    assert "The number of platforms, 1, is too small to cover every demand point" in result.stderr
    assert "Traceback" not in result.stderr
