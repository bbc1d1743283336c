"""Counts per place read from a table."""

from __future__ import annotations

import pytest

from optimizer.demand import DemandSettings, read_counts
from optimizer.errors import InputError


def read(network, folder, text, **settings):
    (folder / "counts.csv").write_text(text, encoding="utf-8")
    return read_counts(DemandSettings(path="counts.csv", **settings), folder, network)


def test_places_by_x_and_y_find_their_nodes(network, tmp_path):
    counts = read(network, tmp_path, "id,x,y,calls\n07,90,0,3\n08,0,140,0\n09,0,130,2.5\n")
    assert counts.place_id.tolist() == ["07", "09"]
    assert counts.weight.tolist() == [3, 2.5]
    assert counts.node.tolist() == [1, 5]
    assert counts.distance_m.tolist() == [10, 30]
    assert (counts.x_m.tolist(), counts.y_m.tolist()) == ([90, 0], [0, 130])


def test_places_by_node_stand_on_it(network, tmp_path):
    counts = read(network, tmp_path, "node,n\n4-4,7\n0-1,1\n", node="node", weight="n")
    assert counts.place_id is None
    assert (counts.node.tolist(), counts.x_m.tolist()) == ([24, 1], [400, 100])
    assert counts.distance_m.tolist() == [0, 0]


def test_a_named_column_of_ids_is_kept(network, tmp_path):
    counts = read(network, tmp_path, "cell,x,y,weight\nA,0,0,1\nB,5,0,1\n", id="cell")
    assert counts.place_id.tolist() == ["A", "B"]


def test_counts_that_count_nothing_are_a_fault(network, tmp_path):
    with pytest.raises(InputError, match="no place has a weight above 0; name the column"):
        read(network, tmp_path, "x,y,calls\n0,0,0\n")
