"""The written study: the same bytes for the same seed, complete, readable, never half there."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from pydantic import BaseModel
from scipy.spatial import KDTree

from optimizer.deployment import (
    CrewSettings,
    PatrolSettings,
    PatrolZoneSettings,
    QuickResponseSettings,
)
from optimizer.districts import GridSettings
from optimizer.errors import InputError
from optimizer.example import City, write_example
from optimizer.example import write as writing
from optimizer.example.rhythm import CATEGORIES
from optimizer.example.words import DISTRICT_NAMES
from optimizer.example.write import FILE_NAMES
from optimizer.places import read_places
from optimizer.roads import read_network, snap_places
from optimizer.study import read_study

TINY = {"scale": 0.1, "calls": 1500}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_same_seed_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (
        contents(write_example(tmp_path / name, seed=seed, **TINY).parent)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == again
    assert set(first) == set(FILE_NAMES)
    assert all(first[name] != other[name] for name in FILE_NAMES if name != "README.txt")


def test_the_study_is_read_in_both_languages(tmp_path: Path, folder: Path) -> None:
    for language, study in (
        ("en", folder / "study.toml"),
        ("zh", write_example(tmp_path / "zh", language="zh", **TINY)),
    ):
        settings = read_study(study).settings
        names = DISTRICT_NAMES[language]
        zones = gpd.read_file(study.parent / "zones.geojson")
        assert settings.study.language == language
        assert settings.platforms is not None
        assert set(settings.platforms.per_district) == set(names) == set(zones["district"])
        assert sum(settings.platforms.per_district.values()) == 16
        assert set(zones["tier"]) <= set(settings.standards.minutes)


def test_every_key_is_explained(folder: Path) -> None:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(text)
    assert {"study", "calls", "roads", "zones", "key_sites", "standards", "platforms", "crew",
            "checkpoints", "output", "demand", "grids", "patrols", "patrol_zones",
            "quick_response", "villages"} <= set(sections)  # fmt: skip
    assert text.count("#") > 100


@pytest.mark.parametrize(
    ("section", "settings"),
    [("grids", GridSettings), ("crew", CrewSettings), ("patrols", PatrolSettings),
     ("patrol_zones", PatrolZoneSettings), ("quick_response", QuickResponseSettings)],
)  # fmt: skip
def test_every_key_of_deployment_is_shown(
    folder: Path, section: str, settings: type[BaseModel]
) -> None:
    """Set, or in a comment at the beginning of a line; its table's or a table of its own."""
    text = (folder / "study.toml").read_text(encoding="utf-8")
    own = re.findall(rf"(?ms)^\[{section}\b.*?(?=^\[(?!{section}\b)|\Z)", text)[0]
    shown = set(re.findall(r"(?m)^(?:# )?(\w+) = ", own))
    shown |= set(re.findall(rf"(?m)^\[{section}\.(\w+)\]", own))
    assert set(settings.model_fields) <= shown


