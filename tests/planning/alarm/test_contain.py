"""Containing a flight on a study: clocks, places as typed, who is sent, where one is away."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.errors import InputError
from optimizer.planning import Closing, contain_study

ROW_SETTINGS = "report_delay_minutes = 0\n"


@pytest.fixture
def row(row_study: Path) -> Path:
    """Junctions a to f a minute apart; half a minute of turnout, two of set-up, no delay."""
    with row_study.open("a", encoding="utf-8") as file:
        file.write(ROW_SETTINGS)
    return row_study


def closed(study: Path, *incidents: str, units: str, exits: str = "id,node\nE,f\n") -> Closing:
    folder = study.parent
    (folder / "units.csv").write_text(units, encoding="utf-8")
    (folder / "exits.csv").write_text(exits, encoding="utf-8")
    return contain_study(study, incidents, units=folder / "units.csv", exits=folder / "exits.csv")


def test_every_clock_counts_from_the_incident(row: Path) -> None:
    """A car at e closes it after turnout and set-up, 1.5 minutes before one from a is there."""
    found = closed(row, "a", units="id,node\nC,e\n").to_json()
    assert found["contained"] is True
    assert found["minutes_after_incident"] == pytest.approx(2.5)
    assert (found["status"], found["fewest"], found["leak"]) == ("optimal", True, None)
    (post,) = found["checkpoints"]
    assert (post["site"], post["unit"]) == ("e", "C")
    assert post["unit_minutes"] == pytest.approx(2.5)
    assert post["evader_minutes"] == pytest.approx(4.0)


def test_a_delay_or_a_head_start_lets_him_through(row: Path) -> None:
    closed(row, "a", units="id,node\nC,e\n")
    files = {"units": row.parent / "units.csv", "exits": row.parent / "exits.csv"}
    late = contain_study(row, ["a"], delay_minutes=2.0, **files)
    early = contain_study(row, ["a"], head_start_minutes=2.0, **files)
    posts = [found.to_json()["checkpoints"] for found in (late, early)]
    assert posts == [[], []]
    assert late.to_json()["minutes_after_incident"] is None
    assert late.to_json()["leak"]["nodes"] == list("abcdef")
    assert late.to_json()["leak"]["minutes"] == pytest.approx(5.0)
    assert early.to_json()["leak"]["minutes"] == pytest.approx(3.0)
    assert "Not contained: no net closes in time with 1 units." in late.to_text()


def test_a_one_way_road_out_of_the_data_is_a_way_out(row: Path) -> None:
    found = closed(row, "a", units="id,node\nC,f\n", exits="id,node\nX,out\n").to_json()
    assert [post["site"] for post in found["checkpoints"]] == ["f"]


def test_places_are_snapped_and_the_way_is_said(row: Path) -> None:
    found = closed(row, "30,40", units="id,node\nC,e\n")
    assert found.to_json()["incidents"] == [{"node": "a", "snapped_m": pytest.approx(50.0)}]
    assert found.to_text().startswith("Flight from 30,40, 50 m from its road node.")


def test_a_place_may_be_typed_with_blanks_or_a_chinese_comma(row: Path) -> None:
    plain = closed(row, "30,40", units="id,node\nC,e\n").to_text()
    assert closed(row, " 30,40 ", units="id,node\nC,e\n").to_text() == plain
    assert closed(row, "30，40", units="id,node\nC,e\n").to_text() == plain


def test_two_fugitives_share_a_net(row: Path) -> None:
    """The one from d is at e after a minute, before any post stands."""
    assert closed(row, "a", "b", units="id,node\nC,e\n").found.contained
    assert not closed(row, "a", "d", units="id,node\nC,e\n").found.contained


def test_a_fugitive_on_the_isle_is_contained_by_nobody(row: Path) -> None:
    found = closed(row, "isle1", units="id,node\nC,a\n").to_json()
    assert (found["contained"], found["minutes_after_incident"]) == (True, 0.0)
    assert found["checkpoints"] == []


def test_all_faults_are_told_at_once(row: Path) -> None:
    with pytest.raises(InputError) as caught:
        closed(row, "aa", "9,9,9", "0,99999", units="id,node\nC,nowhere\n")
    text = str(caught.value)
    assert 'no road node "aa"; did you mean a?' in text
    assert '"9,9,9" is no place' in text
    assert "0,99999 lies" in text
    assert "more than the" in text
    assert "nowhere" in text


def test_exits_far_from_the_roads_are_pointed_out(
    row: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The net closes around the junction that is taken instead, which may be another place."""
    exits = row.parent / "far.csv"
    exits.write_text("id,x,y\nE1,3600,0\nE2,3600,-2000\n", encoding="utf-8")
    units = row.parent / "near.csv"
    units.write_text("id,node\nC,e\n", encoding="utf-8")
    contain_study(row, ["a"], exits=exits, units=units)
    assert "far.csv: 2 places lie more than 500 m from the nearest node" in caplog.text
    assert "E2 (2,088 m), E1 (600 m); check coordinates" in caplog.text


