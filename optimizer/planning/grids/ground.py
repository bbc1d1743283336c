"""The hand-over from roads and calls to the division of the ground, which knows arrays only."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.districts import (
    NO_CELL,
    Cells,
    GridSettings,
    Ground,
    units_of_cells,
    within_reach,
)
from optimizer.errors import InfeasibleError
from optimizer.evaluation import Platform
from optimizer.planning.grids.work import CallWork
from optimizer.planning.inputs import CityInputs
from optimizer.planning.placed_calls import totals
from optimizer.roads import RoadNetwork, travel_times

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

LONGEST_S = 20_000.0
"""Ways are timed up to this: longer than any that an alarm is answered over."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class NodeGround:
    """The ground to be divided, and how its units go with road nodes.

    Parameters
    ----------
    ground
        The problem; every unit can be got to by a platform of its group.
    group_names
        Districts, or areas of several, whose platforms share their work; "" where all do, shape
        (g,).
    unit_of_node, cell_of_node
        Unit and cell of every node, shape (n,); -1: in no cell.
    travel_s
        Seconds from each platform to every node, shape (p, n).
    split_nodes
        Nodes that cannot be reached within their district.
    """

    ground: Ground
    group_names: tuple[str, ...]
    unit_of_node: Ints
    cell_of_node: Ints
    travel_s: Floats
    split_nodes: int


def node_ground(
    inputs: CityInputs,
    platforms: tuple[Platform, ...],
    work: CallWork,
    cells: Cells | None,
    settings: GridSettings,
) -> NodeGround:
    """State the problem of dividing the ground of a city among its platforms.

    Parameters
    ----------
    cells
        A finer grid that is not to be split; None: every road node is a unit of its own.
    settings
        Whether loads are balanced within districts, or areas of them, which no grid leaves.

    Raises
    ------
    InfeasibleError
        A cell holds two platforms.
    """
    network, n = inputs.network, inputs.network.node_count
    seat = np.array([platform.node for platform in platforms], dtype=np.int32)
    travel_s = travel_from(network, seat)
    cell_of_node = (
        np.full(n, NO_CELL, np.int32)
        if cells is None
        else cells.holding(np.column_stack([network.x_m, network.y_m]))
    )
    unit = units_of_cells(cell_of_node)
    if cells is not None:
        _require_own_cells(platforms, cell_of_node[seat], cells)
    count = int(unit.max()) + 1
    calls, scene_s = work.calls_of_nodes(), work.scene_s_of_nodes()
    unit_calls = totals(unit, calls, count)
    share = np.where(unit_calls[unit] > 0, calls, 1.0)
    share /= totals(unit, share, count)[unit]
    group = np.zeros(n, np.int32)
    has_platform = np.ones(n, dtype=bool)
    names: tuple[str, ...] = ("",)
    if settings.keep == "districts":
        group, has_platform, names = _groups(inputs, seat, travel_s, settings)
    group_of_unit = _group_of_units(unit, group, calls)
    group_of_unit[unit[seat]] = group[seat]
    indptr, neighbour = _neighbours(network, unit, count)
    ground = Ground(
        calls=unit_calls,
        handling_s=totals(unit, share * scene_s, count),
        travel_s=np.stack([totals(unit, share * way, count) for way in travel_s]),
        indptr=indptr,
        neighbour=neighbour,
        seed=unit[seat],
        group_of_unit=group_of_unit,
        group_of_platform=group[seat],
    )
    reached = within_reach(ground)
    moved = (reached.group_of_unit != ground.group_of_unit)[unit] & has_platform
    return NodeGround(reached, names, unit, cell_of_node, travel_s, int(moved.sum()))


def travel_from(network: RoadNetwork, seat: Ints) -> Floats:
    """Time the way from each platform to every node, seconds, shape (p, n)."""
    nodes = np.arange(network.node_count, dtype=np.int32)
    times = travel_times(network, seat, nodes, LONGEST_S)
    return np.minimum(times.table(len(nodes)), LONGEST_S)


def _require_own_cells(platforms: tuple[Platform, ...], cell: Ints, cells: Cells) -> None:
    """Refuse two platforms in one cell."""
    shared = [code for code in np.unique(cell[cell >= 0]) if (cell == code).sum() > 1]
    if shared:
        clashes = [
            f'"{cells.ids[code]}" ('
            + ", ".join(platforms[at].platform_id for at in np.flatnonzero(cell == code))
            + ")"
            for code in shared
        ]
        raise InfeasibleError(
            "[grids] cells: a cell is never split, yet these hold more than one platform: "
            f"{'; '.join(clashes)}. Give a finer grid there, or ask for fewer platforms."
        )


def _groups(
    inputs: CityInputs, seat: Ints, travel_s: Floats, settings: GridSettings
) -> tuple[Ints, NDArray[np.bool_], tuple[str, ...]]:
    """Group the nodes by area; where it has no platform, with that of the nearest platform.

    Returns
    -------
    Group of every node, whether its own area has a platform, each of shape (n,), and the names of
    the groups. A district in no area is one of its own.
    """
    network, districts = inputs.network, inputs.zones.district_names
    area_of = {name: area for area, members in settings.areas.items() for name in members}
    names = [area_of.get(name, name) for name in districts]
    area_of_district = np.array([names.index(name) for name in names])
    area = area_of_district[inputs.zones.assign(network.x_m, network.y_m).district]
    manned, group_of_platform = np.unique(area[seat], return_inverse=True)
    has_platform = np.isin(area, manned)
    nearest = group_of_platform[travel_s.argmin(axis=0)]
    own = np.searchsorted(manned, np.where(has_platform, area, manned[0]))
    group = np.where(has_platform, own, nearest).astype(np.int32)
    return group, has_platform, tuple(names[code] for code in manned)


def _group_of_units(unit: Ints, group: Ints, calls: Floats) -> Ints:
    """Give each unit to the group that most of its calls, or else of its nodes, are in."""
    votes = np.zeros((int(unit.max()) + 1, int(group.max()) + 1))
    np.add.at(votes, (unit, group), calls + 1e-9)
    return np.asarray(votes.argmax(axis=1), dtype=np.int32)


def _neighbours(network: RoadNetwork, unit: Ints, count: int) -> tuple[NDArray[np.int64], Ints]:
    """List the units that roads join, both ways."""
    one, other = unit[network.tail].astype(np.int64), unit[network.head].astype(np.int64)
    apart = one != other
    one, other = one[apart], other[apart]
    pairs = np.unique(np.concatenate([one * count + other, other * count + one]))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(pairs // count, minlength=count))])
    return indptr.astype(np.int64), (pairs % count).astype(np.int32)
