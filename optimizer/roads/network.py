"""The road network as every later stage sees it: nodes, arcs with exact times, lines to draw."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]


@dataclasses.dataclass(frozen=True, slots=True)
class NetworkReport:
    """What became of the road file.

    Parameters
    ----------
    source
        Name of the file.
    lines_read, lines_dropped
        Lines in the file, and reason -> number left out.
    lines_split
        Lines that run through a junction and were cut there.
    speeds_from
        "column", "class" and "default" -> number of lines whose speed comes from there.
    columns
        Meaning -> name of the column it was read from.
    warnings
        Sentences that a planner should read.
    nodes_found, arcs_found
        Before the main component is taken; arcs are distinct pairs of nodes, loops included.
    components
        Strongly connected components found.
    main_share
        Share of the nodes found that lie in the largest of them.
    nodes, arcs, length_km
        Of this network; the length counts each line once.
    """

    source: str
    lines_read: int
    lines_dropped: dict[str, int]
    lines_split: int
    speeds_from: dict[str, int]
    columns: dict[str, str]
    warnings: tuple[str, ...] = ()
    nodes_found: int = 0
    arcs_found: int = 0
    components: int = 0
    main_share: float = 0.0
    nodes: int = 0
    arcs: int = 0
    length_km: float = 0.0


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RoadNetwork:
    """A road network in a planar CRS; every array is read-only.

    Platforms are planned on a strongly connected one; whoever flees also uses the rest, which a
    :class:`WholeNetwork` has. Nodes stand along a space-filling curve, so that neighbours in the
    city are neighbours in memory; arcs are sorted by tail, then head, and no pair of nodes has
    two.

    Parameters
    ----------
    node_ids
        The file's own ids as text, or "1".."n" by place, shape (n,).
    x_m, y_m
        Coordinates of the nodes in ``crs``, metres, shape (n,).
    tail, head
        Nodes that each arc leaves and enters, shape (a,).
    travel_ms
        Time along each arc, milliseconds, shape (a,).
    length_m
        Length of each arc, metres, shape (a,).
    line
        Index of the line that each arc follows, shape (a,).
    lines
        Shapely LineStrings in ``crs``, shape (l,).
    line_name, line_class
        Street name and road class of each line, "" where unknown, shape (l,).
    line_speed_kph
        Speed on each line before the speed factor, shape (l,).
    crs
        Planar CRS in metres.
    report
        How the network came about.

    Raises
    ------
    ValueError
        Lengths differ, or an index or a time lies out of range.
    """

    node_ids: Objects
    x_m: Floats
    y_m: Floats
    tail: Ints
    head: Ints
    travel_ms: Floats
    length_m: Floats
    line: Ints
    lines: Objects
    line_name: Objects
    line_class: Objects
    line_speed_kph: Floats
    crs: CRS
    report: NetworkReport

    def __post_init__(self) -> None:
        for group, kinds in _GROUPS.items():
            for name, kind in kinds.items():
                array: NDArray[Any] = np.array(getattr(self, name), dtype=kind)
                array.setflags(write=False)
                object.__setattr__(self, name, array)
            sizes = {name: len(getattr(self, name)) for name in kinds}
            if len(set(sizes.values())) > 1:
                message = f"{group} of a road network differ in number: {sizes}"
                raise ValueError(message)
        self._check_ranges()

    def _check_ranges(self) -> None:
        for name, bound in (("tail", self.node_count), ("head", self.node_count),
                            ("line", len(self.lines))):  # fmt: skip
            index = getattr(self, name)
            if len(index) and not (index.min() >= 0 and index.max() < bound):
                message = f"{name} of a road network must lie between 0 and {bound - 1}"
                raise ValueError(message)
        if len(self.travel_ms) and self.travel_ms.min() < 0:
            message = "travel_ms of a road network must not be negative"
            raise ValueError(message)

    @property
    def node_count(self) -> int:
        """Number of nodes n."""
        return len(self.x_m)

    @property
    def arc_count(self) -> int:
        """Number of arcs a."""
        return len(self.tail)

    def nodes_of(self, ids: Iterable[str]) -> Ints:
        """Find nodes by their ids, shape (k,); -1: there is no such node."""
        wanted = list(ids)
        sought = set(wanted)
        index = {
            node_id: node
            for node, node_id in enumerate(self.node_ids.tolist())
            if node_id in sought
        }
        return np.array([index.get(node_id, -1) for node_id in wanted], dtype=np.int32)

    def degree(self) -> Ints:
        """Count the legs of every node: distinct neighbours, whichever way the traffic runs."""
        low, high = np.minimum(self.tail, self.head), np.maximum(self.tail, self.head)
        proper = low != high
        pairs = np.unique(low[proper].astype(np.int64) * self.node_count + high[proper])
        ends = np.concatenate([pairs // self.node_count, pairs % self.node_count])
        return np.bincount(ends, minlength=self.node_count).astype(np.int32)

    def streets_at(self, nodes: Sequence[int] | NDArray[np.integer[Any]]) -> list[str]:
        """Name the streets that meet at each of some nodes, as in "Elm St / Main St", or ""."""
        wanted = np.zeros(self.node_count, dtype=bool)
        wanted[np.asarray(nodes, dtype=np.int64)] = True
        names: dict[int, set[str]] = {}
        for ends in (self.tail, self.head):
            arcs = np.flatnonzero(wanted[ends])
            for node, name in zip(ends[arcs].tolist(), self.line_name[self.line[arcs]],
                                  strict=True):  # fmt: skip
                if name:
                    names.setdefault(node, set()).add(name)
        return [" / ".join(sorted(names.get(int(node), ()))) for node in nodes]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class WholeNetwork(RoadNetwork):
    """All roads of a file: side components and one-way roads that leave the data are in it too.

    The nodes of the main part come first and in its order, so that they have one number in both.

    Parameters
    ----------
    line_ends
        Nodes at the two ends of each line, shape (l, 2).
    line_length_m
        Length of each line, metres, shape (l,).

    Raises
    ------
    ValueError
        Lengths differ, or an index or a time lies out of range.
    """

    line_ends: Ints
    line_length_m: Floats

    def __post_init__(self) -> None:
        RoadNetwork.__post_init__(self)
        for name, kind in (("line_ends", np.int32), ("line_length_m", np.float64)):
            array: NDArray[Any] = np.array(getattr(self, name), dtype=kind)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        if self.line_ends.shape != (len(self.lines), 2) or len(self.line_length_m) != len(
            self.lines
        ):
            message = f"{len(self.lines)} lines of a road network need two ends and a length each"
            raise ValueError(message)


_GROUPS: dict[str, dict[str, type]] = {
    "nodes": {"node_ids": object, "x_m": np.float64, "y_m": np.float64},
    "arcs": {"tail": np.int32, "head": np.int32, "travel_ms": np.float64, "length_m": np.float64,
             "line": np.int32},
    "lines": {"lines": object, "line_name": object, "line_class": object,
              "line_speed_kph": np.float64},
}  # fmt: skip
