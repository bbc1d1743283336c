"""``optimizer init``: write the embedded example study."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from optimizer.cli import options


@click.command()
@click.argument(
    "directory", type=click.Path(path_type=Path, file_okay=False), default="data/example"
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Another seed, another city.",
)
@click.option(
    "--scale",
    type=click.FloatRange(min=0.1),
    default=1.0,
    show_default=True,
    help="Size of the city and its roads.",
)
@click.option(
    "--calls",
    type=click.IntRange(min=1000),
    default=300_000,
    show_default=True,
    help="Number of calls.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of names and of the study.",
)
@options.overwrite
@options.verbosity
def init(
    directory: Path,
    seed: int,
    scale: float,
    calls: int,
    language: Literal["en", "zh"],
    overwrite: bool,
) -> None:
    r"""Write the embedded example study, a city invented by seed, into DIRECTORY.

    \b
    Example:
      optimizer init data/example
    """
    from optimizer.example import write_example

    study = write_example(
        directory, seed=seed, scale=scale, calls=calls, language=language, overwrite=overwrite
    )  # fmt: skip
    click.echo(study)
