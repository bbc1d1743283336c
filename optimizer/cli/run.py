"""``optimizer run``: from calls to maps, plans and report."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from optimizer.cli import options


@click.command()
@click.argument("study", type=options.STUDY)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to, instead of reports/NAME/AS_OF.",
)  # fmt: skip
@options.as_of
@options.overwrite
@options.verbosity
def run(study: Path, out: Path | None, as_of: dt.date | None, overwrite: bool) -> None:
    r"""Plan the city of STUDY: hotspots, platforms, map, tables and report.

    \b
    Example:
      optimizer run data/example/study.toml
      optimizer run data/example/study.toml --as-of 2025-10-01 --out plans/autumn
    """
    from optimizer.pipeline import run_study

    directory = run_study(study, out=out, as_of=as_of, overwrite=overwrite)
    for name in ("map.html", "report.html", "plan.csv"):
        click.echo(directory / name)
