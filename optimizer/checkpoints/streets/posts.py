"""Where posts stand, and where they may: at junctions and on roads."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Posts:
    """A set of posts; a post stops whoever comes by, whichever way. Arrays are sorted, read-only.

    Parameters
    ----------
    nodes
        Junctions with a post, shape (k,).
    roads
        Roads with a post, shape (l,).
    """

    nodes: Ints
    roads: Ints

    def __post_init__(self) -> None:
        for name in ("nodes", "roads"):
            array = np.array(getattr(self, name), dtype=np.int32)
            if (np.diff(array) <= 0).any():
                array = np.unique(array)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.nodes) + len(self.roads)

    def joined(self, others: Posts) -> Posts:
        """Let others stand beside these."""
        return Posts(np.concatenate([self.nodes, others.nodes]),
                     np.concatenate([self.roads, others.roads]))  # fmt: skip

    def closed_nodes(self, graph: StreetGraph) -> Mask:
        """Mark the junctions with a post, shape (n,)."""
        return _mask(graph.node_count, self.nodes)

    def closed_roads(self, graph: StreetGraph) -> Mask:
        """Mark the roads with a post, shape (r,)."""
        return _mask(graph.road_count, self.roads)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PostSites:
    """Where posts may stand and what each costs; every array is read-only.

    Parameters
    ----------
    node_cost, road_cost
        Cost of a post at each junction, shape (n,), and on each road, shape (r,), above 0; inf:
        no post may stand there.
    must
        Posts that stand in any case; they are counted, and cost what their sites cost.
    node_kind, road_kind
        Index into ``kinds`` of a post at each site, shapes (n,) and (r,).
    kinds
        Names of the kinds of post.

    Raises
    ------
    ValueError
        A cost is not above 0, or lengths differ.
    """

    node_cost: Floats
    road_cost: Floats
    must: Posts
    node_kind: NDArray[np.int16]
    road_kind: NDArray[np.int16]
    kinds: tuple[str, ...] = ("post",)

    def __post_init__(self) -> None:
        for name, kind in (("node_cost", np.float64), ("road_cost", np.float64),
                           ("node_kind", np.int16), ("road_kind", np.int16)):  # fmt: skip
            array = np.array(getattr(self, name), dtype=kind)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        if not ((self.node_cost > 0).all() and (self.road_cost > 0).all()):
            message = "the cost of a post must be a number above 0 (inf: no post may stand there)"
            raise ValueError(message)
        if len(self.node_cost) != len(self.node_kind) or len(self.road_cost) != len(self.road_kind):
            message = "costs and kinds of post sites must have one length"
            raise ValueError(message)


def anywhere(graph: StreetGraph) -> PostSites:
    """Let posts stand at every junction and on every road, each at a cost of 1."""
    n, r = graph.node_count, graph.road_count
    return PostSites(np.ones(n), np.ones(r), Posts(np.empty(0, np.int32), np.empty(0, np.int32)),
                     np.zeros(n, np.int16), np.zeros(r, np.int16))  # fmt: skip


def _mask(size: int, chosen: Ints) -> Mask:
    mask = np.zeros(size, dtype=bool)
    mask[chosen] = True
    return mask
