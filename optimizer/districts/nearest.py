"""Each unit to the platform that is soonest there."""

from __future__ import annotations

import numpy as np

from optimizer.districts.connect import connected, within_reach
from optimizer.districts.ground import Floats, Ground, Ints


def nearest_division(ground: Ground) -> Ints:
    """Give every unit to the nearest platform of its group, or the next that connects to it.

    On road nodes the quickest way leads through a platform's own ground, so nothing is cut off;
    borders of groups and cells of many nodes may cut, and then the next nearest neighbour takes
    over.

    Returns
    -------
    Platform of each unit, shape (U,); all grids are connected.
    """
    ground = within_reach(ground)
    allowed_s = allowed_travel(ground)
    labels = allowed_s.argmin(axis=0).astype(np.int32)
    labels[ground.seed] = np.arange(ground.platform_count)
    return connected(ground, labels, allowed_s)


def allowed_travel(ground: Ground) -> Floats:
    """Give the travel times, inf where a platform is not of the unit's group, shape (p, U)."""
    same = ground.group_of_platform[:, None] == ground.group_of_unit
    return np.where(same, ground.travel_s, np.inf)
