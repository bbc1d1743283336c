"""The grids of the plan as rows: loads, cover, who stands behind them, shape."""

from __future__ import annotations

import dataclasses

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.demand import DemandPoints
from optimizer.districts import Cells, Crosswalk, GridLoad, GridRow, GridVariant
from optimizer.evaluation import DAYS_PER_YEAR, Platform, in_time
from optimizer.planning.grids.ground import NodeGround
from optimizer.planning.grids.safety import safety_index
from optimizer.planning.grids.variants import covered_shares, own_cover
from optimizer.planning.grids.work import CallWork
from optimizer.planning.placed_calls import totals

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

SECONDS_PER_HOUR = 3600.0


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GridWork:
    """Work by grid, category and shift.

    Parameters
    ----------
    calls, hours
        Calls and hours of work per day, shape (p, c, s).
    travel_s
        Mean travel time over the calls of each grid, seconds, shape (p,); 0 without calls.
    """

    calls: Floats
    hours: Floats
    travel_s: Floats


def grid_work(work: CallWork, nodes: NodeGround, grid_of_node: Ints) -> GridWork:
    """Add up the work of each grid, its own platform driving."""
    count, shape = nodes.ground.platform_count, (len(work.category_names), len(work.shift_names))
    grid = grid_of_node[work.node]
    travel_s = nodes.travel_s[grid, work.node]
    spent_s = (work.scene_s[work.category] + travel_s)[:, None] * work.calls
    calls, hours = np.zeros((count, *shape)), np.zeros((count, *shape))
    np.add.at(calls, (grid, work.category), work.calls)
    np.add.at(hours, (grid, work.category), spent_s / SECONDS_PER_HOUR)
    return GridWork(calls, hours, _mean_by_grid(work, grid, travel_s, count))


def _mean_by_grid(work: CallWork, grid: Ints, travel_s: Floats, count: int) -> Floats:
    """Average travel times over the calls of each grid, shape (count,); 0 without calls."""
    calls = work.calls.sum(axis=1)
    way_s, per_day = totals(grid, travel_s * calls, count), totals(grid, calls, count)
    return np.divide(way_s, per_day, out=np.zeros(count), where=per_day > 0)


def grid_rows(
    platforms: tuple[Platform, ...],
    nodes: NodeGround,
    demand: DemandPoints,
    turnout_s: float,
    *,
    work: CallWork,
    variants: tuple[GridVariant, GridVariant],
    polygons: Objects,
    street_km: Floats,
) -> tuple[GridRow, ...]:
    """Describe every grid of the first variant, in the order of the platforms."""
    variant, nearest = variants[0], next(v for v in variants if v.name == "nearest")
    count, grid = len(platforms), variant.grid_of_node
    own = grid_work(work, nodes, grid)
    soonest_s = _mean_by_grid(work, grid[work.node], nodes.travel_s.min(axis=0)[work.node], count)
    covered, _ = own_cover(nodes, grid, demand, turnout_s)
    backup, backup_covered = _backups(nodes, grid, demand, turnout_s)
    mean = (np.bincount(variant.group, variant.hours) / np.bincount(variant.group))[variant.group]
    safety = safety_index(
        totals(grid, work.weight_of_nodes(), count),
        totals(grid, street_km, count),
        covered,
    )
    size = np.bincount(grid, minlength=count)
    area_m2, around_m = shapely.area(polygons), shapely.length(polygons)
    return tuple(
        GridRow(
            grid_id=f"G-{platforms[i].platform_id}",
            name=platforms[i].name,
            platform_id=platforms[i].platform_id,
            group=nodes.group_names[variant.group[i]],
            tolerance=float(variant.tolerance_of_group[variant.group[i]]),
            calls_per_year=float(own.calls[i].sum() * DAYS_PER_YEAR),
            hours_per_day=float(variant.hours[i]),
            hours_by_shift=dict(
                zip(work.shift_names, own.hours[i].sum(axis=0).tolist(), strict=True)
            ),
            load_share=float(variant.hours[i] / mean[i]) if mean[i] > 0 else 1.0,
            nearest_hours_per_day=float(nearest.hours[i]),
            travel_s=float(own.travel_s[i]),
            nearest_travel_s=float(soonest_s[i]),
            covered_share=float(covered[i]),
            backup_platform="" if backup[i] < 0 else platforms[backup[i]].platform_id,
            backup_covered_share=float(backup_covered[i]),
            safety_index=float(safety[i]),
            area_km2=float(area_m2[i] / 1e6),
            nodes=int(size[i]),
            compactness=float(4 * np.pi * area_m2[i] / around_m[i] ** 2),
            polygon=polygons[i],
        )
        for i in range(count)
    )


