"""A ring: what is inside, what is outside, and the nodes and roads between."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.streets.street_graph import StreetGraph

Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Ring:
    """A ring to be closed; the nodes that are neither inside nor outside lie on it.

    Parameters
    ----------
    name
        What the study calls it.
    inside, outside
        Nodes on either side, shape (n,).

    Raises
    ------
    ValueError
        The shapes differ, or a node is on both sides.
    """

    name: str
    inside: Mask
    outside: Mask

    def __post_init__(self) -> None:
        for name in ("inside", "outside"):
            mask = np.array(getattr(self, name), dtype=bool)
            mask.setflags(write=False)
            object.__setattr__(self, name, mask)
        if self.inside.shape != self.outside.shape or (self.inside & self.outside).any():
            message = f"ring {self.name}: every node must be inside, outside or between, not two"
            raise ValueError(message)

    @property
    def annulus(self) -> Mask:
        """Mark the nodes on the ring itself, shape (n,)."""
        return ~(self.inside | self.outside)

    def roads(self, graph: StreetGraph) -> Mask:
        """Mark the roads that touch the ring or run straight across it, shape (r,)."""
        within = (self.inside[graph.tail] & self.inside[graph.head]) | (
            self.outside[graph.tail] & self.outside[graph.head]
        )
        mask = np.zeros(graph.road_count, dtype=bool)
        mask[graph.road[~within]] = True
        return mask
