"""Scoring given checkpoints from the command line: a chessboard town with one ring."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from optimizer.cli import main
from optimizer.errors import InputError
from optimizer.pipeline import score_posts_study

SIDE, BLOCK = 9, 100
STUDY = """
[study]
name = "board"
as_of = 2026-01-01
[demand]
path = "counts.csv"
x = "x"
y = "y"
weight = "calls"
[roads]
nodes = "nodes.csv"
edges = "edges.csv"
[standards]
urban = 3
"""
RING = """
[checkpoints]
centre = [400, 400]
rings_m = { core = [150, 380] }
"""


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """9 x 9 junctions, 100 m apart; inside are the 3 x 3 in the middle, where the calls are."""
    names = [(row, column) for row in range(SIDE) for column in range(SIDE)]
    nodes = [f"{r}-{c},{c * BLOCK},{r * BLOCK}" for r, c in names]
    edges = [f"{r}-{c},{r}-{c + 1},36" for r, c in names if c + 1 < SIDE]
    edges += [f"{r}-{c},{r + 1}-{c},36" for r, c in names if r + 1 < SIDE]
    counts = [f"{c * BLOCK},{r * BLOCK},20" for r in (3, 4, 5) for c in (3, 4, 5)]
    for file, head, rows in (
        ("nodes.csv", "id,x,y", nodes),
        ("edges.csv", "from,to,speed_kph", edges),
        ("counts.csv", "x,y,calls", counts),
    ):
        (tmp_path / file).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(STUDY + RING, encoding="utf-8")
    return tmp_path / "study.toml"


ROUND_THE_MIDDLE = [
    *(f"2-{c}" for c in (3, 4, 5)), *(f"6-{c}" for c in (3, 4, 5)),
    *(f"{r}-2" for r in (3, 4, 5)), *(f"{r}-6" for r in (3, 4, 5)),
]  # fmt: skip


def score(board: Path, table: str, ring: str | None = None) -> tuple[str, dict]:
    posts = board.parent / "posts.csv"
    posts.write_text(table, encoding="utf-8")
    found = score_posts_study(board, posts, ring)
    return found.to_text(), json.loads(json.dumps(found.to_json(), allow_nan=False))


def listed(nodes: list[str]) -> str:
    return "id,node\n" + "".join(f"P{node},{node}\n" for node in nodes)


def test_twelve_posts_seal_the_middle_and_none_may_be_lost(board: Path) -> None:
    text, found = score(board, listed(ROUND_THE_MIDDLE))
    (ring,) = found["rings"]
    assert (ring["name"], ring["checkpoints"], ring["sealed"]) == ("core", 12, True)
    assert (ring["leak"], ring["missing"], ring["redundancy"]) == (None, [], 1)
    assert sorted(ring["critical"]) == sorted(f"P{node}" for node in ROUND_THE_MIDDLE)
    assert set(ring["intercepted"].values()) == {1.0}
    assert text.startswith("core: 12 checkpoints against those who leave: sealed.")


def test_without_hotspots_it_is_said_why_nothing_is_contained(board: Path) -> None:
    """The calls of the board crowd nowhere."""
    text, found = score(board, listed(ROUND_THE_MIDDLE))
    assert [found[key] for key in ("containment", "nets", "hotspots")] == [None, None, None]
    assert "no hotspot lies where" in found["note"]
    assert text.endswith(f"Containment: {found['note']}")


def test_the_one_that_is_missing_is_named_with_the_quickest_way_past(board: Path) -> None:
    """Without the post at 4-6 one leaves eastwards in 300 m, or 30 s, from the middle's edge."""
    text, found = score(board, listed([n for n in ROUND_THE_MIDDLE if n != "4-6"]))
    (ring,) = found["rings"]
    assert not ring["sealed"]
    assert ring["leak"]["nodes"] == ["4-5", "4-6", "4-7", "4-8"]
    assert ring["leak"]["minutes"] == pytest.approx(0.5)
    (missing,) = ring["missing"]
    assert (missing["at"], missing["x"], missing["y"]) == ("junction", 600, 400)
    assert ring["critical"] == []
    assert ring["intercepted"]["any"] == 0
    assert "Quickest way past them: 0.5 min" in text


