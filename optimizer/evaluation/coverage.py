"""What a set of platforms reaches in time, worked out from roads and demand alone.

Nothing here knows a solver: the same code scores the platforms that were chosen, the present
layout and anybody's own proposal.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.demand import OUTSIDE, DemandPoints
from optimizer.errors import InputError
from optimizer.roads import RoadNetwork, nearest_source

Mask = NDArray[np.bool_]
SHARE_DIGITS = 6


@dataclasses.dataclass(frozen=True, slots=True)
class TierShare:
    """How one tier is served: its standard, its demand and the share of it reached in time."""

    minutes: float
    covered_share: float
    weight: float
    calls: int


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """The demand points seen from a set of platforms.

    Parameters
    ----------
    demand
        The n demand points.
    count
        Number of platforms.
    platform, backup
        Index of the nearest and second nearest platform by travel time, shape (n,); -1: none.
    response_s
        Turnout plus travel of the nearest, seconds, shape (n,).
    """

    demand: DemandPoints
    count: int
    platform: NDArray[np.int32]
    backup: NDArray[np.int32]
    response_s: NDArray[np.float64]

    @property
    def within(self) -> Mask:
        """Which demand points are reached within their standard; exactly on it counts."""
        return in_time(self.response_s, self.demand.standard_s)

    def covered_weight(self, where: Mask | None = None) -> float:
        """Sum the weight reached in time, everywhere or where a mask of shape (n,) says."""
        mask = self.within if where is None else self.within & where
        return float(self.demand.weight[mask].sum())

    def covered_share(self, where: Mask | None = None) -> float:
        """Divide the weight reached in time by all weight; 0 where there is no demand."""
        total = self.demand.weight.sum() if where is None else self.demand.weight[where].sum()
        return self.covered_weight(where) / float(total) if total > 0 else 0.0

    def by_tier(self) -> dict[str, TierShare]:
        """Tell the share of every tier, shortest standard first."""
        shares = {}
        for code, name in enumerate(self.demand.tier_names):
            where = self.demand.tier == code
            if where.any():
                shares[name] = TierShare(
                    minutes=float(self.demand.standard_s[where][0]) / 60,
                    covered_share=self.covered_share(where),
                    weight=float(self.demand.weight[where].sum()),
                    calls=int(self.demand.calls[where].sum()),
                )
        return dict(sorted(shares.items(), key=lambda item: item[1].minutes))

    def by_district(self) -> dict[str, float]:
        """Tell the covered share of every district that has demand, the worst first.

        Shares are rounded, so that a rounding error makes no district the worst.
        """
        names = self.demand.district_names
        present = np.unique(self.demand.district[self.demand.weight > 0])
        shares = {names[c]: self.covered_share(self.demand.district == c) for c in present}
        ranked = sorted(shares.items(), key=lambda item: (round(item[1], SHARE_DIGITS), item[0]))
        return {name: round(share, SHARE_DIGITS) for name, share in ranked}

    def worst_district(self) -> str:
        """Name the district with the smallest share; ground outside all districts is none."""
        shares = self.by_district()
        inside = {name: share for name, share in shares.items() if name != OUTSIDE} or shares
        return next(iter(inside))

    def mean_s(self) -> float:
        """Average the response over the weight."""
        return float(np.average(self.response_s, weights=self.demand.weight))

    def quantile_s(self, share: float) -> float:
        """Give the response that this share of the weight gets or beats."""
        order = np.argsort(self.response_s, kind="stable")
        reached = np.cumsum(self.demand.weight[order])
        place = int(np.searchsorted(reached, share * reached[-1] * (1 - 1e-12)))
        return float(self.response_s[order][min(place, len(order) - 1)])

    def max_s(self) -> float:
        """Give the longest response of any demand point."""
        return float(self.response_s.max())


def in_time(response_s: NDArray[np.float64], standard_s: NDArray[np.float64] | float) -> Mask:
    """Compare responses with standards in whole milliseconds, the unit of travel times.

    Half a thousandth of a second is nothing to a crew, but binary fractions of a minute miss their
    own value by less.
    """
    reached: Mask = np.rint(1000 * response_s) <= np.rint(1000 * np.asarray(standard_s))
    return reached


def evaluate_coverage(
    demand: DemandPoints,
    network: RoadNetwork,
    platform_node: NDArray[np.int32],
    turnout_s: float,
) -> Coverage:
    """Send the nearest platform to every demand point and time it.

    Parameters
    ----------
    demand
        Demand points on road nodes.
    network
        The roads; every node reaches every other one.
    platform_node
        Road node of every platform, shape (p,).
    turnout_s
        Seconds from the alarm until the crew moves.

    Raises
    ------
    InputError
        There is no platform.
    """
    if len(platform_node) == 0:
        raise InputError("There is no platform to score: the list of sites is empty; add one.")
    nearest = nearest_source(network, platform_node)
    at = demand.node
    return Coverage(
        demand=demand,
        count=len(platform_node),
        platform=nearest.source[at],
        backup=nearest.second_source[at],
        response_s=nearest.travel_s[at] + turnout_s,
    )
