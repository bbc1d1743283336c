"""How soon a fugitive can be where: speed against the road file's, head start, report, margin."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.streets.shortest_times import shortest_times
from optimizer.checkpoints.streets.street_graph import StreetGraph

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True)
class Evader:
    """A fugitive who drives as fast as he can; the clock starts with the incident.

    Parameters
    ----------
    factor
        How much faster he drives than the road file says.
    profile
        (seconds since he set off, further factor from then on), ascending, the first at 0: some
        start on foot, some take to the motorway. It multiplies ``factor``.
    head_start_s
        How long before the incident was noticed he had set off.
    report_delay_s
        From the incident to the order to the units.
    margin_s
        How long before he can be there a post must stand.

    Raises
    ------
    ValueError
        A factor is not above 0, a time is negative, or the profile does not ascend from 0.
    """

    factor: float = 1.0
    profile: tuple[tuple[float, float], ...] = ((0.0, 1.0),)
    head_start_s: float = 0.0
    report_delay_s: float = 0.0
    margin_s: float = 0.0

    def __post_init__(self) -> None:
        if not all(factor > 0 for factor in (self.factor, *(step[1] for step in self.profile))):
            message = "speed factors of a fugitive must be above 0"
            raise ValueError(message)
        if not all(s >= 0 for s in (self.head_start_s, self.report_delay_s, self.margin_s)):
            message = "head start, report delay and margin must not be negative"
            raise ValueError(message)
        starts = [step[0] for step in self.profile]
        if not starts or starts[0] != 0 or (np.diff(starts) <= 0).any():
            message = "the speed profile of a fugitive must ascend from 0"
            raise ValueError(message)

    def arrival_s(self, driving_s: Floats) -> Floats:
        """Turn seconds at the speeds of the road file into seconds after the incident.

        Whatever the profile, what is nearer by the road file is reached sooner: it speeds up and
        slows down all roads alike.
        """
        starts, factors = np.array(self.profile, dtype=np.float64).T
        speed = self.factor * factors
        driven = np.concatenate([[0.0], np.cumsum(np.diff(starts) * speed[:-1])])
        step = np.searchsorted(driven, driving_s, side="right") - 1
        arrival: Floats = starts[step] + (driving_s - driven[step]) / speed[step]
        return arrival - self.head_start_s

    def earliest_s(self, graph: StreetGraph, origins: NDArray[np.integer]) -> Floats:
        """Tell when each node is reached at the soonest, shape (n,); inf where no road leads.

        With several fugitives: by the first of them. A post in time for the first is in time for
        each.
        """
        return self.arrival_s(shortest_times(graph, origins))
