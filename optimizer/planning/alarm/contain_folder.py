"""The folder of a containment."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from optimizer import __version__
from optimizer.archive import MANIFEST, new_folder, write_file, write_json
from optimizer.checkpoints import Posts, shortest_routes
from optimizer.planning.alarm.contain import NET_COLUMNS, Closing
from optimizer.planning.fingerprints import file_hashes
from optimizer.publishing import net_content, render_drill
from optimizer.publishing.drill_content import DrillContent
from optimizer.publishing.tables import write_csv


def publish_closing(closing: Closing, target: Path, *, overwrite: bool) -> None:
    """Write the net as a table, figures and a page, and what it was made from: all, or none.

    Raises
    ------
    InputError
        ``target`` holds files that may not be replaced.
    """
    study = closing.study
    page = render_drill(_page(closing))
    with new_folder(target, overwrite=overwrite) as folder:
        write_csv(folder / "net.csv", NET_COLUMNS, closing.rows())
        write_json(folder / "net.json", closing.to_json())
        write_file(folder / "net.html", page.encode())
        write_json(folder / MANIFEST, {
            "study": {"file": study.path.name, "sha256": study.sha256},
            "inputs": file_hashes(list(closing.files), study.root),
            "versions": {"optimizer": __version__},
        })  # fmt: skip


def _page(closing: Closing) -> DrillContent:
    """Draw the net with its clock, and where the fugitive can be by when past its posts."""
    streets, ways = closing.streets, closing.streets.ways
    nodes = np.array([post.node for post in closing.posts], dtype=np.int32)
    origins = np.array([one.node for one in closing.incidents])
    past = shortest_routes(ways.graph, origins, posts=Posts(nodes, np.empty(0, np.int32)))
    leak = closing.found.leak
    return net_content(
        closing.posts, ways, streets.whole, closing.study,
        incidents=[(one.words, one.node) for one in closing.incidents],
        evader_s=closing.evader.arrival_s(past.travel_s),
        leak=None if leak is None else leak.tolist(),
    )  # fmt: skip
