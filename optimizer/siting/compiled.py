"""The one way functions are compiled here: ahead of their first call, cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function of arrays to machine code; the result is cached beside the module."""
    return cast("F", njit(cache=True, nogil=True)(function))
