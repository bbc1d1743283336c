"""The plan and its rivals on the calls of the quarter after the planning day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.calls import Calls
from optimizer.demand import (
    DemandPoints,
    KeySites,
    Shifts,
    call_weights,
    demand_points,
)
from optimizer.errors import InputError
from optimizer.evaluation import Holdout, kmeans_layout, random_layouts, replay_holdout
from optimizer.planning.inputs import CityInputs, key_demand
from optimizer.siting import SitingProblem, greedy_sites
from optimizer.study import Study

Nodes = NDArray[np.int32]

TEST_MONTHS = 3


def try_plan(
    study: Study, inputs: CityInputs, problem: SitingProblem, site_node: Nodes, plan: Nodes
) -> Holdout | None:
    """Replay the quarter after the planning day; None if it holds no call near a road.

    Parameters
    ----------
    site_node
        Road node of every candidate site.
    plan
        Road nodes of the chosen sites.
    """
    if inputs.source.later is None or inputs.source.window is None:
        return None
    start = inputs.source.window[1]
    end = (pd.Timestamp(start) + pd.DateOffset(months=TEST_MONTHS)).date()
    later = inputs.source.later.between(np.datetime64(start), np.datetime64(end))
    unseen = _unweighted(study, inputs, later)
    if unseen is None:
        return None
    seed, count = study.settings.study.seed, len(plan)
    free = site_node[~problem.forbidden]
    layouts = {
        "plan": [plan],
        "existing": [inputs.existing["node"].to_numpy(np.int32)],
        "kmeans": [kmeans_layout(inputs.demand, inputs.network, free, count, seed)],
        "greedy": [site_node[greedy_sites(problem)]],
        "random": random_layouts(free, count, seed),
    }
    if len(inputs.existing) == 0:
        del layouts["existing"]
    shares = replay_holdout(
        unseen, inputs.network, layouts, study.settings.standards.turnout_seconds
    )
    last = later.time.max().astype("datetime64[D]").astype(dt.date)
    return Holdout(
        start=start,
        end=min(end, last + dt.timedelta(days=1)),
        calls=int(unseen.calls.sum()),
        covered_share=shares.pop("plan"),
        baselines=shares,
    )


def _unweighted(study: Study, inputs: CityInputs, calls: Calls) -> DemandPoints | None:
    """Lay calls on the roads, each counting 1, so that a share is one of calls."""
    assert study.settings.calls is not None  # noqa: S101  there are calls, so there is a section
    settings = study.settings.calls.model_copy(update={"weights": {}, "half_life_days": None})
    shifts = Shifts.from_settings(study.settings.demand.model_copy(update={"shift_weights": {}}))
    as_of = study.settings.study.as_of or dt.date.max
    key_sites = key_demand(inputs.key_sites)
    silent = KeySites(key_sites.node, key_sites.name, np.zeros(len(key_sites.name)))
    try:
        return demand_points(
            calls, call_weights(calls, settings, shifts, as_of), inputs.network, inputs.zones,
            key_sites=silent, max_snap_m=study.settings.roads.max_snap_m,
        )  # fmt: skip
    except InputError:
        return None
