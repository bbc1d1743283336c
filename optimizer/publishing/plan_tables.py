"""The rows of every CSV file of a plan, and what their columns mean."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from optimizer.deployment.crews import crew_of
from optimizer.evaluation import Duty, Platform
from optimizer.places import is_local
from optimizer.plan import CityPlan
from optimizer.publishing.checkpoint_tables import checkpoint_tables
from optimizer.publishing.duty_tables import duty_tables
from optimizer.publishing.grid_tables import grid_tables
from optimizer.publishing.locale import texts
from optimizer.publishing.suppression import Threshold
from optimizer.publishing.table_rows import Row, Table

PLAN = (
    "platform_id", "name", "lon", "lat", "x", "y", "district", "status", "nearest_street",
    "calls_per_year", "covered_share", "within_key", "within_central", "within_urban",
    "workload_hours_per_day", "backup_platform", "command_vehicles", "response_cars",
    "motorcycles", "officers", "auxiliaries",
)  # fmt: skip
CURVE = ("platforms", "covered_weight", "covered_share", "marginal_share", "bound", "gap", "status")
HOLDOUT = ("layout", "from", "to", "calls", "covered_share")
MOVES = ("platform_id", "name", "moved_from", "lon", "lat")
COLUMNS = ("file", "column", "meaning")


def plan_tables(plan: CityPlan) -> dict[str, Table]:
    """Give the tables that this plan fills, by file name, the legend of all columns last."""
    tables: dict[str, Table] = {"plan.csv": _plan(plan)}
    if plan.curve:
        tables["curve.csv"] = (CURVE, map(_curve_row, plan.curve))
    if plan.hotspots is not None:
        tables["hotspots.csv"] = _hotspots(plan)
    if plan.holdout is not None:
        tables["holdout.csv"] = _holdout(plan)
    moved = [p for p in plan.platforms if p.status == "moved"]
    if moved:
        rows = [
            {
                "platform_id": p.platform_id,
                "name": p.name,
                "moved_from": p.moved_from,
                **_degrees(plan, p),
            }
            for p in moved
        ]
        tables["moves.csv"] = (MOVES, rows)
    on_earth = not is_local(plan.network.crs)
    tables |= grid_tables(plan.grids, threshold_of(plan))
    tables |= duty_tables(plan.duty, threshold_of(plan), on_earth=on_earth)
    if plan.checkpoints is not None:
        tables |= checkpoint_tables(plan.checkpoints, on_earth=on_earth)
    tables["columns.csv"] = _legend(plan, tables)
    return tables


def threshold_of(plan: CityPlan) -> Threshold:
    """Give the number of calls below which this plan publishes nothing."""
    return Threshold.over(plan.window, plan.study.settings.output.suppress_below)


def told_platforms(plan: CityPlan) -> list[Platform]:
    """Give the platforms, with NaN for calls and work where the calls are too few to be told."""
    told = threshold_of(plan).told([p.duty.calls_per_year for p in plan.platforms])
    return [
        p if is_told else dataclasses.replace(p, duty=_untold(p.duty))
        for p, is_told in zip(plan.platforms, told, strict=True)
    ]


def _untold(duty: Duty) -> Duty:
    return dataclasses.replace(duty, calls_per_year=math.nan, workload_hours_per_day=math.nan)


def _plan(plan: CityPlan) -> Table:
    tiers = list(plan.study.settings.standards.minutes)
    columns = [*PLAN]
    at = columns.index("within_urban") + 1
    columns[at:at] = [f"within_{name}" for name in tiers if f"within_{name}" not in PLAN]
    crew = plan.study.settings.crew
    rows = [
        {
            "platform_id": p.platform_id,
            "name": p.name,
            **_degrees(plan, p),
            "x": round(p.x_m, 2),
            "y": round(p.y_m, 2),
            "district": p.district,
            "status": p.status,
            "nearest_street": p.nearest_street,
            "calls_per_year": round(p.duty.calls_per_year, 1),
            "covered_share": round(p.duty.covered_share, 4),
            **{f"within_{name}": round(share, 4) for name, share in p.duty.within.items()},
            "workload_hours_per_day": round(p.duty.workload_hours_per_day, 2),
            "backup_platform": p.backup_platform,
            **crew_of(crew, p.district).numbers(),
        }
        for p in told_platforms(plan)
    ]
    return tuple(columns), rows


def _degrees(plan: CityPlan, platform: Platform) -> Row:
    """Give longitude and latitude, unless the network lies nowhere on Earth."""
    if is_local(plan.network.crs):
        return {}
    return {"lon": round(platform.lon, 6), "lat": round(platform.lat, 6)}


def _curve_row(point: Any) -> Row:
    return {
        "platforms": point.count,
        "covered_weight": round(point.covered_weight, 4),
        "covered_share": round(point.covered_share, 6),
        "marginal_share": round(point.marginal_share, 6),
        "bound": round(point.bound, 4),
        "gap": round(point.gap, 6),
        "status": point.status,
    }


def _hotspots(plan: CityPlan) -> Table:
    assert plan.hotspots is not None  # noqa: S101  told apart by the caller
    table = plan.hotspots.table.drop(columns="geometry")
    return tuple(table.columns), table.to_dict("records")


def _holdout(plan: CityPlan) -> Table:
    holdout = plan.holdout
    assert holdout is not None  # noqa: S101  told apart by the caller
    shares = {"plan": holdout.covered_share, **holdout.baselines}
    return HOLDOUT, [
        {
            "layout": name,
            "from": holdout.start.isoformat(),
            "to": holdout.end.isoformat(),
            "calls": holdout.calls,
            "covered_share": round(share, 6),
        }
        for name, share in shares.items()
    ]


def _legend(plan: CityPlan, tables: Mapping[str, Table]) -> Table:
    """Say in the study's language what each column means; shifts and tiers name their own."""
    words = texts(plan.study.settings.study.language)["columns"]
    rows = [
        {"file": file, "column": column, "meaning": _meaning(words, file, column)}
        for file, (columns, _) in tables.items()
        for column in columns
    ]
    return COLUMNS, rows


def _meaning(words: Mapping[str, str], file: str, column: str) -> str:
    """Look a column up: as one of this file, as one of any file, as one named by the study."""
    own = f"{file.removesuffix('.csv')}_{column}"
    if own in words or column in words:
        return words.get(own) or words[column]
    stem, _, rest = column.partition("_")
    return words[f"{stem}_any"].format(name=rest)
