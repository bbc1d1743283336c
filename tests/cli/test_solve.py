"""Bare location models as an operations researcher types them, at their published optima."""

from __future__ import annotations

import csv
import json
import logging
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from optimizer import cli


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def optimizer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Type words after `optimizer`; the exit code and what was printed come back."""

    def run(*words: object) -> Result:
        monkeypatch.setattr(sys, "argv", ["optimizer", *map(str, words)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return Result(int(stop.value.code), *capsys.readouterr())

    yield run
    logger = logging.getLogger("optimizer")
    logger.handlers.clear()
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def riverside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Demand 5 4 6 3 at 0 3 6 9 on a river, sites between: 01 reaches 0 3, 02 3 6, 03 6 9."""
    monkeypatch.chdir(tmp_path)
    Path("demand.csv").write_text("id,x,y,weight\nA,0,0,5\nB,3,0,4\nC,6,0,6\nD,9,0,3\n")
    Path("sites.csv").write_text("id,x,y\n01,1.5,0\n02,4.5,0\n03,7.5,0\n")
    Path("ways.csv").write_text(
        "site,demand,travel_s\n01,A,60\n01,B,60\n02,B,60\n02,C,60\n03,C,60\n03,D,60\n01,C,180\n"
    )
    return tmp_path


RADIUS = ("--demand", "demand.csv", "--sites", "sites.csv", "--radius", 1.5)
TIMES = ("--demand", "demand.csv", "--sites", "sites.csv", "--times", "ways.csv")


def solved(optimizer: Run, *words: object) -> dict:
    """The document that a run with these words writes."""
    path = Path("result.json")
    result = optimizer("solve", *words, "--json", path, "--overwrite", "-q")
    assert (result.code, result.err) == (0, "")
    return json.loads(path.read_text(encoding="utf-8"))


def test_maximal_covering_by_hand(riverside, optimizer):
    """A point exactly on the radius is covered; ids keep their zeros."""
    document = solved(optimizer, "mclp", *RADIUS, "-p", 2)
    assert document["sites"] == ["01", "03"]
    assert (document["model"], document["status"]) == ("mclp", "optimal")
    assert (document["objective"], document["bound"], document["gap"]) == (18, 18, 0)
    assert {"seconds", "solver", "seed"} <= document.keys()
    assert document["covered_share"] == 1


def test_the_answer_is_printed_and_progress_goes_elsewhere(riverside, optimizer):
    result = optimizer("solve", "mclp", *RADIUS, "-p", 2)
    assert result.code == 0
    assert "2 sites: 01, 03" in result.out
    assert "covered: 18 of 18 (100.00 %)" in result.out


def test_strictly_within_the_radius_nobody_is_covered(riverside, optimizer):
    result = optimizer("solve", "mclp", *RADIUS, "-p", 2, "--strict", "-q")
    assert (result.code, result.out) == (1, "")
    assert "None of the 3 sites that may open reaches any" in result.err


@pytest.mark.parametrize("standard", [60, 100])
def test_ways_in_place_of_coordinates(riverside, optimizer, standard):
    document = solved(optimizer, "mclp", *TIMES, "--standard", standard, "-p", 1)
    assert (document["sites"], document["objective"]) == (["02"], 10)


def test_fixed_sites(riverside, optimizer):
    """02 must open and 03 must not, as pandas writes a column with gaps."""
    Path("sites.csv").write_text("ID,X,Y,fixed\n01,1.5,0,\n02,4.5,0,1.0\n03,7.5,0,0.0\n")
    assert solved(optimizer, "mclp", *RADIUS, "-p", 2)["sites"] == ["01", "02"]


def test_the_other_models_by_hand(riverside, optimizer):
    lscp = solved(optimizer, "lscp", *RADIUS)
    assert (lscp["objective"], lscp["sites"]) == (2, ["01", "03"])
    median = solved(optimizer, "pmedian", *TIMES[:4], "-p", 3)
    assert median["objective"] == pytest.approx(1.5 * 18)
    assert "covered_share" not in median
    center = solved(optimizer, "pcenter", *TIMES[:4], "-p", 1)
    assert (center["objective"], center["sites"]) == (4.5, ["02"])
    longest = solved(optimizer, "pcenter", *TIMES, "-p", 2)
    assert (longest["objective"], longest["sites"]) == (60, ["01", "03"])


