"""``optimizer check``: read everything, write nothing but a report on the data."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli import options


@click.command()
@click.argument("study", type=options.STUDY)
@options.verbosity
def check(study: Path) -> None:
    r"""Read everything STUDY names and report on its quality; list all faults, not the first.

    \b
    Example:
      optimizer check data/example/study.toml
    """
    from optimizer.pipeline import check_study

    click.echo(check_study(study))
