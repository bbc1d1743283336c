"""The rings of a study on the streets of a grid town: inside, outside, and what can be wrong."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely

from optimizer.checkpoints import anywhere, reached, seal_ring
from optimizer.errors import InputError
from optimizer.planning import Rings, Streets, read_streets, rings_of
from optimizer.study import read_study

from ..grid_town import write_grid

ROUND = "centre = [600, 600]\nrings_m = { core = [100, 300], city = [400, 600] }"


def rings(folder: Path, checkpoints: str) -> tuple[Streets, Rings]:
    study = read_study(write_grid(folder, checkpoints))
    streets = read_streets(study)
    return streets, rings_of(study, streets)


def faults(folder: Path, checkpoints: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        rings(folder, checkpoints)
    return caught.value.faults


def test_a_round_ring_is_measured_straight_from_its_centre(tmp_path: Path) -> None:
    """On the inner distance is inside, on the outer one outside."""
    streets, found = rings(tmp_path, ROUND)
    core = found.named("core").ring
    away_m = np.hypot(streets.ways.x_m - 600, streets.ways.y_m - 600)
    assert core.inside.sum() == 5
    assert np.array_equal(core.inside, away_m <= 100)
    assert np.array_equal(core.outside, away_m >= 300)


def test_its_polygons_are_circles(tmp_path: Path) -> None:
    _, found = rings(tmp_path, ROUND)
    core = found.named("core")
    assert core.inner.area == pytest.approx(np.pi * 100**2, rel=0.01)
    assert core.outer.area == pytest.approx(np.pi * 300**2, rel=0.01)
    outermost = found.outermost
    assert outermost is not None
    assert outermost.ring.name == "city"


def test_a_ring_along_the_roads_is_a_diamond_on_a_grid(tmp_path: Path) -> None:
    """Along the streets of a grid the way to a junction is columns and rows added up."""
    streets, found = rings(tmp_path, "centre = [601, 598]\nrings_road_m = { core = [200, 400] }")
    core = found.named("core")
    way_m = np.abs(streets.main.x_m - 600) + np.abs(streets.main.y_m - 600)
    assert np.array_equal(core.ring.inside[: streets.main.node_count], way_m <= 200)
    assert np.array_equal(core.ring.outside[: streets.main.node_count], way_m >= 400)
    inside = core.ring.inside
    places = shapely.points(streets.ways.x_m, streets.ways.y_m)
    assert shapely.covers(core.inner, places[inside]).all()
    assert shapely.covers(core.outer, places[~core.ring.outside]).all()


def test_the_seal_of_a_ring_is_the_minimum_cut_of_another_library(tmp_path: Path) -> None:
    streets, found = rings(tmp_path, ROUND)
    graph = streets.graph
    for drawn in found:
        ring = drawn.ring
        seal = seal_ring(graph, ring, anywhere(graph))
        cut = nx.DiGraph()
        for node in np.flatnonzero(ring.annulus).tolist():
            cut.add_edge(("in", node), ("out", node), capacity=1)
        for tail, head in zip(graph.tail.tolist(), graph.head.tolist(), strict=True):
            start = "s" if ring.inside[tail] else "t" if ring.outside[tail] else ("out", tail)
            stop = "s" if ring.inside[head] else "t" if ring.outside[head] else ("in", head)
            if start != stop:
                known = cut.get_edge_data(start, stop, {"capacity": 0})["capacity"]
                cut.add_edge(start, stop, capacity=known + 1)
        assert len(seal.posts) == seal.max_flow == nx.maximum_flow_value(cut, "s", "t")
        assert not reached(graph, np.flatnonzero(ring.inside), posts=seal.posts)[ring.outside].any()


def polygons(folder: Path, **boxes: tuple[float, float, float, float]) -> None:
    for name, box in boxes.items():
        frame = gpd.GeoDataFrame(geometry=[shapely.box(*box)], crs="EPSG:32650")
        frame.to_file(folder / f"{name}.gpkg")


def on_earth(folder: Path, ring: str) -> Path:
    """The same town in Shandong, so that polygons can have a CRS."""
    return write_grid(
        folder, f"rings = [{ring}]", roads='crs = "EPSG:32650"', study='crs = "EPSG:32650"'
    )


RING = '{ name = "core", inner = "inner.gpkg", outer = "outer.gpkg" }'


def test_a_ring_between_polygons(tmp_path: Path) -> None:
    """A junction on the border of a polygon belongs to it."""
    polygons(tmp_path, inner=(500, 500, 700, 700), outer=(350, 350, 900, 900))
    study = read_study(on_earth(tmp_path, RING))
    streets = read_streets(study)
    ring = rings_of(study, streets).named("core").ring
    assert ring.inside.sum() == 9
    assert (~ring.outside).sum() == 36


def test_polygons_that_are_swapped_or_hold_no_junction(tmp_path: Path) -> None:
    polygons(tmp_path, outer=(500, 500, 700, 700), inner=(350, 350, 900, 900))
    study = read_study(on_earth(tmp_path, RING))
    with pytest.raises(InputError, match=r"inner polygon of core .* lie outside .*; swap them"):
        rings_of(study, read_streets(study))
    polygons(tmp_path, inner=(610, 610, 620, 620), outer=(0, 0, 9000, 9000))
    with pytest.raises(InputError) as caught:
        rings_of(study, read_streets(study))
    assert [fault.split(";")[0] for fault in caught.value.faults] == [
        "[checkpoints] ring core: no junction lies in inner.gpkg",
        "[checkpoints] ring core: no junction lies outside of outer.gpkg",
    ]


def test_a_centre_off_the_roads_is_a_fault(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, "centre = [600, 9000]\nrings_m = { core = [100, 300] }")
    assert "centre = [600, 9000] lies 7,800 m from the nearest road, further than" in told


def test_a_centre_that_is_no_longitude_and_latitude(tmp_path: Path) -> None:
    path = write_grid(tmp_path, ROUND, roads='crs = "EPSG:32650"', study='crs = "EPSG:32650"')
    study = read_study(path)
    with pytest.raises(InputError, match=r"centre = \[600, 600\] is no longitude and latitude"):
        rings_of(study, read_streets(study))


def test_the_faults_of_all_rings_are_told_at_once(tmp_path: Path) -> None:
    told = faults(tmp_path, "centre = [640, 640]\nrings_m = { a = [10, 200], b = [100, 90000] }")
    assert len(told) == 2
    assert "ring a: no junction lies within 10 m of the centre" in told[0]
    assert "ring b: no junction lies 90000 m from it or more (the farthest is 905 m" in told[1]


def test_an_unknown_ring_suggests_a_known_one(tmp_path: Path) -> None:
    _, found = rings(tmp_path, ROUND)
    with pytest.raises(InputError, match=r'no ring "cort"; did you mean core\?'):
        found.named("cort")


def test_without_the_section_there_are_no_rings(tmp_path: Path) -> None:
    study = read_study(write_grid(tmp_path, ""))
    assert len(rings_of(study, read_streets(study))) == 0
