"""The command line: parse, call, print. Heavy imports wait inside the commands: help is instant."""

from __future__ import annotations

import gc
import logging
import sys
import traceback

import click

from optimizer import __version__
from optimizer.cli.check import check
from optimizer.cli.contain import contain
from optimizer.cli.init import init
from optimizer.cli.run import run
from optimizer.cli.score import score
from optimizer.cli.seal import seal
from optimizer.cli.solve import solve
from optimizer.errors import InfeasibleError, InputError, OptimizerError

EXIT_INFEASIBLE = 1
EXIT_INPUT = 2
EXIT_SOFTWARE = 70
EXIT_INTERRUPTED = 130

YOUNG_OBJECTS = 50_000
"""So many new objects start a search for unused circles of them; most of a command's are in use."""

__all__ = ["main", "optimizer"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="optimizer")
def optimizer() -> None:
    r"""Site quick-response platforms from call records, on real road travel times, with proof.

    \b
    Example:
      optimizer init data/example
      optimizer run data/example/study.toml
    """


for _command in (init, check, run, score, seal, contain, solve):
    optimizer.add_command(_command)
for _command in (optimizer, *optimizer.commands.values()):  # click's mark to keep lines as they are
    _command.help = (_command.help or "").replace(r"\b", "\b")


def main() -> None:
    """Run the command line and turn every expected error into sentences and an exit code."""
    gc.set_threshold(YOUNG_OBJECTS)
    code = _run()
    gc.freeze()  # the process ends: what it leaves need not be searched for circles
    sys.exit(code)


def _run() -> int:
    try:
        return optimizer.main(standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        return EXIT_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted: nothing is left half-written.", err=True)
        return EXIT_INTERRUPTED
    except Exception as error:  # noqa: BLE001  the last door: no traceback reaches a user unasked
        return _report(error)


def _report(error: Exception) -> int:
    if logging.getLogger("optimizer").isEnabledFor(logging.DEBUG):
        traceback.print_exception(error)
    if isinstance(error, InputError):
        for fault in error.faults:
            click.echo(f"Error: {_with_stop(fault)}", err=True)
        return EXIT_INPUT
    if isinstance(error, InfeasibleError):
        click.echo(f"No feasible plan: {error}", err=True)
        return EXIT_INFEASIBLE
    if isinstance(error, OptimizerError):
        click.echo(f"Error: {error}", err=True)
        return EXIT_SOFTWARE
    click.echo(
        f"Error: unexpected {type(error).__name__}: {error}. This is a fault of the program; "
        "run again with -vv and report what it prints.",
        err=True,
    )
    return EXIT_SOFTWARE


def _with_stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!", "。")) else f"{sentence}."
