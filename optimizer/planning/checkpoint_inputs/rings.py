"""The rings of a study, laid on its streets: what is inside, what is outside."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.checkpoints import Ring, RingPolygons, graph_of_arcs, shortest_times
from optimizer.errors import InputError
from optimizer.places import is_local, nearest, project, read_polygons
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.faults import Faults, present
from optimizer.study import Study

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

CIRCLE_SEGMENTS = 32
"""Segments of a quarter of a drawn circle."""
HULL_RATIO = 0.15
"""How closely the outline of a ring along the roads follows its junctions (0 is closest)."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DrawnRing:
    """A ring, and the polygons that show it on a map, in the study's plane."""

    ring: Ring
    inner: shapely.Geometry
    outer: shapely.Geometry


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Rings:
    """The rings of a study, in its order.

    Parameters
    ----------
    drawn
        Each ring with its polygons.
    warnings
        Sentences that a planner should read.
    """

    drawn: tuple[DrawnRing, ...]
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.drawn)

    def __iter__(self) -> Iterator[DrawnRing]:
        return iter(self.drawn)

    def named(self, name: str) -> DrawnRing:
        """Find a ring by its name.

        Raises
        ------
        InputError
            There is no such ring.
        """
        by_name = {one.ring.name: one for one in self.drawn}
        if name not in by_name:
            close = nearest(name, by_name)
            listed = ", ".join(by_name) or "none"
            advice = f"did you mean {close}?" if close else f"the rings are {listed}"
            raise InputError(f'[checkpoints]: there is no ring "{name}"; {advice}')
        return by_name[name]

    @property
    def outermost(self) -> DrawnRing | None:
        """The ring around the most ground; None where there is no ring."""
        return max(self.drawn, key=lambda one: one.outer.area, default=None)


def rings_of(study: Study, streets: Streets) -> Rings:
    """Lay the rings of a study on its streets.

    Raises
    ------
    InputError
        A ring has no junction inside or outside, its polygons are wrong, or the centre lies off
        the roads: all faults.
    """
    settings = study.settings.checkpoints
    if settings is None:
        return Rings(())
    faults = Faults()
    centre = None
    if settings.rings_m or settings.rings_road_m:
        centre = faults.of(lambda: _centre(study, streets))
    jobs: list[Callable[[], tuple[DrawnRing, tuple[str, ...]]]] = [
        partial(_ring_of_polygons, study, streets, ring) for ring in settings.rings
    ]
    if centre is not None:
        x_m, y_m = centre
        straight_m = np.hypot(streets.ways.x_m - x_m, streets.ways.y_m - y_m)
        by_road_m = _road_distance_m(streets, x_m, y_m) if settings.rings_road_m else straight_m
        jobs = [
            *(partial(_round_ring, name, straight_m, centre, distances)
              for name, distances in settings.rings_m.items()),
            *(partial(_road_ring, streets, name, by_road_m, distances)
              for name, distances in settings.rings_road_m.items()),
            *jobs,
        ]  # fmt: skip
    found = [faults.of(job) for job in jobs]
    faults.raise_any()
    rings = [present(one) for one in found]
    return Rings(
        tuple(ring for ring, _ in rings), tuple(text for _, texts in rings for text in texts)
    )


def _centre(study: Study, streets: Streets) -> tuple[float, float]:
    """Place the centre of the rings on the plane, on or near the roads."""
    settings = present(study.settings.checkpoints)
    first, second = present(settings.centre)
    x_m, y_m = first, second
    crs = streets.whole.crs
    if not is_local(crs):
        if not (abs(first) <= 180 and abs(second) <= 90):
            raise InputError(
                f"{study.path.name}: [checkpoints] centre = [{first:g}, {second:g}] is no "
                "longitude and latitude; write degrees, east before north"
            )
        x_m, y_m = (float(value[0]) for value in project([first], [second], crs))
    ways_m = np.hypot(streets.whole.x_m - x_m, streets.whole.y_m - y_m)
    way_m, limit_m = float(ways_m.min()), study.settings.roads.max_snap_m
    if not way_m <= limit_m:
        raise InputError(
            f"{study.path.name}: [checkpoints] centre = [{first:g}, {second:g}] lies "
            f"{way_m:,.0f} m from the nearest road, further than max_snap_m = {limit_m:g}; check "
            "that it is [lon, lat], or x and y where the roads lie nowhere on Earth"
        )
    return x_m, y_m


