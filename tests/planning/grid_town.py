"""A town of 13 x 13 junctions, 100 m apart, whose middle is at (600, 600); every street has a name.

Two one-way streets leave it to the east for junctions beyond, from which nobody comes back.
"""

from __future__ import annotations

from pathlib import Path

SIDE, STEP = 13, 100

STUDY = """
[study]
name = "grid"
{study}
[demand]
path = "counts.csv"
[roads]
nodes = "nodes.csv"
edges = "edges.csv"
{roads}
[standards]
urban = 3
[checkpoints]
{checkpoints}
"""


def node(column: int, row: int) -> str:
    """The id of a junction, such as "c3r7"."""
    return f"c{column}r{row}"


def write_grid(folder: Path, checkpoints: str, roads: str = "", study: str = "") -> Path:
    """Write the town and its study; ``checkpoints`` is what stands under [checkpoints]."""
    nodes = ["id,x,y"]
    nodes += [f"{node(c, r)},{c * STEP},{r * STEP}" for c in range(SIDE) for r in range(SIDE)]
    edges = ["from,to,oneway,name,highway"]
    for at in range(SIDE):
        for step in range(SIDE - 1):
            kind = "primary" if at == SIDE // 2 else "residential"
            edges.append(f"{node(step, at)},{node(step + 1, at)},no,Row {at},{kind}")
            edges.append(f"{node(at, step)},{node(at, step + 1)},no,Column {at},{kind}")
    for number, row in enumerate((2, 10)):
        nodes.append(f"out{number},{(SIDE + 1) * STEP},{row * STEP}")
        edges.append(f"{node(SIDE - 1, row)},out{number},yes,Way out {number},primary")
    (folder / "nodes.csv").write_text("\n".join(nodes), encoding="utf-8")
    (folder / "edges.csv").write_text("\n".join(edges), encoding="utf-8")
    path = folder / "study.toml"
    text = STUDY.format(checkpoints=checkpoints, roads=roads, study=study)
    path.write_text(text, encoding="utf-8")
    return path
