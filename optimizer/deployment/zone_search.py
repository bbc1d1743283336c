"""Zones worth looking at: sets of hotspots near each other whose round can be driven in time.

A branch of the search adds hotspots in the order of their profit; a set that is too wide or too
long stays so with more hotspots, for ways are shortest ways. What a branch can still gain is at
most the profit of as many of the next hotspots as a round has time for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_HOTSPOTS = 10
"""Hotspots of a zone at most: the shortest round through more takes long to find."""
SLACK_S = 1e-6


def _compiled(function: F) -> F:
    return cast("F", njit(cache=True, nogil=True)(function))


@_compiled
def shortest_round_s(travel_s: Floats, member: Ints, count: int) -> float:
    """Time the shortest round through the first ``count`` members, by dynamic programming.

    Held & Karp 1962, doi:10.1137/0110015.
    """
    if count < 2:
        return 0.0
    others = count - 1
    size = 1 << others
    best = np.full((size, others), np.inf)
    for last in range(others):
        best[1 << last, last] = travel_s[member[0], member[last + 1]]
    for visited in range(1, size):
        for last in range(others):
            so_far = best[visited, last]
            if so_far == np.inf:
                continue
            for following in range(others):
                if visited >> following & 1:
                    continue
                seen = visited | (1 << following)
                time = so_far + travel_s[member[last + 1], member[following + 1]]
                best[seen, following] = min(best[seen, following], time)
    shortest = np.inf
    for last in range(others):
        shortest = min(shortest, best[size - 1, last] + travel_s[member[last + 1], member[0]])
    return shortest


@_compiled
def search_zones(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917  one search, compiled as a whole
    travel_s: Floats,
    near: Mask,
    profit: Floats,
    price_per_s: float,
    dwell_s: float,
    most_s: float,
    floor: float,
    all_above: bool,
    most_nodes: int,
    most_zones: int,
) -> tuple[Ints, Ints, float, bool]:
    """Look for zones that are worth more than ``floor``.

    The worth of a zone is the profit of its hotspots less ``price_per_s`` for each second of its
    round, stops included.

    Parameters
    ----------
    travel_s, near
        Ways between h hotspots, and who may share a zone, shapes (h, h).
    profit
        Of each hotspot, descending, shape (h,).
    dwell_s, most_s
        Length of a stop, and of a round.
    all_above
        List every such zone; else the best one for each hotspot as its most profitable.
    most_nodes, most_zones
        Sets to look at, and to list, at most.

    Returns
    -------
    Members of each zone, padded with -1, shape (k, 10); their number, shape (k,); a worth that no
    zone exceeds (at least ``floor``); and whether the search ran to its end.
    """
    hotspots = len(profit)
    gain = profit - price_per_s * dwell_s
    found = np.full((max(most_zones, hotspots), MOST_HOTSPOTS), -1, np.int64)
    size = np.zeros(len(found), np.int64)
    zones, looked, bound, complete = 0, 0, floor, True
    member = np.zeros(MOST_HOTSPOTS, np.int64)
    candidate = np.zeros((MOST_HOTSPOTS + 1, hotspots), np.int64)
    candidates = np.zeros(MOST_HOTSPOTS + 1, np.int64)
    position = np.zeros(MOST_HOTSPOTS + 1, np.int64)
    round_s = np.zeros(MOST_HOTSPOTS + 1)
    gained = np.zeros(MOST_HOTSPOTS + 1)
    for hotspot in range(hotspots):
        if all_above or gain[hotspot] > 0:
            candidate[0, candidates[0]] = hotspot
            candidates[0] += 1
    depth, best_of_root, slot = 0, floor, 0
    while depth >= 0:
        if depth == 0:
            best_of_root, slot = floor, zones
        start = position[depth]
        room = int((most_s + SLACK_S - round_s[depth] - depth * dwell_s) // dwell_s)
        room = min(room, MOST_HOTSPOTS - depth, candidates[depth] - start)
        can_be = gained[depth] - price_per_s * round_s[depth]
        for step in range(room):
            more = gain[candidate[depth, start + step]]
            can_be += more if step == 0 else max(0.0, more)
        if room <= 0 or can_be <= best_of_root:
            depth -= 1
            continue
        if looked >= most_nodes:
            bound, complete = max(bound, can_be), False
            depth -= 1
            continue
        looked += 1
        hotspot = candidate[depth, start]
        position[depth] += 1
        member[depth] = hotspot
        way_s = shortest_round_s(travel_s, member, depth + 1)
        if (depth + 1) * dwell_s + way_s > most_s + SLACK_S:
            continue
        worth = gained[depth] + gain[hotspot] - price_per_s * way_s
        bound = max(bound, worth)
        if worth > best_of_root:
            if all_above:
                if zones == most_zones:
                    return found[:zones], size[:zones], bound, False
                slot = zones
                zones += 1
            else:
                best_of_root = worth
                zones = slot + 1
            found[slot, : depth + 1] = member[: depth + 1]
            found[slot, depth + 1 :] = -1
            size[slot] = depth + 1
        if depth + 1 < MOST_HOTSPOTS:
            below = depth + 1
            candidates[below] = 0
            for at in range(start + 1, candidates[depth]):
                other = candidate[depth, at]
                if near[hotspot, other]:
                    candidate[below, candidates[below]] = other
                    candidates[below] += 1
            position[below] = 0
            round_s[below] = way_s
            gained[below] = gained[depth] + gain[hotspot]
            depth = below
    return found[:zones], size[:zones], bound, complete
