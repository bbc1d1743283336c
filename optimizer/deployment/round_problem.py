"""The question which targets fit into one round of each unit."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RoundProblem:
    """The question which visits fit into one round of each unit.

    A line to be driven along is a visit like any other: its service is the time to drive along it,
    and one leaves it where it ends. Its two directions are two visits of one target, of which at
    most one is made.

    Parameters
    ----------
    travel_s
        Whole seconds from where visit i - 1 is left to where visit j - 1 begins; row and column 0
        are the platform, shape (v + 1, v + 1). Longer than a round: never.
    service_s
        Whole seconds of each visit, shape (v,).
    target
        Target that each visit serves, shape (v,).
    worth
        Of each target, whole numbers above 0, shape (t,).
    limit_s
        Longest round, from the platform to the platform.
    """

    travel_s: NDArray[np.int64]
    service_s: NDArray[np.int64]
    target: NDArray[np.int64]
    worth: NDArray[np.int64]
    limit_s: int

    def duration_s(self, visits: Sequence[int]) -> int:
        """Time one round: travel and service."""
        stops = [0, *(visit + 1 for visit in visits), 0]
        travel = sum(int(self.travel_s[a, b]) for a, b in pairwise(stops))
        return travel + sum(int(self.service_s[visit]) for visit in visits)

    def alone_s(self) -> NDArray[np.int64]:
        """Time the round to each visit alone, shape (v,)."""
        there, back = self.travel_s[0, 1:], self.travel_s[1:, 0]
        return there + self.service_s + back

    def in_reach(self, barred: Collection[int] = ()) -> NDArray[np.int64]:
        """List the visits that fit into a round alone, shape (k,); not those of barred targets."""
        fits = self.alone_s() <= self.limit_s
        return np.flatnonzero(fits & ~np.isin(self.target, list(barred)))

    def take(self, visits: NDArray[np.int64]) -> RoundProblem:
        """Return the problem of some visits alone; the targets keep their numbers."""
        rows = np.concatenate([[0], visits + 1])
        return dataclasses.replace(
            self,
            travel_s=self.travel_s[np.ix_(rows, rows)],
            service_s=self.service_s[visits],
            target=self.target[visits],
        )

    def worth_of(self, rounds: Sequence[Sequence[int]]) -> int:
        """Add up the worth of the targets served."""
        served = {int(self.target[visit]) for visits in rounds for visit in visits}
        return sum(int(self.worth[target]) for target in served)
