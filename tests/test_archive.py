"""Results appear whole or not at all; nobody's files are lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from optimizer.archive import MANIFEST, new_folder, write_file, write_json
from optimizer.errors import InputError


def plan_in(folder: Path, text: str) -> None:
    (folder / "plan.csv").write_text(text)
    (folder / MANIFEST).write_text("{}")


def test_folder_appears_only_when_complete(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "plan"
    with new_folder(target, overwrite=False) as folder:
        plan_in(folder, "new")
        assert not target.exists()
    assert (target / "plan.csv").read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["plan"]


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), new_folder(tmp_path / "plan", overwrite=False) as folder:
        plan_in(folder, "half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_plan_is_replaced_only_on_request(tmp_path: Path) -> None:
    target = tmp_path / "plan"
    with new_folder(target, overwrite=False) as folder:
        plan_in(folder, "old")
    with pytest.raises(InputError, match="--overwrite"), new_folder(target, overwrite=False):
        pass
    with new_folder(target, overwrite=True) as folder:
        plan_in(folder, "new")
    assert (target / "plan.csv").read_text() == "new"


def test_foreign_files_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("three years of work")
    with (
        pytest.raises(InputError, match="no earlier run wrote"),
        new_folder(tmp_path, overwrite=True),
    ):
        pass
    assert (tmp_path / "thesis.docx").read_text() == "three years of work"


def test_a_killed_run_keeps_the_old_plan(tmp_path: Path) -> None:
    target = tmp_path / "plan"
    with new_folder(target, overwrite=False) as folder:
        plan_in(folder, "old")
    script = f"""
        import time
        from pathlib import Path
        from optimizer.archive import new_folder
        with new_folder(Path({str(target)!r}), overwrite=True) as folder:
            (folder / "plan.csv").write_text("half")
            print("writing", flush=True)
            time.sleep(60)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(signal.SIGKILL)
    assert (target / "plan.csv").read_text() == "old"
    with new_folder(target, overwrite=True) as folder:
        plan_in(folder, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["plan"], "the killed run was not swept"


def test_a_plan_moved_aside_by_a_killed_run_is_put_back(tmp_path: Path) -> None:
    """Killed between two renames, the old plan lies beside its place; the next run returns it."""
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    aside = tmp_path / f".plan.replaced-{int(gone.stdout)}"
    aside.mkdir()
    plan_in(aside, "old")
    with pytest.raises(KeyboardInterrupt), new_folder(tmp_path / "plan", overwrite=True):
        raise KeyboardInterrupt
    assert (tmp_path / "plan" / "plan.csv").read_text() == "old"


def test_the_folder_of_a_running_process_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as other:
        partial = tmp_path / f".plan.partial-{other.pid}"
        partial.mkdir()
        with new_folder(tmp_path / "plan", overwrite=False) as folder:
            plan_in(folder, "mine")
        assert partial.is_dir()
        other.kill()


def test_write_file_is_whole_and_does_not_overwrite(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    write_json(path, {"地点": 1.5})
    assert path.read_text(encoding="utf-8") == '{\n  "地点": 1.5\n}\n'
    with pytest.raises(InputError, match="already there"):
        write_file(path, b"other")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"gap": float("nan")}, overwrite=True)
    assert path.read_text(encoding="utf-8") == '{\n  "地点": 1.5\n}\n'
    assert [p.name for p in tmp_path.iterdir()] == ["result.json"]


def test_a_file_that_cannot_take_its_place_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "plan.csv" / "deep").mkdir(parents=True)
    with pytest.raises(InputError, match=r"plan\.csv cannot be written: "):
        write_file(tmp_path / "plan.csv", b"new", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["plan.csv"]


def test_of_two_runs_at_once_the_second_overwrites_nothing(tmp_path: Path) -> None:
    target = tmp_path / "plan"
    with (
        pytest.raises(InputError, match="--overwrite"),
        new_folder(target, overwrite=False) as second,
    ):
        plan_in(second, "second")
        target.mkdir()
        plan_in(target, "first")
    assert (target / "plan.csv").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["plan"]
