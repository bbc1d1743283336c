"""Whoever stands by at present, or at the platforms of a plan, has the vehicles of its class."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import pytest
import shapely

from optimizer.errors import InputError
from optimizer.planning.checkpoint_inputs.stand_by import stand_by_units
from optimizer.planning.checkpoint_inputs.streets import read_streets
from optimizer.planning.checkpoints.force import force_of
from optimizer.study import Study, read_study

CLASSES = """
[zones]
path = "zones.gpkg"
tier = "tier"
district = "district"
[platforms]
count = 2
existing = "stations.csv"
[crew]
response_cars = 2
motorcycles = 4
[crew.classes]
city = {motorcycles = 1}
post = {response_cars = 0, motorcycles = 0, command_vehicles = 1}
[crew.class_of]
West = "city"
East = "post"
"""


@pytest.fixture
def classed(row_study: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The row of junctions: a and b in the West, f in the East, and c, d and e in neither."""
    folder = row_study.parent
    monkeypatch.chdir(folder)
    nodes = (folder / "nodes.csv").read_text(encoding="utf-8").splitlines()
    moved = [f"{name},{float(x) + 500_000},{y}"
             for name, x, y in (line.split(",") for line in nodes[1:])]  # fmt: skip
    (folder / "nodes.csv").write_text("\n".join([nodes[0], *moved]), encoding="utf-8")
    boxes = [shapely.box(500_000 + west, -500, 500_000 + east, 500)
             for west, east in ((-100, 900), (2700, 3300), (900, 2700))]  # fmt: skip
    names = ["West", "East", "Middle"]
    frame = gpd.GeoDataFrame({"tier": "urban", "district": names}, geometry=boxes, crs=32649)
    frame.to_file(folder / "zones.gpkg")
    (folder / "stations.csv").write_text("id,node\nS1,a\nS2,d\nS3,f\n", encoding="utf-8")
    text = row_study.read_text(encoding="utf-8") + CLASSES
    row_study.write_text(
        text.replace('name = "row"', 'name = "row"\ncrs = "EPSG:32649"'), encoding="utf-8"
    )
    return row_study


def rewritten(path: Path, old: str, new: str) -> Study:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return read_study(path)


def test_stations_stand_by_with_the_vehicles_of_their_class(classed: Path) -> None:
    """Two cars and a motorcycle in the West, what [crew] says in between, nothing in the East."""
    study = read_study(classed)
    units, _ = stand_by_units(study, read_streets(study))
    assert dict(zip(units.ids, units.capacity.tolist(), strict=True)) == {"S1": 3, "S2": 6}


def test_a_number_of_units_by_platform_holds_for_all_classes(classed: Path) -> None:
    study = rewritten(classed, "setup_minutes", "units_per_platform = 2\nsetup_minutes")
    units, _ = stand_by_units(study, read_streets(study))
    assert units.capacity.tolist() == [2, 2, 2]


def test_stations_without_vehicles_cannot_be_sent(classed: Path) -> None:
    study = read_study(classed)
    (classed.parent / "stations.csv").write_text("id,node\nS3,f\n", encoding="utf-8")
    with pytest.raises(InputError, match="has no vehicles to send"):
        stand_by_units(study, read_streets(study))


def test_platforms_send_the_vehicles_of_their_class(classed: Path) -> None:
    platforms: list[Any] = [
        SimpleNamespace(platform_id=f"P{node}", name="", node=node, district=district)
        for node, district in enumerate(("East", "West", "Middle"))
    ]
    units = force_of(read_study(classed), platforms, None)
    assert dict(zip(units.ids, units.capacity.tolist(), strict=True)) == {"P1": 3, "P2": 6}
    assert units.node.tolist() == [1, 2]
