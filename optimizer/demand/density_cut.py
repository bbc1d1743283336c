"""The density cut: how wide to look and how dense is hot, chosen by what it foresees."""

from __future__ import annotations

import dataclasses

import numpy as np

from optimizer.demand.density import Frame, Grid, own_part, smooth
from optimizer.demand.settings import HotspotSettings

RADII_CELLS = (4, 6, 8, 12)
"""Search radii tried, in cells; below four a grid cannot show the kernel."""


@dataclasses.dataclass(frozen=True, slots=True)
class DensityRule:
    """What counts as dense.

    Parameters
    ----------
    radius_m
        Search radius of the density, metres.
    times_mean
        Least density, as a multiple of the mean density of the study ground.
    """

    radius_m: float
    times_mean: float


@dataclasses.dataclass(frozen=True, slots=True)
class _Trial:
    rule: DensityRule
    excess: float


def choose_rule(
    early: Grid, late: Grid | None, frame: Frame, ground_cells: float, settings: HotspotSettings
) -> DensityRule:
    """Choose search radius and cut by the excess mass of the calls that they foresee.

    Ground is taken in densest first, by the density of the early calls. With H the share of the
    late calls in it and A its share of the study ground, the best cut maximises H - c A, where c is
    ``settings.times_mean``: ground is added while the late calls in it are still c times as dense
    as on average (excess mass: Mueller & Sawitzki 1991, doi:10.1080/01621459.1991.10475070; the
    multiple of the mean: Chainey, Reid & Stuart 2002). The radius with the highest maximum wins.

    Parameters
    ----------
    early
        Weight of the earlier calls per cell.
    late
        Weight of the later ones, all inside the planning window. None, or nothing in it: every
        cell is foreseen from all others but itself.
    frame
        Where the grids lie.
    ground_cells
        Size of the study ground in cells.
    settings
        A given ``radius_m`` is the only one tried.
    """
    radii = [n * frame.cell_m for n in RADII_CELLS]
    if settings.radius_m is not None:
        radii = [settings.radius_m]
    trials = [_try(early, late, frame, ground_cells, settings.times_mean, r) for r in radii]
    return max(trials, key=lambda trial: trial.excess).rule


def _try(
    early: Grid,
    late: Grid | None,
    frame: Frame,
    ground_cells: float,
    times_mean: float,
    radius_m: float,
) -> _Trial:
    density = smooth(early, radius_m, frame.cell_m).ravel()
    mean = float(early.sum(dtype=np.float64)) / ground_cells
    hits, seen = late, density
    if hits is None or not hits.any():
        hits, seen = early, density - own_part(radius_m, frame.cell_m) * early.ravel()
    dense = np.flatnonzero(seen >= mean)  # ground below the mean can only lose
    order = dense[np.argsort(-seen[dense], kind="stable")]
    if len(order) == 0:
        return _Trial(DensityRule(radius_m, times_mean), 0.0)
    share = np.cumsum(hits.ravel()[order], dtype=np.float64) / float(hits.sum(dtype=np.float64))
    excess = share - times_mean * np.arange(1, len(order) + 1) / ground_cells
    best = int(excess.argmax())
    if excess[best] <= 0:
        return _Trial(DensityRule(radius_m, times_mean), float(excess[best]))
    cut = float(np.sort(density[dense])[::-1][best])
    return _Trial(DensityRule(radius_m, cut / mean), float(excess[best]))