def _road_distance_m(streets: Streets, x_m: float, y_m: float) -> Floats:
    """Measure the way along the roads from the junction at the centre, one-ways either way."""
    whole, ways = streets.whole, streets.ways
    low, high = np.minimum(whole.tail, whole.head), np.maximum(whole.tail, whole.head)
    order = np.lexsort([whole.length_m, high, low])
    pair = low[order].astype(np.int64) * whole.node_count + high[order]
    first = order[np.unique(pair, return_index=True)[1]]
    tail, head, length_m = low[first], high[first], whole.length_m[first]
    both_ways = graph_of_arcs(
        ways.graph.node_count,
        np.concatenate([tail, head]),
        np.concatenate([head, tail]),
        np.concatenate([length_m, length_m]),
    )
    centre = np.hypot(streets.main.x_m - x_m, streets.main.y_m - y_m).argmin()
    by_road_m = shortest_times(both_ways, np.array([centre]))
    return _with_waters(streets, by_road_m)


def _with_waters(streets: Streets, by_road_m: Floats) -> Floats:
    """Give what no road reaches, such as waters, the distance of the nearest road node."""
    ways = streets.ways
    lost = np.flatnonzero(~np.isfinite(by_road_m))
    if len(lost):
        known = np.flatnonzero(np.isfinite(by_road_m))
        tree = shapely.STRtree(shapely.points(ways.x_m[known], ways.y_m[known]))
        by_road_m = by_road_m.copy()
        by_road_m[lost] = by_road_m[
            known[tree.nearest(shapely.points(ways.x_m[lost], ways.y_m[lost]))]
        ]
    return by_road_m


def _round_ring(
    name: str, straight_m: Floats, centre: tuple[float, float], distances: tuple[float, float]
) -> tuple[DrawnRing, tuple[str, ...]]:
    ring = _ring_within(name, straight_m, distances)
    middle = shapely.Point(centre)
    inner, outer = (middle.buffer(max(d, 1.0), quad_segs=CIRCLE_SEGMENTS) for d in distances)
    return DrawnRing(ring, inner, outer), ()


def _road_ring(
    streets: Streets, name: str, by_road_m: Floats, distances: tuple[float, float]
) -> tuple[DrawnRing, tuple[str, ...]]:
    ring = _ring_within(name, by_road_m, distances)
    ways = streets.ways
    hulls = [
        shapely.concave_hull(shapely.multipoints(np.column_stack([ways.x_m[of], ways.y_m[of]])),
                             ratio=HULL_RATIO).buffer(1.0)
        for of in (ring.inside, ~ring.outside)
    ]  # fmt: skip
    return DrawnRing(ring, hulls[0], hulls[1]), ()


def _ring_within(name: str, distance_m: Floats, distances: tuple[float, float]) -> Ring:
    inner_m, outer_m = distances
    inside, outside = distance_m <= inner_m, distance_m >= outer_m
    _require_both(
        name, inside, outside,
        f"within {inner_m:g} m of the centre", f"{outer_m:g} m from it or more "
        f"(the farthest is {distance_m.max():,.0f} m away)",
    )  # fmt: skip
    return Ring(name, inside, outside)


def _ring_of_polygons(
    study: Study, streets: Streets, polygons: RingPolygons
) -> tuple[DrawnRing, tuple[str, ...]]:
    crs, root, faults = streets.whole.crs, study.root, Faults()
    frames = [faults.of(partial(read_polygons, root / path, crs))
              for path in (polygons.inner, polygons.outer)]  # fmt: skip
    faults.raise_any()
    frame_in, frame_out = (present(frame) for frame in frames)
    inner, outer = frame_in.geometry.union_all(), frame_out.geometry.union_all()
    left_out = inner.difference(outer).area
    if left_out > 0.001 * inner.area:
        raise InputError(
            f"[checkpoints] rings: of the inner polygon of {polygons.name} ({polygons.inner}), "
            f"{left_out / 1e6:,.2f} square km lie outside the outer one ({polygons.outer}); "
            "swap them, or draw the outer one around the inner one"
        )
    ways = streets.ways
    shapely.prepare([inner, outer])
    inside = shapely.intersects_xy(inner, ways.x_m, ways.y_m)
    outside = ~shapely.intersects_xy(outer, ways.x_m, ways.y_m)
    _require_both(polygons.name, inside, outside & ~inside,
                  f"in {polygons.inner}", f"outside of {polygons.outer}")  # fmt: skip
    warnings = (*frame_in.attrs["warnings"], *frame_out.attrs["warnings"])
    return DrawnRing(Ring(polygons.name, inside, outside & ~inside), inner, outer), warnings


def _require_both(name: str, inside: Mask, outside: Mask, where_in: str, where_out: str) -> None:
    missing = [
        f"[checkpoints] ring {name}: no junction lies {where}; move the ring, or give roads there"
        for mask, where in ((inside, where_in), (outside, where_out))
        if not mask.any()
    ]
    if missing:
        raise InputError(missing)
