"""The largest part of the roads in which every place can be reached from every other."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from optimizer.errors import InputError
from optimizer.roads.network import RoadNetwork, WholeNetwork

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

SMALL_MAIN_SHARE = 0.9


def main_part(network: WholeNetwork) -> RoadNetwork:
    """Keep the largest strongly connected part; its nodes keep their order.

    Of several that are largest, the one with the first node.

    Raises
    ------
    InputError
        No two places are connected.
    """
    n = network.node_count
    _, label = strong_components(network.tail, network.head, n)
    main = label == label[np.bincount(label)[label].argmax()]
    if main.sum() < 2:
        raise InputError(
            f"{network.report.source}: no two places of the roads can be reached from each other; "
            "check the one-way column and whether the lines touch at their ends"
        )
    kept = np.flatnonzero(main)
    arcs = np.flatnonzero(main[network.tail] & main[network.head])
    drawn = np.flatnonzero(main[network.line_ends].all(axis=1))
    place = renumbered(kept, n)
    report = network.report
    return RoadNetwork(
        node_ids=network.node_ids[kept], x_m=network.x_m[kept], y_m=network.y_m[kept],
        tail=place[network.tail[arcs]], head=place[network.head[arcs]],
        travel_ms=network.travel_ms[arcs], length_m=network.length_m[arcs],
        line=renumbered(drawn, len(network.lines))[network.line[arcs]],
        lines=network.lines[drawn], line_name=network.line_name[drawn],
        line_class=network.line_class[drawn], line_speed_kph=network.line_speed_kph[drawn],
        crs=network.crs,
        report=dataclasses.replace(
            report, nodes=len(kept), arcs=len(arcs),
            length_km=float(network.line_length_m[drawn].sum() / 1000),
            warnings=report.warnings + _doubts(report.source, len(kept) / n),
        ),
    )  # fmt: skip


def strong_components(
    tail: NDArray[np.integer], head: NDArray[np.integer], n: int
) -> tuple[int, NDArray[np.int32]]:
    """Count the strongly connected components and label the nodes with them, shape (n,)."""
    links = coo_array((np.ones(len(tail)), (tail, head)), shape=(n, n))
    components, label = connected_components(links, connection="strong")
    return int(components), label


def renumbered(kept: NDArray[np.integer], count: int) -> Ints:
    """Return the new place of each of ``count`` things when only some are kept, in that order."""
    place = np.full(count, -1, dtype=np.int32)
    place[kept] = np.arange(len(kept))
    return place


def _doubts(source: str, share: float) -> tuple[str, ...]:
    if share >= SMALL_MAIN_SHARE:
        return ()
    doubt = (
        f"{source}: only {share:.0%} of the road nodes can be reached from each other and are "
        "used; check that lines touch where roads meet, and the values of the one-way column."
    )
    return (doubt,)
