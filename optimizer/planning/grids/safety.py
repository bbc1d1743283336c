"""A figure for each grid that can be published every month: how calm it is, how soon help comes.

    index = 100 x (calm + covered) / 2,    calm = r / (r + rate)

rate is the grid's weighted calls per year and kilometre of street, r the same for the whole city,
and covered the share of its demand that its own platform reaches within the standard. A grid with
as many calls per kilometre as the city, all reached in time, has 75; calls that weigh more count
more. It compares grids of one plan with each other, not with other cities.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.placed_calls import totals
from optimizer.roads import RoadNetwork

Floats = NDArray[np.float64]


def safety_index(weight_per_day: Floats, street_km: Floats, covered_share: Floats) -> Floats:
    """Rate p grids from 0 to 100, the higher the safer, shape (p,).

    Parameters
    ----------
    weight_per_day
        Weighted calls of each grid, shape (p,).
    street_km
        Length of its streets, shape (p,).
    covered_share
        Share of its demand reached within the standard, shape (p,).
    """
    total = weight_per_day.sum()
    if total == 0:
        return 50 * (1 + covered_share)
    usual = total / street_km.sum()
    rate = np.divide(weight_per_day, street_km, out=np.zeros(len(street_km)), where=street_km > 0)
    index: Floats = 50 * (usual / (usual + rate) + covered_share)
    return index


def street_km_of_nodes(network: RoadNetwork) -> Floats:
    """Give each node half of the length of the roads that end there, kilometres, shape (n,)."""
    _, arc = np.unique(network.line, return_index=True)
    half = network.length_m[arc] / 2000
    ends = np.concatenate([network.tail[arc], network.head[arc]])
    return totals(ends, np.tile(half, 2), network.node_count)
