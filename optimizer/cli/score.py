"""``optimizer score``: evaluate somebody's own platforms."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from optimizer.cli import options


@click.command()
@click.argument("study", type=options.STUDY)
@click.option(
    "--sites", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The platforms to score: a table with lon,lat or x,y or node, or a layer of points.",
)  # fmt: skip
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path, dir_okay=False),
    help="Also write the figures and the uncovered places to this file.",
)  # fmt: skip
@options.as_of
@options.overwrite
@options.verbosity
def score(
    study: Path, sites: Path, json_file: Path | None, as_of: dt.date | None, overwrite: bool
) -> None:
    r"""Score the platforms in a file on the demand of STUDY instead of choosing them.

    \b
    Example:
      optimizer score data/example/study.toml --sites data/example/stations.geojson
    """
    from optimizer.pipeline import score_study
    from optimizer.publishing import write_json

    result = score_study(study, sites, as_of=as_of)
    if json_file is not None:
        write_json(json_file, result.to_json(), overwrite=overwrite)
    click.echo(result.to_text())
