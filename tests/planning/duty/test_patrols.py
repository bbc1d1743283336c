"""Beats of the small town, whose grids and rosters are made by hand."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from optimizer.demand import Hotspots
from optimizer.deployment import PatrolPlan
from optimizer.deployment.replay import Replay
from optimizer.errors import InputError, SolverError
from optimizer.planning import plan_patrols, read_inputs
from optimizer.planning.duty_inputs.patrol_files import read_patrol_files
from optimizer.study import read_study

from .conftest import STREET_M, Town
from .hand_made import DAY, grids_of, hotspots_at, roster_of


def planned(
    town: Town, names: str, cars: int = 1, hotspots: Hotspots | None = None, motorcycles: int = 0,
    quiet: int = 0, **patrols: object,
) -> PatrolPlan:  # fmt: skip
    """Patrols of platforms at some junctions, each with the nearer half of the town."""
    town = town.with_sections(patrols=patrols)
    platforms, coverage = town.force(names)
    owner = np.zeros(town.inputs.network.node_count)
    owner[town.inputs.demand.node] = coverage.platform
    spots = hotspots_at((4 * STREET_M, 0, 5)) if hotspots is None else hotspots
    rosters = [roster_of(one, cars, motorcycles, quiet) for one in platforms]
    return plan_patrols(
        town.study, town.inputs, spots, platforms, grids_of(platforms, owner), rosters
    )


def served(plan: PatrolPlan) -> set[str]:
    return {stop.target_id for beat in plan.beats for stop in beat.stops} - {""}


def test_a_hotspot_is_visited_in_every_shift_and_round(town: Town) -> None:
    """From a3 the car drives a minute to a4, stands there for 12 minutes, and is back."""
    plan = planned(town, "a3", cover_floor=0)
    assert plan.targets == 1
    assert plan.left_out == ()
    assert [beat.beat_id for beat in plan.beats] == ["P01-night-car1", "P01-day-car1",
                                                     "P01-evening-car1"]  # fmt: skip
    beat = plan.beats[1]
    assert [(stop.kind, stop.arrive_s, stop.leave_s) for stop in beat.stops[:3]] == [
        ("start", 28_800, 28_800), ("point", 28_860, 29_580), ("standby", 29_640, 36_000),
    ]  # fmt: skip
    assert beat.stops[-1].leave_s == 57_600
    assert beat.rounds == 4
    assert beat.driven_km == pytest.approx(4 * 1.2)
    assert beat.patrol_share == pytest.approx(4 * 14 / 480)


def test_a_hotspot_is_visited_at_its_busiest_junction(town: Town) -> None:
    wide = gpd.GeoDataFrame(
        {"hotspot_id": ["H01"], "weight": [9.0]},
        geometry=[shapely.box(-50, -50, 2.5 * STREET_M, 50)],
    )
    plan = planned(town, "a3", hotspots=Hotspots(wide, None, 1.0, None), cover_floor=0)
    (node,) = {stop.node for beat in plan.beats for stop in beat.stops if stop.kind == "point"}
    assert node == town.nodes("a2")[0]


def test_units_are_those_of_the_weekday_with_fewest(town: Town) -> None:
    plan = planned(town, "a3", cars=1, quiet=1, cover_floor=0)
    assert plan.beats == ()
    assert {(out.grid_id, out.shift, out.target_id, out.reason) for out in plan.left_out} == {
        ("G-P01", shift, "H01", "no_unit") for shift, *_ in DAY
    }
    assert set(plan.least_cover.values()) == {1.0}
    with_motorcycle = planned(town, "a3", cars=1, motorcycles=1, quiet=1, cover_floor=0)
    assert {beat.unit for beat in with_motorcycle.beats} == {"P01-moto1"}
    assert {beat.vehicle for beat in with_motorcycle.beats} == {"motorcycle"}


def test_the_cover_decides_who_goes(town: Town) -> None:
    """A car reaches its own junction and the next ones: from a3 a2, a3, a4; from a5 a4 and a5."""
    spots = hotspots_at((5 * STREET_M, 0, 5))
    alone = planned(town, "a3", hotspots=spots, cover_floor=0.8)
    assert {out.reason for out in alone.left_out} == {"cover"}
    at_a5 = alone.left_out[0]
    assert (at_a5.x_m, at_a5.y_m) == (5 * STREET_M, 0)
    both = planned(town, "a3", cars=2, hotspots=spots, cover_floor=0.8)
    assert both.left_out == ()
    assert set(both.least_cover.values()) == {1.0}
    assert len(both.beats) == 3


@pytest.mark.parametrize(("settings", "reason"), [
    ({"every_minutes": 20, "dwell_minutes": 15}, "far"),
    ({"reserve": 1}, "no_unit"),
])  # fmt: skip
def test_other_reasons(town: Town, settings: dict[str, object], reason: str) -> None:
    plan = planned(town, "a3", cover_floor=0, **settings)
    assert {out.reason for out in plan.left_out} == {reason}


def test_a_full_round_leaves_the_lighter_hotspot_out(town: Town) -> None:
    spots = hotspots_at((4 * STREET_M, 0, 5), (2 * STREET_M, 0, 6))
    plan = planned(town, "a3", hotspots=spots, cover_floor=0, every_minutes=25)
    assert {(out.target_id, out.reason) for out in plan.left_out} == {("H01", "no_time")}
    assert served(plan) == {"H02"}


def test_each_grid_patrols_its_own_ground(town: Town) -> None:
    spots = hotspots_at((0, 0, 5), (5 * STREET_M, 0, 6))
    plan = planned(town, "a1 a4", hotspots=spots, cover_floor=0)
    by_platform = {
        beat.platform_id: {stop.target_id for stop in beat.stops} - {""} for beat in plan.beats
    }
    assert sorted(map(sorted, by_platform.values())) == [["H01"], ["H02"]]
    assert set(plan.least_cover) == {(f"G-P0{n}", shift) for n in (1, 2) for shift, *_ in DAY}


def test_a_beat_that_does_not_hold_is_not_handed_out(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimizer.planning.duty.patrols.Replayer.replay",
                        lambda *_: Replay(("it is late",), 1.0))  # fmt: skip
    with pytest.raises(SolverError, match="G-P01 in the shift night do not hold: it is late"):
        planned(town, "a3", cover_floor=0)


def test_hotspots_and_key_sites_may_be_left_aside(town: Town) -> None:
    assert planned(town, "a3", hotspots=hotspots_at(), cover_floor=0).targets == 0
    assert planned(town, "a3", cover_floor=0, every_minutes=60).targets == 1
    site = town.inputs.demand.node[:1]
    sites = gpd.GeoDataFrame(
        {"place_id": ["1"], "name": ["School"], "weight": [0.0], "node": site},
        geometry=[shapely.Point(0, 0)],
    )
    inputs = dataclasses.replace(town.inputs, key_sites=sites)
    with_site = dataclasses.replace(town, inputs=inputs)
    assert planned(with_site, "a1", cover_floor=0).targets == 2
    assert planned(with_site, "a1", cover_floor=0, key_sites=False).targets == 1


POINTS = """id,name,x,y,importance
9,Market,600,0,2
9b,Bridge,2400,600,1
"""


def lines_file(path: Path, **lines: Sequence[tuple[float, float]]) -> None:
    """Lines in the plane of the town, which is nowhere on Earth: a GeoPackage knows its CRS."""
    frame = gpd.GeoDataFrame(
        {"id": list(lines), "name": [f"{name} street" for name in lines]},
        geometry=[shapely.LineString(points) for points in lines.values()],
        crs=LOCAL,
    )
    frame.to_file(path)


LOCAL = "+proj=tmerc +lat_0=0 +lon_0=0 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
FILES = """
[patrols]
points = { path = "points.csv", weight = "importance" }
lines = "lines.gpkg"
hotspots = false
cover_floor = 0
"""


def test_listed_points_and_lines_come_first(write_town: Callable[[str], Path]) -> None:
    """a0 to a5 takes 5 minutes; there is room for the orders, not for the hotspot beside."""
    path = write_town(FILES.replace("hotspots = false", "every_minutes = 50"))
    (path.parent / "points.csv").write_text(POINTS, encoding="utf-8")
    lines_file(path.parent / "lines.gpkg", row=[(0, 5), (5 * STREET_M, 5)])
    study = read_study(path)
    town = Town(study, read_inputs(study), None)
    platforms, _ = town.force("a3")
    grids = grids_of(platforms, np.zeros(town.inputs.network.node_count))
    spots = hotspots_at((3 * STREET_M, 0, 1e6))
    plan = plan_patrols(study, town.inputs, spots, platforms, grids, [roster_of(platforms[0], 1)])
    assert plan.targets == 4
    assert served(plan) == {"9", "9b", "row"}
    assert {out.reason for out in plan.left_out} == {"no_time"}
    line = next(stop for stop in plan.beats[0].stops if stop.kind == "line")
    along = town.nodes("a0 a1 a2 a3 a4 a5").tolist()
    assert list(line.along) in (along, along[::-1])
    assert line.leave_s - line.arrive_s == 300
    assert line.name == "row street"


def test_points_and_lines_off_the_roads_are_all_named(write_town: Callable[[str], Path]) -> None:
    path = write_town(FILES)
    points = POINTS + "10,Island,600,9000,1\n11,Lighthouse,0,-8000,1\n"
    (path.parent / "points.csv").write_text(points, encoding="utf-8")
    lines_file(path.parent / "lines.gpkg", ferry=[(0, 9000), (600, 9000)], row=[(0, 5), (600, 5)],
               canal=[(300, 300), (900, 300)])  # fmt: skip
    study = read_study(path)
    with pytest.raises(InputError) as caught:
        read_inputs(study)
    far, astray = caught.value.faults
    assert far.startswith("points.csv: 2 must-patrol points lie more than max_snap_m = 500 m")
    assert "10 Island (8,400 m), 11 Lighthouse (8,000 m)" in far
    assert astray.startswith("lines.gpkg: 2 must-patrol lines do not run along roads")
    assert "ferry (ferry street), canal (canal street)" in astray


@pytest.mark.parametrize(("geometry", "fault"), [
    ({"type": "Point", "coordinates": [0, 0]}, "the layer holds Point; give lines only"),
    (None, "the layer holds nothing; give lines only"),
    ({"type": "LineString", "coordinates": [[0, 0], [1, 0]]}, "no CRS to place lines by"),
])  # fmt: skip
def test_other_faults_of_a_file_of_lines(
    write_town: Callable[[str], Path], geometry: object, fault: str
) -> None:
    path = write_town('[patrols]\nlines = "lines.geojson"\n')
    feature = {"type": "Feature", "properties": {"id": 1}, "geometry": geometry}
    document = {"type": "FeatureCollection", "features": [feature]}
    (path.parent / "lines.geojson").write_text(json.dumps(document), encoding="utf-8")
    study = read_study(path)
    with pytest.raises(InputError, match=fault):
        read_inputs(study)


@pytest.mark.parametrize(("end", "degrees", "fault"), [
    ((0, 0), False, "lines.gpkg: the line L1 has no length; draw it, or delete it"),
    ((5000, 0), True, "some coordinates lie nowhere in its CRS"),
])  # fmt: skip
def test_a_line_of_no_length_and_one_beyond_the_earth(
    write_town: Callable[[str], Path], end: tuple[float, float], degrees: bool, fault: str
) -> None:
    path = write_town('[patrols]\nlines = "lines.gpkg"\n')
    study = path.read_text(encoding="utf-8").replace("as_of", 'crs = "EPSG:32649"\nas_of')
    path.write_text(study, encoding="utf-8")
    frame = gpd.GeoDataFrame(crs="EPSG:4326" if degrees else "EPSG:32649",
                             geometry=[shapely.LineString([(0, 0), end])])  # fmt: skip
    frame.to_file(path.parent / "lines.gpkg")
    with pytest.raises(InputError, match=fault):
        read_inputs(read_study(path))


def test_streets_among_the_points(write_town: Callable[[str], Path]) -> None:
    path = write_town('[patrols]\npoints = "points.gpkg"\n')
    lines_file(path.parent / "points.gpkg", row=[(0, 0), (600, 0)])
    with pytest.raises(InputError) as caught:
        read_inputs(read_study(path))
    (fault,) = caught.value.faults
    assert fault.startswith("points.gpkg: [patrols] points holds LineString; give points only")


def test_a_file_that_is_not_there(write_town: Callable[[str], Path]) -> None:
    study = read_study(write_town(FILES))
    with pytest.raises(InputError) as caught:
        read_inputs(study)
    assert len(caught.value.faults) == 2


def test_a_negative_weight_of_a_line(write_town: Callable[[str], Path], town: Town) -> None:
    path = write_town('[patrols]\nlines = "lines.gpkg"\n')
    frame = gpd.GeoDataFrame({"weight": [-1.0]}, crs=LOCAL,
                             geometry=[shapely.LineString([(0, 0), (600, 0)])])  # fmt: skip
    frame.to_file(path.parent / "lines.gpkg")
    with pytest.raises(InputError, match=r'"weight" holds .* from 0 up: "-1\.0" of L1;'):
        read_patrol_files(read_study(path), town.inputs.network)


def test_two_lines_of_one_id(write_town: Callable[[str], Path], town: Town) -> None:
    """Beats and the list of what is left out could not tell them apart."""
    path = write_town('[patrols]\nlines = "lines.gpkg"\n')
    shapes = [shapely.LineString([(0, 0), (600, 0)]), shapely.LineString([(600, 0), (1200, 0)])]
    frame = gpd.GeoDataFrame({"id": ["high street"] * 2}, crs=LOCAL, geometry=shapes)
    frame.to_file(path.parent / "lines.gpkg")
    with pytest.raises(InputError, match="lines share an id: high street; give each"):
        read_patrol_files(read_study(path), town.inputs.network)


def test_a_usual_column_of_weights_is_found(write_town: Callable[[str], Path], town: Town) -> None:
    """As in a layer of lines: nobody would name the column and mean it to be left out."""
    path = write_town('[patrols]\npoints = "points.csv"\n')
    (path.parent / "points.csv").write_text("id,x,y,Weight\n1,0,0,7\n2,600,0,\n")
    points = read_patrol_files(read_study(path), town.inputs.network).points
    assert points is not None
    assert points["weight"].tolist() == [7, 0]
