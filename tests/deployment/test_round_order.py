"""The quickest order of a round: tried out one by one, and the bound where there are too many."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.deployment import round_order
from optimizer.deployment.round_order import MOST_ORDERED, quickest_order
from optimizer.deployment.round_problem import RoundProblem

from .patrol_towns import beats_of, demand_at, ground, shift_of, stand, town


def scattered(seed: int, points: int, lines: int) -> RoundProblem:
    """Points and lines (two visits of one target each) with uneven ways, all in one round."""
    rng = np.random.default_rng(seed)
    visits = points + 2 * lines
    target = np.concatenate([np.arange(points), np.repeat(np.arange(points, points + lines), 2)])
    at = rng.integers(0, 600, (2, visits + 1, 2))
    travel = np.abs(at[0][:, None] - at[1]).sum(axis=2) + rng.integers(0, 40, (visits + 1,) * 2)
    worth = np.ones(points + lines, int)
    return RoundProblem(travel, rng.integers(10, 90, visits), target, worth, 100_000)


def tried_out(one: RoundProblem, targets: list[int]) -> int:
    """Least time over every order of the targets and every direction of the lines."""
    return min(
        one.duration_s(order)
        for order in permutations(range(len(one.target)), len(targets))
        if sorted(one.target[list(order)]) == sorted(targets)
    )


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 4), st.integers(0, 1), st.randoms())
def test_no_order_is_quicker(seed: int, points: int, lines: int, rng) -> None:
    one = scattered(seed, points + 1, lines)
    targets = sorted(set(one.target.tolist()))[: rng.randint(1, points + 1 + lines)]
    found = [rng.choice(np.flatnonzero(one.target == target).tolist()) for target in targets]
    rng.shuffle(found)
    ordered, bound_s = quickest_order(one, found)
    assert sorted(one.target[ordered]) == targets
    assert one.duration_s(ordered) == bound_s == tried_out(one, targets)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 4), st.integers(0, 1))
def test_the_bound_of_long_rounds_is_never_above_the_quickest(
    seed: int, points: int, lines: int
) -> None:
    one = scattered(seed, points + 1, lines)
    found = [int(np.flatnonzero(one.target == target)[0]) for target in range(points + 1 + lines)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(round_order, "MOST_ORDERED", 0)
        kept, bound_s = quickest_order(one, found)
    assert kept == found
    assert bound_s <= tried_out(one, list(range(points + 1 + lines)))


def test_a_round_that_is_quickest_already_stays_as_it_is() -> None:
    """On a ring both ways round take the same; the one that was found is kept."""
    at = np.arange(5)
    ring = np.minimum((at[:, None] - at) % 5, (at - at[:, None]) % 5)
    one = RoundProblem(60 * ring, np.full(4, 10), np.arange(4), np.ones(4, int), 900)
    assert quickest_order(one, [0, 1, 2, 3]) == ([0, 1, 2, 3], 340)
    assert quickest_order(one, [3, 2, 1, 0]) == ([3, 2, 1, 0], 340)


def test_what_a_search_found_is_put_in_order_and_proven() -> None:
    """Fourteen stops in a row are one round there and back, after a short search, too."""
    place = ground(town(15, 1), 0, [stand(f"t{n}", n, minutes=1) for n in range(1, 15)],
                   demand_at([0], 30), steps=20)  # fmt: skip
    (beat,) = beats_of(place, shift_of(0, 1))[1]
    assert beat.round_s == beat.round_bound_s == 14 * 60 + 2 * 14 * 60
    assert beat.round_status == "optimal"


def test_a_long_round_tells_its_bound() -> None:
    """Stops in a row again, two too many to try out: each is left for a neighbour a minute away.

    That is all the bound knows; it does not see that somebody has to come back.
    """
    count = MOST_ORDERED + 2
    place = ground(town(count + 1, 1), 0,
                   [stand(f"t{n}", n, minutes=1) for n in range(1, count + 1)],
                   demand_at([0], 30), steps=50)  # fmt: skip
    (beat,) = beats_of(place, shift_of(0, 1))[1]
    assert beat.round_s == count * 60 + 2 * count * 60
    assert beat.round_bound_s == count * 60 + (count + 1) * 60
    assert beat.round_status == "feasible"
