"""The headline numbers of grids, rosters, patrols, zones, points and villages, for summary.json."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

import numpy as np

from optimizer.deployment import (
    DutyPlan,
    PatrolPlan,
    PlatformRoster,
    QuickResponsePlan,
    VillagePlan,
    ZonePlan,
)
from optimizer.districts import GridPlan, GridVariant
from optimizer.publishing.grid_tables import hours_range, told_variant
from optimizer.publishing.suppression import Threshold
from optimizer.publishing.told_rosters import told_rosters
from optimizer.study import StudyFile

DIGITS = 6


def grid_figures(plan: GridPlan, threshold: Threshold) -> dict[str, Any]:
    """Gather what is told of the division of the ground, both variants side by side."""
    told = [told_variant(variant, threshold) for variant in plan.variants]
    mean_s = {variant.name: variant.travel_s for variant in plan.variants}
    return {
        "grids": len(plan.rows),
        "chosen": plan.chosen,
        "tolerance": _finite(plan.variant.tolerance),
        "asked_tolerance": _finite(plan.asked_tolerance),
        **{variant.name: _variant(variant) for variant in told},
        "balance_costs_s": round(mean_s["balanced"] - mean_s["nearest"], 3),
        "cells": len(plan.crosswalk),
        "split_nodes": plan.split_nodes,
        "extra_pieces": plan.extra_pieces,
        "holes": plan.holes,
        "astray": plan.astray,
        "loosened": {
            name: {"tolerance": _finite(met), "impossible_below": _finite(least)}
            for name, met, least in plan.loosened
        },
    }


def duty_figures(plan: DutyPlan, settings: StudyFile, threshold: Threshold) -> dict[str, Any]:
    """Gather what is told of duty; keys of what the study did not ask for are absent."""
    figures: dict[str, Any] = {}
    if plan.rosters:
        figures["rosters"] = _rosters(plan.rosters, settings.crew.utilisation)
        busiest = [roster.busiest for roster in told_rosters(plan.rosters, threshold)]
        figures["rosters"]["busiest_shift"] = _finite(float(np.max(busiest)))
    if plan.patrols is not None:
        figures["patrols"] = _patrols(plan.patrols, settings.patrols.cover_floor)
    if plan.zones is not None:
        figures["patrol_zones"] = _zones(plan.zones)
    if plan.quick_response is not None:
        figures["quick_response"] = _points(plan.quick_response)
    if plan.villages is not None:
        figures["villages"] = _villages(plan.villages)
    return figures


def shifts_over_line(roster: PlatformRoster, line: float) -> int:
    """Count the shifts of a week whose units work more than the line allows."""
    return sum(need.utilisation > line + 1e-9 for need in roster.needs)


def _variant(variant: GridVariant) -> dict[str, Any]:
    least, most = hours_range(variant)
    gap = (variant.travel_s - variant.bound_s) / variant.travel_s if variant.travel_s else 0.0
    return {
        "spread": _finite(variant.spread),
        "tolerance": _finite(variant.tolerance),
        "least_hours": _finite(least, 3),
        "most_hours": _finite(most, 3),
        "travel_s": round(variant.travel_s, 3),
        "bound_s": round(variant.bound_s, 3),
        "gap": round(gap, DIGITS),
        "status": variant.status,
        "covered_share": round(variant.covered_share, DIGITS),
    }


def _rosters(rosters: tuple[PlatformRoster, ...], line: float) -> dict[str, Any]:
    return {
        "platforms": len(rosters),
        "officers": sum(roster.officers for roster in rosters),
        "auxiliaries": sum(roster.auxiliaries for roster in rosters),
        "status": dict(sorted(Counter(roster.status for roster in rosters).items())),
        "hours_needed": round(sum(roster.hours_needed for roster in rosters), 1),
        "hours_available": round(sum(roster.hours_available for roster in rosters), 1),
        "utilisation_line": line,
        "shifts": sum(len(roster.needs) for roster in rosters),
        "shifts_over_line": sum(shifts_over_line(roster, line) for roster in rosters),
        "short_shifts": sum(roster.short_shifts for roster in rosters),
        "short_officers": _sum_known(roster.short_officers for roster in rosters),
        "short_auxiliaries": _sum_known(roster.short_auxiliaries for roster in rosters),
        "short_vehicles": sum(roster.short_vehicles for roster in rosters),
        "without_free_sunday": sum(roster.without_free_sunday for roster in rosters),
    }


def _sum_known(numbers: Iterable[int | None]) -> int | None:
    """Add up; None where one is not known."""
    listed = list(numbers)
    known = [number for number in listed if number is not None]
    return sum(known) if len(known) == len(listed) else None


def _patrols(plan: PatrolPlan, floor: float) -> dict[str, Any]:
    return {
        "targets": plan.targets,
        "beats": len(plan.beats),
        "driven_km": round(sum(beat.driven_km for beat in plan.beats), 1),
        "round_status": dict(sorted(Counter(beat.round_status for beat in plan.beats).items())),
        "left_out": len(plan.left_out),
        "left_out_targets": len({(row.grid_id, row.target_id) for row in plan.left_out}),
        "reasons": dict(sorted(Counter(row.reason for row in plan.left_out).items())),
        "cover_floor": floor,
        "least_cover": round(min(plan.least_cover.values()), DIGITS) if plan.least_cover else None,
    }


def _zones(plan: ZonePlan) -> dict[str, Any]:
    return {
        "zones": len(plan.zones),
        "preventable_per_year": round(plan.preventable_per_year, 3),
        "bound": round(plan.bound, 3),
        "status": plan.status,
        "patrol_hours_per_day": round(sum(zone.patrol_hours_per_day for zone in plan.zones), 3),
    }


def _points(plan: QuickResponsePlan) -> dict[str, Any]:
    return {
        "points": len(plan.points),
        "vehicle": plan.vehicle,
        "before_share": round(plan.before_share, DIGITS),
        "after_share": round(plan.after_share, DIGITS),
        "bound_share": round(plan.bound_share, DIGITS),
        "closable_share": round(plan.closable_share, DIGITS),
        "least_points": plan.least_points or None,
        "status": plan.status,
    }


def _villages(plan: VillagePlan) -> dict[str, Any]:
    seconds = np.array([post.backup_s for post in plan.posts])
    reached = seconds[np.isfinite(seconds)]
    return {
        "posts": len(plan.posts),
        "people": plan.people,
        "within_minutes": plan.within_minutes,
        "late": sum(post.late for post in plan.posts),
        "unreachable": len(seconds) - len(reached),
        "median_s": round(float(np.median(reached)), 1) if len(reached) else None,
        "longest_s": round(float(reached.max()), 1) if len(reached) else None,
    }


def _finite(value: float, digits: int = DIGITS) -> float | None:
    return round(value, digits) if math.isfinite(value) else None
