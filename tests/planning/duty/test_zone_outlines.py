"""Outlines of zones: round their hotspots, and nobody else's ground."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.planning.duty.zone_outlines import zone_outlines


def block(x_m: float, y_m: float) -> shapely.Polygon:
    """A hotspot of 100 x 100 m."""
    return shapely.box(x_m, y_m, x_m + 100, y_m + 100)


def test_a_zone_by_itself_is_the_hull_of_its_hotspots() -> None:
    (outline,) = zone_outlines([np.array([block(0, 0), block(300, 0)])])
    assert outline.equals(shapely.box(0, 0, 400, 100))


def test_ground_between_two_zones_goes_to_the_nearest_hotspot() -> None:
    """West's hull reaches over East's only block: East keeps the ground around it."""
    west = np.array([block(0, 0), block(0, 900), block(600, 900)])
    east = np.array([block(250, 500), block(800, 300)])
    one, other = zone_outlines([west, east])
    assert one.intersection(other).area == pytest.approx(0, abs=1)
    assert other.covers(shapely.union_all(east).buffer(-1))
    assert one.covers(shapely.union_all(west).buffer(-1))
    hull = shapely.union_all(west).convex_hull
    assert one.area < hull.area
    nearer_west, nearer_east = shapely.Point(60, 200), shapely.Point(360, 650)
    assert hull.contains(nearer_west)
    assert hull.contains(nearer_east)
    assert one.contains(nearer_west)
    assert not one.contains(nearer_east)


def test_no_zone_has_no_outline() -> None:
    assert zone_outlines([]) == ()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), min_size=2, max_size=14,
                unique=True), st.integers(1, 4))  # fmt: skip
def test_zones_hold_their_hotspots_and_share_nothing(
    places: list[tuple[int, int]], count: int
) -> None:
    """Blocks of a chessboard, dealt out to zones at will, some side by side."""
    dealt = [[block(100 * x, 100 * y) for x, y in places[at::count]] for at in range(count)]
    zones = [np.array(blocks) for blocks in dealt if blocks]
    outlines = zone_outlines(zones)
    for outline, blocks in zip(outlines, zones, strict=True):
        assert outline.is_valid
        assert shapely.union_all(blocks).difference(outline).area < 1
        assert outline.area <= shapely.union_all(blocks).convex_hull.area + 1
    total = sum(outline.area for outline in outlines)
    assert shapely.union_all(outlines).area == pytest.approx(total, abs=1)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_round_hotspots_that_touch(seed: int, count: int) -> None:
    """Discs at drawn places, each without what earlier ones have: their edges all but meet."""
    random = np.random.default_rng(seed)
    taken, discs = shapely.Polygon(), []
    for place in shapely.points(random.uniform(0, 1500, (24, 2))):
        disc = place.buffer(random.uniform(20, 120), quad_segs=3).difference(taken.buffer(1e-6))
        taken = taken.union(disc)
        if disc.area > 1:
            discs.append(disc)
    zones = [np.array(discs[at::count], dtype=object) for at in range(count)]
    outlines = zone_outlines(zones)
    for outline, own in zip(outlines, zones, strict=True):
        assert outline.is_valid
        whole = shapely.union_all(own)
        assert whole.difference(outline).area < 0.01 * whole.length
    total = sum(outline.area for outline in outlines)
    assert shapely.union_all(outlines).area == pytest.approx(total, abs=1)
