"""Ways over the streets, beside networkx and the travel times of the roads."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from optimizer.deployment.street_ways import StreetWays
from optimizer.roads import travel_times

from .patrol_towns import graph_of, town


@pytest.mark.parametrize("seed", range(4))
def test_ways_are_quickest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    plain = town(5, 5)
    arcs = [(int(a), int(b), float(rng.integers(0, 90_000)) / 1000)
            for a, b in zip(plain.tail, plain.head, strict=True)]  # fmt: skip
    network = town(5, 5, arcs)
    ways, graph = StreetWays.over(network), graph_of(network)
    origin, destination = rng.choice(25, 2, replace=False).tolist()
    way = ways.way(origin, destination)
    assert (way[0], way[-1]) == (origin, destination)
    seconds = ways.seconds(way).sum()
    assert seconds == pytest.approx(nx.dijkstra_path_length(graph, origin, destination), abs=1e-6)
    timed = travel_times(network, np.array([origin]), np.array([destination]), 1e6)
    assert seconds == pytest.approx(float(timed.travel_s[0]), abs=1e-3)


def test_a_way_is_drawn_and_measured_along_its_streets() -> None:
    ways = StreetWays.over(town(3, 3))
    assert list(ways.line((0, 1, 4)).coords) == [(0, 0), (100, 0), (100, 100)]
    assert ways.length_m((0, 1, 4)) == 200
    assert ways.way(4, 4) == (4,)
    assert ways.line((4,)).length == 0


def test_a_jump_is_no_way() -> None:
    ways = StreetWays.over(town(3, 3))
    with pytest.raises(ValueError, match="no arc joins"):
        ways.seconds((0, 8))
    with pytest.raises(ValueError, match="no arc joins"):
        ways.seconds((8, 0))
