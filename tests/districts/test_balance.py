"""Equal loads at the least travel, held against every division there is."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import block_diag

from optimizer.districts import (
    Ground,
    balanced_division,
    evaluate,
    held_bound,
    nearest_division,
    within_reach,
)
from optimizer.districts.balance import parts_of
from optimizer.districts.dead_ends import without_dead_ends
from optimizer.districts.prices import Demand, best_prices, proven_travel
from optimizer.districts.search import divide
from optimizer.errors import SolverError

from .towns import best_by_trying, block, is_connected, street


def test_a_street_by_hand() -> None:
    """The middle is as near to either: three calls each once the second has it."""
    ground = street([3, 0, 1, 1, 1], [0, 4])
    division = balanced_division(ground, 0.1)
    assert nearest_division(ground).tolist() == [0, 0, 0, 1, 1]
    assert division.labels[2:].tolist() == [1, 1, 1]
    assert division.status == "optimal"
    assert division.travel_s == pytest.approx(30.0)


def test_a_tolerance_that_cannot_be_met_is_loosened_to_the_smallest_that_can() -> None:
    """The first platform is shut in by the second: it has one call of six, whatever one does."""
    ground = street([1, 1, 1, 1, 1, 1], [0, 1])
    division = balanced_division(ground, 0.1)
    spread = evaluate(ground, np.array([0, 1, 1, 1, 1, 1])).spread
    assert division.spread == pytest.approx(spread)
    assert division.tolerance == math.ceil(1000 * spread) / 1000
    assert balanced_division(ground, 0.001).tolerance == division.tolerance


@pytest.mark.parametrize("number", range(9))
def test_the_best_of_all_divisions_is_found_and_proven(number: int) -> None:
    ground = block(3, 3, 2 + number % 2, np.random.default_rng(number))
    tolerance = (0.05, 0.2, 0.6)[number // 3]
    least_s, least_spread = best_by_trying(ground, tolerance)
    division = balanced_division(ground, tolerance)
    if math.isinf(least_s):
        assert division.tolerance == pytest.approx(math.ceil(1000 * least_spread) / 1000)
        least_s, _ = best_by_trying(ground, division.tolerance)
    else:
        assert division.tolerance == tolerance
    assert division.travel_s == pytest.approx(least_s)
    assert division.status == "optimal"


@given(st.integers(0, 10_000), st.sampled_from([0.02, 0.1, 0.4]))
@settings(max_examples=8)
def test_nothing_goes_below_the_prices(number: int, tolerance: float) -> None:
    """The bound of the prices, which every ground of size has to make do with."""
    ground = block(3, 3, 2, np.random.default_rng(number))
    prices = best_prices(Demand(ground.travel_s.T.copy(), ground.calls.copy(),
                                ground.handling_s.copy()), tolerance)  # fmt: skip
    assert prices.bound_s <= ground.calls.sum() * best_by_trying(ground, tolerance)[0]


@given(st.integers(0, 10_000))
@settings(max_examples=6)
def test_a_larger_town(number: int) -> None:
    """Too large for the program: connected, balanced, and no better than the bound."""
    random = np.random.default_rng(number)
    ground = block(12, 15, 4, random)
    division = balanced_division(ground, 0.3)
    assert is_connected(ground, division.labels)
    assert evaluate(ground, division.labels).spread == division.spread <= division.tolerance + 1e-8
    assert division.bound_s <= division.travel_s
    again = balanced_division(ground, 0.3)
    assert (again.labels == division.labels).all()


@given(st.integers(0, 10_000))
@settings(max_examples=4)
def test_more_tolerance_never_raises_the_bound(number: int) -> None:
    ground = block(12, 15, 3, np.random.default_rng(number))
    demand = Demand(ground.travel_s.T.copy(), ground.calls.copy(), ground.handling_s.copy())
    bounds = [best_prices(demand, tolerance).bound_s for tolerance in (0.05, 0.1, 0.2, 0.9)]
    assert all(later <= sooner * (1 + 1e-4) for sooner, later in pairwise(bounds))
    assert bounds[-1] >= proven_travel(demand, np.zeros(3)) * (1 - 1e-12)


def test_splitting_a_place_changes_nothing() -> None:
    """Half of the calls moved next door, no way apart, in a cul-de-sac of its own."""
    whole = street([2, 4, 2, 0, 3, 3], [0, 5])
    smaller, _ = without_dead_ends(whole)
    assert smaller.unit_count == whole.unit_count
    split = street([2, 2, 2, 2, 0, 3, 3], [0, 6])
    travel_s = np.array([[0, 60, 60, 120, 180, 240, 300], [300, 240, 240, 180, 120, 60, 0]])
    split = dataclasses.replace(split, travel_s=travel_s)
    one, other = balanced_division(whole, 0.4), balanced_division(split, 0.4)
    assert other.travel_s == pytest.approx(one.travel_s)


def test_groups_are_balanced_by_themselves() -> None:
    ground = street([2, 2, 2, 0, 0, 1, 1], [0, 2, 4, 6],
                    groups=([0, 0, 0, 0, 1, 1, 1], [0, 0, 1, 1]))  # fmt: skip
    division = balanced_division(ground, 0.4)
    assert (ground.group_of_platform[division.labels] == ground.group_of_unit).all()
    assert is_connected(ground, division.labels)


def several(parts: list[Ground], random: np.random.Generator) -> Ground:
    """Grounds side by side, a group each, with streets drawn over the borders between them."""
    unit_at = np.cumsum([0, *(part.unit_count for part in parts)])
    platform_at = np.cumsum([0, *(part.platform_count for part in parts)])
    near = block_diag([part.adjacency for part in parts]).tolil()
    for begin, middle, end in zip(unit_at, unit_at[1:], unit_at[2:], strict=False):
        for _ in range(3):
            one, other = random.integers(begin, middle), random.integers(middle, end)
            near[one, other] = near[other, one] = 1
    near = near.tocsr()
    travel_s = np.full((platform_at[-1], unit_at[-1]), 900.0)
    for part, u, p in zip(parts, unit_at, platform_at, strict=False):
        travel_s[p : p + part.platform_count, u : u + part.unit_count] = part.travel_s
    sizes = [(part.unit_count, part.platform_count) for part in parts]
    return Ground(
        calls=np.concatenate([part.calls for part in parts]),
        handling_s=np.concatenate([part.handling_s for part in parts]),
        travel_s=travel_s, indptr=near.indptr, neighbour=near.indices,
        seed=np.concatenate([part.seed + u for part, u in zip(parts, unit_at, strict=False)]),
        group_of_unit=np.repeat(range(len(parts)), [units for units, _ in sizes]),
        group_of_platform=np.repeat(range(len(parts)), [platforms for _, platforms in sizes]),
    )  # fmt: skip


def test_one_group_that_cannot_share_loosens_no_other() -> None:
    """The first street's platform is shut in with a call of six; the second shares evenly."""
    shut, free = street([1] * 6, [0, 1]), street([3, 0, 1, 1, 1], [0, 4])
    division = balanced_division(several([shut, free], np.random.default_rng(0)), 0.1)
    alone = [balanced_division(part, 0.1) for part in (shut, free)]
    assert division.tolerance_of_group.tolist() == [alone[0].tolerance, 0.1]
    assert division.tolerance == alone[0].tolerance > 0.1
    assert 0.1 < division.impossible_below[0] <= alone[0].spread
    assert division.impossible_below[1] == 0
    calls = [part.calls.sum() for part in (shut, free)]
    for measure in ("travel_s", "bound_s"):
        parts = [getattr(one, measure) for one in alone]
        assert getattr(division, measure) == pytest.approx(np.average(parts, weights=calls))


