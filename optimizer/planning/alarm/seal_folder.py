"""The folder of a seal. Apart from `seal`, since drawing a page loads more than sealing does."""

from __future__ import annotations

from pathlib import Path

from optimizer import __version__
from optimizer.archive import MANIFEST, new_folder, write_file, write_json
from optimizer.checkpoints import DRILL_COLUMNS
from optimizer.planning.alarm.seal import Seal
from optimizer.planning.fingerprints import file_hashes
from optimizer.publishing.drill_map import drill_content
from optimizer.publishing.drill_page import render_drill
from optimizer.publishing.tables import write_csv
from optimizer.study import Study


def publish_seal(seal: Seal, target: Path, *, overwrite: bool) -> None:
    """Write the drill as a table and as a page, and what it was made from: all files, or none.

    Raises
    ------
    InputError
        ``target`` holds files that may not be replaced.
    """
    study, streets = seal.study, seal.streets
    page = render_drill(drill_content(seal.drill, streets.ways, streets.whole, study))
    with new_folder(target, overwrite=overwrite) as folder:
        write_csv(folder / "drill.csv", DRILL_COLUMNS, seal.drill.rows())
        write_file(folder / "drill.html", page.encode())
        write_json(folder / MANIFEST, {
            "study": {"file": study.path.name, "sha256": study.sha256},
            "inputs": file_hashes([*_street_files(study), *seal.files], study.root),
            "versions": {"optimizer": __version__},
        })  # fmt: skip


def _street_files(study: Study) -> list[Path]:
    """List the files that the streets of a study are read from."""
    roads, checkpoints = study.settings.roads, study.settings.checkpoints
    names = [roads.path, roads.nodes, roads.edges]
    if checkpoints is not None and checkpoints.water is not None:
        names += [checkpoints.water.path, checkpoints.water.quays.path]
    return [study.root / name for name in names if name is not None]
