"""Why posts cannot be closed sooner: some of them wait for too few units."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, maximum_bipartite_matching

from optimizer.errors import SolverError

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class HoldUp:
    """Exits, and the units that can close any of them before a time: one fewer than exits.

    Parameters
    ----------
    exits, units
        Indices, ascending; read-only.
    before_s
        The time.
    """

    exits: Ints
    units: Ints
    before_s: float

    def __post_init__(self) -> None:
        self.exits.setflags(write=False)
        self.units.setflags(write=False)


def find_hold_up(arrival_s: Floats, latest_s: float) -> HoldUp:
    """Prove that the last of all exits cannot be closed sooner, by a matching.

    A largest matching of exits to the units that are there before ``latest_s`` leaves an exit out.
    What alternating paths reach from it is a set of exits with too few units: Hall's condition. It
    shares no code with the assignment whose latest time it proves.

    Source: Hall (1935), doi:10.1112/jlms/s1-10.37.26; Hopcroft & Karp (1973), doi:10.1137/0202019.

    Parameters
    ----------
    arrival_s
        Seconds until each unit can close each exit, shape (u, e).
    latest_s
        When the last exit is closed, of an assignment that closes all of them.

    Raises
    ------
    SolverError
        All exits can be closed sooner.
    """
    exits = arrival_s.shape[1]
    early = arrival_s < latest_s
    unit_of = maximum_bipartite_matching(csr_array(early.T), perm_type="column")
    left_out = np.flatnonzero(unit_of < 0)
    if len(left_out) == 0:
        message = f"all exits can be closed before {latest_s} s, which was said to be the soonest"
        raise SolverError(message)
    steps = np.zeros((exits, exits), dtype=bool)  # to the exit that a unit in time is matched to
    matched = np.flatnonzero(unit_of >= 0)
    steps[:, matched] = early[unit_of[matched]].T
    reached = breadth_first_order(csr_array(steps), left_out[0], return_predecessors=False)
    chosen = np.sort(reached).astype(np.int32)
    return HoldUp(chosen, np.flatnonzero(early[:, chosen].any(axis=1)).astype(np.int32), latest_s)
