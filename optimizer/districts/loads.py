"""What a division comes to, worked out from the ground alone: loads, travel, connectedness."""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from optimizer.districts.ground import SECONDS_PER_HOUR, Floats, Ground, Ints
from optimizer.errors import SolverError

ROUNDING = 1e-9
"""A spread this much over the tolerance still keeps it; bounds are computed with this in hand."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Loads:
    """The measures of a division.

    Parameters
    ----------
    hours
        Hours of work per day of each platform, shape (p,).
    spread_of_group
        Largest difference of a platform's hours from the mean of its group, as a share of it, by
        group, shape (g,).
    travel_s
        Mean travel time over all calls, seconds; 0 without calls.
    connected
        Every platform owns the unit it stands on, and can get to all of its units through its own.
    """

    hours: Floats
    spread_of_group: Floats
    travel_s: float
    connected: bool

    @property
    def spread(self) -> float:
        """The largest spread of all groups."""
        return float(self.spread_of_group.max(initial=0.0))


def evaluate(ground: Ground, labels: Ints) -> Loads:
    """Measure a division, whoever made it.

    Parameters
    ----------
    labels
        Platform of each unit, shape (U,).

    Raises
    ------
    ValueError
        A unit has no platform.
    """
    p = ground.platform_count
    labels = np.asarray(labels)
    if labels.shape != (ground.unit_count,) or not ((labels >= 0) & (labels < p)).all():
        message = f"labels must name one of {p} platforms for each of {ground.unit_count} units"
        raise ValueError(message)
    travel_s = ground.travel_s[labels, np.arange(ground.unit_count)]
    work_s = ground.calls * (ground.handling_s + travel_s)
    hours = np.bincount(labels, work_s, minlength=p) / SECONDS_PER_HOUR
    total = ground.calls.sum()
    return Loads(
        hours,
        spread_of_groups(hours, ground.group_of_platform),
        float(ground.calls @ travel_s / total) if total else 0.0,
        _is_connected(ground, labels),
    )


def spread_of_groups(hours: Floats, group: Ints) -> Floats:
    """Give the largest relative difference of a load from the mean of its group, shape (g,)."""
    mean = (np.bincount(group, hours) / np.bincount(group))[group]
    worked = mean > 0
    spread: Floats = np.zeros(int(group.max(initial=-1)) + 1)
    np.maximum.at(spread, group[worked], np.abs(hours - mean)[worked] / mean[worked])
    return spread


def held_bound(bound_s: float, travel_s: float) -> float:
    """Give a bound on travel, less what rounding lifts it above a division that was found.

    That division is one of those the bound is on. So no true bound lies above its travel, and the
    smaller of both is a bound as well.

    Raises
    ------
    SolverError
        More than rounding lies between them: the bound is wrong.
    """
    if bound_s > travel_s * (1 + ROUNDING) + ROUNDING:
        raise SolverError(
            f"No division is said to have less than {bound_s:.6g} s of mean travel, yet one with "
            f"{travel_s:.6g} s was found; please report this with the study."
        )
    return min(bound_s, travel_s)


def _is_connected(ground: Ground, labels: Ints) -> bool:
    """Cut the neighbourhoods between grids: each platform must be left with one part, its own."""
    if (labels[ground.seed] != np.arange(ground.platform_count)).any():
        return False
    unit = np.repeat(np.arange(ground.unit_count), np.diff(ground.indptr))
    within = labels[unit] == labels[ground.neighbour]
    pairs = (unit[within], ground.neighbour[within])
    size = (ground.unit_count, ground.unit_count)
    parts = connected_components(
        csr_array((np.ones(within.sum(), dtype=np.int8), pairs), size), directed=False
    )[0]
    return bool(parts == ground.platform_count)
