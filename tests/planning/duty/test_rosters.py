"""Hours of work by weekday and shift, and rosters made of them, in a row of six junctions."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from optimizer.deployment.shifts_of_duty import DutyShifts
from optimizer.errors import InputError
from optimizer.planning import plan_rosters, read_inputs
from optimizer.planning.duty.rosters import duty_work
from optimizer.study import read_study

NODES = "id,x,y\n" + "\n".join(f"{name},{600 * k},0" for k, name in enumerate("abcdef"))
EDGES = "from,to,speed_kph\na,b,36\nb,c,36\nc,d,36\nd,e,36\ne,f,36"
STUDY = """
[study]
name = "row"
as_of = 2026-01-26
[calls]
path = "calls.csv"
time = "time"
node = "node"
category = "category"
years = 0.0834
[roads]
nodes = "nodes.csv"
edges = "edges.csv"
[standards]
urban = 3
turnout_seconds = 60
[crew]
officers = 4
auxiliaries = 4
shift_hours = {early = "06:00-18:00", late = "18:00-06:00"}
handling_minutes = 20
handling = {Fire = 50}
"""
CALLS = """time,node,category
2026-01-05 08:00,c,Fire
2026-01-06 02:00,b,Theft
2026-01-07 08:00,e,Theft
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Junctions a to f a minute apart, and three calls: Monday early, Monday late, Wednesday."""
    for name, text in (
        ("study.toml", STUDY), ("nodes.csv", NODES), ("edges.csv", EDGES), ("calls.csv", CALLS),
    ):  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def two_platforms(inputs: Any) -> tuple[list[Any], Any]:
    """Platforms at a and f, which own three junctions each."""
    node = inputs.network.nodes_of("abcdef")
    owner = np.empty(6, np.int32)
    owner[node] = [0, 0, 0, 1, 1, 1]
    platforms = [
        SimpleNamespace(platform_id=name, node=int(node[at]), district="")
        for name, at in (("P01", 0), ("P02", 5))
    ]
    return platforms, SimpleNamespace(variant=SimpleNamespace(grid_of_node=owner))


def test_hours_are_turnout_way_and_handling_on_the_weekday_the_shift_began(folder: Path) -> None:
    """The window holds n Mondays; the call of Tuesday 02:00 belongs to Monday's late shift."""
    study = read_study(folder / "study.toml")
    inputs = read_inputs(study)
    shifts = DutyShifts.from_settings(study.settings.crew, study.settings.demand)
    work = duty_work(study, inputs, *two_platforms(inputs), shifts)
    first, end = inputs.source.window
    days = [(first.weekday() + k) % 7 for k in range((end - first).days)]
    wanted = np.zeros((2, 7, 2))
    wanted[0, 0, 0] = (1 + 2 + 50) / 60 / days.count(0)
    wanted[0, 0, 1] = (1 + 1 + 20) / 60 / days.count(0)
    wanted[1, 2, 0] = (1 + 1 + 20) / 60 / days.count(2)
    np.testing.assert_allclose([own.hours for own in work], wanted, atol=1e-9)
    a_year = np.array([own.calls_per_year for own in work])
    np.testing.assert_allclose(a_year, (wanted > 0) * 365.25 / len(days), atol=1e-9)


def test_platforms_get_their_rosters_in_their_order(folder: Path) -> None:
    study = read_study(folder / "study.toml")
    inputs = read_inputs(study)
    rosters = plan_rosters(study, inputs, *two_platforms(inputs))
    assert [roster.platform_id for roster in rosters] == ["P01", "P02"]
    assert [len(roster.rows) for roster in rosters] == [8 * 28, 8 * 28]
    assert {row.person[:3] for row in rosters[1].rows} == {"P02"}
    assert rosters == plan_rosters(study, inputs, *two_platforms(inputs)), "the same every time"


def test_all_faults_of_the_crew_come_with_those_of_the_files(folder: Path) -> None:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace("Fire = 50", "Fyre = 50") + 'class_of = {North = "city"}\n'
    (folder / "study.toml").write_text(text.replace("late =", "later ="), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_inputs(read_study(folder / "study.toml"))
    faults = "\n".join(caught.value.faults)
    assert '[crew] handling: no call has the category "Fyre"' in faults
    assert '[crew] class_of: there is no district "North"' in faults
    assert '[crew] class_of: there is no class "city"' in faults
