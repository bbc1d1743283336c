"""Electronic gates: cameras that see who passes; what they see, and where one more is best.

To a camera an escape is seen if the route meets it, as a post would stop it: the same mathematics.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.interception.escapes import Escapes, sites_passed
from optimizer.checkpoints.interception.method import Interception, intercept
from optimizer.checkpoints.interception.scoring import check_posts
from optimizer.checkpoints.streets.posts import Posts, PostSites

Ints = NDArray[np.int32]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GateCover:
    """What a set of electronic gates sees of the escapes.

    Parameters
    ----------
    gates
        Where they stand.
    shares
        Share of the weight of which every route within a detour tolerance is seen.
    quickest_share
        Share of the weight whose quickest route is seen: of use only while nobody evades gates.
    blind
        Nodes of the quickest route that no gate sees; None where there is none.
    next_gates
        The places most worth one more gate each, together; None if none were asked for.
    """

    gates: Posts
    shares: Mapping[float, float]
    quickest_share: float
    blind: Ints | None
    next_gates: Interception | None


def gate_cover(
    escapes: Escapes,
    gates: Posts,
    sites: PostSites,
    more: int = 0,
    *,
    tau: float = 0.25,
    time_limit_s: float = 30.0,
) -> GateCover:
    """Find what gates see, and where further ones would see most.

    Parameters
    ----------
    escapes
        From where to where, and how likely.
    gates
        Those that stand.
    sites
        Where further ones may stand.
    more
        How many further ones to place.
    tau
        Detour tolerance at which they are placed.

    Raises
    ------
    ValueError
        A gate does not exist, or a number is out of range.
    """
    check_posts(escapes.graph, gates)
    placed = None
    if more:
        placed = intercept(
            escapes.graph, escapes.origins, escapes.weight, escapes.exits, sites, more,
            tau=tau, fixed=gates, time_limit_s=time_limit_s,
        )  # fmt: skip
    return GateCover(
        gates, escapes.shares(gates), _quickest_share(escapes, gates), escapes.leak(gates), placed,
    )  # fmt: skip


def _quickest_share(escapes: Escapes, gates: Posts) -> float:
    """Add up the weight whose one quickest route passes a gate; who has none is not seen."""
    graph = escapes.graph
    leaving = np.flatnonzero(np.isfinite(escapes.free_s))
    passed = sites_passed(escapes, escapes.ways_out(), escapes.origins[leaving])
    closed = np.concatenate([gates.closed_nodes(graph), gates.closed_roads(graph)])
    seen = passed.sums(closed.astype(np.float64)) > 0
    return float(escapes.weight[leaving[seen]].sum()) / escapes.total_weight
