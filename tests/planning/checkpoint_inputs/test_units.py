"""The table of units: what may be in it, and what is said of what may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.checkpoints import Units
from optimizer.errors import InputError
from optimizer.places import PlaceSource
from optimizer.planning import read_streets, read_units
from optimizer.study import read_study


def read(row_study: Path, text: str) -> Units:
    path = row_study.parent / "units.csv"
    path.write_text(text, encoding="utf-8")
    return read_units(PlaceSource(path=str(path)), read_streets(read_study(row_study)))[0]


def test_id_and_place_are_enough(row_study: Path) -> None:
    units = read(row_study, "id,node\nC001,a\nC002,f\n")
    assert units.ids == units.names == ("C001", "C002")
    assert units.capacity.tolist() == [1, 1]
    assert units.mode == ("car", "car")
    assert units.ready_s.tolist() == [0, 0]


def test_every_column_is_read_and_empty_cells_are_usual(row_study: Path) -> None:
    text = "ID,name,X,Y,Count,Mode,ready_minutes\nC001,North,0,0,3,Car,1.5\nC002,,600,0,,,\n"
    units = read(row_study, text)
    assert units.names == ("North", "C002")
    assert units.capacity.tolist() == [3, 1]
    assert units.ready_s.tolist() == [90, 0]


def test_the_platforms_of_a_plan_are_units_by_their_vehicles(row_study: Path) -> None:
    """Two cars and four motorcycles are six units; a platform without a vehicle sends nobody."""
    text = "platform_id,name,x,y,response_cars,motorcycles\nP01,A,0,0,2,4\nP02,B,600,0,0,0\n"
    units = read(row_study, text)
    assert units.ids == ("P01",)
    assert units.capacity.tolist() == [6]


def test_all_faults_of_the_table_are_told_at_once(row_study: Path) -> None:
    text = (
        "id,node,count,mode,ready_minutes\n"
        "a,a,1.5,car,0\nb,b,-1,tank,soon\nc,zz,1,car,-2\nd,d,1,boat,0\n"
    )
    with pytest.raises(InputError) as caught:
        read(row_study, text)
    told = caught.value.faults
    assert len(told) == 4
    for words in (
        '"mode" has "tank" in data row 2, "boat" in data row 4; write one of car',
        'place c: there is no road node "zz"',
        '"count" has "1.5" in data row 1, "-1" in data row 2; write a whole number from 0 to',
        '"ready_minutes" has "soon" in data row 2; write a number',
    ):
        assert any(words in sentence for sentence in told), (words, told)


def test_an_id_that_reads_like_one_of_a_group_is_a_fault(row_study: Path) -> None:
    with pytest.raises(InputError, match='"C#2" reads like one of the units of "C"'):
        read(row_study, "id,node,count\nC,a,3\nC#2,b,1\n")


def test_a_table_without_anybody_is_a_fault(row_study: Path) -> None:
    with pytest.raises(InputError, match="there is no unit in it"):
        read(row_study, "id,node,count\na,a,0\n")
