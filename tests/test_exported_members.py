"""What each package offers is exactly what its ``__all__`` says."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from types import ModuleType

import pytest

import optimizer

PACKAGES = [
    module.name
    for module in pkgutil.iter_modules(optimizer.__path__, "optimizer.")
    if module.ispkg and module.name != "optimizer.cli"
]


@pytest.mark.parametrize("name", PACKAGES)
def test_all_is_what_is_there(name: str) -> None:
    package = importlib.import_module(name)
    offered = {
        member
        for member in dir(package)
        if not member.startswith("_") and not isinstance(getattr(package, member), ModuleType)
    }
    assert offered == set(package.__all__)


@pytest.mark.parametrize("name", [*PACKAGES, "optimizer.siting.formulations"])
def test_no_export_has_the_name_of_a_module(name: str) -> None:
    """Where exports load on first use, a module of the same name would be found instead."""
    package = importlib.import_module(name)
    modules = {module.name for module in pkgutil.iter_modules(package.__path__)}
    if hasattr(package, "__getattr__"):
        assert modules.isdisjoint(package.__all__)


@pytest.mark.parametrize("name", ["seal_study", "contain_study"])
def test_an_alarm_does_not_wait_for_what_it_does_not_use(name: str) -> None:
    """Whoever closes exits is in a hurry: clustering, siting and pages can wait."""
    code = (
        f"import sys; from optimizer.planning import {name}; "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "numba" in loaded
    assert not loaded & {"sklearn", "pulp", "ortools", "matplotlib", "folium"}


def test_the_top_offers_its_version_only() -> None:
    """Importing the top must stay instant: everything else is imported from its package."""
    assert {name for name in vars(optimizer) if name.isupper() or name == "__version__"} == {
        "__version__"
    }
