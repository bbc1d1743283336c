"""Move units over the borders of connected grids until the loads are within the tolerance.

Travel plus a charge for loads outside their window is brought down move by move. A move takes a
border unit, with whatever it alone joins to its platform, to the grid next to it. The charge is an
augmented Lagrangian (Hestenes 1969, doi:10.1007/BF00927673; Powell 1969): linear with the prices
found so far, quadratic beyond; after each sweep the prices follow the loads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from optimizer.districts.ground import Floats, Ints, Longs

SCALES = 4.0


class Field(NamedTuple):
    """One group's units, for compiled code.

    Parameters
    ----------
    indptr, neighbour
        Who is next to whom.
    travel
        Seconds from each platform, inf where it may not own the unit, shape (U, p).
    weight
        What a second of travel counts at each unit: its calls, or next to nothing, shape (U,).
    calls, handling
        Calls per day and mean seconds at the scene, shape (U,).
    is_seed
        Where a platform stands, shape (U,).
    """

    indptr: Longs
    neighbour: Ints
    travel: Floats
    weight: Floats
    calls: Floats
    handling: Floats
    is_seed: np.ndarray


class State(NamedTuple):
    """A division on the way, its loads and prices, and the best that kept the tolerance."""

    labels: Ints
    work: Floats
    over: Floats
    under: Floats
    best: Ints
    best_cost: Floats


def new_state(field: Field, labels: Ints, over: Floats, under: Floats) -> State:
    """Begin with a connected division."""
    unit = np.arange(len(labels))
    travel = field.travel[unit, labels]
    work = np.bincount(
        labels, field.calls * (field.handling + travel), minlength=field.travel.shape[1]
    )
    return State(
        labels.copy(), work, over.copy(), under.copy(), labels.copy(), np.array([np.inf])
    )


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def balance(field: Field, state: State, tolerance: float, sweeps: int, stiffness: float) -> int:
    """Sweep over the borders; return the number of moves."""
    labels, work = state.labels, state.work
    p = len(work)
    n = len(labels)
    stamp = np.zeros(n, np.int64)
    queue = np.empty(n, np.int64)
    piece = np.empty(n, np.int64)
    token = np.int64(0)
    cost = 0.0
    for u in range(n):
        cost += field.weight[u] * field.travel[u, labels[u]]
    moves = 0
    for sweep in range(sweeps):
        mean = work.mean()
        rho = stiffness / mean
        pull = _pull(state, tolerance, rho, mean)
        moved = 0
        for step in range(n):
            u = step if sweep % 2 == 0 else n - 1 - step
            r = labels[u]
            if field.is_seed[u]:
                continue
            border = False
            for k in range(field.indptr[u], field.indptr[u + 1]):
                if labels[field.neighbour[k]] != r:
                    border = True
            if not border:
                continue
            piece[0] = u
            gain, s = _best_target(field, state, piece, 1, u, r, tolerance, rho, mean, pull)
            if s < 0 or gain > -1e-9:
                continue
            size, token = _piece(field, labels, u, r, stamp, queue, piece, token)
            if size < 0:
                continue
            if size > 1:
                gain, s = _best_target(field, state, piece, size, u, r, tolerance, rho, mean, pull)
                if s < 0 or gain > -1e-9:
                    continue
            for k in range(size):
                v = piece[k]
                labels[v] = s
                work[r] -= field.calls[v] * (field.handling[v] + field.travel[v, r])
                work[s] += field.calls[v] * (field.handling[v] + field.travel[v, s])
                cost += field.weight[v] * (field.travel[v, s] - field.travel[v, r])
            mean = work.mean()
            pull = _pull(state, tolerance, rho, mean)
            moved += 1
            if cost < state.best_cost[0] and _excess(work, mean, tolerance) <= 0:
                state.best_cost[0] = cost
                state.best[:] = labels
        moves += moved
        mean = work.mean()
        if cost < state.best_cost[0] and _excess(work, mean, tolerance) <= 0:
            state.best_cost[0] = cost
            state.best[:] = labels
        for r in range(p):
            state.over[r] = max(0.0, state.over[r] + rho * (work[r] - (1 + tolerance) * mean))
            state.under[r] = max(0.0, state.under[r] + rho * ((1 - tolerance) * mean - work[r]))
    return moves


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _excess(work: Floats, mean: float, tolerance: float) -> float:
    worst = -np.inf
    for r in range(len(work)):
        worst = max(worst, abs(work[r] - mean) - tolerance * mean)
    return worst


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _charge(a: float, b: float, load: float, tolerance: float, rho: float, mean: float) -> float:
    """Give the charge for one load."""
    high = max(0.0, a + rho * (load - (1 + tolerance) * mean))
    low = max(0.0, b + rho * ((1 - tolerance) * mean - load))
    return (high * high + low * low) / (2 * rho)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _pull(state: State, tolerance: float, rho: float, mean: float) -> float:
    """Give what a second more of work in all takes off the charges, as it raises the mean."""
    pull = 0.0
    for r in range(len(state.work)):
        load = state.work[r]
        pull += (1 + tolerance) * max(0.0, state.over[r] + rho * (load - (1 + tolerance) * mean))
        pull -= (1 - tolerance) * max(0.0, state.under[r] + rho * ((1 - tolerance) * mean - load))
    return pull / len(state.work)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _best_target(field, state, piece, size, u, r, tolerance, rho, mean, pull):  # type: ignore[no-untyped-def]
    """Find the grid beside u to which some units of r go at the least cost."""
    best, target = np.inf, np.int32(-1)
    off_travel, off_work = 0.0, 0.0
    for k in range(size):
        v = piece[k]
        off_travel += field.weight[v] * field.travel[v, r]
        off_work += field.calls[v] * (field.handling[v] + field.travel[v, r])
    left = _charge(state.over[r], state.under[r], state.work[r] - off_work, tolerance, rho, mean)
    left -= _charge(state.over[r], state.under[r], state.work[r], tolerance, rho, mean)
    for place in range(field.indptr[u], field.indptr[u + 1]):
        s = state.labels[field.neighbour[place]]
        if s == r or s == target:  # noqa: PLR1714
            continue
        on_travel, on_work = 0.0, 0.0
        for k in range(size):
            v = piece[k]
            on_travel += field.weight[v] * field.travel[v, s]
            on_work += field.calls[v] * (field.handling[v] + field.travel[v, s])
        if not np.isfinite(on_travel):
            continue
        gain = on_travel - off_travel + left - pull * (on_work - off_work)
        gain += _charge(state.over[s], state.under[s], state.work[s] + on_work, tolerance, rho, mean)
        gain -= _charge(state.over[s], state.under[s], state.work[s], tolerance, rho, mean)
        if gain < best:
            best, target = gain, s
    return best, target


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _piece(field, labels, u, r, stamp, queue, piece, token):  # type: ignore[no-untyped-def]
    """List u and what only u joins to the platform of its grid.

    Returns
    -------
    Number of units listed, and the last stamp used.
    """
    token += 1
    first = token
    stamp[u] = token
    size = 1
    left = 0
    for place in range(field.indptr[u], field.indptr[u + 1]):
        left += labels[field.neighbour[place]] == r
    if left <= 1:
        return size, token
    seed_seen = False
    for place in range(field.indptr[u], field.indptr[u + 1]):
        start = field.neighbour[place]
        if labels[start] != r or stamp[start] >= first:
            continue
        stamp[start] = token
        queue[0] = start
        head, tail = 0, 1
        left -= 1
        has_seed = False
        while head < tail and (left > 0 or seed_seen):
            v = queue[head]
            head += 1
            has_seed = has_seed or field.is_seed[v]
            for k in range(field.indptr[v], field.indptr[v + 1]):
                w = field.neighbour[k]
                if labels[w] == r and stamp[w] < first:
                    stamp[w] = token
                    queue[tail] = w
                    tail += 1
                    for again in range(field.indptr[u], field.indptr[u + 1]):
                        left -= field.neighbour[again] == w
        if left == 0 and not seed_seen:
            break
        seed_seen = seed_seen or has_seed
        if not has_seed:
            for k in range(tail):
                piece[size] = queue[k]
                size += 1
    return size, token
