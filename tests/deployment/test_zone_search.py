"""The search for zones against listing every set of hotspots."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.deployment import zone_search
from optimizer.deployment.zone_search import Offer, search_zones, shortest_round_s


def round_by_trying(travel_s: np.ndarray, members: tuple[int, ...]) -> float:
    return min(
        sum(travel_s[a, b] for a, b in itertools.pairwise((members[0], *rest, members[0])))
        for rest in itertools.permutations(members[1:])
    ) * (len(members) > 1)


def worths(offer: Offer) -> dict[tuple[int, ...], float]:
    """Every zone and what it is worth."""
    found = {}
    for size in range(1, len(offer.profit) + 1):
        for zone in itertools.combinations(range(len(offer.profit)), size):
            length_s = size * offer.dwell_s + round_by_trying(offer.travel_s, zone)
            if offer.near[np.ix_(zone, zone)].all() and length_s <= offer.round_s:
                found[zone] = offer.profit[list(zone)].sum() - offer.price_per_s * length_s
    return found


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    """Seven hotspots at whole minutes of a plane, some of them worth less than nothing."""
    at = np.array(draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)),
                                min_size=7, max_size=7)), float)  # fmt: skip
    ways = 60 * np.abs(at[:, None] - at).sum(axis=2)
    profit = np.array(sorted(draw(st.lists(st.integers(-5, 40), min_size=7, max_size=7)))[::-1])
    price = draw(st.sampled_from([0.0, 0.001, 0.02]))
    return Offer(ways, ways <= 480, profit.astype(float), price, 300.0, 1800.0)


@given(offers(), st.sampled_from([-30.0, 0.0, 10.0, 45.0]))
@settings(max_examples=60)
def test_every_zone_above_the_floor_is_listed_once(offer: Offer, floor: float) -> None:
    member, size, bound, complete = search_zones(offer, floor, True)
    listed = [tuple(sorted(row[:count].tolist())) for row, count in zip(member, size, strict=True)]
    expected = worths(offer)
    away = {zone: worth for zone, worth in expected.items() if abs(worth - floor) > 1e-6}
    assert complete
    assert len(set(listed)) == len(listed)
    assert set(listed) & away.keys() == {zone for zone, worth in away.items() if worth > floor}
    assert bound == pytest.approx(max(floor, *expected.values()))


@given(offers())
@settings(max_examples=60)
def test_the_best_zone_is_found(offer: Offer) -> None:
    member, size, bound, complete = search_zones(offer, 0.0, False)
    expected = worths(offer)
    best = max(0.0, *expected.values())
    assert complete
    assert bound == pytest.approx(best)
    listed = [tuple(sorted(row[:count].tolist())) for row, count in zip(member, size, strict=True)]
    if best > 0:
        assert max(expected[zone] for zone in listed) == pytest.approx(best)
    assert len(listed) <= len(offer.profit)


@given(offers(), st.integers(0, 12))
@settings(max_examples=60)
def test_a_search_cut_short_still_says_what_none_exceeds(offer: Offer, sets: int) -> None:
    """The same code, not compiled, with few sets to look at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zone_search, "MOST_SETS", sets)
        _, _, bound, complete = search_zones.py_func(offer, 0.0, False)
    best = max(0.0, *worths(offer).values())
    assert bound >= best - 1e-9
    if complete:
        assert bound == pytest.approx(best)


@given(st.integers(1, 7), st.integers(0, 10_000))
@settings(max_examples=40)
def test_the_shortest_round_is_that_of_the_best_order(count: int, seed: int) -> None:
    """Ways differ by direction."""
    ways_s = np.random.default_rng(seed).integers(1, 90, (count, count)).astype(float)
    members = np.arange(count)
    found = shortest_round_s(ways_s, members, count)
    assert found == pytest.approx(round_by_trying(ways_s, tuple(range(count))))
