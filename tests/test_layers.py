"""The one rule: a module imports only from packages listed above its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "optimizer"

ORDER = (
    "errors", "exports", "archive", "verification", "places", "calls", "roads", "demand", "solvers",
    "siting", "districts", "instances", "checkpoints", "deployment", "evaluation", "study", "plan",
    "publishing", "example", "planning", "pipeline", "cli",
)  # fmt: skip
STRICTER = {
    "verification": {"errors"},
    "solvers": {"errors", "exports"},
    "siting": {"errors", "exports", "archive", "solvers"},
}


def layer_of(module: str) -> str | None:
    """``optimizer.roads.snap`` -> ``roads``; the package itself, which holds its version: None."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "optimizer" else None


def imported_modules(source: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that this test can read them"
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def forbidden(layer: str, source: str) -> set[str]:
    """Layers that ``source``, a module of ``layer``, imports against the rule."""
    used = {name for module in imported_modules(source) if (name := layer_of(module)) in ORDER}
    allowed = STRICTER.get(layer, set(ORDER[: ORDER.index(layer)])) | {layer}
    return used - allowed


MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem[0] != "_"
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_upward_only(path: Path) -> None:
    layer = path.relative_to(PACKAGE).with_suffix("").parts[0]
    assert layer in ORDER, f"{layer} has no place in the order of packages"
    assert forbidden(layer, path.read_text(encoding="utf-8")) == set()


def test_an_upward_import_is_found() -> None:
    assert forbidden("roads", "from optimizer.demand import DemandPoints") == {"demand"}
    assert forbidden("siting", "import optimizer.roads.snap") == {"roads"}
    assert forbidden("siting", "from optimizer.solvers import Status") == set()
    assert forbidden("cli", "from optimizer import __version__") == set()


def test_no_drawers_without_a_name() -> None:
    drawers = {"utils", "helpers", "common", "base", "misc"}
    assert [path for path in PACKAGE.rglob("*.py") if path.stem in drawers] == []


def test_no_module_is_longer_than_400_lines() -> None:
    lines = {p: len(p.read_text(encoding="utf-8").splitlines()) for p in PACKAGE.rglob("*.py")}
    assert {path: count for path, count in lines.items() if count > 400} == {}
