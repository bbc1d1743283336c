"""Would it have worked? The plan on calls it has never seen, beside simpler ways to plan."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from threadpoolctl import threadpool_limits

from optimizer.demand import DemandPoints
from optimizer.evaluation.coverage import evaluate_coverage
from optimizer.roads import RoadNetwork

RANDOM_DRAWS = 20

Nodes = NDArray[np.int32]


@dataclasses.dataclass(frozen=True, slots=True)
class Holdout:
    """Shares of later calls reached in time, by the plan and by its rivals.

    Parameters
    ----------
    start, end
        Days of the later calls; the end is not in.
    calls
        How many there are.
    covered_share
        By the plan.
    baselines
        Rival layout -> share, with as many platforms as the plan (the present layout: its own).
    """

    start: dt.date
    end: dt.date
    calls: int
    covered_share: float
    baselines: dict[str, float]


def replay_holdout(
    later: DemandPoints,
    network: RoadNetwork,
    layouts: dict[str, list[Nodes]],
    turnout_s: float,
) -> dict[str, float]:
    """Share of later calls that each layout reaches in time; several draws give their median.

    Parameters
    ----------
    later
        Demand points of calls that no layout was planned on.
    layouts
        Name -> one or more sets of road nodes.
    """
    return {
        name: float(np.median([
            evaluate_coverage(later, network, nodes, turnout_s).covered_share() for nodes in draws
        ]))
        for name, draws in layouts.items()
    }  # fmt: skip


def kmeans_layout(
    demand: DemandPoints, network: RoadNetwork, sites: Nodes, count: int, seed: int
) -> Nodes:
    """Put platforms at candidate sites near the weighted k-means centres of the demand.

    Every centre has a site of its own, such that the straight ways add up to least. There are as
    many as asked for, unless fewer sites or fewer different places of demand exist.
    """
    places = np.column_stack([demand.x_m, demand.y_m])
    distinct = len(np.unique(places, axis=0))
    model = KMeans(min(count, distinct), n_init=4, random_state=seed)
    with threadpool_limits(1):  # the order in which threads add up changes the last bits
        centres = model.fit(places, sample_weight=demand.weight).cluster_centers_
    offset = np.hypot(
        centres[:, :1] - network.x_m[sites], centres[:, 1:] - network.y_m[sites]
    )  # centre x site, metres
    _, chosen = linear_sum_assignment(offset)
    return np.sort(sites[chosen])


def random_layouts(sites: Nodes, count: int, seed: int) -> list[Nodes]:
    """Draw sets of candidate sites at random, as many platforms in each."""
    rng = np.random.default_rng(seed)
    return [rng.choice(sites, size=min(count, len(sites)), replace=False)
            for _ in range(RANDOM_DRAWS)]  # fmt: skip