@given(st.integers(0, 10_000), st.sampled_from([0.02, 0.1, 0.5]))
@settings(max_examples=4, deadline=None)
def test_no_bound_lies_above_a_division_of_several_groups(number: int, tolerance: float) -> None:
    """Before anything is clipped; some units are of a group that cannot get to them."""
    random = np.random.default_rng(number)
    parts = [block(random.integers(3, 8), 6, int(random.integers(1, 4)), random) for _ in range(3)]
    whole = several(parts, random)
    stray = random.integers(0, whole.unit_count, 4)
    stray = stray[~np.isin(stray, whole.seed)]
    group = whole.group_of_unit.copy()
    group[stray] = random.integers(0, 3, len(stray))
    try:
        ground = within_reach(dataclasses.replace(whole, group_of_unit=group))
    except ValueError:
        return
    division = balanced_division(ground, tolerance)
    found = [
        divide(part.ground, float(held), None)
        for part, held in zip(parts_of(ground), division.tolerance_of_group, strict=True)
    ]
    bounds = [one.bound_s for one in found if one is not None]
    if len(bounds) == len(found) and ground.calls.any():
        assert sum(bounds) / ground.calls.sum() <= division.travel_s * (1 + 1e-9) + 1e-9
    spread = evaluate(ground, division.labels).spread_of_group
    assert (spread <= division.tolerance_of_group + 2e-9).all()
    assert (division.impossible_below <= spread + 1e-9).all()


def test_a_bound_that_is_beaten_is_a_fault() -> None:
    assert held_bound(10.0, 12.0) == 10.0
    assert held_bound(12.0 * (1 + 1e-10), 12.0) == 12.0
    with pytest.raises(SolverError, match=r"less than 12\.1 s of mean travel, yet one with 12 s"):
        held_bound(12.1, 12.0)


def test_a_town_without_calls() -> None:
    division = balanced_division(street([0, 0, 0, 0], [0, 3]), 0.1)
    assert division.status == "optimal"
    assert division.travel_s == division.spread == 0


def test_a_tolerance_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="must be above 0"):
        balanced_division(street([1, 1], [0, 1]), 0.0)