def test_posts_on_roads_and_rows_of_other_rings_and_roles(board: Path) -> None:
    """A row for another ring, or one that a plan lists for a short force, is left out."""
    rows = [f"{n},core,seal,junction,{100 * int(n[2])},{100 * int(n[0])}"
            for n in ROUND_THE_MIDDLE if n != "4-6"]  # fmt: skip
    head = "post_id,ring,role,at,x,y\n"
    road = "east,core,seal,road,550,402\n"
    other = "4-6,urban,seal,junction,600,400\nbest,core,best,junction,600,400\n"
    _, open_still = score(board, head + "\n".join(rows) + "\n" + other, "core")
    assert not open_still["rings"][0]["sealed"]
    _, sealed = score(board, head + "\n".join(rows) + "\n" + road + other)
    assert sealed["rings"][0]["sealed"]
    assert "east" in sealed["rings"][0]["critical"]


def test_who_comes_is_stopped_as_well(board: Path) -> None:
    board.write_text(STUDY + RING + 'direction = "both"\n', encoding="utf-8")
    text, found = score(board, listed([n for n in ROUND_THE_MIDDLE if n != "4-6"]))
    assert [ring["direction"] for ring in found["rings"]] == ["out", "in"]
    assert found["rings"][1]["leak"]["nodes"] == ["4-8", "4-7", "4-6", "4-5"]
    assert "11 checkpoints against those who come: open." in text


def test_without_rings_the_exits_are_what_counts(board: Path) -> None:
    """Two exits at the west end of the middle row; one post before each."""
    (board.parent / "exits.csv").write_text("id,node\nW,4-0\nE,4-8\n", encoding="utf-8")
    text = '[checkpoints]\nexits = "exits.csv"\nposts_at = "junctions"\n'
    board.write_text(STUDY + text, encoding="utf-8")
    _, found = score(board, listed(["4-0", "4-8"]))
    (ring,) = found["rings"]
    assert (ring["name"], ring["sealed"]) == ("exits", True)
    _, found = score(board, listed(["4-0"]))
    assert not found["rings"][0]["sealed"]
    assert len(found["rings"][0]["missing"]) == 1


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ([], "--sites FILE or --checkpoints FILE"),
        (["--sites", "posts.csv", "--checkpoints", "posts.csv"], "one of the two"),
        (["--ring", "core", "--sites", "posts.csv"], "give --checkpoints FILE with it"),
        (["--units", "posts.csv", "--sites", "posts.csv"], "give --checkpoints FILE with them"),
        (["--checkpoints", "posts.csv", "--ring", "cor"], "did you mean core?"),
        (["--checkpoints", "none.csv"], "none.csv"),
        (["--checkpoints", "at.csv"], 'at = "roof"; write junction or road'),
        (["--checkpoints", "best.csv"], 'no row has the role "seal"'),
    ],
)
def test_wrong_input_is_told_in_a_sentence(
    board: Path,
    arguments: list[str],
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(board.parent)
    Path("posts.csv").write_text("id,node\nA,4-4\n", encoding="utf-8")
    Path("at.csv").write_text("id,node,at\nA,4-4,roof\n", encoding="utf-8")
    Path("best.csv").write_text("id,node,role\nA,4-4,best\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["optimizer", "score", str(board), *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert fault in capsys.readouterr().err


def test_the_command_prints_and_writes(
    board: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(board.parent)
    Path("posts.csv").write_text(listed(ROUND_THE_MIDDLE), encoding="utf-8")
    arguments = ["--checkpoints", "posts.csv", "--ring", "core", "--json", "score.json"]
    monkeypatch.setattr(sys, "argv", ["optimizer", "score", str(board), *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 0
    assert "sealed" in capsys.readouterr().out
    assert json.loads(Path("score.json").read_text(encoding="utf-8"))["rings"][0]["sealed"]


def test_a_study_without_checkpoints_says_what_to_add(board: Path) -> None:
    board.write_text(STUDY, encoding="utf-8")
    with pytest.raises(InputError, match=r"there is no \[checkpoints\]"):
        score(board, listed(["4-4"]))
