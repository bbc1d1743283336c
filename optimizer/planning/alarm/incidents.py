"""Where something happened, as somebody types it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from optimizer.errors import InputError
from optimizer.places import is_local, nearest, project
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.roads import snap

MOST_COMPARED = 100_000


@dataclasses.dataclass(frozen=True, slots=True)
class Incident:
    """A place on the streets.

    Parameters
    ----------
    words
        What was typed.
    node
        The node that stands for it.
    way_m
        How far it lies from there.
    """

    words: str
    node: int
    way_m: float

    def to_text(self) -> str:
        """Say where a flight starts."""
        way = f", {self.way_m:.0f} m from its road node" if self.way_m >= 1 else ""
        return f"Flight from {self.words}{way}."


def read_incidents(words: Sequence[str], streets: Streets) -> list[Incident]:
    """Find places on the streets.

    "X,Y", also with a Chinese comma, is a place in the study's CRS if it lies on or near the roads
    there, else longitude and latitude; one word is the id of a road node.

    Raises
    ------
    InputError
        A place is neither, or lies too far from every road; all faults.
    """
    found: list[Incident] = []
    faults: list[str] = []
    for typed in words:
        one = typed.strip().replace("，", ",")
        try:
            found.append(_at_place(one, streets) if "," in one else _at_node(one, streets))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def _at_node(word: str, streets: Streets) -> Incident:
    node_ids = streets.ways.node_ids
    at = np.flatnonzero(node_ids == word.strip())
    if len(at):
        return Incident(word, int(at[0]), 0.0)
    close = nearest(word, node_ids.tolist()) if len(node_ids) < MOST_COMPARED else None
    advice = f"did you mean {close}?" if close else "write X,Y or an id of the road file's nodes"
    raise InputError(f'--incident: there is no road node "{word}"; {advice}')


def _two_numbers(words: str) -> tuple[float, float]:
    try:
        first, second = (float(part) for part in words.split(","))
    except ValueError:
        first = second = math.nan
    if not (math.isfinite(first) and math.isfinite(second)):
        raise InputError(
            f'--incident: "{words}" is no place; write two numbers, X,Y or LON,LAT, or a node id'
        )
    return first, second


def _at_place(words: str, streets: Streets) -> Incident:
    first, second = _two_numbers(words)
    x_m, y_m, network, limit_m = first, second, streets.main, streets.max_snap_m
    near = (
        network.x_m.min() - limit_m <= x_m <= network.x_m.max() + limit_m
        and network.y_m.min() - limit_m <= y_m <= network.y_m.max() + limit_m
    )
    if not near and not is_local(network.crs) and abs(first) <= 180 and abs(second) <= 90:
        east, north = project([first], [second], network.crs)
        x_m, y_m = float(east[0]), float(north[0])
    snapped = snap(network, np.array([x_m]), np.array([y_m]))
    way_m = float(snapped.distance_m[0])
    if not way_m <= limit_m:
        raise InputError(
            f"--incident: {words} lies {way_m:,.0f} m from the nearest road, more than the "
            f"{limit_m:g} m of [roads] max_snap_m; check its coordinates and CRS, or name a node"
        )
    return Incident(words, int(snapped.node[0]), way_m)
