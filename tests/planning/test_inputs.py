"""What reading a study tells a planner, beside what it reads."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import geopandas as gpd
import pytest

from optimizer.errors import InputError
from optimizer.planning import CityInputs, read_inputs
from optimizer.study import read_study

pytestmark = pytest.mark.xdist_group("small-study")

FAR_DEGREES = 0.3
"""About 30 km: outside the city, and further from any road than its size."""


@pytest.fixture(scope="module")
def spoiled(small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> CityInputs:
    """Seven key sites, a station and a venue far away; a zone and a water body never drawn."""
    root = shutil.copytree(small_study.parent, tmp_path_factory.mktemp("spoiled") / "study")
    for file, moved in (("key_sites", 7), ("stations", 1)):
        frame = gpd.read_file(root / f"{file}.geojson")
        east = [FAR_DEGREES * (1 + row / 10) if row < moved else 0.0 for row in range(len(frame))]
        frame.geometry = gpd.points_from_xy(frame.geometry.x + east, frame.geometry.y)
        write(frame, root / f"{file}.geojson")
    for file in ("zones", "water"):
        frame = gpd.read_file(root / f"{file}.geojson")
        frame.geometry = [None, *frame.geometry[1:]]
        write(frame, root / f"{file}.geojson")
    (root / "venues.csv").write_text("lon,lat\n111.90275,27.900634\n0.1,0.1\n")
    with (root / small_study.name).open("a") as study:
        study.write('[[demand.layers]]\npath = "venues.csv"\nshare = 0.1\n')
    return read_inputs(read_study(root / small_study.name))


def write(frame: gpd.GeoDataFrame, path: Path) -> None:
    path.unlink()
    frame.to_file(path)


def warning(inputs: CityInputs, start: str) -> str:
    (sentence,) = (one for one in inputs.warnings if one.startswith(start))
    return sentence


def test_a_clean_study_has_no_such_warnings(small_study: Path) -> None:
    told = "\n".join(read_inputs(read_study(small_study)).warnings)
    assert "further than" not in told
    assert "without geometry" not in told


def test_key_sites_far_from_roads_are_named_the_furthest_first(spoiled: CityInputs) -> None:
    """Five of the seven, with the straight way to the node that stands for each."""
    sentence = warning(spoiled, "Key sites further than 500 m from the road node")
    assert "and 2 more; check their coordinates" in sentence
    names = spoiled.key_sites["name"].tolist()
    told = re.findall(r"[:,] ([^:,(]+) \(([\d,]+) m\)", sentence)
    assert [name for name, _ in told] == names[6:1:-1]
    ways_m = [int(way.replace(",", "")) for _, way in told]
    assert ways_m == sorted(ways_m, reverse=True)
    assert 20_000 < min(ways_m) < max(ways_m) < 60_000


def test_stations_far_from_roads_are_named(spoiled: CityInputs) -> None:
    sentence = warning(spoiled, "Existing stations further than 500 m from the road node")
    assert f": {spoiled.existing['name'][0]} (" in sentence
    assert "more" not in sentence


def test_places_of_layers_far_from_roads_are_counted(spoiled: CityInputs) -> None:
    assert "from every road node: 1;" in warning(spoiled, "venues.csv: places of the demand layer")


@pytest.mark.parametrize("file", ["zones.geojson", "water.geojson"])
def test_ground_that_nobody_drew_is_counted(spoiled: CityInputs, file: str) -> None:
    assert "they are left out" in warning(spoiled, f"{file}: features without geometry: 1;")


def test_a_node_that_is_not_there_is_told_with_its_file(small_study: Path, tmp_path: Path) -> None:
    """Key sites, stations and every other table of places, all at once."""
    root = shutil.copytree(small_study.parent, tmp_path / "study")
    study = root / small_study.name
    for name in ("schools", "squares", "stations"):
        (root / f"{name}.csv").write_text(f"id,node\n{name[:2]},nowhere\n")
    text = re.sub(r"(?m)^existing = .*$", 'existing = "stations.csv"', study.read_text())
    text = re.sub(r"(?m)^keep = .*S-01.*$", "", text)
    for name in ("schools", "squares"):
        text += f'[[key_sites]]\npath = "{name}.csv"\n'
    study.write_text(text + '[[key_sites]]\nname = "Gate"\nnode = "nowhere"\n')
    with pytest.raises(InputError) as raised:
        read_inputs(read_study(study))
    told = {fault.partition(":")[0]: fault for fault in raised.value.faults}
    assert sorted(told) == ["schools.csv", "squares.csv", "stations.csv", "study.toml"]
    for fault in told.values():
        assert 'there is no road node "nowhere" in the part of the roads that is used; ' in fault
