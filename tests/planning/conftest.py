"""A town of six junctions in a row, with a one-way road out of it and a road on its own."""

from __future__ import annotations

from pathlib import Path

import pytest

STUDY = """
[study]
name = "row"
[demand]
path = "counts.csv"
[roads]
nodes = "nodes.csv"
edges = "edges.csv"
[standards]
urban = 3
turnout_seconds = 30
[checkpoints]
setup_minutes = 2
"""
NODES = """id,x,y
a,0,0
b,600,0
c,1200,0
d,1800,0
e,2400,0
f,3000,0
out,3600,0
isle1,0,9000
isle2,600,9000
"""
EDGES = """from,to,speed_kph,oneway
a,b,36,no
b,c,36,no
c,d,36,no
d,e,36,no
e,f,36,no
f,out,36,yes
isle1,isle2,36,no
"""


@pytest.fixture
def row_study(tmp_path: Path) -> Path:
    """Junctions a to f a minute apart, then a one-way road to "out", and an isle 9 km away.

    The counts that the study names do not exist: sealing must not read them.
    """
    for name, text in (("study.toml", STUDY), ("nodes.csv", NODES), ("edges.csv", EDGES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path / "study.toml"
