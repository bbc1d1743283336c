"""The figures of a result for scripts, ``--json FILE``, beside the text for people.

FILE may be ``-``: the figures go to stdout, and the text is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

STDOUT = Path("-")

FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
"""Type of the option."""


def require_free(path: Path | None, *, overwrite: bool) -> None:
    """Refuse a file that is already there, before long work begins.

    Raises
    ------
    InputError
        It is there and ``overwrite`` is off.
    """
    from optimizer.archive import require_free_file

    if path is not None and path != STDOUT:
        require_free_file(path, overwrite=overwrite)


def tell(
    path: Path | None, document: dict[str, Any], text: Callable[[], str], *, overwrite: bool
) -> None:
    """Print a result, and write its figures if they are asked for.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    from optimizer.archive import json_text, write_json

    if path == STDOUT:
        click.echo(json_text(document), nl=False)
        return
    if path is not None:
        write_json(path, document, overwrite=overwrite)
    click.echo(text())