def test_without_exits_or_units_it_is_said_what_to_do(row: Path) -> None:
    (row.parent / "study.toml").write_text(
        row.read_text(encoding="utf-8").split("[checkpoints]")[0], encoding="utf-8"
    )
    with pytest.raises(InputError) as caught:
        contain_study(row, ["a"])
    exits, units = caught.value.faults
    assert "give --exits FILE" in exits
    assert "give --units FILE" in units


def test_stations_send_their_vehicles_where_there_is_no_plan(row: Path) -> None:
    (row.parent / "stations.csv").write_text("id,node\nS,e\n", encoding="utf-8")
    (row.parent / "exits.csv").write_text("id,node\nE,f\n", encoding="utf-8")
    with row.open("a", encoding="utf-8") as file:
        file.write('[platforms]\ncount = 1\nexisting = "stations.csv"\n[crew]\nmotorcycles = 1\n')
    found = contain_study(row, ["a"], exits=row.parent / "exits.csv")
    assert found.units == 3
    assert found.to_json()["checkpoints"][0]["unit"] == "S#1"


def test_the_further_units_of_the_study_are_sent_too(row: Path) -> None:
    (row.parent / "stations.csv").write_text("id,node\nS,a\n", encoding="utf-8")
    (row.parent / "boats.csv").write_text("id,node\nB,e\n", encoding="utf-8")
    (row.parent / "exits.csv").write_text("id,node\nE,f\n", encoding="utf-8")
    with row.open("a", encoding="utf-8") as file:
        file.write('units = "boats.csv"\n[platforms]\ncount = 1\nexisting = "stations.csv"\n')
    found = contain_study(row, ["a"], exits=row.parent / "exits.csv")
    assert found.units == 7
    assert found.to_json()["checkpoints"][0]["unit"] == "B"
    alone = contain_study(
        row, ["a"], exits=row.parent / "exits.csv", units=row.parent / "boats.csv"
    )
    assert alone.units == 1


def test_the_vehicles_of_the_last_plan_are_sent(
    row: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = row.read_text(encoding="utf-8").replace(
        'name = "row"', 'name = "row"\nas_of = 2026-01-01'
    )
    row.write_text(text, encoding="utf-8")
    plan = tmp_path / "elsewhere" / "reports" / "row" / "2026-01-01" / "plan.csv"
    plan.parent.mkdir(parents=True)
    plan.write_text("platform_id,node,response_cars,motorcycles\nP01,e,2,4\n", encoding="utf-8")
    (row.parent / "exits.csv").write_text("id,node\nE,f\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "elsewhere")
    found = contain_study(row, ["a"], exits=row.parent / "exits.csv")
    assert found.units == 6
    assert found.to_json()["checkpoints"][0]["unit"] == "P01#1"


def test_beyond_the_outermost_ring_he_is_away(row: Path) -> None:
    text = row.read_text(encoding="utf-8")
    row.write_text(
        text + 'centre = [0, 0]\nrings_m = { core = [500, 1900] }\nedge_of_data = "closed"\n',
        encoding="utf-8",
    )
    (row.parent / "units.csv").write_text("id,node\nC,d\n", encoding="utf-8")
    inside = contain_study(row, ["a"], units=row.parent / "units.csv")
    assert [post["site"] for post in inside.to_json()["checkpoints"]] == ["d"]
    beyond = contain_study(row, ["f"], units=row.parent / "units.csv")
    assert not beyond.found.contained
