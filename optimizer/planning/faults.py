"""The faults of several readers, gathered before any is raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from optimizer.errors import InputError

Result = TypeVar("Result")


class Faults:
    """The faults of several readers, so that a user sees all of them at once."""

    def __init__(self) -> None:
        self._sentences: list[str] = []

    def of(self, read: Callable[[], Result]) -> Result | None:
        """Read; on wrong input keep the faults and return None."""
        try:
            return read()
        except InputError as error:
            self._sentences.extend(error.faults)
            return None

    def add(self, sentences: Iterable[str]) -> None:
        """Keep faults that were found without reading anything."""
        self._sentences.extend(sentences)

    def raise_any(self) -> None:
        """Raise what was gathered, each sentence once.

        Raises
        ------
        InputError
            There was a fault.
        """
        if self._sentences:
            raise InputError(dict.fromkeys(self._sentences))


def present(value: Result | None) -> Result:
    """Tell the type checker what `Faults.raise_any` has made sure of."""
    if value is None:
        raise AssertionError("a reader gave nothing, yet no fault was raised")
    return value
