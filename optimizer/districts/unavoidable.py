"""The spread that no division goes below, connected or not, from single units and what shuts in.

One group of p platforms. A platform *must* own its own unit and what is cut off from all others by
it; it *may* own what it gets to without passing over another one's unit. If it owns unit u, its
load is at least L, that of u and of what it must own, and all others have at most H together, each
other unit at its dearest. The spread is then at least p L / (L + H) - 1, which falls with H and
rises with L. Someone owns u: the smallest over its possible owners counts, and the largest over u.
On the other side a platform has at most R, all that it may own, and the others at least S, what it
may not own at its cheapest: the spread is at least 1 - p R / (R + S).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from optimizer.districts.ground import Floats, Ground

Flags = NDArray[np.bool_]


def unavoidable_spread(ground: Ground) -> float:
    """Prove a spread that every division of a ground of one group has; 0: nothing is proven."""
    p = ground.platform_count
    if p == 1 or not ground.calls.any():
        return 0.0
    may = _may_own(ground)
    work: Floats = ground.calls * (ground.handling_s + ground.travel_s)
    must = may & (may.sum(axis=0) == 1)
    dearest = np.where(may, work, 0.0).max(axis=0)
    cheapest = np.where(may, work, np.inf).min(axis=0)
    shut_in = (must * work).sum(axis=1)[:, None]
    own = shut_in + np.where(must, 0.0, work)
    rest = ((~must) @ dearest)[:, None] - np.where(must, 0.0, dearest)
    above = np.where(may, p * own / np.maximum(own + rest, 1e-9) - 1, np.inf).min(axis=0)
    most = (may * work).sum(axis=1)
    others = (~may) @ cheapest
    below = 1 - p * most / np.maximum(most + others, 1e-9)
    return max(0.0, float(above.max()), float(below.max()))


def _may_own(ground: Ground) -> Flags:
    """Tell what each platform gets to without passing over another one's unit, shape (p, U)."""
    may = np.zeros((ground.platform_count, ground.unit_count), dtype=bool)
    adjacency = ground.adjacency
    for r, unit in enumerate(ground.seed):
        free = np.ones(ground.unit_count, dtype=bool)
        free[ground.seed] = False
        free[unit] = True
        kept = np.flatnonzero(free)
        part = connected_components(adjacency[kept][:, kept], directed=False)[1]
        may[r, kept] = part == part[np.searchsorted(kept, unit)]
    return may
