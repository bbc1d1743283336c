"""``optimizer seal``: who goes to which exit, the last one closed as early as possible."""

from __future__ import annotations

from pathlib import Path

import click

from optimizer.cli import figures, options


@click.command()
@click.argument("study", type=options.STUDY)
@click.option(
    "--exits", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The exits to close: a table of id and place (lon,lat or x,y or node) [, weight].",
)  # fmt: skip
@click.option(
    "--units", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="Who can be sent: a table of id and place [, name, count, mode, ready_minutes].",
)  # fmt: skip
@click.option(
    "--json", "json_file", type=figures.FILE,
    help="Also write the assignment to this file; - is stdout, without the text.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Also write the drill to this folder: drill.csv and drill.html, a map with a clock.",
)  # fmt: skip
@options.overwrite
@options.verbosity
def seal(
    study: Path,
    exits: Path,
    units: Path,
    json_file: Path | None,
    out: Path | None,
    overwrite: bool,
) -> None:
    r"""Close the exits in a file with the units in another: each unit goes to one exit.

    As many exits as possible are closed (with weights: as much weight), then the last of them as
    early as possible, then the sum of all times is as small as possible. Minutes count from the
    order: until ready, turnout, driving, set-up.

    \b
    Example:
      optimizer seal data/example/study.toml --exits data/example/exits.csv \
          --units data/example/units.csv
    """
    from optimizer.archive import require_free_folder

    figures.require_free(json_file, overwrite=overwrite)
    if out is not None:
        require_free_folder(out, overwrite=overwrite)
    from optimizer.planning import seal_study

    result = seal_study(study, exits, units)
    if out is not None:
        from optimizer.planning.alarm.seal_folder import publish_seal

        publish_seal(result, out, overwrite=overwrite)
    figures.tell(json_file, result.to_json(), result.to_text, overwrite=overwrite)
