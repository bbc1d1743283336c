"""From places to nodes: nearest by brute force, by the node's own id, faults."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from optimizer.errors import InputError
from optimizer.places import LOCAL_CRS
from optimizer.roads import snap, snap_places


@pytest.fixture(scope="module")
def line_of_five(network_of: Any) -> Any:
    """Five nodes n0..n4 a hundred metres apart on a line."""
    return network_of(5, [(i, i + 1, 1) for i in range(4)] + [(i + 1, i, 1) for i in range(4)])


def places(nodes: list[str | None], points: list[tuple[float, float] | None]) -> gpd.GeoDataFrame:
    geometry = [None if point is None else shapely.Point(point) for point in points]
    ids = [f"p{i}" for i in range(len(nodes))]
    return gpd.GeoDataFrame(
        {"place_id": ids, "node": np.array(nodes, dtype=object)}, geometry=geometry, crs=LOCAL_CRS
    )


def test_nearest_node_as_by_brute_force(network_of: Any) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(0, 1000, (2, 60))
    network = network_of(60, [(i, (i + 1) % 60, 1) for i in range(60)], x_m=x, y_m=y)
    px, py = rng.uniform(-200, 1200, (2, 500))
    found = snap(network, px, py)
    distance = np.hypot(px[:, None] - x, py[:, None] - y)
    np.testing.assert_array_equal(found.node, distance.argmin(axis=1))
    np.testing.assert_allclose(found.distance_m, distance.min(axis=1))
    assert not found.node.flags.writeable
    assert not found.distance_m.flags.writeable


def test_a_named_node_decides(line_of_five: Any) -> None:
    found = snap_places(
        line_of_five, places(["n4", None, "n0"], [None, (210, 5), (400, 0)]), "posts.csv"
    )
    assert found.node.tolist() == [4, 2, 0]
    assert found.distance_m.tolist() == pytest.approx([0, np.hypot(10, 5), 0])


def test_all_unknown_nodes_are_listed_with_a_suggestion(line_of_five: Any) -> None:
    with pytest.raises(InputError) as raised:
        snap_places(line_of_five, places(["n9", "N3", None], [None, None, (0, 0)]), "posts.csv")
    assert len(raised.value.faults) == 2
    assert 'posts.csv: place p0: there is no road node "n9"' in raised.value.faults[0]
    assert "did you mean n3?" in raised.value.faults[1]


def test_very_many_unknown_nodes_are_named_in_one_sentence(line_of_five: Any) -> None:
    """Each sentence with a likely node costs a comparison with all of them: five are enough."""
    wrong = [f"m{number}" for number in range(300)]
    with pytest.raises(InputError) as raised:
        snap_places(line_of_five, places(wrong, [None] * 300), "villages.csv")
    assert len(raised.value.faults) == 6
    last = raised.value.faults[-1]
    assert last.startswith('villages.csv: nor are there the road nodes "m5" of p5, "m6" of p6, ')
    assert '"m24" of p24 and 275 more; use ids' in last


def test_places_in_another_plane_are_refused(line_of_five: Any) -> None:
    elsewhere = places([None], [(0, 0)]).set_crs("EPSG:32650", allow_override=True)
    with pytest.raises(InputError, match="read both in the study's CRS"):
        snap_places(line_of_five, elsewhere, "posts.csv")
