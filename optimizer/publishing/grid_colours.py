"""Few colours for many areas, so that neighbours differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

PALETTE = (
    "#5aa48b", "#e0a458", "#8f86c4", "#d0808c", "#6fa3cf", "#a9b04f", "#b98a6a", "#7d98a0",
)  # fmt: skip
NEAR_M = 1.0
"""Areas no further apart than this are neighbours, also where they only meet in a corner."""


def area_colours(*layers: Sequence[shapely.Geometry]) -> list[str]:
    """Colour areas; area i has the same colour in every layer, apart from neighbours in all.

    Each area gets the first colour that its neighbours leave, the area with the most neighbours
    first, as the smallest-last order counts them (Matula & Beck 1983, doi:10.1145/2402.322385):
    on one planar map it takes at most six.

    Parameters
    ----------
    layers
        Planar polygons, as many in each layer.
    """
    near = _neighbours(layers)
    colour: dict[int, int] = {}
    for area in reversed(_smallest_first(near)):
        taken = {colour[other] for other in near[area] if other in colour}
        free = (index for index in range(len(near)) if index not in taken)
        colour[area] = next(free)
    return [PALETTE[colour[area] % len(PALETTE)] for area in range(len(near))]


def _neighbours(layers: Sequence[Sequence[shapely.Geometry]]) -> list[set[int]]:
    near: list[set[int]] = [set() for _ in layers[0]]
    for areas in layers:
        shapes: NDArray[np.object_] = np.array(list(areas), dtype=object)
        pairs = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=NEAR_M)
        for one, other in pairs.T.tolist():
            if one != other:
                near[one].add(other)
    return near


def _smallest_first(near: Sequence[set[int]]) -> list[int]:
    """Take away, again and again, the area with the fewest neighbours that are left."""
    left = {area: set(others) for area, others in enumerate(near)}
    order = []
    while left:
        area = min(left, key=lambda area: (len(left[area]), area))
        for other in left.pop(area):
            left[other].discard(area)
        order.append(area)
    return order
