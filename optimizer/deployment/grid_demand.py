"""The demand of one grid, as its cover is measured."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Nodes = NDArray[np.int32]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GridDemand:
    """The demand of one grid; every array has shape (m,).

    Parameters
    ----------
    node
        Road node of each demand point.
    weight
        Its weight.
    drive_s
        Seconds that may be spent on driving there: the standard less the turnout.
    """

    node: Nodes
    weight: Floats
    drive_s: Floats

    @property
    def longest_s(self) -> float:
        """The longest drive that is in time anywhere; 0 where there is no demand."""
        return max(0.0, float(self.drive_s.max(initial=0.0)))
