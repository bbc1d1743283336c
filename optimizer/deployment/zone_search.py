"""Zones worth looking at: sets of hotspots near each other whose round can be driven in time.

A branch of the search adds hotspots in the order of their profit; a set that is too wide or too
long stays so with more hotspots, for ways are shortest ways. What a branch can still gain is at
most the profit of as many of the next hotspots as a round has time for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

MOST_HOTSPOTS = 10
"""Hotspots of a zone at most: the shortest round through more takes long to find."""
MOST_SETS = 300_000
"""Sets that a search looks at; cut short, it still says what no zone exceeds."""
MOST_LISTED = 1_500
SLACK_S = 1e-6


class Offer(NamedTuple):
    """What hotspots are worth at some prices.

    Parameters
    ----------
    travel_s, near
        Ways between h hotspots, and who may share a zone, shapes (h, h).
    profit
        Of each hotspot, descending, shape (h,).
    price_per_s
        Of each second of a round, stops included.
    dwell_s, round_s
        Length of a stop, and of a round at most.
    """

    travel_s: Floats
    near: Mask
    profit: Floats
    price_per_s: float
    dwell_s: float
    round_s: float


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
def search_zones(offer: Offer, floor: float, every: bool) -> tuple[Ints, Ints, float, bool]:
    """Look for zones that are worth more than ``floor``: profit of the hotspots, less the round.

    Parameters
    ----------
    every
        List every such zone; else the best one for each hotspot as its most profitable.

    Returns
    -------
    Members of each zone, padded with -1, shape (k, 10); their number, shape (k,); a worth that no
    zone exceeds (at least ``floor``); and whether the search ran to its end.
    """
    hotspots, price = len(offer.profit), offer.price_per_s
    gain = offer.profit - price * offer.dwell_s
    found = np.full((max(MOST_LISTED, hotspots), MOST_HOTSPOTS), -1, np.int64)
    size = np.zeros(len(found), np.int64)
    member = np.zeros(MOST_HOTSPOTS, np.int64)
    candidate = np.zeros((MOST_HOTSPOTS + 1, hotspots), np.int64)
    candidates, position = np.zeros((2, MOST_HOTSPOTS + 1), np.int64)
    way_s, gained = np.zeros((2, MOST_HOTSPOTS + 1))
    candidates[0] = hotspots if every else np.sum(gain > 0)
    candidate[0] = np.arange(hotspots)
    zones, looked, bound, complete = 0, 0, floor, True
    depth, threshold, slot = 0, floor, 0
    while depth >= 0:
        if depth == 0:
            threshold, slot = floor, zones
        at = position[depth]
        can_be = gained[depth] - price * way_s[depth]
        room = int((offer.round_s + SLACK_S - way_s[depth]) // offer.dwell_s) - depth
        room = min(room, MOST_HOTSPOTS - depth, candidates[depth] - at)
        can_be += _most_gain(gain, candidate[depth, at : at + max(0, room)])
        if room <= 0 or can_be <= threshold or looked == MOST_SETS:
            if room > 0 and can_be > threshold:
                bound, complete = max(bound, can_be), False
            depth -= 1
            continue
        looked += 1
        position[depth] += 1
        member[depth] = candidate[depth, at]
        way = shortest_round_s(offer.travel_s, member, depth + 1)
        if (depth + 1) * offer.dwell_s + way > offer.round_s + SLACK_S:
            continue
        worth = gained[depth] + gain[member[depth]] - price * way
        if worth > threshold:
            if slot == len(found):
                return found, size, bound, False
            found[slot] = -1
            found[slot, : depth + 1] = member[: depth + 1]
            size[slot] = depth + 1
            zones, bound = slot + 1, max(bound, worth)
            if every:
                slot = zones
            else:
                threshold = worth
        if depth + 1 < MOST_HOTSPOTS:
            rest = candidate[depth, at + 1 : candidates[depth]]
            gained[depth + 1], way_s[depth + 1] = gained[depth] + gain[member[depth]], way
            depth += 1
            candidates[depth] = _keep(rest, offer.near[member[depth - 1]], candidate[depth])
            position[depth] = 0
    return found[:zones], size[:zones], bound, complete


@_compiled
def _most_gain(gain: Floats, candidate: Ints) -> float:
    """Add up what candidates can gain, of which the first is taken for certain."""
    total = 0.0
    for step in range(len(candidate)):
        more = gain[candidate[step]]
        total += more if step == 0 else max(0.0, more)
    return total


@_compiled
def _keep(candidate: Ints, near: Mask, kept: Ints) -> int:
    """Keep the candidates that are near; return how many."""
    count = 0
    for other in candidate:
        if near[other]:
            kept[count] = other
            count += 1
    return count
