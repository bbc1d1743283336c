"""The folder of a containment."""

from __future__ import annotations

from pathlib import Path

from optimizer import __version__
from optimizer.archive import MANIFEST, new_folder, write_json
from optimizer.planning.contain import NET_COLUMNS, Closing
from optimizer.planning.fingerprints import file_hashes
from optimizer.publishing.tables import write_csv


def publish_closing(closing: Closing, target: Path, *, overwrite: bool) -> None:
    """Write the net as a table and as figures, and what it was made from: all files, or none.

    Raises
    ------
    InputError
        ``target`` holds files that may not be replaced.
    """
    study = closing.study
    with new_folder(target, overwrite=overwrite) as folder:
        write_csv(folder / "net.csv", NET_COLUMNS, closing.rows())
        write_json(folder / "net.json", closing.to_json())
        write_json(folder / MANIFEST, {
            "study": {"file": study.path.name, "sha256": study.sha256},
            "inputs": file_hashes(list(closing.files), study.root),
            "versions": {"optimizer": __version__},
        })  # fmt: skip
