"""What each platform has to do: its ground, its calls, its hours of work, who stands behind it."""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.evaluation.coverage import Coverage

Floats = NDArray[np.float64]

DAYS_PER_YEAR = 365.25

Status = Literal["new", "kept", "moved"]


@dataclasses.dataclass(frozen=True, slots=True)
class Duty:
    """What a platform has to do. Its ground is the demand that it reaches before every other one.

    Parameters
    ----------
    calls_per_year
        Of its ground, whatever they weigh.
    covered_share
        Share of its ground's demand that it reaches within the standard.
    within
        Tier -> the same share for the tier's demand; tiers without demand here are absent.
    workload_hours_per_day
        Calls of its ground x (turnout + way + handling by category), without the way back.
    backup
        Index of the platform that would answer most of its ground's demand soonest, were it busy;
        -1: there is none.
    """

    calls_per_year: float
    covered_share: float
    within: dict[str, float]
    workload_hours_per_day: float
    backup: int


@dataclasses.dataclass(frozen=True, slots=True)
class Platform:
    """One platform of a plan.

    Parameters
    ----------
    platform_id, name, district, nearest_street
        Texts; the name is the present station's where one stands here, else the street's.
    node
        Index of its road node.
    lon, lat, x_m, y_m
        WGS-84 degrees, and metres in the study's CRS.
    status
        ``kept``: a present platform stands here; ``moved``: it replaces the one in ``moved_from``.
    duty
        What it has to do.
    backup_platform
        Id of the platform behind it; "" where there is none.
    """

    platform_id: str
    name: str
    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    district: str
    status: Status
    moved_from: str
    nearest_street: str
    duty: Duty
    backup_platform: str


def platform_duties(
    coverage: Coverage, calls_per_year: Floats, hours_per_day: Floats
) -> tuple[Duty, ...]:
    """Work out the duty of each platform of a coverage.

    Parameters
    ----------
    calls_per_year, hours_per_day
        Calls and work of the ground of each platform, shape (p,).
    """
    return tuple(
        _duty(coverage, index, float(calls), float(hours))
        for index, (calls, hours) in enumerate(zip(calls_per_year, hours_per_day, strict=True))
    )


def _duty(coverage: Coverage, index: int, calls: float, hours: float) -> Duty:
    demand, ground = coverage.demand, coverage.platform == index
    tiers = {
        name: coverage.covered_share(ground & (demand.tier == code))
        for code, name in enumerate(demand.tier_names)
        if demand.weight[ground & (demand.tier == code)].sum() > 0
    }
    return Duty(
        calls_per_year=calls,
        covered_share=coverage.covered_share(ground),
        within=tiers,
        workload_hours_per_day=hours,
        backup=_backup(coverage, ground),
    )


def _backup(coverage: Coverage, ground: NDArray[np.bool_]) -> int:
    """Index of the platform that is second for most of the ground's weight; -1: there is none."""
    second = coverage.backup[ground]
    known = second >= 0
    if not known.any():
        return -1
    return int(np.bincount(second[known], coverage.demand.weight[ground][known]).argmax())
