"""The rows of the CSV files of grids: the grids, their loads, both variants, the crosswalk."""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from optimizer.districts import Crosswalk, GridLoad, GridPlan, GridRow, GridVariant
from optimizer.publishing.suppression import Threshold
from optimizer.publishing.table_rows import Row, Table, minutes, share

_Counted = TypeVar("_Counted", GridLoad, Crosswalk)

TOGETHER = "*"
"""A category, or a shift, that stands for several which are too small to be told alone."""

UNTOLD = dict.fromkeys(("calls_per_year", "hours_per_day", "load_share"), math.nan)
"""What is not told of a grid with too few calls."""

GRIDS = (
    "grid_id", "name", "platform_id", "calls_per_year", "hours_per_day", "load_share",
    "nearest_hours_per_day", "travel_minutes", "nearest_travel_minutes", "covered_share",
    "backup_platform", "backup_covered_share", "safety_index", "area_km2", "nodes", "compactness",
    "group", "tolerance",
)  # fmt: skip
LOADS = ("grid_id", "category", "shift", "calls_per_year", "hours_per_day")
VARIANTS = (
    "variant", "plan", "asked_tolerance", "tolerance", "spread", "least_hours", "most_hours",
    "travel_minutes", "bound_minutes", "status", "covered_share",
)  # fmt: skip
CROSSWALK = ("cell_id", "grid_id", "nodes", "calls_per_year", "hours_per_day")


def grid_tables(plan: GridPlan, threshold: Threshold) -> dict[str, Table]:
    """Give the tables that the grids of a plan fill, by file name."""
    tables: dict[str, Table] = {
        "grids.csv": grid_table(plan, threshold),
        "grid_loads.csv": (LOADS, list(map(_load, told_loads(plan.loads, threshold)))),
        "grid_variants.csv": (
            VARIANTS,
            [_variant(plan, told_variant(variant, threshold)) for variant in plan.variants],
        ),
    }
    if plan.crosswalk:
        tables["crosswalk.csv"] = (CROSSWALK, list(_crosswalk(plan.crosswalk, threshold)))
    return tables


def grid_table(plan: GridPlan, threshold: Threshold) -> Table:
    """Lay out the grids; the hours of each shift, such as night, become ``hours_night``."""
    shifts = list(dict.fromkeys(shift for row in plan.rows for shift in row.hours_by_shift))
    at = GRIDS.index("hours_per_day") + 1
    columns = (*GRIDS[:at], *map(_hours_of, shifts), *GRIDS[at:])
    return columns, list(map(_grid, told_grids(plan, threshold)))


def told_grids(plan: GridPlan, threshold: Threshold) -> list[GridRow]:
    """Give the grids, with NaN and no shifts where calls are too few to be told.

    The load before balance comes from other calls than the grid's own: both must be enough.
    """
    told = {load.grid_id for load in told_loads(plan.loads, threshold) if load.shift != TOGETHER}
    hours = {variant.name: told_variant(variant, threshold).hours for variant in plan.variants}
    rows = []
    for row, own_hours, before in zip(plan.rows, hours[plan.chosen], hours["nearest"], strict=True):
        is_told = math.isfinite(own_hours)
        rows.append(dataclasses.replace(
            row,
            hours_by_shift=row.hours_by_shift if row.grid_id in told else {},
            nearest_hours_per_day=float(before) if is_told else math.nan,
            **({} if is_told else UNTOLD),  # type: ignore[arg-type]  # all are numbers
        ))  # fmt: skip
    return rows


def told_variant(variant: GridVariant, threshold: Threshold) -> GridVariant:
    """Give a variant, with NaN for the hours of grids whose calls are too few to be told.

    The spread is then that of such a grid and would tell its hours, so it is NaN too.
    """
    told = np.array(threshold.told(variant.calls_per_year.tolist()))
    if told.all():
        return variant
    return dataclasses.replace(
        variant, hours=np.where(told, variant.hours, math.nan), spread=math.nan
    )


def told_loads(loads: Iterable[GridLoad], threshold: Threshold) -> Iterator[GridLoad]:
    """Put loads together until each comes from enough calls to be told, and the rest as well.

    Small categories of a grid and shift become one. Where a whole shift is too small, the shifts
    of its grid become one. A grid that is too small altogether is left out, and another where the
    small one would follow from the sum of all.
    """
    for rows in _told_grids(_by(loads, "grid_id"), threshold):
        shifts = _by(rows, "shift")
        if not all(threshold.tells(_calls(part)) for part in shifts.values()):
            whole = [
                dataclasses.replace(_sum(part), shift=TOGETHER)
                for part in _by(rows, "category").values()
            ]
            shifts = {TOGETHER: whole}
        for part in shifts.values():
            yield from _told_categories(part, threshold)


