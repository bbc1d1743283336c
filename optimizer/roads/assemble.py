"""From segments with speeds and directions to a network of all of them."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from optimizer.roads.junctions import Segments
from optimizer.roads.main_part import renumbered, strong_components
from optimizer.roads.network import NetworkReport, WholeNetwork
from optimizer.roads.oneways import BACKWARD, FORWARD

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """What is known of each segment, shape (s,); direction: 0 both, 1 forward, -1 backward."""

    length_m: Floats
    direction: NDArray[np.int8]
    speed_kph: Floats
    name: Objects
    road_class: Objects


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Arcs:
    """One-directional arcs between nodes, each along a segment."""

    tail: Longs
    head: Longs
    segment: Longs
    travel_ms: Floats

    def take(self, kept: NDArray[np.bool_] | Longs) -> _Arcs:
        """Return some of the arcs."""
        return _Arcs(*(getattr(self, field.name)[kept] for field in dataclasses.fields(self)))


def assemble(
    segments: Segments, traits: Traits, crs: CRS, speed_factor: float, report: NetworkReport
) -> WholeNetwork:
    """Turn segments into arcs, and order the nodes: those of the main component first.

    Of several arcs between the same two nodes the fastest one stays (a matrix would add them up);
    loops lead nowhere and go.

    Parameters
    ----------
    segments
        Pieces of road in the plane of ``crs``.
    report
        What is known so far; the counts of nodes and arcs are filled in here.
    """
    n = len(segments.x)
    arcs = _fastest(_both_ways(segments, traits, speed_factor), n)
    found = len(arcs.tail)
    arcs = arcs.take(arcs.tail != arcs.head)
    components, label = strong_components(arcs.tail, arcs.head, n)
    main = label == np.bincount(label).argmax()
    order = np.concatenate([
        group[_morton_order(segments.x[group], segments.y[group])]
        for group in (np.flatnonzero(main), np.flatnonzero(~main))
    ])  # fmt: skip
    place = renumbered(order, n)
    arcs = arcs.take(np.lexsort((place[arcs.head], place[arcs.tail])))
    ids = _ids_by_place(segments.x, segments.y) if segments.ids is None else segments.ids
    return WholeNetwork(
        node_ids=ids[order], x_m=segments.x[order], y_m=segments.y[order],
        tail=place[arcs.tail], head=place[arcs.head], travel_ms=arcs.travel_ms,
        length_m=traits.length_m[arcs.segment], line=arcs.segment.astype(np.int32),
        lines=segments.lines, line_name=traits.name,
        line_class=traits.road_class, line_speed_kph=traits.speed_kph,
        crs=crs,
        report=dataclasses.replace(
            report, nodes_found=n, arcs_found=found, components=components,
            main_share=float(main.sum()) / n, nodes=n, arcs=len(arcs.tail),
            length_km=float(traits.length_m.sum() / 1000),
        ),
        line_ends=place[np.column_stack([segments.tail, segments.head])],
        line_length_m=traits.length_m,
    )  # fmt: skip


def _both_ways(segments: Segments, traits: Traits, speed_factor: float) -> _Arcs:
    """Make an arc for every way that a segment may be driven."""
    seconds = traits.length_m * 3.6 / (traits.speed_kph * speed_factor)
    ahead = np.flatnonzero(traits.direction != BACKWARD)
    back = np.flatnonzero(traits.direction != FORWARD)
    segment = np.concatenate([ahead, back])
    return _Arcs(
        tail=np.concatenate([segments.tail[ahead], segments.head[back]]),
        head=np.concatenate([segments.head[ahead], segments.tail[back]]),
        segment=segment,
        travel_ms=1000 * seconds[segment],
    )


def _fastest(arcs: _Arcs, n: int) -> _Arcs:
    """Keep the fastest arc between each pair of nodes; of equals, the first in the file."""
    pair = arcs.tail * n + arcs.head
    order = np.lexsort((arcs.segment, arcs.travel_ms, pair))
    first = np.concatenate([[True], pair[order][1:] != pair[order][:-1]])
    return arcs.take(order[first[: len(order)]])


def _ids_by_place(x_m: Floats, y_m: Floats) -> Objects:
    """Give ids from "1" by x, then y, to the centimetre: the same roads get the same ids."""
    order = np.lexsort((np.round(y_m * 100), np.round(x_m * 100)))
    ids = np.empty(len(order), dtype=object)
    ids[order] = [str(number) for number in range(1, len(order) + 1)]
    return ids


def _morton_order(x_m: Floats, y_m: Floats) -> Longs:
    """Order places along a Z-shaped curve that fills the plane (Morton 1966)."""
    if len(x_m) == 0:
        return np.empty(0, dtype=np.int64)
    size = max(np.ptp(x_m), np.ptp(y_m), 1e-9)
    code = np.zeros(len(x_m), dtype=np.uint64)
    for axis, values in enumerate((x_m, y_m)):
        cell = ((values - values.min()) / size * (2**21 - 1)).astype(np.uint64)
        for bit in range(21):
            code |= ((cell >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")
