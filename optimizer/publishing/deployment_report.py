"""What the report says of grids and duty: loads before and after, manning, patrols and the rest."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from optimizer.deployment import DutyPlan, PatrolPlan, PlatformRoster, VillagePlan
from optimizer.districts import GridPlan
from optimizer.publishing.deployment_figures import duty_figures, grid_figures
from optimizer.publishing.grid_tables import told_grids
from optimizer.publishing.locale import Section, Texts
from optimizer.publishing.suppression import Threshold
from optimizer.publishing.told_rosters import told_rosters
from optimizer.study import StudyFile

SHOWN = 10
"""Rows of a list that the page prints; the tables beside it have all of them."""


def grid_report(plan: GridPlan, threshold: Threshold) -> dict[str, Any]:
    """Gather what the page prints of grids."""
    rows = told_grids(plan, threshold)
    hours = [each for row in rows for each in (row.hours_per_day, row.nearest_hours_per_day)]
    most = max(filter(math.isfinite, hours), default=0.0)
    return {
        "figures": grid_figures(plan, threshold),
        "rows": rows,
        "widest": most or 1.0,
        "cells": len(plan.crosswalk),
        "is_grouped": any(row.group for row in plan.rows),
    }


def duty_report(
    plan: DutyPlan, settings: StudyFile, threshold: Threshold, words: Texts
) -> dict[str, Any]:
    """Gather what the page prints of duty; what a study did not ask for is empty."""
    points, villages = plan.quick_response, plan.villages
    return {
        "figures": duty_figures(plan, settings, threshold),
        "rosters": [
            _roster(roster, settings, words["report"])
            for roster in told_rosters(plan.rosters, threshold)
        ],
        "shifts": [] if plan.patrols is None else list(_shifts(plan.patrols, words["map"])),
        "left_out": [] if plan.patrols is None else _left_out(plan.patrols),
        "zones": () if plan.zones is None else plan.zones.zones,
        "points": () if points is None else points.points[:SHOWN],
        "late_villages": [] if villages is None else _latest(villages),
        "shown": SHOWN,
    }


def _roster(roster: PlatformRoster, settings: StudyFile, words: Section) -> dict[str, Any]:
    line = settings.crew.utilisation
    manned = sum(
        need.vehicles.get("response_car", 0) + need.vehicles.get("motorcycle", 0)
        for need in roster.needs
    )
    return {
        "plan": roster,
        "needed": sum(need.needed for need in roster.needs),
        "manned": manned,
        "over_line": roster.busiest > line + 1e-9,
        "bar": 0.0 if math.isnan(roster.busiest) else min(1.0, roster.busiest),
        "busiest": roster.busiest if math.isfinite(roster.busiest) else None,
        "utilisation": roster.utilisation if math.isfinite(roster.utilisation) else None,
        "needed_utilisation": _needed_utilisation(roster),
        "fix": _fix(roster, words),
        "full": _full(roster, words),
    }


def _needed_utilisation(roster: PlatformRoster) -> float | None:
    """Divide the work of a week by the hours on duty of the needed units alone; None: not told."""
    hours = [(need.end_s - need.start_s) / 3600 for need in roster.needs]
    work = sum(need.hours for need in roster.needs)
    on_duty = sum(need.needed * each for need, each in zip(roster.needs, hours, strict=True))
    return work / on_duty if on_duty > 0 and math.isfinite(work) else None


def _fix(roster: PlatformRoster, words: Section) -> str:
    """Say what is short, and the least that would end it; "" if nothing is."""
    if roster.status != "infeasible":
        return ""
    counts = {
        "fix_officers": roster.short_officers,
        "fix_auxiliaries": roster.short_auxiliaries,
        "fix_vehicles": roster.short_vehicles,
    }
    short = words["short_shifts"].format(count=roster.short_shifts)
    fixes = [words[key].format(count=count) for key, count in counts.items() if count]
    if roster.short_officers is None:
        fixes.append(words["fix_unknown"])
    return "; ".join([short, *fixes])


def _full(roster: PlatformRoster, words: Section) -> str:
    """Say how many more people man every vehicle around the clock."""
    if roster.full_officers is None:
        return words["fix_unknown"]
    return f"{roster.full_officers} + {roster.full_auxiliaries}"


def _shifts(plan: PatrolPlan, words: Section) -> Iterator[dict[str, Any]]:
    """Add up beats and what they leave out, shift by shift."""
    left_out = Counter(row.shift for row in plan.left_out)
    for shift in dict.fromkeys(shift for _, shift in plan.least_cover):
        beats = [beat for beat in plan.beats if beat.shift == shift]
        kept = {grid: share for (grid, name), share in plan.least_cover.items() if name == shift}
        worst = min(kept, key=lambda grid: kept[grid])
        yield {
            "name": words.get(shift, shift),
            "beats": len(beats),
            "driven_km": sum(beat.driven_km for beat in beats),
            "left_out": left_out[shift],
            "worst": worst,
            "least_cover": kept[worst],
        }


def _left_out(plan: PatrolPlan) -> list[tuple[str, str, str, int]]:
    """List what is left out by grid, name and reason with the number of shifts, most first."""
    shifts = Counter((row.grid_id, row.name or row.target_id, row.reason) for row in plan.left_out)
    return [(*key, count) for key, count in sorted(shifts.items(), key=_most_first)]


def _most_first(item: tuple[tuple[str, str, str], int]) -> tuple[int, tuple[str, str, str]]:
    key, count = item
    return -count, key


def _latest(plan: VillagePlan) -> list[Any]:
    late = [post for post in plan.posts if post.late]
    return sorted(late, key=lambda post: (-post.backup_s, post.village_id))[:SHOWN]
