"""Calls onto the study's plane, with a reason for each that cannot be placed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray

from optimizer.calls.quality import Reason
from optimizer.places import Coordinates


@dataclass(frozen=True, slots=True)
class Area:
    """The ground a study covers: a rectangle in metres on its plane."""

    min_x_m: float
    min_y_m: float
    max_x_m: float
    max_y_m: float

    @classmethod
    def around(cls, x_m: ArrayLike, y_m: ArrayLike, margin_m: float) -> Area:
        """Enclose places, such as the nodes of the roads, and a margin about them."""
        x_m, y_m = np.asarray(x_m), np.asarray(y_m)
        return cls(
            float(x_m.min() - margin_m),
            float(y_m.min() - margin_m),
            float(x_m.max() + margin_m),
            float(y_m.max() + margin_m),
        )

    def contains(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which places lie within or on the rectangle; NaN does not."""
        within_x = (x_m >= self.min_x_m) & (x_m <= self.max_x_m)
        return within_x & (y_m >= self.min_y_m) & (y_m <= self.max_y_m)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Places on the plane.

    Parameters
    ----------
    x_m, y_m
        float64[n], NaN where a reason holds.
    swapped
        bool[n], longitude and latitude had changed places and were put right.
    reasons
        Reason -> bool[n], first fit first; rows under none are placed.
    """

    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    swapped: NDArray[np.bool_]
    reasons: dict[Reason, NDArray[np.bool_]]


def place_calls(coordinates: Coordinates, crs: pyproj.CRS, area: Area) -> Placed:
    """Project calls, put swapped coordinates right, and say what is wrong with the others.

    Parameters
    ----------
    coordinates
        As written.
    crs
        Planar CRS of the study.
    area
        Where calls can be.
    """
    x_m, y_m = coordinates.to_plane(crs)
    inside = area.contains(x_m, y_m)
    zero = (coordinates.east == 0.0) & (coordinates.north == 0.0)
    astray = ~(inside | zero | coordinates.missing | coordinates.bad)
    turned_x_m, turned_y_m = coordinates.swapped(astray).to_plane(crs)
    back = area.contains(turned_x_m, turned_y_m)
    swapped = np.zeros(len(inside), bool)
    swapped[astray] = back
    x_m[swapped], y_m[swapped] = turned_x_m[back], turned_y_m[back]
    placed = (inside & ~zero) | swapped
    x_m[~placed] = y_m[~placed] = np.nan
    reasons: dict[Reason, NDArray[np.bool_]] = {
        "no_coordinates": coordinates.missing,
        "zero_coordinates": zero,
        "bad_coordinates": coordinates.bad | ~(coordinates.on_earth() | placed),
        "out_of_area": ~placed,
    }
    return Placed(x_m, y_m, swapped, reasons)


def place_nodes(
    nodes: NDArray[np.object_], x_m: NDArray[np.float64], y_m: NDArray[np.float64]
) -> Placed:
    """Place calls that name a road node, given the coordinates found for each (NaN: unknown)."""
    missing = np.array([node is None for node in nodes], bool)
    unknown = ~(np.isfinite(x_m) & np.isfinite(y_m))
    reasons: dict[Reason, NDArray[np.bool_]] = {"no_coordinates": missing, "unknown_node": unknown}
    return Placed(x_m, y_m, np.zeros(len(nodes), bool), reasons)
