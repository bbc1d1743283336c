"""Roads as two CSV tables: planar metres without a CRS, degrees, lengths, faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from optimizer.errors import InputError
from optimizer.places import is_local
from optimizer.roads import RoadNetwork, RoadsSettings, read_network

NODES = "id,x,y\n001,0,0\n002,100,0\n003,100,100\n"
EDGES = "from,to,length_m,speed_kph,oneway\n001,002,,36,\n002,003,200,36,\n003,001,150,,yes\n"


def read(
    folder: Path,
    nodes: str = NODES,
    edges: str = EDGES,
    crs: str | None = None,
    crs_of_roads: str | None = None,
    **settings: Any,
) -> RoadNetwork:
    (folder / "nodes.csv").write_text(nodes, encoding="utf-8")
    (folder / "edges.csv").write_text(edges, encoding="utf-8")
    given = RoadsSettings(nodes="nodes.csv", edges="edges.csv", crs=crs_of_roads, **settings)
    return read_network(given, folder, crs)


def test_planar_metres_without_a_crs(tmp_path: Path, ways: Any) -> None:
    """Lengths come from the column, else straight; ids keep their zeros; 003 -> 001 is one-way."""
    network = read(tmp_path, default_speed_kph=54)
    assert is_local(network.crs)
    assert sorted(network.node_ids) == ["001", "002", "003"]
    a, b, c = (0, 0), (100, 0), (100, 100)
    assert ways(network) == {(a, b): 10, (b, a): 10, (b, c): 20, (c, b): 20, (c, a): 10}


def test_x_and_y_are_in_the_studys_crs(tmp_path: Path) -> None:
    nodes = "id,x,y\n001,500000,3400000\n002,500100,3400000\n003,500100,3400100\n"
    network = read(tmp_path, nodes, crs="EPSG:32650")
    assert network.crs.to_epsg() == 32650
    assert network.x_m.max() == 500_100


def test_degrees_by_their_usual_names(tmp_path: Path) -> None:
    nodes = "id,lon,lat\n001,114.30,30.60\n002,114.31,30.60\n003,114.31,30.61\n"
    network = read(tmp_path, nodes)
    assert network.crs.to_epsg() == 32650
    assert network.length_m.max() == pytest.approx(958, abs=2), "001 to 002 is straight: no length"


def test_a_sketch_in_small_units_is_not_taken_for_degrees(tmp_path: Path) -> None:
    """Lengths of 300 m between places 3 units apart are stated, and no degree is 100 m."""
    nodes = "id,x,y\n001,0,0\n002,3,0\n003,3,1\n"
    edges = "from,to,length_m\n001,002,300\n002,003,100\n"
    network = read(tmp_path, nodes=nodes, edges=edges)
    assert sorted(network.length_m.tolist()) == [100, 100, 300, 300]


def test_degrees_called_x_and_y_are_refused(tmp_path: Path) -> None:
    nodes = "id,x,y\n001,114.30,30.60\n002,114.31,30.60\n003,114.31,30.61\n"
    with pytest.raises(InputError, match=r'look like degrees.*crs = "EPSG:4326"'):
        read(tmp_path, nodes)
    assert read(tmp_path, nodes, crs_of_roads="EPSG:4326").crs.to_epsg() == 32650


def test_parallel_edges_the_fastest_wins(tmp_path: Path) -> None:
    """60 s and 90 s side by side are 60 s, not 150 s."""
    edges = "from,to,length_m,speed_kph\n001,002,900,36\n001,002,600,36\n"
    assert read(tmp_path, edges=edges).travel_ms.tolist() == [60_000, 60_000]


def test_edges_that_all_stand_twice_are_one_way_each(tmp_path: Path) -> None:
    """With both directions listed and no one-way column, each row is one arc."""
    edges = "from,to,length_m,speed_kph\n001,002,600,36\n002,001,700,36\n"
    network = read(tmp_path, edges=edges)
    assert network.travel_ms.tolist() == [60_000, 70_000]
    assert "each row is read as one way" in network.report.warnings[0]


def test_a_few_edges_that_stand_twice_do_not_make_the_others_one_way(tmp_path: Path) -> None:
    edges = "from,to,length_m\n001,002,600\n002,001,700\n002,003,500\n003,001,500\n"
    network = read(tmp_path, edges=edges)
    assert network.arc_count == 6
    assert network.length_m.min() == 500


def test_all_faults_of_the_nodes_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, "id,x,y\n1,0,zero\n1,,0\n2,east,0\n", "a,b\n1,2\n")
    faults = "\n".join(raised.value.faults)
    assert '1 values of "id" stand there more than once: 1' in faults
    assert '2 nodes have no number in "x": 1, 2' in faults
    assert 'there is no "from"' in faults
    assert 'there is no "to"' in faults


def test_edges_to_unknown_nodes(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, edges="from,to\n001,2\n,003\n")
    assert "1 node ids are not among the nodes: (empty)" in raised.value.faults[0]
    assert "1 node ids are not among the nodes: 2;" in raised.value.faults[1]


def test_lengths_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'"length_m" has values that are no length.*-5'):
        read(tmp_path, edges="from,to,length_m\n001,002,-5\n002,003,1\n")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        read_network(RoadsSettings(nodes="nowhere.csv", edges="edges.csv"), tmp_path, None)
