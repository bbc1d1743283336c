"""``optimizer contain``: the net that closes soonest around one flight."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli import figures, options

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("study", type=options.STUDY)
@click.option(
    "--incident", "incidents", required=True, multiple=True, metavar="X,Y",
    help="Where it happened: X,Y of the study's CRS, or LON,LAT, or the id of a road node. "
    "Several: fugitives who start at the same time and share one net.",
)  # fmt: skip
@click.option(
    "--delay", type=options.MINUTES, metavar="MIN",
    help="Minutes from the incident to the order, instead of the study's.",
)  # fmt: skip
@click.option(
    "--head-start", type=options.MINUTES, metavar="MIN",
    help="Minutes that the fugitive had set off before, instead of the study's.",
)  # fmt: skip
@click.option(
    "--units", type=FILE,
    help="Who can be sent: a table of id and place [, name, count, mode, ready_minutes]; else the "
    "platforms of the study's plan, else its stations, and the units of [checkpoints].",
)  # fmt: skip
@click.option(
    "--exits", type=FILE,
    help="Where a fugitive is away: a table of places; else the study's exits, else every road "
    "beyond its outermost ring.",
)  # fmt: skip
@click.option(
    "--json", "json_file", type=figures.FILE,
    help="Also write the net to this file; - is stdout, without the text.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Also write the net to this folder: net.csv, net.json, and net.html, a map with a clock.",
)  # fmt: skip
@options.overwrite
@options.verbosity
def contain(  # noqa: PLR0913, PLR0917
    study: Path,
    incidents: tuple[str, ...],
    delay: float | None,
    head_start: float | None,
    units: Path | None,
    exits: Path | None,
    json_file: Path | None,
    out: Path | None,
    overwrite: bool,
) -> None:
    r"""Close a net of units around a fugitive, as soon as possible, each before he can be there.

    \b
    Example:
      optimizer contain data/example/study.toml --incident 111.909272,27.901755
      optimizer contain data/example/study.toml --incident 1024 --delay 3 --json net.json
    """
    from optimizer.archive import require_free_folder

    figures.require_free(json_file, overwrite=overwrite)
    if out is not None:
        require_free_folder(out, overwrite=overwrite)
    from optimizer.planning import contain_study

    result = contain_study(
        study, incidents, delay_minutes=delay, head_start_minutes=head_start,
        units=units, exits=exits,
    )  # fmt: skip
    if out is not None:
        from optimizer.planning.alarm.contain_folder import publish_closing

        publish_closing(result, out, overwrite=overwrite)
    figures.tell(json_file, result.to_json(), result.to_text, overwrite=overwrite)
