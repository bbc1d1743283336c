"""The cheapest arcs that cut every route from a source to a sink.

Source: Goldberg and Tarjan (1988), doi:10.1145/48014.61051: preflows and relabelling, as OR-Tools
has them. The routes that prove a cut are found elsewhere, by another algorithm.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow

from optimizer.errors import SolverError

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class MinCut:
    """A cut of least capacity.

    Parameters
    ----------
    value
        Capacity of the arcs that are cut.
    source_side
        Nodes that can still be reached, shape (n,).
    """

    value: int
    source_side: Mask

    def arcs(self, tail: Ints, head: Ints) -> Longs:
        """List the arcs that are cut, in ascending order."""
        return np.flatnonzero(self.source_side[tail] & ~self.source_side[head])


def min_cut(
    node_count: int, tail: Ints, head: Ints, capacity: Longs, source: int, sink: int
) -> MinCut:
    """Find a cut of least capacity: of several, the one nearest to the source.

    Parameters
    ----------
    tail, head
        Nodes that each arc leaves and enters, shape (a,).
    capacity
        What it takes to cut each arc, shape (a,).

    Raises
    ------
    SolverError
        The capacities add up to more than a 64-bit number holds.
    """
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(tail, head, capacity)
    side = np.zeros(node_count, dtype=bool)
    side[source] = True
    if not len(tail) or max(source, sink) > max(tail.max(), head.max()):
        return MinCut(0, side)
    status = solver.solve(source, sink)
    if status != solver.OPTIMAL:
        raise SolverError(f"no minimum cut: OR-Tools stopped with {status}")
    side[np.asarray(solver.get_source_side_min_cut(), dtype=np.int64)] = True
    return MinCut(int(solver.optimal_flow()), side)