def _told_grids(
    grids: Mapping[str, list[_Counted]], threshold: Threshold
) -> Iterator[list[_Counted]]:
    """Give the rows of the grids that may be told."""
    told = threshold.told([_calls(rows) for rows in grids.values()])
    yield from (rows for rows, is_told in zip(grids.values(), told, strict=True) if is_told)


def _told_categories(rows: Sequence[GridLoad], threshold: Threshold) -> Iterator[GridLoad]:
    told = threshold.told([row.calls_per_year for row in rows])
    yield from (row for row, is_told in zip(rows, told, strict=True) if is_told)
    rest = [row for row, is_told in zip(rows, told, strict=True) if not is_told]
    if _calls(rest) > 0:
        yield dataclasses.replace(_sum(rest), category=TOGETHER)


def _by(rows: Iterable[_Counted], field: str) -> dict[str, list[_Counted]]:
    parts: dict[str, list[_Counted]] = defaultdict(list)
    for row in rows:
        parts[getattr(row, field)].append(row)
    return parts


def _calls(rows: Iterable[GridLoad | Crosswalk]) -> float:
    return sum(row.calls_per_year for row in rows)


def _sum(rows: Sequence[GridLoad]) -> GridLoad:
    hours = sum(row.hours_per_day for row in rows)
    return dataclasses.replace(rows[0], calls_per_year=_calls(rows), hours_per_day=hours)


def _hours_of(shift: str) -> str:
    return f"hours_{shift}"


def _grid(row: GridRow) -> Row:
    return {
        "grid_id": row.grid_id,
        "name": row.name,
        "platform_id": row.platform_id,
        "calls_per_year": round(row.calls_per_year, 1),
        "hours_per_day": round(row.hours_per_day, 3),
        **{_hours_of(shift): round(value, 3) for shift, value in row.hours_by_shift.items()},
        "load_share": share(row.load_share),
        "nearest_hours_per_day": round(row.nearest_hours_per_day, 3),
        "travel_minutes": minutes(row.travel_s),
        "nearest_travel_minutes": minutes(row.nearest_travel_s),
        "covered_share": share(row.covered_share),
        "backup_platform": row.backup_platform,
        "backup_covered_share": share(row.backup_covered_share),
        "safety_index": round(row.safety_index, 1),
        "area_km2": round(row.area_km2, 4),
        "nodes": row.nodes,
        "compactness": round(row.compactness, 3),
        "group": row.group,
        "tolerance": row.tolerance if math.isfinite(row.tolerance) else None,
    }


def _load(load: GridLoad) -> Row:
    return {
        "grid_id": load.grid_id,
        "category": load.category,
        "shift": load.shift,
        "calls_per_year": round(load.calls_per_year, 1),
        "hours_per_day": round(load.hours_per_day, 3),
    }


def hours_range(variant: GridVariant) -> tuple[float, float]:
    """Give the least and the most hours of a grid; NaN for the least if one is not told."""
    told = variant.hours[np.isfinite(variant.hours)]
    return float(variant.hours.min()), float(told.max()) if len(told) else math.nan


def _variant(plan: GridPlan, variant: GridVariant) -> Row:
    least, most = hours_range(variant)
    return {
        "variant": variant.name,
        "plan": variant.name == plan.chosen,
        "asked_tolerance": None if variant.name == "nearest" else plan.asked_tolerance,
        "tolerance": variant.tolerance if math.isfinite(variant.tolerance) else None,
        "spread": round(variant.spread, 6),
        "least_hours": round(least, 3),
        "most_hours": round(most, 3),
        "travel_minutes": minutes(variant.travel_s),
        "bound_minutes": minutes(variant.bound_s),
        "status": variant.status,
        "covered_share": share(variant.covered_share),
    }


def _crosswalk(cells: Iterable[Crosswalk], threshold: Threshold) -> Iterator[Row]:
    """Lay out the cells; of a grid, none tells a small number, nor do all the others together."""
    grids = _by(cells, "grid_id")
    told_grids = [rows[0].grid_id for rows in _told_grids(grids, threshold)]
    for grid_id, rows in grids.items():
        told = threshold.told([cell.calls_per_year for cell in rows])
        for cell, is_told in zip(rows, told, strict=True):
            load = {
                "calls_per_year": round(cell.calls_per_year, 1),
                "hours_per_day": round(cell.hours_per_day, 3),
            }
            yield {
                "cell_id": cell.cell_id,
                "grid_id": cell.grid_id,
                "nodes": cell.nodes,
                **(load if is_told and grid_id in told_grids else {}),
            }
