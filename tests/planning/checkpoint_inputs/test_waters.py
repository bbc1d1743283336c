"""Waterways beside the grid town, joined at quays: what boats do, and what can be wrong.

A canal runs along x = 650 from y = -300 to y = 1500, right through the town (laid in Shandong).
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from optimizer.checkpoints import WATER, anywhere, reached, seal_ring
from optimizer.errors import InputError
from optimizer.planning import Streets, read_streets, rings_of
from optimizer.study import Study, read_study

from ..grid_town import write_grid

SHIFT = 500_000.0
"""Of the canal's town to the east, so that it lies in the middle of its UTM zone."""
CRS = "EPSG:32650"


def town(folder: Path, quays: str, keys: str = "") -> Study:
    """The grid town with a canal; its junctions are moved into the middle of the zone."""
    line = shapely.LineString([(SHIFT + 650, -300), (SHIFT + 650, 1500)])
    gpd.GeoDataFrame(geometry=[line], crs=CRS).to_file(folder / "canal.gpkg")
    (folder / "quays.csv").write_text(quays, encoding="utf-8")
    lon, lat = gpd.GeoSeries([shapely.Point(SHIFT + 600, 600)], crs=CRS).to_crs(4326)[0].coords[0]
    path = write_grid(
        folder,
        f"centre = [{lon}, {lat}]\nrings_m = {{ core = [150, 400] }}\n"
        f'[checkpoints.water]\npath = "canal.gpkg"\nquays = "quays.csv"\nspeed_kph = 36\n{keys}',
        roads=f'crs = "{CRS}"', study=f'crs = "{CRS}"',
    )  # fmt: skip
    rows = (folder / "nodes.csv").read_text(encoding="utf-8").splitlines()
    moved = [f"{i},{float(x) + SHIFT},{y}" for i, x, y in (row.split(",") for row in rows[1:])]
    (folder / "nodes.csv").write_text("\n".join([rows[0], *moved]), encoding="utf-8")
    return read_study(path)


def read(study: Study) -> Streets:
    return read_streets(study)


QUAYS = f"id,name,x,y\nmid,Mid Quay,{SHIFT + 640},600\nend,End Quay,{SHIFT + 640},1200\n"


def test_a_fugitive_may_take_the_canal_and_the_ring_then_needs_posts_on_it(tmp_path: Path) -> None:
    study = town(tmp_path, QUAYS)
    streets = read(study)
    ways = streets.ways
    (drawn,) = rings_of(study, streets)
    seal = seal_ring(streets.graph, drawn.ring, anywhere(streets.graph))
    assert len(seal.posts) == seal.max_flow
    on_water = [node for node in seal.posts.nodes if node >= ways.junctions]
    on_water += [road for road in seal.posts.roads if ways.classes[road] == WATER]
    assert len(on_water) == 2, "the canal leaves the ring on both sides"
    inside = np.flatnonzero(drawn.ring.inside)
    assert not reached(streets.graph, inside, posts=seal.posts)[drawn.ring.outside].any()


def test_boats_stay_on_the_water_and_cars_on_the_roads(tmp_path: Path) -> None:
    streets = read(town(tmp_path, QUAYS, "police_speed_kph = 72\n"))
    ways = streets.ways
    for mode, nodes in (
        ("car", slice(None, ways.junctions)),
        ("boat", slice(ways.junctions, None)),
    ):
        graph = streets.graphs[mode]  # type: ignore[index]
        allowed = np.arange(ways.graph.node_count)[nodes]
        assert np.isin(graph.tail, allowed).all()
        assert np.isin(graph.head, allowed).all()
    boat = streets.graphs["boat"]
    longest_m = np.hypot(*(np.array([ways.x_m, ways.y_m])[:, boat.tail]
                           - np.array([ways.x_m, ways.y_m])[:, boat.head]))  # fmt: skip
    assert boat.travel_s == pytest.approx(longest_m / 20, rel=1e-3)
    assert longest_m.max() <= 250


def test_quays_too_far_from_roads_or_water_are_named(tmp_path: Path) -> None:
    quays = f"id,x,y\ndry,{SHIFT + 1300},600\nwet,{SHIFT + 650},-900\n"
    with pytest.raises(InputError) as caught:
        read(town(tmp_path, quays))
    told = caught.value.faults
    assert len(told) == 2
    assert "1 quay lies more than max_snap_m = 500 m from the nearest junction: wet (9" in told[0]
    assert "from the nearest node of the waterways: dry (6" in told[1]
    assert "wet" in told[1], "the canal ends 600 m north of it"


def test_waters_need_roads_on_earth(tmp_path: Path) -> None:
    keys = '[checkpoints.water]\npath = "canal.gpkg"\nquays = "quays.csv"'
    study = read_study(write_grid(tmp_path, keys))
    with pytest.raises(InputError, match="the roads lie nowhere on Earth"):
        read(study)
