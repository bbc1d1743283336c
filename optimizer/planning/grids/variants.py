"""Both divisions of the ground, each measured: equal loads, and everything to the nearest."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from optimizer.demand import DemandPoints
from optimizer.districts import (
    Division,
    GridVariant,
    Lay,
    allowed_travel,
    balanced_division,
    compacted,
    evaluate,
    held_bound,
    nearest_division,
)
from optimizer.errors import InfeasibleError
from optimizer.evaluation import DAYS_PER_YEAR, in_time
from optimizer.planning.grids.ground import NodeGround
from optimizer.planning.placed_calls import totals
from optimizer.study import Study

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

USUAL_TOLERANCE = 0.1
"""Aimed at where the study names none."""


def nearest_variant(nodes: NodeGround, demand: DemandPoints, turnout_s: float) -> GridVariant:
    """Give each unit to the nearest platform of its group that connects to it."""
    ground = nodes.ground
    labels = nearest_division(ground)
    loads = evaluate(ground, labels)
    total = ground.calls.sum()
    least_s = allowed_travel(ground).min(axis=0)
    bound_s = held_bound(float(ground.calls @ least_s / total) if total else 0.0, loads.travel_s)
    unlimited = np.full(ground.group_count, np.inf)
    grid_of_node = labels[nodes.unit_of_node]
    return GridVariant(
        name="nearest",
        grid_of_node=grid_of_node,
        hours=loads.hours,
        calls_per_year=_calls_per_year(nodes, labels),
        group=ground.group_of_platform,
        spread=loads.spread,
        tolerance=np.inf,
        tolerance_of_group=unlimited,
        impossible_below=np.zeros(ground.group_count),
        travel_s=loads.travel_s,
        bound_s=bound_s,
        status="optimal" if math.isclose(bound_s, loads.travel_s, rel_tol=1e-9) else "feasible",
        covered_share=own_cover(nodes, grid_of_node, demand, turnout_s)[1],
    )


def balanced_variant(
    study: Study, nodes: NodeGround, lay: Lay, demand: DemandPoints, turnout_s: float
) -> GridVariant:
    """Share the work out evenly, at little travel, with short borders and in whole pieces.

    Parameters
    ----------
    lay
        How the ground of the units lies on the map.

    Raises
    ------
    InfeasibleError
        The tolerance that the study names for its plan is not met.
    """
    settings, ground = study.settings.grids, nodes.ground
    asked = settings.tolerance or USUAL_TOLERANCE
    division = balanced_division(ground, asked)
    if (
        settings.tolerance is not None
        and settings.plan == "balanced"
        and division.tolerance > asked
    ):
        raise InfeasibleError(_not_met(asked, division, nodes.group_names))
    division = compacted(ground, division, lay)
    grid_of_node = division.labels[nodes.unit_of_node]
    return GridVariant(
        name="balanced",
        grid_of_node=grid_of_node,
        hours=evaluate(ground, division.labels).hours,
        calls_per_year=_calls_per_year(nodes, division.labels),
        group=ground.group_of_platform,
        spread=division.spread,
        tolerance=division.tolerance,
        tolerance_of_group=division.tolerance_of_group,
        impossible_below=division.impossible_below,
        travel_s=division.travel_s,
        bound_s=division.bound_s,
        status=division.status,
        covered_share=own_cover(nodes, grid_of_node, demand, turnout_s)[1],
    )


def _not_met(asked: float, division: Division, names: tuple[str, ...]) -> str:
    """Say which groups cannot meet a tolerance, how near each gets, and what is impossible."""
    loosened = np.flatnonzero(division.tolerance_of_group > asked)
    reached = "; ".join(
        (f"{names[group]} keeps " if names[group] else "the most even ones keep ")
        + f"{division.tolerance_of_group[group]:g}"
        + (f" (below {least:.3g} is proven impossible)" if least >= asked else "")
        for group, least in zip(loosened, division.impossible_below[loosened], strict=True)
    )
    return (
        f"[grids] tolerance = {asked:g}: no connected grids with loads this even were found: "
        f"{reached}. Write tolerance = {division.tolerance:g}, or leave it out to have it "
        "loosened where needed."
    )


def _calls_per_year(nodes: NodeGround, labels: Ints) -> Floats:
    """Add up the calls of every grid, shape (p,)."""
    ground = nodes.ground
    return DAYS_PER_YEAR * totals(labels, ground.calls, ground.platform_count)


def own_cover(
    nodes: NodeGround, grid_of_node: Ints, demand: DemandPoints, turnout_s: float
) -> tuple[Floats, float]:
    """Find the share of the demand that its own platform reaches in time: by grid, and in all."""
    grid = grid_of_node[demand.node]
    within = in_time(nodes.travel_s[grid, demand.node] + turnout_s, demand.standard_s)
    return covered_shares(grid, within, demand.weight, nodes.ground.platform_count)


def covered_shares(
    grid: Ints, within: NDArray[np.bool_], weight: Floats, count: int
) -> tuple[Floats, float]:
    """Divide the weight within the standard by all weight: by grid, shape (count,), and in all.

    A grid without demand has nothing uncovered: 1.
    """
    held = totals(grid, weight, count)
    reached = totals(grid, weight * within, count)
    share = np.divide(reached, held, out=np.ones(count), where=held > 0)
    return share, float(reached.sum() / held.sum())
