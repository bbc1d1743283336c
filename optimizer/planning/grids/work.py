"""The work at every road node: calls per day by category and shift, and how long each takes."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from optimizer.planning.inputs import CityInputs
from optimizer.planning.placed_calls import placed_calls, totals
from optimizer.study import Study

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CallWork:
    """Calls of the same category at the same road node, k such pairs.

    Parameters
    ----------
    node, category
        Road node and code of the category of each pair, shape (k,).
    calls
        Calls per day in each of s shifts, shape (k, s).
    weight
        What the plan makes of them, per day: calls x weights, shape (k,).
    category_names, shift_names
        The c categories and the s shifts.
    scene_s
        Seconds that a call of each category takes beside the way there: turnout and handling,
        shape (c,).
    node_count
        Number of road nodes n.
    """

    node: Ints
    category: Ints
    calls: Floats
    weight: Floats
    category_names: tuple[str, ...]
    shift_names: tuple[str, ...]
    scene_s: Floats
    node_count: int

    def calls_of_nodes(self) -> Floats:
        """Count the calls per day at every node, shape (n,)."""
        return totals(self.node, self.calls.sum(axis=1), self.node_count)

    def scene_s_of_nodes(self) -> Floats:
        """Average the seconds beside the way there over the calls of every node, shape (n,)."""
        calls = self.calls_of_nodes()
        spent_s = self.calls.sum(axis=1) * self.scene_s[self.category]
        total_s = totals(self.node, spent_s, self.node_count)
        return np.divide(total_s, calls, out=np.zeros(self.node_count), where=calls > 0)

    def weight_of_nodes(self) -> Floats:
        """Sum the weight per day at every node, shape (n,)."""
        return totals(self.node, self.weight, self.node_count)


def call_work(study: Study, inputs: CityInputs) -> CallWork:
    """Gather the calls of the planning window, or the counts, at their road nodes."""
    calls = placed_calls(study, inputs)
    names, by_shift = calls.category_names, calls.by_shift(inputs.shifts)
    pairs, of_call = np.unique(calls.node * len(names) + calls.category, return_inverse=True)
    return CallWork(
        node=(pairs // len(names)).astype(np.int32),
        category=(pairs % len(names)).astype(np.int32),
        calls=np.column_stack([totals(of_call, part, len(pairs)) for part in by_shift.T]),
        weight=totals(of_call, calls.weight, len(pairs)),
        category_names=names,
        shift_names=inputs.shifts.names,
        scene_s=calls.scene_s,
        node_count=inputs.network.node_count,
    )
