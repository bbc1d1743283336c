"""What a package offers, loaded when it is first asked for: a command waits for what it uses only.

A package writes its exports down once, as imports that type checkers read and Python skips; the
``else`` of that ``if`` makes the very same names available (PEP 562)::

    if TYPE_CHECKING:
        from optimizer.siting.front_door import solve
    else:
        __getattr__, __dir__ = on_first_use(__name__)

No name may also be the name of a module of the package: whichever was loaded last would be found.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


def on_first_use(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make the ``__getattr__`` and the ``__dir__`` of a package.

    Parameters
    ----------
    package
        Its name; the imports under its ``if TYPE_CHECKING`` say where each export is.
    """
    module = sys.modules[package]
    homes = _homes(Path(str(module.__file__)).read_text(encoding="utf-8"))

    def load(name: str) -> Any:
        if name not in homes:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(import_module(homes[name]), name)
        setattr(module, name, value)
        return value

    return load, lambda: sorted(homes)


def _homes(source: str) -> dict[str, str]:
    """Read which module each export comes from."""
    blocks = [node.body for node in ast.parse(source).body if isinstance(node, ast.If)]
    return {
        alias.name: str(line.module)
        for block in blocks
        for line in block
        if isinstance(line, ast.ImportFrom)
        for alias in line.names
    }
