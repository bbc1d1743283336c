"""Reading the streets alone, and putting places on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from optimizer.checkpoints import reached
from optimizer.errors import InputError
from optimizer.places import PlaceSource
from optimizer.planning import Streets, read_streets
from optimizer.study import read_study


@pytest.fixture
def streets(row_study: Path) -> Streets:
    return read_streets(read_study(row_study))


def points(streets: Streets, folder: Path, text: str) -> tuple[list[str], tuple[str, ...]]:
    """The ids of the nodes on which the places of a table stand, and the warnings."""
    (folder / "places.csv").write_text(text, encoding="utf-8")
    places, warnings = streets.read_points(PlaceSource(path="places.csv"), folder)
    return streets.ways.node_ids[places["node"].to_numpy()].tolist(), warnings


def test_the_whole_network_has_what_the_main_part_has_not(streets: Streets) -> None:
    main, whole = (set(network.node_ids) for network in (streets.main, streets.whole))
    assert main == set("abcdef")
    assert whole - main == {"out", "isle1", "isle2"}
    same = streets.whole.node_ids[: streets.main.node_count]
    assert np.array_equal(same, streets.main.node_ids), "the junctions have the same numbers"


def test_a_fugitive_may_leave_by_the_one_way_road_and_not_come_back(streets: Streets) -> None:
    node = {name: at for at, name in enumerate(streets.ways.node_ids)}
    assert reached(streets.graph, np.array([node["a"]]))[node["out"]]
    assert reached(streets.graph, np.array([node["out"]])).sum() == 1


def test_named_nodes_are_taken_and_other_places_snap_to_the_main_part(
    streets: Streets, tmp_path: Path
) -> None:
    """A place beside the isle stands in the town, with a warning; a named isle stays one."""
    assert points(streets, tmp_path, "id,node\n1,out\n2,isle1\n3,c\n")[0] == ["out", "isle1", "c"]
    nodes, warnings = points(streets, tmp_path, "id,x,y\nnear,610,20\nfar,0,8900\n")
    assert nodes == ["b", "a"]
    (warning,) = warnings
    assert "places.csv: 1 place lies more than 500 m" in warning
    assert "from the nearest node, which is taken instead: far (8,900 m); check" in warning


def test_a_node_that_is_nowhere_is_a_fault(streets: Streets, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r'places\.csv: place 1: there is no road node "g"'):
        points(streets, tmp_path, "id,node\n1,g\n2,a\n")
