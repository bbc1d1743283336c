"""Places for further units: by hand, and between brute force and the bound."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.checkpoints import Evader, Standby, contain, place_standing

from ..small_cities import cities, driven, streets


def test_the_unit_stands_where_the_heavier_street_ends() -> None:
    """Two dead streets, 0 - 1 - 2 and 3 - 4 - 5, exits 2 and 5; one unit for one of them."""
    town = streets(6, (0, 1, 60), (1, 2, 60), (3, 4, 60), (4, 5, 60))
    standby = Standby(np.empty((0, 6)), np.empty(0, int), driven(town, 2, 5))
    plan = place_standing(
        town, np.array([0, 3]), np.array([1.0, 5.0]), np.array([2, 5]), standby, Evader(),
        count=1, within_s=60.0,
    )  # fmt: skip
    assert plan.chosen.tolist() == [1]
    assert (plan.weight_before, plan.weight, plan.bound) == (0.0, 5.0, 6.0)
    assert plan.contained.tolist() == [False, True]
    assert plan.status == "feasible"
    both = place_standing(
        town, np.array([0, 3]), np.array([1.0, 5.0]), np.array([2, 5]),
        standby, Evader(), count=2, within_s=60.0,
    )  # fmt: skip
    assert (both.weight, both.status, both.gap) == (6.0, "optimal", 0.0)


@settings(max_examples=40)
@given(cities(), st.integers(1, 2), st.integers(0, 10**6))
def test_a_plan_lies_between_brute_force_and_the_bound(
    city: dict[str, Any], count: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    graph, within_s = city["graph"], float(rng.integers(0, 12))
    origins, weight = np.arange(graph.node_count), rng.integers(1, 9, graph.node_count)
    places = rng.choice(graph.node_count, 3, replace=False)
    more = driven(graph, *places)

    def reached(chosen: tuple[int, ...]) -> np.ndarray:
        arrival_s = np.concatenate([city["arrival_s"], more[list(chosen)]])
        capacity = np.append(city["capacity"], np.ones(len(chosen), int))
        latest_s = [
            contain(
                graph, np.array([at]), city["exits"], arrival_s, capacity, city["evader"]
            ).latest_s
            for at in origins
        ]
        return np.array(latest_s) <= within_s

    plan = place_standing(
        graph, origins, weight, city["exits"],
        Standby(city["arrival_s"], city["capacity"], more), city["evader"],
        count=count, within_s=within_s,
    )  # fmt: skip
    best = max(weight[reached(chosen)].sum() for chosen in itertools.combinations(range(3), count))
    assert len(plan.chosen) <= count
    assert plan.contained.tolist() == reached(tuple(plan.chosen)).tolist()
    assert plan.contained_before.tolist() == reached(()).tolist()
    assert plan.weight_before <= plan.weight <= best <= plan.bound
    if count == 1 and plan.weight == plan.weight_before:
        assert best == plan.weight, "one unit that helps is found"
