"""Where to split the plans: neighbourhoods in which the relaxation opens about half a platform.

Closing one site of many that are nearly alike changes nothing. Closing a whole neighbourhood, or
asking for one site of it, does: both halves lose.
"""

from __future__ import annotations

import numpy as np

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover
from optimizer.siting.covering.bounds import site_values
from optimizer.siting.covering.relaxation import FRACTIONAL
from optimizer.siting.problem import Flags, Indices, Weights

CENTRES = 40


def neighbourhoods(cover: Cover, free: Flags, degrees: Weights, wanted: int) -> list[Indices]:
    """Choose sets of alike free sites to branch on, the most promising first.

    Parameters
    ----------
    cover
        The reduced problem.
    free
        Sites that may open or not [m].
    degrees
        How far the relaxation opens each site [m].
    wanted
        Number of sets.

    Returns
    -------
    Sets of free sites; in each the degrees add up to about a half. Where all degrees are whole,
    the one site that is open most.
    """
    fractional = np.flatnonzero(free & (degrees > FRACTIONAL) & (degrees < 1 - FRACTIONAL))
    if not len(fractional):
        some = np.flatnonzero(free)
        return [some[[np.argmax(degrees[some])]]]
    centres = fractional[np.argsort(-degrees[fractional], kind="stable")[:CENTRES]]
    worth = site_values(cover, cover.weight)
    found: dict[tuple[int, ...], float] = {}
    for centre in centres:
        shared = _shared_weight(cover, int(centre))
        alike = shared / (worth[centre] + worth - shared)
        near = np.flatnonzero(free & (shared > 0))
        near = near[np.argsort(-alike[near], kind="stable")]
        total = np.cumsum(degrees[near])
        size = int(np.argmin(np.abs(total - 0.5))) + 1
        members = near[:size]
        spread = float((degrees[members] ** 2).sum() / total[size - 1])
        found[tuple(sorted(members.tolist()))] = abs(float(total[size - 1]) - 0.5) + 0.5 * spread
    best = sorted(found, key=lambda members: (found[members], members))[:wanted]
    return [np.array(members, dtype=np.int64) for members in best]


@compiled
def _shared_weight(cover: Cover, centre: int) -> Weights:
    """Weight that each site covers together with the centre [m]."""
    shared = np.zeros(len(cover.site_ptr) - 1)
    for k in range(cover.site_ptr[centre], cover.site_ptr[centre + 1]):
        j = cover.site_points[k]
        for a in range(cover.point_ptr[j], cover.point_ptr[j + 1]):
            shared[cover.point_sites[a]] += cover.weight[j]
    return shared
