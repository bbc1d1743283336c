"""Where a fugitive has got away: at listed exits, beyond the outermost ring, off the data."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import DataGround, data_ground, edge_nodes
from optimizer.planning.exits import read_exits
from optimizer.planning.faults import present
from optimizer.planning.rings import Rings
from optimizer.planning.streets import Streets
from optimizer.study import Study

Ints = NDArray[np.int32]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class WayOut:
    """Where a fugitive has got away.

    Parameters
    ----------
    nodes
        Nodes of the streets; whoever reaches one of them is away.
    ground
        What the roads cover.
    edge
        Nodes at which roads end at the edge of the data.
    source
        Of ``nodes``: "listed" in a file; "ring", beyond the outermost ring, with the roads that
        leave the data within it unless the study says that they are closed; "edge" only, without
        a ring; "none": nobody gets away anywhere.
    warnings
        Sentences that a planner should read.
    """

    nodes: Ints
    ground: DataGround
    edge: Ints
    source: str
    warnings: tuple[str, ...] = ()


def ways_out(study: Study, streets: Streets, rings: Rings) -> WayOut:
    """Find where a fugitive has got away in a study with [checkpoints].

    Raises
    ------
    InputError
        The file of exits is missing or wrong.
    """
    settings = present(study.settings.checkpoints)
    ways = streets.ways
    ground = data_ground(streets.whole.lines)
    edge = edge_nodes(ways.graph, ways.x_m, ways.y_m, ground)
    if settings.exits is not None:
        listed = read_exits(settings.exits, streets, study.root)
        return WayOut(np.unique(listed.node), ground, edge, "listed", listed.warnings)
    open_edge = edge if settings.edge_of_data == "open" else np.empty(0, np.int32)
    outermost = rings.outermost
    if outermost is None:
        return WayOut(open_edge, ground, edge, "edge" if len(open_edge) else "none")
    outside, graph = outermost.ring.outside, ways.graph
    gates = np.unique(graph.head[outside[graph.head] & ~outside[graph.tail]])
    nodes = np.union1d(gates, open_edge[~outside[open_edge]]).astype(np.int32)
    return WayOut(nodes, ground, edge, "ring")
