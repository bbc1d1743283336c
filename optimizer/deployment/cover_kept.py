"""What a grid's units reach in time from wherever they are."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.grid_demand import GridDemand
from optimizer.roads import RoadNetwork, travel_times

Floats = NDArray[np.float64]
Nodes = NDArray[np.int32]

NEVER = -1
"""Slack of demand that is not reached in time, milliseconds."""


@dataclasses.dataclass(frozen=True, slots=True)
class Track:
    """Where a unit is during one round.

    Parameters
    ----------
    node
        The junctions that it passes, in order; one where it stands is listed when it gets there
        and when it leaves.
    at_s
        When it is there, seconds from the start of the round, ascending.
    """

    node: tuple[int, ...]
    at_s: tuple[float, ...]

    def ahead(self, now_s: float) -> tuple[int, float]:
        """Tell which junction a unit reaches next, and in how many seconds, just after a moment.

        Between two junctions it can only go on. After the round it stands at its end.
        """
        last = bisect_right(self.at_s, now_s) - 1
        if last + 1 >= len(self.node) or self.node[last + 1] == self.node[last]:
            return self.node[last], 0.0
        return self.node[last + 1], self.at_s[last + 1] - now_s


class GridCover:
    """The share of its cover from the platform that a grid keeps."""

    def __init__(self, network: RoadNetwork, platform_node: int, demand: GridDemand) -> None:
        self._network = network
        self.demand = demand
        self._slack_ms: dict[int, NDArray[np.int32]] = {}
        self.prepare([platform_node])
        self._home = self._weight(self._slack_ms[platform_node] >= 0)

    def prepare(self, nodes: Iterable[int]) -> None:
        """Time the ways from some junctions to the demand, all at once."""
        new = np.array(sorted(set(nodes) - self._slack_ms.keys()), dtype=np.int32)
        demand = self.demand
        times = travel_times(self._network, new, demand.node, demand.longest_s)
        for row, node in enumerate(new.tolist()):
            reached = slice(times.indptr[row], times.indptr[row + 1])
            target = times.target[reached]
            slack = np.full(len(demand.node), NEVER, dtype=np.int32)
            slack[target] = np.rint(1000 * demand.drive_s[target]) - np.rint(
                1000 * times.travel_s[reached].astype(np.float64)
            )
            self._slack_ms[node] = slack

    def kept(self, ahead: Iterable[tuple[int, float]]) -> float:
        """Share of the cover from the platform that units keep; 1 where there is none.

        Parameters
        ----------
        ahead
            Junction that each unit reaches next, and in how many seconds.
        """
        if self._home <= 0:
            return 1.0
        reached = np.zeros(len(self.demand.node), dtype=bool)
        for node, seconds in ahead:
            reached |= self._slack_ms[node] >= max(0, round(1000 * seconds))
        return self._weight(reached) / self._home

    def least(self, tracks: Sequence[Track]) -> tuple[float, float]:
        """Find the smallest share kept during a round of some units, and when that is.

        A unit that drives towards a junction reaches ever more from there, so it is enough to look
        just after each moment at which some unit passes a junction or sets off.
        """
        self.prepare(node for track in tracks for node in track.node)
        moments = sorted({moment for track in tracks for moment in track.at_s})
        kept = [(self.kept(track.ahead(moment) for track in tracks), moment) for moment in moments]
        return min(kept, default=(1.0, 0.0))

    def _weight(self, reached: NDArray[np.bool_]) -> float:
        return float(self.demand.weight[reached].sum())
