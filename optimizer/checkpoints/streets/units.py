"""Who can be sent: cars and boats, ready at once or later, alone or several at one place."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.streets.shortest_times import shortest_times
from optimizer.checkpoints.streets.street_graph import StreetGraph

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mode = Literal["car", "boat"]

WORKERS = 2
"""Places from which ways are searched at a time."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Groups of like units, each at one place; every array is read-only.

    Parameters
    ----------
    ids, names
        Of each group, g of either; no id twice.
    node
        Where each group stands, shape (g,).
    capacity
        Units in each group, from 1 up, shape (g,).
    mode
        What each group drives, g of them.
    ready_s
        Seconds after the order until each group can turn out, shape (g,).

    Raises
    ------
    ValueError
        Lengths differ, an id stands twice, a group is empty, or is ready before it is called.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    node: Ints
    capacity: Ints
    mode: tuple[Mode, ...]
    ready_s: Floats

    def __post_init__(self) -> None:
        for name, kind in (("node", np.int32), ("capacity", np.int32), ("ready_s", np.float64)):
            array = np.array(getattr(self, name), dtype=kind)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        columns = (self.ids, self.names, self.node, self.capacity, self.mode, self.ready_s)
        if len({len(column) for column in columns}) > 1:
            message = "ids, names, node, capacity, mode and ready_s of units must have one length"
            raise ValueError(message)
        if len(set(self.ids)) < len(self.ids):
            message = "every group of units needs an id of its own"
            raise ValueError(message)
        if not ((self.capacity >= 1).all() and (self.ready_s >= 0).all()):
            message = "a group has at least one unit, and is ready 0 or more seconds after the call"
            raise ValueError(message)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def count(self) -> int:
        """Number of units in all groups."""
        return int(self.capacity.sum())

    def single(self) -> Units:
        """Tell the units of each group apart: C001 with two of them becomes C001#1 and C001#2."""
        group = np.repeat(np.arange(len(self)), self.capacity)
        first = np.repeat(np.cumsum(self.capacity) - self.capacity, self.capacity)
        number = np.arange(len(group)) - first + 1
        return Units(
            ids=tuple(
                self.ids[at] if self.capacity[at] == 1 else f"{self.ids[at]}#{nth}"
                for at, nth in zip(group.tolist(), number.tolist(), strict=True)
            ),
            names=tuple(self.names[at] for at in group),
            node=self.node[group],
            capacity=np.ones(len(group), np.int32),
            mode=tuple(self.mode[at] for at in group),
            ready_s=self.ready_s[group],
        )


def arrivals(units: Units, graphs: Mapping[Mode, StreetGraph], *, delay_s: float = 0.0) -> Floats:
    """Find when each group can be at every node, seconds after the order, shape (g, n).

    Parameters
    ----------
    graphs
        What each mode drives on: graphs of the same nodes, such as all streets for cars and all
        waters for boats.
    delay_s
        What passes in any case beside getting ready and driving, such as turnout and set-up.

    Raises
    ------
    KeyError
        A group has a mode without a graph.
    """
    places = list(zip(units.mode, units.node.tolist(), strict=True))
    distinct = list(dict.fromkeys(places))

    def drive(place: tuple[Mode, int]) -> Floats:
        mode, node = place
        return shortest_times(graphs[mode], np.array([node]))

    with ThreadPoolExecutor(WORKERS) as pool:
        driving = dict(zip(distinct, pool.map(drive, distinct), strict=True))
    times = np.empty((len(units), graphs["car"].node_count))
    for row, place in enumerate(places):
        times[row] = driving[place] + units.ready_s[row] + delay_s
    return times
