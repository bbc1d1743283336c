"""Rounds past a few targets: hand-solved, tried out one by one, and against OR-Tools."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.deployment.exact_rounds import exact_rounds
from optimizer.deployment.round_problem import RoundProblem
from optimizer.deployment.routing import find_rounds
from optimizer.errors import SolverError


def problem(
    travel_s: list[list[int]], service_s: list[int], worth: list[int], limit_s: int,
    target: list[int] | None = None,
) -> RoundProblem:  # fmt: skip
    own = list(range(len(service_s))) if target is None else target
    return RoundProblem(
        np.array(travel_s), np.array(service_s), np.array(own), np.array(worth), limit_s
    )


def on_a_line(places: list[int], service_s: int, worth: list[int], limit_s: int) -> RoundProblem:
    """Targets along a road with the platform at 0, times as the differences of places."""
    at = np.array([0, *places])
    return problem(np.abs(at[:, None] - at).tolist(), [service_s] * len(places), worth, limit_s)


def scattered(seed: int, visits: int, limit_s: int) -> RoundProblem:
    rng = np.random.default_rng(seed)
    at = rng.integers(0, 600, (visits + 1, 2))
    travel = np.abs(at[:, None] - at).sum(axis=2) + rng.integers(0, 40, (visits + 1, visits + 1))
    np.fill_diagonal(travel, 0)
    return RoundProblem(
        travel, rng.choice([90, 720], visits), np.arange(visits), rng.integers(1, 100, visits),
        limit_s,
    )  # fmt: skip


def tried_out(one: RoundProblem, units: int) -> tuple[int, int, int]:
    """Best (worth, -longest round, -time together) over every order and every sharing out."""
    visits = range(len(one.service_s))
    best = (0, 0, 0)
    for owners in product(range(units + 1), repeat=len(visits)):  # units: nobody
        shares = [[v for v in visits if owners[v] == unit] for unit in range(units)]
        served = [int(one.target[v]) for share in shares for v in share]
        if len(set(served)) < len(served):
            continue
        times = [
            min(one.duration_s(order) for order in permutations(s)) if s else 0 for s in shares
        ]
        if max(times) <= one.limit_s:
            best = max(best, (one.worth_of(shares), -max(times), -sum(times)))
    return best


def figures(one: RoundProblem, rounds: list[list[int]]) -> tuple[int, int, int]:
    times = [one.duration_s(visits) for visits in rounds]
    return one.worth_of(rounds), -max(times, default=0), -sum(times)


def test_hand_solved_one_unit_takes_what_is_worth_most() -> None:
    # out and back to 100, 200 and -150 with 60 s each: 100 + 200 take 520 s, all take 880 s
    town = on_a_line([100, 200, -150], 60, [5, 5, 8], 600)
    assert sorted(exact_rounds(town, 1)[0]) == [0, 1]
    assert sorted(exact_rounds(on_a_line([100, 200, -150], 60, [5, 5, 8], 880), 1)[0]) == [0, 1, 2]
    assert exact_rounds(on_a_line([100, 200, -150], 60, [5, 5, 11], 500), 1) == [[2]]


def test_hand_solved_two_units_share_the_two_sides_of_the_town() -> None:
    town = on_a_line([100, 200, -150], 60, [1, 1, 1], 900)
    assert sorted(map(sorted, exact_rounds(town, 2))) == [[0, 1], [2]]


def test_a_line_is_driven_in_its_better_direction_only() -> None:
    # visit 0 runs from 100 to 300, visit 1 back; both are target 0. A stop at 400 comes after.
    travel = [[0, 100, 300, 400], [300, 200, 0, 100], [100, 0, 200, 300], [400, 300, 100, 0]]
    one = problem(travel, [200, 200, 60], [10, 3], 2000, target=[0, 0, 1])
    assert exact_rounds(one, 1) in ([[0, 2]], [[2, 1]])
    assert figures(one, exact_rounds(one, 1)) == tried_out(one, 1)
    assert sum(len({0, 1} & set(visits)) for visits in exact_rounds(one, 3)) == 1


def test_nothing_to_visit_or_nothing_that_fits() -> None:
    assert exact_rounds(problem([[0]], [], [], 100), 2) == []
    assert exact_rounds(on_a_line([500], 60, [1], 900), 2) == []


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("units", [1, 2])
def test_nothing_is_better(seed: int, units: int) -> None:
    one = scattered(seed, 5, 900 + 200 * (seed % 8))
    assert figures(one, exact_rounds(one, units)) == tried_out(one, units)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 8), st.integers(300, 5000), st.integers(0, 2000))
def test_more_time_never_leaves_more_out(seed: int, visits: int, limit_s: int, more: int) -> None:
    short, long = scattered(seed, visits, limit_s), scattered(seed, visits, limit_s + more)
    assert long.worth_of(exact_rounds(long, 1)) >= short.worth_of(exact_rounds(short, 1))


@settings(max_examples=20)
@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(500, 5000))
def test_another_unit_never_leaves_more_out(seed: int, visits: int, limit_s: int) -> None:
    one = scattered(seed, visits, limit_s)
    worth = [one.worth_of(exact_rounds(one, units)) for units in (1, 2, 3)]
    assert worth == sorted(worth)


@pytest.mark.parametrize("visits", [1, 2, 6])
def test_or_tools_ends_and_takes_all_where_all_fits(visits: int) -> None:
    one = scattered(visits, visits, 20_000)
    assert one.worth_of(find_rounds(one, 2, 50)) == one.worth.sum()


@pytest.mark.parametrize("seed", range(6))
def test_or_tools_comes_near_what_is_best_and_never_beyond(seed: int) -> None:
    one = scattered(seed, 8, 2400)
    best, found = (one.worth_of(rounds) for rounds in (exact_rounds(one, 2),
                                                      find_rounds(one, 2, 200)))  # fmt: skip
    assert 0.8 * best <= found <= best


def test_or_tools_draws_the_same_rounds_again() -> None:
    one = scattered(3, 20, 4000)
    assert find_rounds(one, 3, 60) == find_rounds(one, 3, 60)


def test_or_tools_serves_a_line_in_one_direction() -> None:
    one = problem(
        [[0, 100, 300, 400], [300, 200, 0, 100], [100, 0, 200, 300], [400, 300, 100, 0]],
        [200, 200, 60], [10, 3], 2000, target=[0, 0, 1],
    )  # fmt: skip
    assert figures(one, find_rounds(one, 1, 50)) == tried_out(one, 1)


def test_an_answer_that_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    one = on_a_line([100, 200], 60, [1, 1], 700)
    monkeypatch.setattr("optimizer.deployment.routing._visits", lambda *_: [0, 0])
    with pytest.raises(SolverError, match="2 visits to 1 targets"):
        find_rounds(one, 1, 10)
