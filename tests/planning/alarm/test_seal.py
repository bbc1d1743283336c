"""Sealing listed exits: clocks, partial seals, weights, what is said, and one real city."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pyproj import CRS

from optimizer.errors import InputError
from optimizer.places import unproject
from optimizer.planning import Seal, read_streets, seal_study
from optimizer.study import read_study


def seal(row_study: Path, exits: str, units: str) -> Seal:
    files = {"exits.csv": exits, "units.csv": units}
    for name, text in files.items():
        (row_study.parent / name).write_text(text, encoding="utf-8")
    return seal_study(row_study, *(row_study.parent / name for name in files))


def test_every_clock_counts_from_the_order(row_study: Path) -> None:
    """One minute until ready, half a minute of turnout, one of driving, two of set-up."""
    found = seal(row_study, "id,node\nE,f\n", "id,node,ready_minutes\nC,e,1\n").to_json()
    (pair,) = found["assignment"]
    assert (pair["exit"], pair["unit"]) == ("E", "C")
    assert pair["depart_minutes"] == pytest.approx(1.5)
    assert pair["arrive_minutes"] == pytest.approx(2.5)
    assert pair["minutes"] == found["latest_minutes"] == found["total_minutes"]
    assert found["latest_minutes"] == pytest.approx(4.5)
    assert (found["sealed"], found["status"]) == (True, "optimal")


def test_the_end_of_a_one_way_road_can_be_closed(row_study: Path) -> None:
    """It lies outside of the main part, but a car drives there."""
    found = seal(row_study, "id,node\nE,out\n", "id,node\nC,f\n")
    assert [move.post.post_id for move in found.drill.moves] == ["E"]


def test_with_too_few_units_the_heaviest_exits_are_closed(row_study: Path) -> None:
    exits = "id,node,weight\nnear,b,1\nfar,f,5\nisle,isle1,9\n"
    found = seal(row_study, exits, "id,node\nC,a\n")
    result = found.to_json()
    assert [pair["exit"] for pair in result["assignment"]] == ["far"]
    assert (result["left_open"], result["out_of_reach"]) == (["near"], ["isle"])
    assert result["sealed"] is False
    text = found.to_text()
    assert text.startswith("1 of 3 exits are closed, the last after 7.50 min; 7.50 min in all.")
    assert "Open, since units are too few: near." in text
    assert "Open, since no unit can drive there: isle." in text


def test_nothing_closed_is_said_without_a_number(row_study: Path) -> None:
    found = seal(row_study, "id,node\nisle,isle1\n", "id,node,count\nC,a,2\n")
    result = found.to_json()
    assert (result["latest_minutes"], result["total_minutes"]) == (None, 0)
    assert result["idle"] == ["C#1", "C#2"]
    assert found.to_text().splitlines()[0] == "0 of 1 exits are closed."


def test_the_proof_names_who_holds_it_up(row_study: Path) -> None:
    """E1 and E2 lie next to each other; of two cars only C is there before D has come from far."""
    found = seal(row_study, "id,node\nE1,e\nE2,f\n", "id,node\nC,e\nD,a\n")
    assert found.to_json()["held_up"] == {"exits": ["E1", "E2"], "units": ["C"]}
    proof = "Proven: before 6.50 min only 1 unit (C) can close any of exits E1, E2."
    assert found.to_text().splitlines()[-1] == proof
    alone = seal(row_study, "id,node\nE1,e\n", "id,node\nD,a\n").to_text()
    assert alone.endswith("Proven: before 6.50 min no unit can close exit E1.")


def test_names_are_shown_where_the_files_have_them(row_study: Path) -> None:
    exits, units = "id,name,node\nE,East gate,f\n", "id,name,node,count\nC,Depot,e,2\n"
    row = seal(row_study, exits, units).to_text().splitlines()[2]
    assert row.split() == ["1", "E", "East", "gate", "C#1", "Depot", "0.50", "1.50", "3.50"]


def test_chinese_names_stand_in_line(row_study: Path) -> None:
    """A Chinese character takes two columns of a terminal."""
    table = seal(row_study, "id,node\n东门,e\nE2,f\n", "id,node,count\nC,e,2\n").to_text()
    header, first, second = table.splitlines()[1:4]
    assert header.index("unit") == first.index("C#1") + 2 == second.index("C#2")


def test_two_exits_at_one_junction_are_pointed_out(row_study: Path) -> None:
    found = seal(row_study, "id,node\nE1,f\nE2,f\n", "id,node,count\nC,a,2\n")
    assert any("exits E1, E2 stand at one road node" in one for one in found.warnings)


def test_the_faults_of_both_files_are_told_at_once(row_study: Path) -> None:
    with pytest.raises(InputError) as caught:
        seal(row_study, "id,node,weight\nnorth,z,1\n", "id,node,count\nC,a,two\n")
    first, second = caught.value.faults
    assert first.startswith('exits.csv: place north: there is no road node "z"')
    assert second.startswith('units.csv: the column "count" has "two" in data row 1')


def test_a_weight_below_nothing_is_a_fault(row_study: Path) -> None:
    with pytest.raises(InputError, match="a weight that is no number from 0 up"):
        seal(row_study, "id,node,Weight\nnorth,a,-1\n", "id,node\nC,a\n")


def test_faults_are_gathered_even_where_the_roads_cannot_be_read(row_study: Path) -> None:
    (row_study.parent / "edges.csv").unlink()
    text = row_study.read_text(encoding="utf-8")
    text = text.replace('name = "row"', 'name = "row"\ncrs = "EPSG:32649"')
    row_study.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        seal(row_study, "id,place\nE,f\n", "id,node\n")
    told = caught.value.faults
    for words in ("edges.csv", "exits.csv: no columns of places", "units.csv: the table has no"):
        assert any(words in sentence for sentence in told), (words, told)


def test_the_same_files_give_the_same_answer(row_study: Path) -> None:
    """Equal ways, equal units: still one answer."""
    exits, units = "id,node\nE1,c\nE2,d\n", "id,node,count\nC,b,2\nD,e,2\n"
    first, second = (seal(row_study, exits, units).to_json() for _ in range(2))
    assert first == second


@pytest.mark.realdata
def test_minneapolis_is_closed_on_its_main_roads(shared: Path, tmp_path: Path) -> None:
    """Exits at the four ends of the city, units at its fire stations: no call is read for it."""
    study = shared / "data" / "minneapolis" / "study.toml"
    exits, units = tmp_path / "exits.csv", tmp_path / "units.csv"
    exits.write_text(
        "id,lon,lat\nnorth,-93.30,45.05\nsouth,-93.27,44.89\nwest,-93.33,44.97\neast,-93.20,44.97\n",
        encoding="utf-8",
    )
    units.write_text(
        "id,lon,lat\nA,-93.27,44.98\nB,-93.30,44.95\nC,-93.22,44.99\nD,-93.29,45.02\nE,-93.26,44.92\n",
        encoding="utf-8",
    )
    found = seal_study(study, exits, units)
    assert found.drill.complete
    assert re.match("4 of 4 exits are closed", found.to_text())
    assert all(len(move.nodes) > 5 for move in found.drill.moves)


RIVER = """
[checkpoints.water]
path = "water.geojson"
quays = "quays.csv"
speed_kph = 36
landing_minutes = 0
"""


@pytest.fixture
def river_study(row_study: Path) -> Path:
    """The row of junctions in UTM zone 49, and a river 100 m north of it from x = 0 to 3000 m."""
    root = row_study.parent
    nodes = (root / "nodes.csv").read_text(encoding="utf-8").splitlines()
    moved = [f"{name},{float(x) + 500_000},{float(y) + 3_000_000}"
             for name, x, y in (line.split(",") for line in nodes[1:])]  # fmt: skip
    (root / "nodes.csv").write_text("\n".join([nodes[0], *moved]), encoding="utf-8")
    reach = np.arange(0, 3001, 600.0)
    lon, lat = unproject(500_000 + reach, np.full(6, 3_000_100.0), CRS.from_epsg(32649))
    parts = [
        {"type": "Feature", "properties": {},
         "geometry": {"type": "LineString", "coordinates": part}}
        for part in pairwise(np.column_stack([lon, lat]).tolist())
    ]  # fmt: skip
    river = {"type": "FeatureCollection", "features": parts}
    (root / "water.geojson").write_text(json.dumps(river), encoding="utf-8")
    (root / "quays.csv").write_text(f"id,lon,lat\nQ,{lon[1]},{lat[1]}\n", encoding="utf-8")
    text = row_study.read_text(encoding="utf-8") + RIVER
    text = text.replace('name = "row"', 'name = "row"\ncrs = "EPSG:32649"')
    row_study.write_text(text, encoding="utf-8")
    return row_study


def test_a_boat_closes_the_exit_on_the_river(river_study: Path) -> None:
    """It lies 1200 m upstream of the exit, two minutes away; the car cannot get there at all."""
    streets = read_streets(read_study(river_study))
    wet = range(streets.ways.junctions, len(streets.ways.node_ids))
    mouth = max(wet, key=lambda node: streets.ways.x_m[node])
    exits = f"id,node\nmouth,{streets.ways.node_ids[mouth]}\nroad,f\n"
    units = "id,x,y,mode\nboat,501800,3000090,boat\ncar,502400,3000010,car\n"
    found = seal(river_study, exits, units).to_json()
    closed = {pair["exit"]: pair for pair in found["assignment"]}
    assert {at: pair["unit"] for at, pair in closed.items()} == {"mouth": "boat", "road": "car"}
    assert closed["mouth"]["minutes"] == pytest.approx(0.5 + 2 + 2, abs=0.01)


def test_boats_need_waters(row_study: Path) -> None:
    with pytest.raises(InputError, match=r"boats need \[checkpoints.water\]"):
        seal(row_study, "id,node\nE,f\n", "id,node,mode\nB,a,boat\n")