def test_backup_and_expected_covering_by_hand(riverside, optimizer):
    """All three: B and C are covered twice. Two units, a half busy: 01 and 03 serve half of all."""
    twice = solved(optimizer, "backup", *RADIUS, "-p", 3, "--kind", "bacop1")
    assert twice["objective"] == 10
    both = solved(optimizer, "backup", *RADIUS, "-p", 3, "--first-share", 0.25)
    assert both["objective"] == pytest.approx(0.25 * 18 + 0.75 * 10)
    units = solved(optimizer, "mexclp", *RADIUS, "-p", 2, "--busy", 0.5)
    assert units["objective"] == pytest.approx(9)
    many = solved(optimizer, "mexclp", *RADIUS, "-p", 5, "--busy", 0.5, "--units-per-site", 2)
    assert len(many["sites"]) == 5


def test_parquet_and_chinese_text(riverside, optimizer):
    pq.write_table(
        pa.table({"id": ["001", "002"], "x": [0, 3], "y": [0, 0], "weight": [5, 4]}), "d.parquet"
    )
    Path("s.csv").write_bytes("id,x,y\n邵阳,0,0\n".encode("gb18030"))
    document = solved(
        optimizer, "mclp", "--demand", "d.parquet", "--sites", "s.csv", "--radius", 1, "-p", 1
    )
    assert (document["sites"], document["objective"]) == (["邵阳"], 5)
    Path("s.csv").write_bytes("id,x,y\n邵阳,3,0\n".encode("utf-8-sig"))
    again = solved(
        optimizer, "mclp", "--demand", "d.parquet", "--sites", "s.csv", "--radius", 1, "-p", 1
    )
    assert (again["sites"], again["objective"]) == (["邵阳"], 4)


