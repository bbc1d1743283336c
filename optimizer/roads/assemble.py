"""From segments with speeds and directions to a strongly connected network."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from optimizer.errors import InputError
from optimizer.roads.junctions import Segments
from optimizer.roads.network import NetworkReport, RoadNetwork
from optimizer.roads.oneways import BACKWARD, FORWARD

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Objects = NDArray[np.object_]

SMALL_MAIN_SHARE = 0.9


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
) -> RoadNetwork:
    """Turn segments into arcs, keep the largest strongly connected part, and order its nodes.

    Of several arcs between the same two nodes the fastest one stays (a matrix would add them up);
    loops lead nowhere and go.

    Parameters
    ----------
    segments
        Pieces of road in the plane of ``crs``.
    report
        What is known so far; the counts of nodes and arcs are filled in here.

    Raises
    ------
    InputError
        No two places are connected.
    """
    n = len(segments.x)
    arcs = _fastest(_both_ways(segments, traits, speed_factor), n)
    found = len(arcs.tail)
    arcs = arcs.take(arcs.tail != arcs.head)
    components, main = _main_component(arcs, n)
    if main.sum() < 2:
        raise InputError(
            f"{report.source}: no two places of the roads can be reached from each other; check "
            "the one-way column and whether the lines touch at their ends"
        )
    kept = np.flatnonzero(main)
    kept = kept[_morton_order(segments.x[kept], segments.y[kept])]
    place = _renumbered(kept, n)
    drawn = np.flatnonzero(main[segments.tail] & main[segments.head])
    arcs = arcs.take(main[arcs.tail] & main[arcs.head])
    arcs = arcs.take(np.lexsort((place[arcs.head], place[arcs.tail])))
    ids = _ids_by_place(segments.x, segments.y) if segments.ids is None else segments.ids
    share = len(kept) / n
    return RoadNetwork(
        node_ids=ids[kept], x_m=segments.x[kept], y_m=segments.y[kept],
        tail=place[arcs.tail], head=place[arcs.head], travel_ms=arcs.travel_ms,
        length_m=traits.length_m[arcs.segment],
        line=_renumbered(drawn, len(segments.lines))[arcs.segment],
        lines=segments.lines[drawn], line_name=traits.name[drawn],
        line_class=traits.road_class[drawn], line_speed_kph=traits.speed_kph[drawn],
        crs=crs,
        report=dataclasses.replace(
            report, nodes_found=n, arcs_found=found, components=components, main_share=share,
            nodes=len(kept), arcs=len(arcs.tail),
            length_km=float(traits.length_m[drawn].sum() / 1000),
            warnings=report.warnings + _doubts(report.source, share),
        ),
    )  # fmt: skip


def _main_component(arcs: _Arcs, n: int) -> tuple[int, NDArray[np.bool_]]:
    """Count the strongly connected components and mark the nodes of the largest."""
    links = coo_array((np.ones(len(arcs.tail)), (arcs.tail, arcs.head)), shape=(n, n))
    components, label = connected_components(links, connection="strong")
    return int(components), label == np.bincount(label).argmax()


def _renumbered(kept: Longs, count: int) -> Ints:
    """Return the new place of each of ``count`` things when only some are kept, in that order."""
    place = np.full(count, -1, dtype=np.int32)
    place[kept] = np.arange(len(kept))
    return place


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
    size = max(np.ptp(x_m), np.ptp(y_m), 1e-9)
    code = np.zeros(len(x_m), dtype=np.uint64)
    for axis, values in enumerate((x_m, y_m)):
        cell = ((values - values.min()) / size * (2**21 - 1)).astype(np.uint64)
        for bit in range(21):
            code |= ((cell >> np.uint64(bit)) & np.uint64(1)) << np.uint64(2 * bit + axis)
    return np.argsort(code, kind="stable")


def _doubts(source: str, share: float) -> tuple[str, ...]:
    if share >= SMALL_MAIN_SHARE:
        return ()
    doubt = (
        f"{source}: only {share:.0%} of the road nodes can be reached from each other and are "
        "used; check that lines touch where roads meet, and the values of the one-way column."
    )
    return (doubt,)
