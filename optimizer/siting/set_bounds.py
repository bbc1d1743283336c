"""How many sites does any cover need? A Lagrangian bound for set covering.

Relaxing sum_{i covers j} y_i >= 1 with prices u_j >= 0 leaves

    L(u) = sum_j u_j + sum_i min(0, r_i),        r_i = 1 - sum_{j covered by i} u_j,

which no cover undercuts. A closed site with r_i > 0 that would raise L beyond the number of sites
wanted is in no such cover, and an open one with r_i < 0 is in all of them. The prices are sought by
subgradients as in Caprara, Fischetti & Toth 1999, doi:10.1287/opre.47.5.730.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover
from optimizer.siting.problem import Flags, Weights

ROUNDING = 1e-7
CHECKED_EVERY = 20


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
def _raised(cover: Cover, known: float, above: float, iterations: int) -> tuple[float, Weights]:
    prices = _first_prices(cover)
    best_prices = prices.copy()
    best, lowest, highest, stride = -np.inf, np.inf, -np.inf, 0.1
    slope = np.zeros(len(prices))
    for step in range(iterations):
        slope[:] = 1.0
        value = prices.sum()
        cost = 1 - _sums(cover, prices)
        for i in range(len(cost)):
            if cost[i] < 0:
                value += cost[i]
                for k in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
                    slope[cover.site_points[k]] -= 1
        if value > best:
            best = value
            best_prices[:] = prices
            if best > above:
                break
        lowest, highest = min(lowest, value), max(highest, value)
        if step % CHECKED_EVERY == CHECKED_EVERY - 1:
            spread = (highest - lowest) / max(abs(highest), ROUNDING)
            stride *= 0.5 if spread > 0.01 else (1.5 if spread < 0.001 else 1.0)
            lowest, highest = np.inf, -np.inf
        slope[(slope < 0) & (prices <= 0)] = 0
        steepness = (slope * slope).sum()
        if steepness == 0:
            break
        length = stride * max(1.02 * known - value, ROUNDING) / steepness
        prices = np.maximum(0.0, prices + length * slope)
    return best, best_prices
