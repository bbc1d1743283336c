"""A folder or file of results that appears whole or not at all.

Everything is written beside its target under a hidden name and renamed when complete. A killed run
leaves the target as it was; what it left beside it is swept, or put back, by the next run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from optimizer.errors import InputError

MANIFEST = "manifest.json"


@contextmanager
def new_folder(target: Path, *, overwrite: bool) -> Iterator[Path]:
    """Give a folder to fill, which becomes ``target`` when the block ends well.

    Raises
    ------
    InputError
        ``target`` is already there and ``overwrite`` is off, or it is no folder of results.
    """
    if target.parent.is_dir():
        _recover(target)
    require_free_folder(target, overwrite=overwrite)
    partial = target.parent / f".{target.name}.partial-{os.getpid()}"
    try:
        partial.mkdir(parents=True)
    except OSError as error:
        raise InputError(f"{target} cannot be written: {error.strerror}") from error
    try:
        yield partial
        _sync_tree(partial)
        require_free_folder(target, overwrite=overwrite)
        _swap_in(partial, target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def require_free_folder(target: Path, *, overwrite: bool) -> None:
    """Refuse a target that would lose somebody's files; callable before long work begins.

    Raises
    ------
    InputError
        As for :func:`new_folder`.
    """
    if target.is_file():
        raise InputError(f"{target} is a file; name a folder for the results instead.")
    parent = next(folder for folder in target.absolute().parents if folder.exists())
    if not (parent.is_dir() and os.access(parent, os.W_OK)):
        raise InputError(f"{target} cannot be made: {parent} is no folder that can be written to")
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not overwrite:
        raise InputError(
            f"{target} already holds files; give --overwrite to replace an earlier plan, "
            "or --out with another folder."
        )
    if not (target / MANIFEST).is_file():
        raise InputError(
            f"{target} holds files that no earlier run wrote (there is no {MANIFEST}); "
            "they will not be replaced: name another folder with --out."
        )


def require_free_file(path: Path, *, overwrite: bool) -> None:
    """Refuse a file that is already there; callable before long work begins.

    Raises
    ------
    InputError
        The file is there and ``overwrite`` is off.
    """
    if path.exists() and not overwrite:
        raise InputError(f"{path} is already there; give --overwrite to replace it.")


def write_file(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file whole: beside its place, flushed, then renamed.

    Raises
    ------
    InputError
        The file is already there and ``overwrite`` is off, or its folder cannot be written to.
    """
    require_free_file(path, overwrite=overwrite)
    temporary = path.parent / f".{path.name}.partial-{os.getpid()}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _recover(path)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise InputError(f"{path} cannot be written: {error.strerror}") from error
        raise


def write_json(path: Path, document: dict[str, Any], *, overwrite: bool = False) -> None:
    """Write a JSON document."""
    write_file(path, json_text(document).encode(), overwrite=overwrite)


def json_text(document: dict[str, Any]) -> str:
    """Lay a JSON document out; NaN and infinity are refused, since JSON has neither."""
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _swap_in(partial: Path, target: Path) -> None:
    old = target.parent / f".{target.name}.replaced-{os.getpid()}"
    if target.is_dir():
        target.rename(old)
    try:
        partial.rename(target)
    except OSError:
        if old.is_dir():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _recover(target: Path) -> None:
    """Put back what a killed run had moved aside, and sweep what it had begun."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.(partial|replaced)-(\d+)")
    for path in sorted(target.parent.iterdir()):
        match = pattern.fullmatch(path.name)
        if match is None or _is_alive(int(match[2])):
            continue
        if match[1] == "replaced" and not target.exists():
            path.rename(target)
        elif path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
