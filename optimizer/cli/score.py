"""``optimizer score``: evaluate somebody's own platforms or checkpoints."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import figures, options

if TYPE_CHECKING:
    from optimizer.planning import CheckpointScore, Score


@click.command()
@click.argument("study", type=options.STUDY)
@click.option(
    "--sites", type=click.Path(path_type=Path, dir_okay=False),
    help="The platforms to score: a table with lon,lat or x,y or node, or a layer of points.",
)  # fmt: skip
@click.option(
    "--checkpoints", type=click.Path(path_type=Path, dir_okay=False),
    help="The checkpoints to score instead: such a table, or the checkpoints.csv of a plan.",
)  # fmt: skip
@click.option("--ring", help="With --checkpoints: score this ring only.")
@click.option(
    "--units", type=click.Path(path_type=Path, dir_okay=False),
    help="With --checkpoints: who can man them, a table of id and place [, name, count, mode, "
    "ready_minutes]; else the platforms of the study's plan, else its stations.",
)  # fmt: skip
@click.option(
    "--json", "json_file", type=figures.FILE,
    help="Also write the figures, and what is not covered, to this file; - is stdout, without the "
    "text.",
)  # fmt: skip
@options.as_of
@options.overwrite
@options.verbosity
def score(
    study: Path,
    sites: Path | None,
    checkpoints: Path | None,
    ring: str | None,
    units: Path | None,
    json_file: Path | None,
    as_of: dt.date | None,
    overwrite: bool,
) -> None:
    r"""Score the platforms in a file on the demand of STUDY instead of choosing them.

    With --checkpoints: score checkpoints against the rings of STUDY. Do they seal, what gets past
    them first, what is missing, what must not be lost? And how soon do units contain a flight from
    each hotspot, if they may man these checkpoints and no other place?

    \b
    Examples:
      optimizer score data/example/study.toml --sites data/example/stations.geojson
      optimizer score data/example/study.toml --checkpoints checkpoints.csv --ring core
    """
    from optimizer.errors import InputError
    from optimizer.pipeline import score_posts_study, score_study

    if ring is not None and checkpoints is None:
        raise InputError("--ring names a ring of checkpoints; give --checkpoints FILE with it")
    if units is not None and checkpoints is None:
        raise InputError("--units are sent to checkpoints; give --checkpoints FILE with them")
    figures.require_free(json_file, overwrite=overwrite)
    result: Score | CheckpointScore
    if sites is not None and checkpoints is None:
        result = score_study(study, sites, as_of=as_of)
    elif checkpoints is not None and sites is None:
        result = score_posts_study(study, checkpoints, ring, units=units, as_of=as_of)
    else:
        raise InputError("score needs --sites FILE or --checkpoints FILE, one of the two")
    figures.tell(json_file, result.to_json(), result.to_text, overwrite=overwrite)
