"""What the division of the ground comes to: grids, their loads, what balance costs.

Shapes are planar, in the study's CRS; arrays are read-only.
"""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Status = Literal["optimal", "feasible"]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GridVariant:
    """One way to divide the ground among p platforms.

    Parameters
    ----------
    name
        "balanced" or "nearest".
    grid_of_node
        Index of the platform that owns each road node, shape (n,).
    hours, calls_per_year
        Hours of work per day, and calls a year, of each grid, shapes (p,).
    group
        Loads are balanced among the platforms of the same group 0..g-1, shape (p,); all 0 unless
        district boundaries are kept.
    spread
        Largest relative difference of a load from the mean of its group.
    tolerance
        Share that the spread was held to, the largest of all groups; inf for "nearest".
    tolerance_of_group
        Share that the spread of each group was held to, shape (g,); inf for "nearest".
    impossible_below
        No division of a group that was loosened has a smaller spread than this, shape (g,); 0 where
        nothing is proven, and for all others.
    travel_s
        Mean travel time over the calls, seconds, from the platform that owns them.
    bound_s
        No division with loads within the tolerances, connected or not, has a smaller mean.
    status
        "optimal": proven, that is ``travel_s`` equals ``bound_s`` or an exact search ended.
    covered_share
        Share of the demand's weight that its own grid's platform reaches within the standard.
    """

    name: Literal["balanced", "nearest"]
    grid_of_node: Ints
    hours: NDArray[np.float64]
    calls_per_year: NDArray[np.float64]
    group: Ints
    spread: float
    tolerance: float
    tolerance_of_group: NDArray[np.float64]
    impossible_below: NDArray[np.float64]
    travel_s: float
    bound_s: float
    status: Status
    covered_share: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GridRow:
    """One grid of the plan's variant, ready to be printed and drawn.

    Parameters
    ----------
    grid_id, name
        Such as "G-P01", and the platform's name.
    platform_id
        Whose it is.
    group
        District or area whose platforms share their work; "" where all platforms do.
    tolerance
        Share of the mean of its group that its load may be off; inf for "nearest".
    calls_per_year, hours_per_day
        Its calls and hours of work: handling and travel.
    hours_by_shift
        Shift -> hours of work per day in it.
    load_share
        Hours over the mean of the group: 1.0 is the mean.
    nearest_hours_per_day
        Of the platform's ground were each node with its nearest platform: the load before balance.
    travel_s, nearest_travel_s
        Mean travel time over its calls from its own platform, and from the one nearest to each,
        whoever owns it, seconds.
    covered_share
        Share of its demand that its own platform reaches within the standard.
    backup_platform
        The platform that reaches most of its demand soonest when its own is busy; "" if none.
    backup_covered_share
        Share of its demand reached within the standard then, by whoever else is nearest.
    safety_index
        0 to 100, the higher the safer: see :mod:`optimizer.planning.grids`.
    area_km2, nodes
        Of its ground.
    compactness
        4 pi area / perimeter squared of its polygon (Polsby & Popper 1991): 1 is a circle.
    polygon
        Its ground; with those of all grids it tiles the served area.
    """

    grid_id: str
    name: str
    platform_id: str
    group: str
    tolerance: float
    calls_per_year: float
    hours_per_day: float
    hours_by_shift: dict[str, float]
    load_share: float
    nearest_hours_per_day: float
    travel_s: float
    nearest_travel_s: float
    covered_share: float
    backup_platform: str
    backup_covered_share: float
    safety_index: float
    area_km2: float
    nodes: int
    compactness: float
    polygon: shapely.Geometry


@dataclasses.dataclass(frozen=True, slots=True)
class GridLoad:
    """Calls and hours of one grid, by category and shift."""

    grid_id: str
    category: str
    shift: str
    calls_per_year: float
    hours_per_day: float


@dataclasses.dataclass(frozen=True, slots=True)
class Crosswalk:
    """To which grid a cell of the finer grid belongs."""

    cell_id: str
    grid_id: str
    nodes: int
    calls_per_year: float
    hours_per_day: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GridPlan:
    """The division of the ground.

    Parameters
    ----------
    chosen
        Name of the plan's variant.
    variants
        Both, the plan's first.
    rows
        Grids of the plan's variant, in the order of the platforms.
    loads
        Their calls and hours by category and shift.
    crosswalk
        Cell by cell; empty where the study names no finer grid.
    outlines
        Polygons of the other variant, in the order of the platforms.
    split_nodes
        Road nodes that cannot be reached within their district, and were given to a neighbour.
    asked_tolerance
        What was aimed at; smaller than that of a group that could not meet it.
    extra_pieces, holes, astray
        Of the drawing: pieces of grids beyond the first of each, grids or pieces of grids that lie
        quite inside another, and road nodes with demand outside the polygon of their own grid.
    """

    chosen: Literal["balanced", "nearest"]
    variants: tuple[GridVariant, GridVariant]
    rows: tuple[GridRow, ...]
    loads: tuple[GridLoad, ...]
    crosswalk: tuple[Crosswalk, ...]
    outlines: tuple[shapely.Geometry, ...]
    split_nodes: int
    asked_tolerance: float
    extra_pieces: int
    holes: int
    astray: int

    @property
    def loosened(self) -> tuple[tuple[str, float, float], ...]:
        """Groups whose loads are further apart than asked: name, tolerance, impossible below."""
        balanced = next(one for one in self.variants if one.name == "balanced")
        name_of = dict(zip(balanced.group.tolist(), (row.group for row in self.rows), strict=True))
        return tuple(
            (name_of[group], float(tolerance), float(balanced.impossible_below[group]))
            for group, tolerance in enumerate(balanced.tolerance_of_group)
            if tolerance > self.asked_tolerance
        )

    @property
    def variant(self) -> GridVariant:
        """The plan's division."""
        return self.variants[0]
