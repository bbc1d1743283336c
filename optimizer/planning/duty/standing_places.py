"""Where a single vehicle may stand between the platforms, and which of these places differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from optimizer.deployment import QuickResponseSettings
from optimizer.planning.faults import present
from optimizer.planning.inputs import CityInputs
from optimizer.planning.problem import SiteRules, platform_settings
from optimizer.roads import TravelTimes, in_forbidden_ground
from optimizer.siting import reach_within
from optimizer.siting.merging import merged_points
from optimizer.study import Study

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


def standing_nodes(
    study: Study, settings: QuickResponseSettings, inputs: CityInputs, rules: SiteRules
) -> Ints:
    """List the road nodes at which a point may stand, ascending; none is on forbidden ground."""
    if settings.candidates == "platforms":
        return np.sort(rules.sites.node[~rules.forbidden])
    network = inputs.network
    if settings.candidates == "roads":
        nodes = np.arange(network.node_count, dtype=np.int32)
    else:
        nodes = np.unique(present(inputs.duty.standing_nodes))
    banned = in_forbidden_ground(network, nodes, platform_settings(study), network.crs, study.root)
    return nodes[~banned]


def that_differ(
    times: TravelTimes,
    weight: NDArray[np.float64],
    standard_s: NDArray[np.float64],
    turnout_s: float,
) -> tuple[Longs, Longs, Ints]:
    """Keep one of all places that reach the same holes in time: that which is there soonest.

    No choice loses by it: whoever stands at one of the others closes the same from the one kept.

    Parameters
    ----------
    times
        From the places to the k holes.
    weight, standard_s
        Of the holes, shape (k,).

    Returns
    -------
    The places kept, ascending, shape (m,); places that close nothing are left out. Row pointers,
    shape (m + 1,), and holes: which place closes which.
    """
    indptr, hole = reach_within(times.indptr, times.target, times.travel_s, standard_s, turnout_s)
    shape = (len(indptr) - 1, len(weight))
    closes = sparse.csr_matrix((np.ones(len(hole), np.int8), hole, indptr), shape=shape)
    travel_s = times.travel_s.astype(np.float64)
    timed = sparse.csr_matrix((travel_s, times.target, times.indptr), shape=shape)
    waiting = closes.multiply(timed) @ weight
    soonest_first = np.argsort(waiting, kind="stable")
    kept = np.sort(soonest_first[merged_points(closes[soonest_first])[1]])
    closes = closes[kept]
    return kept, closes.indptr.astype(np.int64), closes.indices.astype(np.int32)
