"""How many sites does any cover need? A Lagrangian bound for set covering.

Relaxing sum_{i covers j} y_i >= 1 with prices u_j >= 0 leaves

    L(u) = sum_j u_j + sum_i min(0, r_i),        r_i = 1 - sum_{j covered by i} u_j,

which no cover undercuts. A closed site with r_i > 0 that would raise L beyond the number of sites
wanted is in no such cover, and an open one with r_i < 0 is in all of them. The prices are sought by
the volume algorithm (Barahona & Anbil 2000, doi:10.1007/s101070050002).
"""

from __future__ import annotations

import dataclasses

import numpy as np

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover
from optimizer.siting.problem import Flags, Weights

ROUNDING = 1e-7
PATIENCE = 10
LARGEST_SHARE = 0.1
AHEAD = 0.05


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class LeastSites:
    """No cover has fewer than `value` sites, and what each site costs at the prices [m]."""

    value: float
    reduced_cost: Weights

    @property
    def sites(self) -> int:
        """The least number of sites, whole."""
        return int(np.ceil(self.value - ROUNDING))

    def fixed(self, at_most: int) -> tuple[Flags, Flags]:
        """Sites that every cover by `at_most` sites opens, and those that none opens."""
        room = at_most - self.value + ROUNDING
        return -self.reduced_cost > room, self.reduced_cost > room


def nothing_known(cover: Cover) -> LeastSites:
    """Give the bound of no prices at all."""
    return LeastSites(0.0, np.ones(len(cover.site_ptr) - 1))


def least_sites(cover: Cover, *, known: int, enough: int, iterations: int) -> LeastSites:
    """Raise the bound.

    Parameters
    ----------
    cover
        Who covers whom; its weights are not read.
    known
        Size of a cover at hand.
    enough
        A bound that rounds up to this needs no more work.
    iterations
        Evaluations of L at most.
    """
    value, prices = _raised(cover, float(known), enough - 1 + ROUNDING, iterations)
    return LeastSites(value, 1 - _sums(cover, prices))


@compiled
def _sums(cover: Cover, prices: Weights) -> Weights:
    sums = np.zeros(len(cover.site_ptr) - 1)
    for i in range(len(sums)):
        for k in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
            sums[i] += prices[cover.site_points[k]]
    return sums


@compiled
def _first_prices(cover: Cover) -> Weights:
    """Share each site among the points it covers; a point takes its cheapest share."""
    prices = np.ones(len(cover.point_ptr) - 1)
    for i in range(len(cover.site_ptr) - 1):
        share = 1.0 / max(1, cover.site_ptr[i + 1] - cover.site_ptr[i])
        for k in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
            j = cover.site_points[k]
            prices[j] = min(prices[j], share)
    return prices


@compiled
def _evaluated(cover: Cover, prices: Weights, opened: Weights) -> float:
    """Evaluate L; write into `opened` which sites its minimum opens."""
    value = prices.sum()
    sums = _sums(cover, prices)
    for i in range(len(sums)):
        opened[i] = sums[i] > 1
        value += min(0.0, 1 - sums[i])
    return float(value)


@compiled
def _uncovered(cover: Cover, opened: Weights) -> Weights:
    """How far each point is from being covered when the sites open to the given degrees."""
    slope = np.ones(len(cover.point_ptr) - 1)
    for i in range(len(opened)):
        if opened[i] > 1e-9:
            for k in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
                slope[cover.site_points[k]] -= opened[i]
    return slope


@compiled
def _mixing_share(slope: Weights, steepest: Weights) -> float:
    """Share of the new direction that makes the mixture shortest, within bounds."""
    length, along = 0.0, 0.0
    for j in range(len(slope)):
        change = steepest[j] - slope[j]
        length += change * change
        along += change * slope[j]
    best = -along / length if length > 0 else LARGEST_SHARE
    return min(LARGEST_SHARE, max(LARGEST_SHARE / 10, best))


@compiled
def _raised(cover: Cover, known: float, above: float, iterations: int) -> tuple[float, Weights]:
    """Move along the mixture of past directions; a step that raises L becomes the new centre."""
    best_prices = _first_prices(cover)
    opened = np.zeros(len(cover.site_ptr) - 1)
    best = _evaluated(cover, best_prices, opened)
    mixture = _uncovered(cover, opened)
    stride, idle = 1.0, 0
    for _ in range(iterations):
        slope = mixture.copy()
        slope[(slope < 0) & (best_prices <= 0)] = 0
        steepness = (slope * slope).sum()
        if best > above or steepness == 0:
            break
        target = min(known, (1 + AHEAD) * best)
        length = stride * max(target - best, ROUNDING) / steepness
        prices = np.maximum(0.0, best_prices + length * slope)
        value = _evaluated(cover, prices, opened)
        steepest = _uncovered(cover, opened)
        share = _mixing_share(slope, steepest)
        mixture += share * (steepest - mixture)
        if value > best:
            if (slope * steepest).sum() >= 0:
                stride = min(2.0, 1.1 * stride)
            best, idle = value, 0
            best_prices[:] = prices
        else:
            idle += 1
        if idle >= PATIENCE:
            stride, idle = 0.66 * stride, 0
    return best, best_prices
