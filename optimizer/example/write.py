"""Write the embedded example study into a folder: whole, or not at all."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Iterator
from pathlib import Path

from optimizer.errors import InputError
from optimizer.example.calls import synthetic_calls
from optimizer.example.city import City, synthetic_city
from optimizer.example.dirt import DirtyCalls, ExampleTruth, plant_faults, tell_truth
from optimizer.example.gates import (
    boat_rows,
    camera_rows,
    exit_rows,
    post_rows,
    quay_rows,
    unit_rows,
    waterway_features,
)
from optimizer.example.landmarks import find_landmarks
from optimizer.example.layers import (
    geojson,
    key_site_features,
    road_features,
    station_features,
    water_features,
    zone_features,
)
from optimizer.example.patrols import patrol_line_features, patrol_point_rows
from optimizer.example.records import FILES, as_csv, call_files
from optimizer.example.stations import found_stations
from optimizer.example.study_file import readme_text, study_text
from optimizer.example.tables import table
from optimizer.example.villages import find_villages, village_rows
from optimizer.example.words import Language
from optimizer.example.working_grids import working_grid_features
from optimizer.example.zones import draw_zones

LAYERS = (
    "roads.geojson",
    "zones.geojson",
    "water.geojson",
    "key_sites.geojson",
    "stations.geojson",
    "waterways.geojson",
    "patrol_lines.geojson",
    "working_grids.geojson",
)
TABLES = (
    "quays.csv",
    "boats.csv",
    "posts.csv",
    "gates.csv",
    "exits.csv",
    "units.csv",
    "patrol_points.csv",
    "villages.csv",
)
TEXTS = ("README.txt", "study.toml")
FILE_NAMES = (*(name for name, _, _ in FILES.values()), *LAYERS, *TABLES, *TEXTS)


def write_example(
    directory: Path,
    *,
    seed: int = 0,
    scale: float = 1.0,
    calls: int = 300_000,
    language: Language = "en",
    overwrite: bool = False,
) -> Path:
    """Write the example study of an invented city; the same seed writes the same bytes.

    Parameters
    ----------
    directory
        Folder to write into; made if missing.
    seed
        Another seed, another city.
    scale
        Size of the road network, 1 is about 10,000 nodes.
    calls
        Events over three and a half years; planted faults add a few rows.
    language
        Of names, categories, headings and the study.
    overwrite
        Replace files of an earlier example.

    Returns
    -------
    Path
        The study file.

    Raises
    ------
    InputError
        A size is out of range, or files are in the way.
    """
    _check(directory, scale, calls, overwrite=overwrite)
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{directory} cannot be made: {error.strerror}; name another folder"
        ) from error
    with tempfile.TemporaryDirectory(prefix=".example-", dir=directory) as folder:
        written = Path(folder)
        for name, content in _files(seed, scale, calls, language):
            (written / name).write_bytes(content)
        (directory / "study.toml").unlink(missing_ok=True)
        for name in FILE_NAMES:  # the study last: where it is, all is
            (written / name).replace(directory / name)
    return directory / "study.toml"


def example_truth(seed: int = 0, scale: float = 1.0, calls: int = 300_000) -> ExampleTruth:
    """Tell what was planted into the calls that `write_example` writes."""
    dirty = _dirty_calls(synthetic_city(seed, scale), calls, seed)
    files = call_files(dirty, seed=seed)
    return tell_truth(dirty, calls, {file.name: file.table.num_rows for file in files})


def _dirty_calls(city: City, calls: int, seed: int) -> DirtyCalls:
    return plant_faults(synthetic_calls(city, calls, seed), seed)


def _files(seed: int, scale: float, calls: int, language: Language) -> Iterator[tuple[str, bytes]]:
    city = synthetic_city(seed, scale)
    rows = 0
    for file in call_files(_dirty_calls(city, calls, seed), language, seed):
        rows += file.table.num_rows
        content = as_csv(file)
        packed = file.name.endswith(".gz")
        yield file.name, gzip.compress(content, compresslevel=4, mtime=0) if packed else content
    zones, landmarks = draw_zones(city), find_landmarks(city, seed)
    stations = found_stations(city, zones, seed)
    stations_shown = station_features(stations, language)
    features = (
        road_features(city, language, seed),
        zone_features(zones, language),
        water_features(city),
        key_site_features(landmarks, zones, language),
        stations_shown,
        waterway_features(city, language),
        patrol_line_features(city, landmarks, language, seed),
        working_grid_features(city, zones),
    )
    yield from zip(LAYERS, map(geojson, features), strict=True)
    quays = quay_rows(city, language)
    names = [str(facts["name"]) for _, facts in stations_shown]
    tables = (
        table(("quay_id", "name", "lon", "lat"), quays),
        table(("boat_id", "name", "lon", "lat", "count", "mode"), boat_rows(quays, language)),
        table(("post_id", "lon", "lat", "rule"), post_rows(landmarks)),
        table(("gate_id", "name", "lon", "lat"), camera_rows(city, seed, language)),
        table(("exit_id", "name", "lon", "lat"), exit_rows(city, language)),
        table(("unit_id", "name", "lon", "lat", "count"), unit_rows(stations, names)),
        table(("point_id", "name", "lon", "lat"), patrol_point_rows(landmarks, zones, language)),
        table(
            ("village_id", "name", "lon", "lat"),
            village_rows(find_villages(city, seed), seed, language),
        ),
    )
    yield from zip(TABLES, tables, strict=True)
    texts = (readme_text(city, rows), study_text(city, language, seed))
    yield from zip(TEXTS, (text.encode() for text in texts), strict=True)


def _check(directory: Path, scale: float, calls: int, *, overwrite: bool) -> None:
    faults = []
    if not scale >= 0.1:
        faults.append(
            f"The example cannot be {scale:g} times its size; give a scale of 0.1 or more."
        )
    if calls < 1000:
        faults.append(f"{calls} calls are too few to plan with; ask for 1000 or more.")
    if directory.exists() and not directory.is_dir():
        faults.append(f"{directory} is a file; name a folder to write the example into.")
    elif not overwrite:
        there = [name for name in FILE_NAMES if (directory / name).exists()]
        if there:
            faults.append(
                f"{directory} already holds {', '.join(there)}; "
                "name another folder, or say --overwrite to replace them."
            )
    if faults:
        raise InputError(faults)
