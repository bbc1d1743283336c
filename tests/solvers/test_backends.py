"""Both back ends keep the same promises; any test that names `backend` runs on each."""

import signal
import threading
import time

import numpy as np
import pytest

from optimizer.solvers import CpSatBackend, HighsBackend, Status
from optimizer.solvers.backend import relative_gap


@pytest.fixture(params=[HighsBackend, CpSatBackend])
def backend(request):
    return request.param()


def knapsack(backend, values=(6, 5, 4), sizes=(3, 2, 2), room=4):
    """Take things of sizes 3, 2, 2 into a bag of 4: the two small ones, worth 9."""
    take = [backend.binary(f"take{i}") for i in range(len(values))]
    backend.require(backend.weighted_sum(take, sizes) <= room)
    backend.maximize(backend.weighted_sum(take, values))
    return take


def solved(backend, gap=0.0, time_limit_s=10.0):
    return backend.solve(gap=gap, time_limit_s=time_limit_s, seed=0)


def test_a_knapsack_by_hand(backend):
    knapsack(backend)
    outcome = solved(backend)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(9)
    assert outcome.bound == pytest.approx(9)
    assert outcome.gap == pytest.approx(0)
    assert [round(outcome.values[f"take{i}"]) for i in range(3)] == [0, 1, 1]


@pytest.mark.parametrize("unit", [1e-12, 1e-9, 1e9])
def test_a_knapsack_in_any_unit(backend, unit):
    """The tolerances of solvers are absolute: without care, next to nothing passes for nothing."""
    knapsack(backend, values=[unit * value for value in (6, 5, 4)])
    backend.start_from({"take0": 1.0})
    outcome = solved(backend)
    assert outcome.status is Status.OPTIMAL
    assert outcome.objective == pytest.approx(9 * unit)
    assert outcome.bound == pytest.approx(9 * unit)


def test_minimising_a_cover_by_hand(backend):
    """Three roads meet pairwise at three junctions: two posts watch all three."""
    a, b, c = (backend.binary(name) for name in "abc")
    for pair in ((a, b), (b, c), (a, c)):
        backend.require(backend.sum(pair) >= 1)
    backend.minimize(backend.sum([a, b, c]))
    outcome = solved(backend)
    assert (outcome.status, outcome.objective) == (Status.OPTIMAL, pytest.approx(2))
    assert outcome.bound == pytest.approx(2)


def test_implied_variables_come_out_whole(backend):
    y = [backend.binary(f"y{i}") for i in range(3)]
    z = backend.binary("z", implied=True)
    backend.require(z <= backend.sum(y))
    backend.require(backend.sum(y) == 1)
    backend.maximize(backend.weighted_sum([z, *y], [2.5, 0.25, 0.5, 0.125]))
    outcome = solved(backend)
    assert outcome.objective == pytest.approx(3.0)
    assert (outcome.values["z"], outcome.values["y1"]) == (pytest.approx(1), pytest.approx(1))


def test_whole_numbers_have_an_upper_end_and_may_start_above_one(backend):
    """Things of size 3 into a bag of 10, at most 5 of them: three, though 3.3 would fit."""
    many = backend.integer("many", 5)
    level = backend.integer("level", 100, implied=True)
    backend.require(backend.weighted_sum([many], [3]) <= 10)
    backend.require(backend.weighted_sum([level], [2]) <= backend.weighted_sum([many], [14]))
    backend.maximize(backend.sum([many, level]))
    backend.start_from({"many": 3.0, "level": 21.0})
    outcome = solved(backend)
    assert outcome.objective == pytest.approx(24)
    assert (outcome.values["many"], outcome.values["level"]) == (pytest.approx(3), 21)


def test_contradicting_constraints_are_infeasible(backend):
    x = backend.binary("x")
    backend.require(x + backend.binary("other") >= 3)
    backend.maximize(backend.sum([x]))
    outcome = solved(backend)
    assert outcome.status is Status.INFEASIBLE
    assert (outcome.objective, outcome.bound, dict(outcome.values)) == (None, None, {})


def hard_knapsack(backend):
    rng = np.random.default_rng(3)
    sizes = rng.integers(1_000, 10_000, (8, 120))
    take = [backend.binary(f"take{i}") for i in range(sizes.shape[1])]
    for row in sizes:
        backend.require(backend.weighted_sum(take, row.tolist()) <= int(row.sum() // 2))
    backend.maximize(backend.weighted_sum(take, (sizes.sum(axis=0) / 7).tolist()))
    return sizes


def test_a_count_of_nodes_ends_at_the_same_place_every_time():
    """What is found and proven by then depends on no clock."""
    outcomes = []
    for _ in range(2):
        backend = HighsBackend()
        hard_knapsack(backend)
        outcomes.append(backend.solve(gap=0.0, time_limit_s=60.0, seed=0, most_nodes=20))
    one, other = outcomes
    assert one.status is Status.FEASIBLE
    assert one.objective < one.bound
    assert (one.objective, one.bound, one.values) == (other.objective, other.bound, other.values)


def test_a_time_limit_is_never_optimal(backend):
    hard_knapsack(backend)
    outcome = solved(backend, time_limit_s=0.3)
    assert outcome.status in {Status.FEASIBLE, Status.UNKNOWN}
    assert outcome.seconds < 5
    if outcome.objective is not None:
        assert outcome.bound > outcome.objective


def test_a_wide_gap_is_enough_to_stop(backend):
    hard_knapsack(backend)
    outcome = solved(backend, gap=0.5)
    assert outcome.status is Status.OPTIMAL
    assert outcome.gap <= 0.5


def test_highs_really_gets_the_start():
    """Stopped before it begins, HiGHS returns what it was handed; alone it finds no such thing."""
    good, cold, warm = HighsBackend(), HighsBackend(), HighsBackend()
    for backend in (good, cold, warm):
        hard_knapsack(backend)
    known = solved(good, gap=0.05)
    warm.start_from(known.values)
    alone = solved(cold, time_limit_s=0.0).objective
    assert alone is None or alone < known.objective
    assert solved(warm, time_limit_s=0.0).objective >= known.objective - 1e-6


def test_no_solver_takes_ctrl_c_away_from_python(backend):
    """CP-SAT would leave the signal at its default, which ends the process without a word."""
    knapsack(backend)
    solved(backend)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


def test_ctrl_c_ends_highs_at_once_and_is_passed_on():
    backend = HighsBackend()
    hard_knapsack(backend)
    with pytest.raises(KeyboardInterrupt):
        interrupted_after(0.5, lambda: solved(backend, time_limit_s=60.0))


def interrupted_after(seconds, call):
    """Run a call on the main thread and send it the signal of Ctrl-C; it must end by itself."""
    timer = threading.Timer(seconds, signal.raise_signal, [signal.SIGINT])
    timer.start()
    started = time.perf_counter()
    try:
        call()
    finally:
        timer.cancel()
        assert time.perf_counter() - started < 30


def test_an_impossible_start_does_no_harm(backend):
    knapsack(backend)
    backend.start_from({"take0": 1.0, "take1": 1.0, "take2": 1.0})
    assert solved(backend).objective == pytest.approx(9)


def test_names_say_which_version(backend):
    assert backend.name.split()[0] in {"HiGHS", "CP-SAT"}
    assert backend.name.split()[1][0].isdigit()


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [
        (100, 101, 0.01),
        (-100, -99, 0.01),
        (0, 0, 0),
        (0, 1, np.inf),
        (None, 1, None),
        (1, None, None),
    ],
)
def test_relative_gap(objective, bound, gap):
    assert relative_gap(objective, bound) == (gap if gap is None else pytest.approx(gap))