def test_people_and_places_of_deployment_exist(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        study = write_example(tmp_path / language, language=language, **TINY)
        settings = read_study(study).settings
        crew, villages = settings.crew, settings.villages
        assert set(crew.class_of) == set(DISTRICT_NAMES[language])
        assert set(crew.class_of.values()) == set(crew.classes)
        categories = {getattr(category, language) for category in CATEGORIES}
        assert set(crew.handling) < categories
        assert settings.patrol_zones is not None
        assert settings.patrol_zones.preventable is not None
        assert set(settings.patrol_zones.preventable) < categories
        assert villages is not None
        assert list(villages.crew.values()) == [1, 2, 2]


@pytest.mark.parametrize("scale", [0.1, 0.3])
def test_everything_snaps_to_the_roads(tmp_path: Path, scale: float) -> None:
    study = read_study(write_example(tmp_path, scale=scale, calls=1500))
    settings, crs = study.settings, pyproj.CRS("EPSG:32649")
    network = read_network(settings.roads, study.root, settings.study.crs)
    assert settings.villages is not None
    assert settings.patrols.points is not None
    for source in (settings.villages, settings.patrols.points):
        places = read_places(source, crs, study.root)
        assert snap_places(network, places, "places").distance_m.max() < settings.roads.max_snap_m
    lines = gpd.read_file(study.root / str(settings.patrols.lines)).to_crs(crs)
    nodes = KDTree(np.column_stack([network.x_m, network.y_m]))
    for line in lines.geometry:
        ends = [line.coords[0], line.coords[-1]]
        assert nodes.query(ends)[0].max() < 1


def test_the_files_of_calls_differ_in_encoding(folder: Path) -> None:
    assert (folder / "calls_2023.csv").read_bytes().decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        (folder / "calls_2023.csv").read_bytes().decode("utf-8")
    first = gzip.decompress((folder / "calls_2022.csv.gz").read_bytes())
    assert first.startswith(b"\xef\xbb\xbf")


def test_the_readme_says_that_the_city_is_invented(folder: Path) -> None:
    assert "invented" in (folder / "README.txt").read_text(encoding="utf-8")


def test_roads_read_by_geopandas_are_the_roads_of_the_city(folder: Path, city: City) -> None:
    roads = gpd.read_file(folder / "roads.geojson").to_crs("EPSG:32649")
    driven = roads[roads["highway"] != "footway"]
    assert driven.length.sum() == pytest.approx(city.length_m.sum(), rel=1e-4)
    assert set(roads["oneway"]) == {"yes", "no", "-1"}
    assert driven["maxspeed"].isna().any()
    assert driven["name"].isna().any()
    assert (roads["highway"] == "footway").sum() == 2
    vertices = sum(len(line.coords) for line in driven.geometry)
    assert vertices > 2.5 * len(driven)  # lines run through junctions


def test_layers_are_valid_and_lie_together(folder: Path) -> None:
    zones = gpd.read_file(folder / "zones.geojson")
    assert zones.is_valid.all()
    ground = zones.union_all().buffer(1e-4)
    for name in ("roads", "water", "key_sites", "stations"):
        layer = gpd.read_file(folder / f"{name}.geojson")
        assert layer.is_valid.all()
        assert shapely.contains(ground, layer.geometry.to_numpy()).all(), name
    stations = gpd.read_file(folder / "stations.geojson")
    assert stations["station_id"].is_unique
    assert stations["name"].is_unique


def test_key_sites_have_names_and_weights(folder: Path) -> None:
    facts = [
        feature["properties"]
        for feature in json.loads((folder / "key_sites.geojson").read_bytes())["features"]
    ]
    kinds = {fact["kind"] for fact in facts}
    assert kinds == {"school", "hospital", "square", "station", "government"}
    assert len({fact["name"] for fact in facts}) == len(facts) == len({f["site_id"] for f in facts})
    assert all(fact["weight"] > 0 for fact in facts)


def test_nothing_is_overwritten_unless_asked(tmp_path: Path) -> None:
    write_example(tmp_path, seed=1, **TINY)
    before = contents(tmp_path)
    with pytest.raises(InputError, match=r"study\.toml.*--overwrite"):
        write_example(tmp_path, seed=2, **TINY)
    assert contents(tmp_path) == before
    write_example(tmp_path, seed=2, overwrite=True, **TINY)
    assert contents(tmp_path)["study.toml"] != before["study.toml"]


def test_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    write_example(tmp_path, **TINY)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert set(contents(tmp_path)) == {*FILE_NAMES, "notes.txt"}


def test_a_failure_leaves_no_part_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise OSError("disk full")

    monkeypatch.setattr(writing, "study_text", fail)
    with pytest.raises(OSError, match="disk full"):
        write_example(tmp_path / "study", **TINY)
    assert not any(path for path in tmp_path.rglob("*") if path.is_file())


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError) as caught:
        write_example(tmp_path / "file", scale=0.01, calls=3)
    assert len(caught.value.faults) == 3
