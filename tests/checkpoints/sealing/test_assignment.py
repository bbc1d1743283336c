"""Units to exits: against hand, brute force, CP-SAT and a matching of networkx."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from ortools.sat.python import cp_model

from optimizer.checkpoints import Assignment, assign_units

INF = np.inf
NUMBERS = st.sampled_from([0, 1, 2, 3, 5, 8, INF])
SIZES = st.tuples(st.integers(0, 4), st.integers(1, 4))
TIMES = SIZES.flatmap(lambda shape: arrays(float, shape, elements=NUMBERS))


def merit(times: np.ndarray, weight: np.ndarray, pairs: list[tuple[int, int]]) -> tuple:
    """What is compared, the smaller the better: weight closed, exits closed, latest, total."""
    arrival = [times[unit, at] for unit, at in pairs]
    closed = [weight[at] for _, at in pairs]
    return -sum(closed), -len(closed), max(arrival, default=0), sum(arrival)


def best_by_trying_all(times: np.ndarray, weight: np.ndarray) -> tuple:
    """Every way of giving each exit one unit of its own, or none."""
    units, exits = times.shape
    found = []
    for choice in itertools.product(range(-1, units), repeat=exits):
        pairs = [(unit, at) for at, unit in enumerate(choice) if unit >= 0]
        sent = [unit for unit, _ in pairs]
        if len(set(sent)) == len(sent) and all(np.isfinite(times[pair]) for pair in pairs):
            found.append(merit(times, weight, pairs))
    return min(found)


def pairs_of(found: Assignment) -> list[tuple[int, int]]:
    return [(int(unit), at) for at, unit in enumerate(found.unit) if unit >= 0]


def test_the_last_exit_is_closed_soonest_even_if_the_sum_is_larger() -> None:
    """By least total the first unit would take the near exit (1 + 9 < 5 + 6), closed at 9."""
    found = assign_units(np.array([[1.0, 6.0], [5.0, 9.0]]))
    assert found.unit.tolist() == [1, 0]
    assert (found.latest_s, found.total_s) == (6, 11)


def test_of_equally_late_plans_the_least_total_is_taken() -> None:
    """The last exit takes 9 whoever goes; of the other two pairings 1 + 2 beats 4 + 4."""
    times = np.array([[1.0, 4.0, INF], [4.0, 2.0, INF], [INF, INF, 9.0]])
    found = assign_units(times)
    assert found.unit.tolist() == [0, 1, 2]
    assert (found.latest_s, found.total_s) == (9, 12)


def test_units_that_are_too_few_close_the_heaviest_exits() -> None:
    """One unit for three exits: it goes to the heaviest, though that is the furthest."""
    found = assign_units(np.array([[1.0, 2.0, 50.0]]), np.array([1.0, 1.0, 1.5]))
    assert found.unit.tolist() == [-1, -1, 0]
    assert found.arrival_s.tolist() == [INF, INF, 50]


def test_two_light_exits_outweigh_nothing_but_each_is_closed_if_a_unit_is_free() -> None:
    """Exits worth nothing are closed too where units are left."""
    found = assign_units(np.array([[1.0, 2.0], [1.0, 3.0]]), np.array([0.0, 7.0]))
    assert found.closed.all()
    assert (found.latest_s, found.total_s) == (2, 3)


def test_an_exit_out_of_reach_stays_open() -> None:
    found = assign_units(np.array([[INF, 3.0], [INF, 1.0]]))
    assert found.unit.tolist() == [-1, 1]
    assert found.latest_s == 1


@pytest.mark.parametrize("times", [np.empty((0, 2)), np.full((2, 2), INF), np.empty((2, 0))])
def test_nothing_can_be_closed(times: np.ndarray) -> None:
    found = assign_units(times)
    assert not found.closed.any()
    assert (found.latest_s, found.total_s) == (None, 0)


def test_the_result_cannot_be_changed() -> None:
    found = assign_units(np.array([[1.0]]))
    for array in (found.unit, found.arrival_s):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@given(TIMES, st.data())
def test_as_good_as_the_best_of_all_assignments(times: np.ndarray, data: st.DataObject) -> None:
    exits = times.shape[1]
    weight = data.draw(arrays(float, exits, elements=st.sampled_from([0, 0.1, 0.2, 0.3, 1])))
    found = assign_units(times, weight)
    assert merit(times, weight, pairs_of(found)) == pytest.approx(best_by_trying_all(times, weight))
    assert np.array_equal(found.arrival_s[found.closed], [times[pair] for pair in pairs_of(found)])


@given(TIMES, st.data())
def test_one_more_unit_closes_no_less_and_no_later(times: np.ndarray, data: st.DataObject) -> None:
    """Latest and total are compared where the same number of exits is closed."""
    more = data.draw(arrays(float, (1, times.shape[1]), elements=NUMBERS))
    before, after = assign_units(times), assign_units(np.concatenate([times, more]))
    assert after.closed.sum() >= before.closed.sum()
    if before.closed.any() and after.closed.sum() == before.closed.sum():
        assert (after.latest_s, after.total_s) <= (before.latest_s, before.total_s)


def random_times(units: int, exits: int, seed: int) -> np.ndarray:
    """Straight ways between places in a square, in whole seconds; a tenth cannot be driven."""
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 900, (units, 2)), rng.uniform(0, 900, (exits, 2))
    times = np.rint(np.hypot(*(here[:, None] - there).transpose(2, 0, 1)))
    return np.where(rng.random((units, exits)) < 0.1, INF, times)


@pytest.mark.parametrize(("units", "exits"), [(20, 13), (80, 17), (40, 40)])
def test_no_matching_of_networkx_closes_all_exits_sooner(units: int, exits: int) -> None:
    times = random_times(units, exits, seed=units)
    found = assign_units(times)
    assert found.closed.all()

    def closed_before(limit_s: float) -> int:
        graph = nx.Graph()
        graph.add_nodes_from(("exit", at) for at in range(exits))
        graph.add_edges_from(
            (("unit", int(u)), ("exit", int(at))) for u, at in np.argwhere(times < limit_s)
        )
        top = [("exit", at) for at in range(exits)]
        return len(nx.bipartite.hopcroft_karp_matching(graph, top)) // 2

    assert closed_before(found.latest_s + 1) == exits
    assert closed_before(found.latest_s) < exits


@pytest.mark.parametrize(("units", "exits"), [(20, 13), (9, 13)])
def test_cp_sat_finds_the_same_latest_and_the_same_total(units: int, exits: int) -> None:
    """With units for all exits, and with too few of them."""
    times = random_times(units, exits, seed=units + 1)
    found = assign_units(times)
    model = cp_model.CpModel()
    goes = {
        (int(u), int(at)): model.new_bool_var(f"{u}-{at}")
        for u, at in np.argwhere(np.isfinite(times))
    }
    for row in range(units):
        model.add_at_most_one(go for (u, _), go in goes.items() if u == row)
    for column in range(exits):
        model.add_at_most_one(go for (_, at), go in goes.items() if at == column)
    latest = model.new_int_var(0, 2000, "latest")
    for pair, go in goes.items():
        model.add(latest >= int(times[pair]) * go)
    model.add(sum(goes.values()) == int(found.closed.sum()))
    total = sum(int(times[pair]) * go for pair, go in goes.items())
    solver = cp_model.CpSolver()
    solver.parameters.catch_sigint_signal = False  # else Ctrl-C kills Python ever after
    solver.parameters.num_workers = 1
    model.minimize(latest)
    assert solver.solve(model) == cp_model.OPTIMAL
    assert solver.objective_value == found.latest_s
    model.add(latest <= int(found.latest_s or 0))
    model.minimize(total)
    assert solver.solve(model) == cp_model.OPTIMAL
    assert solver.objective_value == found.total_s
    assert found.closed.sum() == min(units, exits)
