"""What each package offers is exactly what its ``__all__`` says."""

from __future__ import annotations

import importlib
import pkgutil
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
        for member, value in vars(package).items()
        if not member.startswith("_") and not isinstance(value, ModuleType)
    }
    assert offered == set(package.__all__)


def test_the_top_offers_its_version_only() -> None:
    """Importing the top must stay instant: everything else is imported from its package."""
    assert {name for name in vars(optimizer) if name.isupper() or name == "__version__"} == {
        "__version__"
    }
