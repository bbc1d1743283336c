"""The table of sites and the kinds of post of a study: where they come to stand, what is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimizer.checkpoints import PostSites
from optimizer.errors import InputError
from optimizer.planning import Streets, read_checkpoints, read_streets
from optimizer.study import read_study

from ..grid_town import node, write_grid

RINGS = "centre = [600, 600]\nrings_m = { core = [100, 300] }\n"
HIGHWAY = 'road_class = "highway"'


def read(folder: Path, keys: str, **files: str) -> tuple[Streets, PostSites]:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    study = read_study(write_grid(folder, RINGS + keys, roads=HIGHWAY))
    streets = read_streets(study)
    found = read_checkpoints(study, streets)
    assert found is not None
    return streets, found.sites


def faults(folder: Path, keys: str, **files: str) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        read(folder, keys, **files)
    return caught.value.faults


def test_rows_come_to_the_nearest_junction_or_road(tmp_path: Path) -> None:
    """A node by its id, a place beside a junction, a place on a road that says so."""
    streets, sites = read(
        tmp_path,
        'sites = "posts.csv"\n[[checkpoints.kinds]]\nname = "toll"\ncost = 7',
        posts="id,x,y,kind,cost,rule,at\n1,310,190,Toll,,,\n2,350,201,,2.5,forbidden,road\n"
        "3,800,800,,3,must,\n",
    )
    ids = streets.ways.node_ids.tolist()
    assert sites.kinds[sites.node_kind[ids.index(node(3, 2))]] == "toll"
    assert sites.node_cost[ids.index(node(3, 2))] == 7
    (road,) = np.flatnonzero(np.isinf(sites.road_cost)).tolist()
    ends = {ids[end] for end in streets.ways.road_ends()[road]}
    assert ends == {node(3, 2), node(4, 2)}
    assert sites.must.nodes.tolist() == [ids.index(node(8, 8))]
    assert sites.node_cost[ids.index(node(8, 8))] == 3


def test_kinds_stand_on_roads_of_their_classes_or_at_their_places(tmp_path: Path) -> None:
    streets, sites = read(
        tmp_path,
        '[[checkpoints.kinds]]\nname = "main road"\ncost = 2\nclasses = ["primary"]\n'
        '[[checkpoints.kinds]]\nname = "village"\nplaces = "villages.csv"',
        villages=f"id,node\nv1,{node(0, 0)}\n",
    )
    kind = dict(zip(streets.ways.node_ids.tolist(), sites.node_kind.tolist(), strict=True))
    assert sites.kinds == ("post", "main road", "village")
    assert [kind[one] for one in (node(6, 0), node(3, 6), node(3, 3), node(0, 0))] == [1, 1, 0, 2]


def test_all_faults_of_the_table_are_told_at_once(tmp_path: Path) -> None:
    told = "\n".join(
        faults(
            tmp_path,
            'sites = "posts.csv"\n[[checkpoints.kinds]]\nname = "toll"\nclasses = ["primry"]',
            posts="id,x,y,kind,cost,rule,at\n1,300,200,tol,-1,musst,\n2,300,9000,,,,roof\n",
        )
    )
    for part in (
        'kinds, toll: no road is of the class "primry"; did you mean primary?',
        'data row 1 has no kind of post but "tol"; did you mean toll?',
        'data row 1 has no rule but "musst"; did you mean must?',
        'the column "cost" has "-1" in data row 1; write a number from 0.000001 to 1000000',
        'data row 2 has no place of a post but "roof"; ',
    ):
        assert part in told


def test_a_post_that_must_and_may_not_stand(tmp_path: Path) -> None:
    """Two rows that come to one junction, and a road where only junctions have posts."""
    told = faults(
        tmp_path, 'sites = "posts.csv"\nposts_at = "junctions"',
        posts="id,x,y,rule,at\na,300,200,must,\nb,301,202,forbidden,\nc,350,200,must,road\n",
    )  # fmt: skip
    assert len(told) == 2
    assert "posts.csv: a (must) and b (forbidden) are one junction" in told[0]
    assert 'c ask for a post at a road, but posts_at = "junctions"' in told[1]


def test_places_off_the_roads_are_named(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, 'sites = "posts.csv"', posts="id,x,y\nnear,300,200\nfar,300,9000\n")
    assert (
        "posts.csv: 1 place lies more than max_snap_m = 500 m from every road: far (7,800 m)"
        in (told)
    )


def test_a_road_cannot_be_named_by_a_node(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, 'sites = "posts.csv"', posts=f"id,node,at\nn,{node(1, 1)},road\n")
    assert "a post on a road is given by a place on it, not by a node: n" in told


def test_faults_of_several_files_are_told_at_once(tmp_path: Path) -> None:
    told = faults(
        tmp_path, 'sites = "posts.csv"\nexits = "exits.csv"\ngates = "gates.csv"',
        gates="id,x,y\ng,9000,9000\n", exits="id,x,y\n",
    )  # fmt: skip
    text = "\n".join(told)
    assert "posts.csv" in text
    assert "gates.csv: 1 gate lies more than max_snap_m = 500 m from every road: g" in text
    assert "exits.csv: the table has no rows" in text


def test_exits_beyond_the_roads_are_refused(tmp_path: Path) -> None:
    (told,) = faults(tmp_path, 'exits = "exits.csv"', exits="id,x,y\nnear,0,0\nfar,0,9000\n")
    assert (
        "exits.csv: 1 exit lies more than max_snap_m = 500 m from every road junction: far" in told
    )


def test_a_city_that_nobody_can_leave_is_a_fault(tmp_path: Path) -> None:
    study = read_study(write_grid(tmp_path, 'edge_of_data = "closed"'))
    with pytest.raises(InputError, match="neither rings nor exits, and no road leaves the data"):
        read_checkpoints(study, read_streets(study))


def test_the_ways_out_of_a_city(tmp_path: Path) -> None:
    """Beyond the ring by default, with the one-way streets that leave the data; or as listed."""
    keys = "centre = [600, 600]\nrings_m = { city = [400, 600] }\n"
    found = {}
    for name, more in (("ring", ""), ("closed", 'edge_of_data = "closed"'),
                       ("listed", 'exits = "exits.csv"')):  # fmt: skip
        (tmp_path / "exits.csv").write_text(f"id,node\ne,{node(0, 0)}\n", encoding="utf-8")
        study = read_study(write_grid(tmp_path, keys + more))
        streets = read_streets(study)
        read = read_checkpoints(study, streets)
        assert read is not None
        found[name] = set(streets.ways.node_ids[read.way_out.nodes].tolist())
        assert set(streets.ways.node_ids[read.way_out.edge].tolist()) == {"out0", "out1"}
    assert found["listed"] == {node(0, 0)}
    assert found["ring"] == found["closed"], "both one-way streets lie beyond the ring anyway"
    assert node(6, 0) in found["ring"]
    assert node(0, 0) not in found["ring"], "nobody reaches it but through another way out"


def test_road_ends_within_the_outermost_ring_count_only_where_the_study_says_so(
    tmp_path: Path,
) -> None:
    """Both one-way streets leave the data well within the ring, whose own gates lie in the west."""
    keys = "centre = [1200, 600]\nrings_m = { city = [400, 1000] }\n"
    found = {}
    for name, more in (("left out", ""), ("open", 'edge_of_data = "open"')):
        study = read_study(write_grid(tmp_path, keys + more))
        streets = read_streets(study)
        read = read_checkpoints(study, streets)
        assert read is not None
        found[name] = [
            set(streets.ways.node_ids[nodes].tolist())
            for nodes in (read.way_out.nodes, read.way_out.uncounted, read.way_out.with_road_ends())
        ]
    gates, uncounted, with_ends = found["left out"]
    assert uncounted == {"out0", "out1"}
    assert gates.isdisjoint(uncounted)
    assert with_ends == gates | uncounted
    assert found["open"] == [with_ends, set(), with_ends]