def _backups(
    nodes: NodeGround, grid_of_node: Ints, demand: DemandPoints, turnout_s: float
) -> tuple[Ints, Floats]:
    """Let everybody else answer while a grid's own platform is busy.

    Returns
    -------
    The platform that is nearest to most of each grid's demand then, -1: there is nobody else; and
    the share of it reached within the standard by whoever is nearest. Shapes (p,).
    """
    count = nodes.ground.platform_count
    if count == 1:
        return np.full(1, -1, np.int32), np.zeros(1)
    grid = grid_of_node[demand.node]
    travel_s = nodes.travel_s[:, demand.node]
    travel_s[grid, np.arange(len(grid))] = np.inf
    nearest = travel_s.argmin(axis=0)
    within = in_time(travel_s.min(axis=0) + turnout_s, demand.standard_s)
    votes = totals(grid * count + nearest, demand.weight, count**2)
    votes = votes.reshape(count, count)
    backup = np.where(votes.sum(axis=1) > 0, votes.argmax(axis=1), -1)
    return backup.astype(np.int32), covered_shares(grid, within, demand.weight, count)[0]


def grid_loads(
    platforms: tuple[Platform, ...], work: CallWork, nodes: NodeGround, variant: GridVariant
) -> tuple[GridLoad, ...]:
    """List the work of every grid by category and shift, where there is any."""
    of_grid = grid_work(work, nodes, variant.grid_of_node)
    return tuple(
        GridLoad(
            grid_id=f"G-{platforms[grid].platform_id}",
            category=work.category_names[category],
            shift=work.shift_names[shift],
            calls_per_year=float(of_grid.calls[grid, category, shift] * DAYS_PER_YEAR),
            hours_per_day=float(of_grid.hours[grid, category, shift]),
        )
        for grid, category, shift in np.argwhere(of_grid.calls > 0).tolist()
    )


def crosswalk(
    platforms: tuple[Platform, ...],
    cells: Cells | None,
    grid_of_cell: Ints,
    *,
    work: CallWork,
    nodes: NodeGround,
    variant: GridVariant,
) -> tuple[Crosswalk, ...]:
    """List the grid of every cell, with the work in it."""
    if cells is None:
        return ()
    inside = nodes.cell_of_node >= 0
    cell = nodes.cell_of_node[work.node]
    pairs = cell >= 0
    calls = work.calls.sum(axis=1)
    way_s = nodes.travel_s[variant.grid_of_node[work.node], work.node]
    spent_s = calls * (work.scene_s[work.category] + way_s)
    size = np.bincount(nodes.cell_of_node[inside], minlength=len(cells))
    per_day = totals(cell[pairs], calls[pairs], len(cells))
    hours = totals(cell[pairs], spent_s[pairs], len(cells)) / SECONDS_PER_HOUR
    return tuple(
        Crosswalk(
            cell_id=cells.ids[code],
            grid_id=f"G-{platforms[grid_of_cell[code]].platform_id}",
            nodes=int(size[code]),
            calls_per_year=float(per_day[code] * DAYS_PER_YEAR),
            hours_per_day=float(hours[code]),
        )
        for code in range(len(cells))
    )
