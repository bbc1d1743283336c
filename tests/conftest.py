"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

from optimizer.example import write_example

SHARED = Path(__file__).resolve().parents[2] / "shared"
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background ignores it
hypothesis.settings.register_profile("same every time", deadline=None, derandomize=True)
hypothesis.settings.load_profile("same every time")

NO_SKIP = bool(os.environ.get("OPTIMIZER_NO_SKIP"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data beside the checkout; the tests that need it are skipped elsewhere."""
    if not SHARED.is_dir():
        pytest.skip("needs the real calls and roads in ../shared, which are not here")
    return SHARED


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where nothing may be missing (OPTIMIZER_NO_SKIP is set), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if NO_SKIP and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("a test was skipped where none may be: failing", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def minneapolis_plan(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a plan of Minneapolis, made once by the command line as a user would."""
    folder = tmp_path_factory.mktemp("minneapolis") / "plan"
    study = shared / "data" / "minneapolis" / "study.toml"
    subprocess.run(
        [sys.executable, "-m", "optimizer", "run", str(study), "--out", str(folder), "-q"],
        check=True, timeout=600,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded study at a tenth of its size: everything is in it, planned in seconds."""
    return write_example(tmp_path_factory.mktemp("example") / "small", scale=0.1, calls=8_000)
