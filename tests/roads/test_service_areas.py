"""The ground within reach: by hand on one street, nested in any network."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely

from optimizer.roads import service_areas


def test_one_street_by_hand(network_of: Any) -> None:
    """A street of 400 m at 10 m/s from its middle; after 10 s 100 m each way, after 25 s all."""
    arcs = [(i, j, 10_000) for i in range(5) for j in (i - 1, i + 1) if 0 <= j < 5]
    street = network_of(5, arcs)
    areas = service_areas(street, np.array([2]), [25, 10], buffer_m=20)
    assert areas["limit_s"].tolist() == [10, 25]
    assert areas.geometry[0].bounds == pytest.approx((80, -20, 320, 20), abs=1)
    assert areas.geometry[1].bounds == pytest.approx((-20, -20, 420, 20), abs=1)


def test_part_of_a_street_counts_up_to_the_point_reached(network_of: Any) -> None:
    """A quarter of a one-way street of 100 m in 5 s, but nothing against its direction."""
    oneway = network_of(2, [(0, 1, 20_000)])
    assert service_areas(oneway, np.array([0]), [5], buffer_m=10).geometry[0].bounds == (
        pytest.approx((-10, -10, 35, 10), abs=0.5)
    )
    assert service_areas(oneway, np.array([1]), [5], buffer_m=10).geometry[0].is_empty


def test_two_ends_meet_inside_a_street(network_of: Any) -> None:
    """From both ends 60 m each: the street of 100 m is whole, though no end reaches the other."""
    both = network_of(2, [(0, 1, 10_000), (1, 0, 10_000)])
    area = service_areas(both, np.array([0, 1]), [3, 6], buffer_m=10)
    assert area.geometry[0].geom_type == "MultiPolygon"
    assert area.geometry[1].covers(shapely.LineString([(0, 0), (100, 0)]))


def test_small_holes_are_filled_and_large_ones_stay(read_streets: Any) -> None:
    """A block of 150 m leaves a hole of 90 m square; the slower half of a block is drawn too."""
    for side, holes in ((150, 0), (900, 1)):
        halves = [[(0, 0), (side, 0), (side, side)], [(side, side), (0, side), (0, 0)]]
        network = read_streets(halves)
        (area,) = service_areas(network, np.array([0]), [1000], buffer_m=30).geometry
        assert len(area.interiors) == holes


def test_longer_limits_hold_shorter_ones(network_of: Any) -> None:
    rng = np.random.default_rng(5)
    x, y = rng.uniform(0, 3000, (2, 80))
    ends = rng.integers(0, 80, (2, 400))
    arcs = np.vstack([ends, rng.integers(1000, 60_000, 400)]).T
    lines = [shapely.LineString([(x[a], y[a]), (x[b], y[b])]) for a, b in ends.T]
    network = network_of(80, arcs[ends[0] != ends[1]], x_m=x, y_m=y,
                         lines=np.array(lines)[ends[0] != ends[1]])  # fmt: skip
    areas = service_areas(network, np.array([0, 40]), [20, 40, 60, 90]).geometry
    assert (areas.area.diff()[1:] > 0).all()
    for inner, outer in pairwise(areas):
        assert inner.difference(outer).area < 1e-6
