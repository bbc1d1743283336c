"""Where a fugitive has got away: at listed exits, beyond the outermost ring, off the data."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import DataGround, data_ground, edge_nodes
from optimizer.errors import InputError
from optimizer.places import PlaceSource, read_places
from optimizer.planning.checkpoint_inputs.exits import read_exits
from optimizer.planning.checkpoint_inputs.rings import Rings
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.faults import present
from optimizer.planning.near_roads import far_faults
from optimizer.roads import snap_places
from optimizer.study import Study

Ints = NDArray[np.int32]

NOWHERE: Ints = np.empty(0, np.int32)


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
        leave the data within it if the study says that they are open; "edge" only, without a ring;
        "none": nobody gets away anywhere.
    uncounted
        Road ends at the edge of the data, within the outermost ring, that are no ways out.
    warnings
        Sentences that a planner should read.
    """

    nodes: Ints
    ground: DataGround
    edge: Ints
    source: str
    uncounted: Ints
    warnings: tuple[str, ...] = ()

    def with_road_ends(self) -> Ints:
        """Count every road that leaves the data as a way out too."""
        return np.union1d(self.nodes, self.uncounted).astype(np.int32)


def ways_out(study: Study, streets: Streets, rings: Rings) -> WayOut:
    """Find where a fugitive has got away in a study with [checkpoints].

    Raises
    ------
    InputError
        The file of exits is missing or wrong, or an exit lies beyond the roads.
    """
    settings = present(study.settings.checkpoints)
    ways = streets.ways
    ground = data_ground(streets.whole.lines)
    edge = edge_nodes(ways.graph, ways.x_m, ways.y_m, ground)
    if settings.exits is not None:
        listed = read_exits(settings.exits, streets, study.root)
        _require_near(settings.exits, streets, study.root)
        nodes = np.unique(listed.node)
        return WayOut(nodes, ground, edge, "listed", NOWHERE, listed.warnings)
    outermost = rings.outermost
    if outermost is None:
        nodes = NOWHERE if settings.edge_of_data == "closed" else edge
        return WayOut(nodes, ground, edge, "edge" if len(nodes) else "none", NOWHERE)
    outside, graph = outermost.ring.outside, ways.graph
    gates = np.unique(graph.head[outside[graph.head] & ~outside[graph.tail]])
    ends = edge[~outside[edge]]
    if settings.edge_of_data == "open":
        nodes = np.union1d(gates, ends).astype(np.int32)
        return WayOut(nodes, ground, edge, "ring", NOWHERE)
    return WayOut(gates, ground, edge, "ring", ends)


def _require_near(source: PlaceSource, streets: Streets, root: Path) -> None:
    """Refuse exits beyond the roads: a net around another place would promise too much."""
    places = read_places(source, streets.whole.crs, root)
    way_m = snap_places(streets.whole, places, source.path).distance_m
    if faults := list(far_faults(source.path, "exit", places, way_m, streets.max_snap_m)):
        raise InputError(faults)
