"""The commands as a user types them, on a small embedded study."""

from __future__ import annotations

import csv
import json
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pyogrio
import pytest

from optimizer.cli import optimizer as group

pytestmark = pytest.mark.xdist_group("small-study")


def optimizer(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "optimizer", *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", timeout=300, cwd=cwd,
    )  # fmt: skip


def copy_of(study: Path, target: Path, **changes: str) -> Path:
    """A copy of a study's folder with some lines of study.toml replaced."""
    shutil.copytree(study.parent, target)
    text = (target / "study.toml").read_text(encoding="utf-8")
    for old, new in changes.values():
        assert old in text, f"the embedded study has no {old!r} to change"
        text = text.replace(old, new)
    (target / "study.toml").write_text(text, encoding="utf-8")
    return target / "study.toml"


@pytest.fixture(scope="module")
def plan(small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans") / "first"
    result = optimizer("run", small_study, "--out", folder)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[0] == str(folder / "map.html")
    return folder


@pytest.mark.parametrize("command", [[], *([name] for name in group.commands)])
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    result = optimizer(*command, "--help")
    assert result.returncode == 0
    examples = re.split(r"Examples?:\n", result.stdout)
    assert len(examples) == 2
    assert " ".join(["  optimizer", *command]) in examples[1]


def test_every_command_has_a_row_in_the_readme() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert [name for name in group.commands if f"\n| `optimizer {name} " not in readme] == []


def test_a_plan_has_all_its_files(plan: Path) -> None:
    assert {path.name for path in plan.iterdir()} == {
        "map.html", "report.html", "plan.csv", "hotspots.csv", "holdout.csv", "columns.csv",
        "checkpoints.csv", "drill.csv", "drill.html", "containment.csv", "nets.csv", "gates.csv",
        "grids.csv", "grid_loads.csv", "grid_variants.csv", "crews.csv", "staffing.csv",
        "roster.csv", "patrols.csv", "patrol_cover.csv", "patrols_left_out.csv", "patrols.geojson",
        "patrol_zones.csv", "quick_response.csv", "villages.csv",
        "plan.gpkg", "quality.json", "summary.json", "manifest.json",
    }  # fmt: skip


def test_budgets_by_district_are_kept(plan: Path, small_study: Path) -> None:
    budgets = tomllib.loads(small_study.read_text(encoding="utf-8"))["platforms"]["per_district"]
    with (plan / "plan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = {name: sum(row["district"] == name for row in rows) for name in budgets}
    assert counts == budgets
    assert [row["platform_id"] for row in rows if row["status"] == "kept"] == ["S-01"]


def test_every_column_has_a_meaning(plan: Path) -> None:
    with (plan / "columns.csv").open(encoding="utf-8-sig", newline="") as file:
        legend = {(row["file"], row["column"]): row["meaning"] for row in csv.DictReader(file)}
    for path in plan.glob("*.csv"):
        if path.name != "columns.csv":
            header = path.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
            assert all(legend[path.name, column] for column in header)


def test_the_account_of_the_calls_is_exact(plan: Path) -> None:
    quality = json.loads((plan / "quality.json").read_text(encoding="utf-8"))
    assert quality["read"] == quality["used"] + sum(quality["dropped"].values())
    assert quality["dropped"]["too_far_from_road"] > 0, "the embedded dirt has such calls"


def test_same_study_same_bytes(plan: Path, small_study: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    assert optimizer("run", small_study, "--out", again, "-q").returncode == 0
    timed = {"summary.json", "manifest.json"}
    different = [
        path.name
        for path in sorted(plan.iterdir())
        if path.name not in timed and path.read_bytes() != (again / path.name).read_bytes()
    ]
    assert different == []
    first, second = (json.loads((p / "summary.json").read_text()) for p in (plan, again))
    for summary in (first, second):
        del summary["siting"]["seconds"]
    assert first == second


def test_nothing_is_overwritten_unasked(plan: Path, small_study: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in plan.iterdir()}
    result = optimizer("run", small_study, "--out", plan)
    assert (result.returncode, result.stdout) == (2, "")
    assert "--overwrite" in result.stderr
    assert before == {path.name: path.stat().st_mtime_ns for path in plan.iterdir()}


def test_an_interrupted_run_leaves_nothing(small_study: Path, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "optimizer", "run", str(small_study), "--out", str(tmp_path / "p")],
        stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        while "Reading calls" not in process.stderr.readline():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_default_folder_is_named_by_study_and_day(small_study: Path, tmp_path: Path) -> None:
    result = optimizer("run", small_study, "--as-of", "2024-10-01", "-q", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    summary = tmp_path / "reports" / "example" / "2024-10-01" / "summary.json"
    assert json.loads(summary.read_text(encoding="utf-8"))["as_of"] == "2024-10-01"


def test_score_agrees_with_the_plan(plan: Path, small_study: Path, tmp_path: Path) -> None:
    sites = tmp_path / "sites.csv"
    shutil.copy(plan / "plan.csv", sites)
    result = optimizer("score", small_study, "--sites", sites, "--json", tmp_path / "score.json")
    assert result.returncode == 0, result.stderr
    score = json.loads((tmp_path / "score.json").read_text(encoding="utf-8"))
    summary = json.loads((plan / "summary.json").read_text(encoding="utf-8"))
    assert score["covered_share"] == pytest.approx(summary["siting"]["covered_share"], abs=1e-6)
    assert score["demand_points"] == summary["siting"]["demand_points"]
    assert score["districts"] == pytest.approx(summary["districts"]["covered_share"], abs=1e-6)
    assert len(score["uncovered"]) == len(set(score["uncovered"])) < score["demand_points"]


def test_check_lists_every_fault_at_once(small_study: Path, tmp_path: Path) -> None:
    study = copy_of(
        small_study, tmp_path / "broken",
        calls=('category = "category"', 'category = "kategory"'),
        zones=('district = "district"', 'district = "distrikt"'),
        key=('path = "key_sites.geojson"', 'path = "keysites.geojson"'),
        roads=('speed = "maxspeed"', 'speed = "max_speed"'),
    )  # fmt: skip
    result = optimizer("check", study)
    assert (result.returncode, result.stdout) == (2, "")
    for words in ("kategory", "distrikt", "keysites.geojson", "max_speed"):
        assert any(words in line for line in result.stderr.splitlines()), words
    assert "Traceback" not in result.stderr


def test_unknown_keys_suggest_the_nearest(small_study: Path, tmp_path: Path) -> None:
    study = copy_of(
        small_study, tmp_path / "typos",
        a=("min_legs = 3", "min_leg = 3"), b=("[crew]", "[crews]"), c=("seed = 0", "seed = -1"),
    )  # fmt: skip
    result = optimizer("check", study)
    assert result.returncode == 2
    assert "did you mean min_legs?" in result.stderr
    assert "did you mean crew?" in result.stderr
    assert "[study] seed -1" in result.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('keep = ["S-01"]', 'keep = ["S-01"]\nforbid = "everything.geojson"'), "S-01"),
        (("{ Gucheng = 4", "{ Gucheng = 0"), "Gucheng"),
    ],
)
def test_an_infeasible_study_names_the_clash(
    small_study: Path, tmp_path: Path, change: tuple[str, str], words: str
) -> None:
    """Keeping a station in forbidden ground, or in a district that may have no platform."""
    study = copy_of(small_study, tmp_path / "clash", change=change)
    text = study.read_text(encoding="utf-8")
    if "everything" in text:
        study.write_text(text.replace('forbid = "water.geojson"', ""), encoding="utf-8")
        stations = json.loads((study.parent / "stations.geojson").read_text(encoding="utf-8"))
        first = next(f for f in stations["features"] if f["properties"]["station_id"] == "S-01")
        (x, y), d = first["geometry"]["coordinates"], 0.01
        ring = [[x + a, y + b] for a, b in ((-d, -d), (d, -d), (d, d), (-d, d))]
        square = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        feature = {"type": "Feature", "properties": {}, "geometry": square}
        layer = {"type": "FeatureCollection", "features": [feature]}
        (study.parent / "everything.geojson").write_text(json.dumps(layer), encoding="utf-8")
    result = optimizer("run", study, "--out", tmp_path / "plan")
    assert result.returncode == 1, result.stderr
    assert words in result.stderr
    assert not (tmp_path / "plan").exists()


def test_a_missing_study_is_a_sentence(tmp_path: Path) -> None:
    result = optimizer("run", tmp_path / "nowhere.toml")
    assert result.returncode == 2
    assert "There is no study file" in result.stderr


def test_only_vv_shows_a_traceback(tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    errors = {flag: optimizer("check", flag, missing).stderr for flag in ("-q", "-v", "-vv")}
    assert "Traceback" in errors["-vv"]
    assert "Traceback" not in errors["-q"] + errors["-v"]
    assert len({text.splitlines()[-1] for text in errors.values()}) == 1


def test_v_tells_who_speaks_and_q_nothing(small_study: Path) -> None:
    said = {flag: optimizer("check", *flag, small_study).stderr for flag in ((), ("-v",), ("-q",))}
    lines = said[()].splitlines()
    assert lines
    for line, timed in zip(lines, said[("-v",)].splitlines(), strict=True):
        assert re.fullmatch(rf" *\d+ ms  optimizer\.[\w.]+: {re.escape(line)}", timed)
    assert said[("-q",)].splitlines() == [line for line in lines if line.startswith("Warning")]


def test_curve_chooses_the_number(small_study: Path, tmp_path: Path) -> None:
    text = small_study.read_text(encoding="utf-8")
    budget = next(line for line in text.splitlines() if line.startswith("per_district"))
    study = copy_of(small_study, tmp_path / "curve", a=(budget, 'count = "curve"\ncurve_max = 12'))
    result = optimizer("run", study, "--out", tmp_path / "plan", "-q")
    assert result.returncode == 0, result.stderr
    with (tmp_path / "plan" / "curve.csv").open(encoding="utf-8-sig", newline="") as file:
        curve = list(csv.DictReader(file))
    shares = [float(point["covered_share"]) for point in curve]
    assert shares == sorted(shares)
    summary = json.loads((tmp_path / "plan" / "summary.json").read_text(encoding="utf-8"))
    chosen = summary["siting"]["platforms"]
    gains = {int(point["platforms"]): float(point["marginal_share"]) for point in curve}
    assert chosen == 12 or gains[chosen + 1] < 0.01, "one more would have added a hundredth"
    own = next(point for point in curve if int(point["platforms"]) == chosen)
    assert float(own["covered_share"]) == pytest.approx(summary["siting"]["covered_share"])
    assert all(float(p["covered_weight"]) <= float(p["bound"]) * (1 + 1e-9) for p in curve)


def test_the_turnout_is_on_every_clock(small_study: Path, tmp_path: Path) -> None:
    """With half a minute of turnout the ground of a standard is smaller, its name the same."""
    study = copy_of(
        small_study, tmp_path / "turnout", a=("turnout_seconds = 0", "turnout_seconds = 30.5"),
        b=("key = 1\n", "key = 1.1\n"),
    )  # fmt: skip
    result = optimizer("run", study, "--out", tmp_path / "plan", "-q")
    assert result.returncode == 0, result.stderr
    ground = pyogrio.read_dataframe(tmp_path / "plan" / "plan.gpkg", layer="ground")
    assert ground["standard_s"].tolist() == pytest.approx([66, 180, 300, 1200])
    summary = json.loads((tmp_path / "plan" / "summary.json").read_text(encoding="utf-8"))
    assert summary["tiers"]["key"]["minutes"] == pytest.approx(1.1)
    assert summary["response"]["median_s"] >= 30.5


LINE = """
[study]
name = "line"
as_of = 2026-01-01
[demand]
path = "counts.csv"
id = "id"
weight = "calls"
[roads]
nodes = "nodes.csv"
edges = "edges.csv"
[standards]
urban = 1
[platforms]
count = 2
min_legs = 1
"""


def test_a_straight_road_without_a_crs_from_end_to_end(tmp_path: Path) -> None:
    """Eleven places 300 m and half a minute apart: each platform reaches two on either side."""
    places = [f"p{i},{300 * i},0,{i + 1}" for i in range(11)]
    nodes = [f"{i},{300 * i},0" for i in range(11)]
    edges = [f"{i},{i + 1},300,36" for i in range(10)]
    for name, head, rows in (
        ("counts.csv", "id,x,y,calls", places),
        ("nodes.csv", "id,x,y", nodes),
        ("edges.csv", "from,to,length_m,speed_kph", edges),
    ):
        (tmp_path / name).write_text("\n".join([head, *rows]), encoding="utf-8")
    (tmp_path / "line.toml").write_text(LINE, encoding="utf-8")
    result = optimizer("run", tmp_path / "line.toml", "--out", tmp_path / "plan", "-q")
    assert result.returncode == 0, result.stderr
    plan, score = tmp_path / "plan" / "plan.csv", tmp_path / "score.json"
    with plan.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sorted(float(row["x"]) for row in rows) == [900, 2400], "nodes 3 and 8 reach 1 to 10"
    assert {row["lon"] for row in rows} == {""}, "a plane that is nowhere has no longitude"
    result = optimizer("score", tmp_path / "line.toml", "--sites", plan, "--json", score)
    assert result.returncode == 0, result.stderr
    found = json.loads(score.read_text(encoding="utf-8"))
    assert found["uncovered"] == ["p0"]
    assert found["covered_share"] == pytest.approx(65 / 66)