@pytest.fixture
def sao_jose(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The three instances of a Brazilian city as tables: demand points are sites."""
    monkeypatch.chdir(tmp_path)
    for path in (shared / "benchmarks" / "sjc").glob("SJC*.txt"):
        rows = [line.split() for line in path.read_text().splitlines()[1:] if line.strip()]
        lines = [",".join([f"{i:04}", *row]) for i, row in enumerate(rows)]
        Path(f"{path.stem}.csv").write_text("\n".join(["id,x,y,weight", *lines]))
    return shared / "benchmarks" / "sjc" / "optima.csv"


@pytest.mark.realdata
def test_published_optima(sao_jose, optimizer):
    with sao_jose.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 10
    for row in rows:
        table = f"{row['instance']}.csv"
        document = solved(
            optimizer, "mclp", "--demand", table, "--sites", table, "--radius", row["radius"],
            "-p", row["p"],
        )  # fmt: skip
        found = (document["objective"], document["gap"], document["demand_weight"])
        assert found == (float(row["optimal_covered"]), 0, float(row["total_demand"])), row


FAULTS: list[tuple[tuple[object, ...], tuple[str, ...]]] = [
    (("mclp",), ("--demand is missing", "--sites is missing", "-p is missing", "neither --radius")),
    ((), ("MODEL is missing: give one of mclp, lscp",)),
    (("mclp", *RADIUS, "-p", 0), ("-p 0 is no number of platforms: give 1 or more",)),
    (("mclp", *RADIUS, "-p", 4), ("-p 4 is more than the 3 that 3 sites can take",)),
    (("mclp", *RADIUS, "--times", "ways.csv", "-p", 1), ("--radius and --times are both given",)),
    (("mclp", *TIMES, "-p", 1), ("--times is given without --standard",)),
    (("mclp", *RADIUS, "--standard", 9, "-p", 1), ("--standard is given without --times",)),
    (("mclp", *RADIUS[:4], "--radius", "nan", "-p", 1), ("--radius nan is no length",)),
    (("mclp", *RADIUS[:4], "--radius", "-1", "-p", 1), ("--radius -1.0 is no length",)),
    (("mexclp", *RADIUS, "-p", 1), ("mexclp needs --busy",)),
    (("mexclp", *RADIUS, "-p", 1, "--busy", 1.5), ("busy_share = 1.5 is no share",)),
    (("mclp", *RADIUS, "-p", 1, "--busy", 0.3), ("--busy is for mexclp, not for mclp",)),
    (("pmedian", *TIMES, "-p", 1, "--kind", "bacop1"), ("--kind is for backup, not for pmedian",)),
    (("lscp", *RADIUS, "--certificate", "c"), ("--certificate is for mclp, not for lscp",)),
    (("mclp", "--verify", "c"), ("--verify checks a certificate and solves nothing",)),
    (("--verify", "nowhere"), ("nowhere: there is no such file",)),
    (("--verify", "sites.csv"), ("sites.csv: this is no whole certificate",)),
    (("mclp", *RADIUS, "-p", 1, "--json", "sites.csv"), ("sites.csv is already there",)),
    (
        ("mclp", "--demand", "no.csv", "--sites", "nor.csv", "--radius", 1, "-p", 1),
        ("no.csv: there is no such file", "nor.csv: there is no such file"),
    ),
]


@pytest.mark.parametrize(("words", "sentences"), FAULTS, ids=[f[1][0] for f in FAULTS])
def test_wrong_options_are_named_all_at_once(riverside, optimizer, words, sentences):
    result = optimizer("solve", *words, "-q")
    assert (result.code, result.out) == (2, "")
    for sentence in sentences:
        assert sentence in result.err
    assert "Traceback" not in result.err


D, S, W = "demand.csv", "sites.csv", "ways.csv"
TABLES: list[tuple[str, str, str]] = [
    (D, "", "demand.csv: the file is empty"),
    (D, "id,x,y,weight\n", "demand.csv: the table has no rows"),
    (D, "id,x,y,weight\nA,0,0,0\nB,1,0,0\n", "demand.csv: all weights are 0"),
    (D, "id,x,y,weight\nA,0,0,1\nB,1,0,-2\n", "row 2 (B) has weight '-2' (1 such rows)"),
    (D, "id,x,y,weight\nA,0,0,nan\n", "demand.csv: row 1 (A) has weight 'nan'"),
    (D, "id,x,y,weight\nA,0,0,\n", "demand.csv: row 1 (A) has weight None"),
    (D, "id,x,y,weight\nA,inf,0,1\n", "demand.csv: row 1 (A) has x 'inf'"),
    (D, "id,x,y,weight\nA,0,0,1\nA,1,0,1\n", "demand.csv: the demand point id 'A' is used 2 times"),
    (D, "id,x,y,weight\nA,0,0,1\nA,1,0,1\n,2,0,1\n", "the demand point id 'A' is used 2 times"),
    (D, "id,x,y,weight\n,0,0,1\n", "demand.csv: row 1 has no id (1 such rows)"),
    (D, "id,x,y,calls\nA,0,0,1\n", 'there is no column "weight"; the file has "id", "x"'),
    (D, "id,x,y,weigth\nA,0,0,1\n", 'there is no column "weight"; did you mean "weigth"?'),
    (D, "id,x,y,weight\nA,0,0,1\nB,0\n", "demand.csv: 1 rows do not have the 4 cells"),
    (S, "id,x,y\n", "sites.csv: the table has no rows"),
    (S, "id,x,y\n1,0,0\n1,1,1\n", "sites.csv: the site id '1' is used 2 times"),
    (S, "id,x,y,fixed\n1,0,0,2\n", "sites.csv: site '1' has fixed '2' (1 such sites)"),
    (S, "id,x,y\n1,zero,0\n", "sites.csv: row 1 (1) has x 'zero'"),
    (S, "id,y\n1,0\n", 'sites.csv: there is no column "x"'),
]  # fmt: skip
WAYS: list[tuple[str, str]] = [
    ("site,demand,travel_s\n01,A,-1\n", "ways.csv: row 1 (01 to A) has travel_s '-1'"),
    ("site,demand,travel_s\n01,A,NaN\n", "ways.csv: row 1 (01 to A) has travel_s 'NaN'"),
    ("site,demand,travel_s\n01,A,1\n01,A,2\n", "ways.csv: the way 01 to A is given twice"),
    ("site,demand,travel_s\n1,A,1\n", "ways.csv: column 'site' has ids that its own table does"),
    ("site,demand,travel_s\n01,Q,1\n", "ways.csv: column 'demand' has ids that its own table does"),
    ("site,demand,seconds\n01,A,1\n", 'ways.csv: there is no column "travel_s"'),
]


@pytest.mark.parametrize(("file", "text", "sentence"), TABLES, ids=[t[2] for t in TABLES])
def test_bad_tables(riverside, optimizer, file, text, sentence):
    Path(file).write_text(text)
    result = optimizer("solve", "mclp", *RADIUS, "-p", 1, "-q")
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err


@pytest.mark.parametrize(("text", "sentence"), WAYS, ids=[w[1] for w in WAYS])
def test_bad_ways(riverside, optimizer, text, sentence):
    Path("ways.csv").write_text(text)
    result = optimizer("solve", "mclp", *TIMES, "--standard", 60, "-p", 1, "-q")
    assert (result.code, result.out) == (2, "")
    assert sentence in result.err


def test_faults_of_all_tables_come_together(riverside, optimizer):
    Path("demand.csv").write_text("id,x,y,weight\nA,0,0,-1\n")
    Path("sites.csv").write_text("id,x,y,fixed\n1,0,0,maybe\n")
    result = optimizer("solve", "mexclp", *RADIUS, "-p", 0, "-q")
    assert result.code == 2
    assert len(result.err.splitlines()) == 4


def test_rules_that_clash_are_named(riverside, optimizer):
    Path("sites.csv").write_text("id,x,y,fixed\n01,1.5,0,1\n02,4.5,0,1\n03,7.5,0,\n")
    result = optimizer("solve", "mclp", *RADIUS, "-p", 1, "-q")
    assert (result.code, result.out) == (1, "")
    assert "2 sites are kept, but its number of platforms is 1" in result.err


def test_too_many_straight_lines_are_refused(riverside, optimizer):
    many = pa.table({"id": range(8000), "x": np.arange(8000.0), "y": np.zeros(8000)})
    pq.write_table(many, "s.parquet")
    pq.write_table(many.append_column("weight", pa.array(np.ones(8000))), "d.parquet")
    result = optimizer("solve", "pmedian", "--demand", "d.parquet", "--sites", "s.parquet", "-p", 1)
    assert result.code == 2
    assert "64,000,000 straight lines" in result.err


def test_a_certificate_can_be_checked_by_another(riverside, optimizer):
    written = optimizer("solve", "mclp", *RADIUS, "-p", 2, "--certificate", "proof", "-q")
    assert (written.code, written.err) == (0, "")
    verdict = optimizer("solve", "--verify", "proof")
    assert verdict.code == 0
    assert "these 2 sites cover 18, and no plan covers more than 18" in verdict.out
    assert "sites: 01, 03" in verdict.out
    first = Path("proof").read_bytes()
    optimizer("solve", "mclp", *RADIUS, "-p", 2, "--certificate", "proof", "-q", "--overwrite")
    assert Path("proof").read_bytes() == first


def test_a_forged_certificate_does_not_hold(riverside, optimizer):
    optimizer("solve", "mclp", *RADIUS, "-p", 1, "--certificate", "proof", "-q")
    with zipfile.ZipFile("proof") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    document = json.loads(members["certificate.json"])
    assert document["objective"] == 10
    document["objective"] = 11
    members["certificate.json"] = json.dumps(document).encode()
    with zipfile.ZipFile("forged", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    verdict = optimizer("solve", "--verify", "forged")
    assert verdict.code == 1
    assert verdict.out == "forged does not hold: the plan covers 10, not 11 as claimed.\n"
