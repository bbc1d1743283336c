"""Options that several commands share, each defined once.

==================  ====================================
option              commands
==================  ====================================
-q / -v             init, check, run, score, seal, solve
--overwrite         init, run, score, seal, solve
--as-of             run, score
==================  ====================================
"""

from __future__ import annotations

import datetime as dt
import logging
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

STUDY = click.Path(path_type=Path, dir_okay=False)
WEEK_MINUTES = 7 * 24 * 60


class _Minutes(click.FloatRange):
    """A number of minutes from 0 up to a week; unlike a range alone, it refuses ``nan``."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        minutes: float = super().convert(value, param, ctx)
        if math.isnan(minutes):
            self.fail(f"{value!r} is no number of minutes.", param, ctx)
        return minutes


MINUTES = _Minutes(min=0, max=WEEK_MINUTES)
"""How long something takes, minutes."""


PLAIN, TIMED = "%(message)s", "%(relativeCreated)7.0f ms  %(name)s: %(message)s"


def _set_level(_context: click.Context, parameter: click.Parameter, value: int) -> None:
    """Print warnings only with ``-q``, who speaks when with ``-v``; tracebacks need ``-vv``."""
    logger = logging.getLogger("optimizer")
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler(sys.stderr))
        logger.handlers[0].setFormatter(logging.Formatter(PLAIN))
        logger.setLevel(logging.INFO)
    if value and parameter.name == "quiet":
        logger.setLevel(logging.WARNING)
    elif value:
        logger.handlers[0].setFormatter(logging.Formatter(TIMED))
        logger.setLevel(logging.INFO if value == 1 else logging.DEBUG)


def verbosity(command: Command) -> Command:
    """Add ``-q`` (warnings only) and ``-v`` (times; ``-vv`` shows tracebacks)."""
    quiet = click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_set_level,
        help="Warnings only.",
    )
    verbose = click.option(
        "-v", "--verbose", count=True, expose_value=False, callback=_set_level,
        help="Say who speaks and when; -vv shows tracebacks.",
    )  # fmt: skip
    return quiet(verbose(command))


def overwrite(command: Command) -> Command:
    """Add ``--overwrite``."""
    return click.option(
        "--overwrite", is_flag=True, help="Replace what an earlier run wrote there."
    )(command)


def _parse_date(
    _context: click.Context, _parameter: click.Parameter, value: str | None
) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        message = f"{value!r} is no date; write it as YYYY-MM-DD, such as 2026-01-01."
        raise click.BadParameter(message) from error


def as_of(command: Command) -> Command:
    """Add ``--as-of``."""
    return click.option(
        "--as-of", metavar="DATE", callback=_parse_date,
        help="Plan with what was known before this day, instead of the study's own as_of.",
    )(command)  # fmt: skip
