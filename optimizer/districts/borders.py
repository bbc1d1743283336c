"""Move units over the borders of connected grids until the loads are within the tolerance.

Travel, a charge for borders and a charge for loads outside their window are brought down together,
move by move. A move takes a border unit, with whatever it alone joins to its platform, to the grid
next to it, so that every grid stays connected. The charge for loads is an augmented Lagrangian
(Hestenes 1969, doi:10.1007/BF00927673; Powell 1969): linear with the prices found so far, quadratic
beyond them and stiffer with each sweep; after a sweep the prices follow the loads.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from optimizer.districts.ground import Floats, Ints, Longs
from optimizer.districts.whole import stays_whole

LEAST_GAIN = 1e-9
NO_WORK = 1e-9


class Field(NamedTuple):
    """One group's units, for compiled code.

    Parameters
    ----------
    indptr, neighbour
        Who is next to whom.
    travel
        Seconds from each platform, shape (U, p).
    weight
        What a second of travel counts at each unit: its calls, or next to nothing, shape (U,).
    calls, handling
        Calls per day and mean seconds at the scene, shape (U,).
    is_seed
        Where a platform stands, shape (U,).
    beside_indptr, beside, charge
        Whose ground meets, laid out as `neighbour` is, and what a border between grids there costs,
        in seconds of travel per day. Ground that is nobody's comes last; it counts as a seed.
    """

    indptr: Longs
    neighbour: Ints
    travel: Floats
    weight: Floats
    calls: Floats
    handling: Floats
    is_seed: NDArray[np.bool_]
    beside_indptr: Longs
    beside: Ints
    charge: Floats


class State(NamedTuple):
    """A division on its way, and the best ones that it has been.

    Parameters
    ----------
    labels
        Platform of each unit, shape (U,); -1: nobody's.
    work
        Seconds of work per day of each platform, shape (p,).
    over, under
        Prices of work above and below the window, shape (p,).
    best, even
        The division with least travel and borders of those within the tolerance, and the one with
        the least spread, shape (U,).
    sums
        Cost in travel and borders, that of `best`, spread of `even`; inf: none yet.
    """

    labels: Ints
    work: Floats
    over: Floats
    under: Floats
    best: Ints
    even: Ints
    sums: Floats


class Schedule(NamedTuple):
    """How a search goes about it.

    Parameters
    ----------
    tolerance, aim
        What counts as balanced, and what the charges are for: a little less.
    sweeps
        How often all borders are passed.
    soft, stiff
        Price of a second of work for each mean load that a load is outside, first and last.
    learning
        How far prices follow the loads after the first sweep; the last follows no more.
    is_whole
        Grids are to have no further pieces or holes on the map than in the beginning.
    """

    tolerance: float
    aim: float
    sweeps: int
    soft: float
    stiff: float
    learning: float
    is_whole: bool = False


class Scratch(NamedTuple):
    """Memory to find out what hangs together: stamps, a queue, a piece, the last stamp used."""

    stamp: Longs
    queue: Longs
    piece: Longs
    last: Longs


class Window(NamedTuple):
    """Where loads go free of charge: bounds in seconds, stiffness, what a rise of all saves."""

    high: float
    low: float
    rho: float
    pull: float


COST, BEST, SPREAD = range(3)


def new_state(field: Field, labels: Ints, over: Floats, under: Floats) -> State:
    """Begin with a connected division."""
    travel = field.travel[np.arange(len(labels)), labels]
    work: Floats = np.zeros(len(over))
    np.add.at(work, labels, field.calls * (field.handling + travel))
    one = np.repeat(np.arange(len(labels)), np.diff(field.beside_indptr))
    borders = field.charge[labels[one] != labels[field.beside]].sum() / 2
    sums = np.array([field.weight @ travel + borders, np.inf, np.inf])
    return State(labels.copy(), work, over.copy(), under.copy(), labels.copy(), labels.copy(), sums)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def search_borders(field: Field, state: State, schedule: Schedule) -> None:
    """Pass the borders again and again, forth and back, and keep the best divisions seen."""
    n = len(state.labels)
    empty = np.zeros(n, np.int64)
    scratch = Scratch(empty, empty.copy(), empty.copy(), np.zeros(1, np.int64))
    for sweep in range(schedule.sweeps):
        done = sweep / schedule.sweeps
        stiffness = schedule.soft * (schedule.stiff / schedule.soft) ** done
        _record(state, schedule)
        moved = _sweep(field, state, scratch, schedule, stiffness, sweep % 2 == 1)
        learning = schedule.learning * (1 - done)
        _learn(state, schedule.aim, learning)
        if moved == 0 and learning == 0:
            break
    _record(state, schedule)


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _sweep(
    field: Field,
    state: State,
    scratch: Scratch,
    schedule: Schedule,
    stiffness: float,
    backwards: bool,
) -> int:
    """Try every border unit once; return the number of moves."""
    n = len(state.labels)
    window = _window(state, schedule.aim, stiffness)
    moved = 0
    for step in range(n):
        unit = n - 1 - step if backwards else step
        if field.is_seed[unit] or not _on_border(field, state.labels, unit):
            continue
        scratch.piece[0] = unit
        gain, target = _best_target(field, state, scratch.piece[:1], window)
        if gain > -LEAST_GAIN:
            continue
        size = _piece(field, state.labels, unit, scratch)
        if size > 1:
            gain, target = _best_target(field, state, scratch.piece[:size], window)
            if gain > -LEAST_GAIN:
                continue
        piece = scratch.piece[:size]
        if schedule.is_whole and not stays_whole(field, state.labels, piece, target, scratch):
            continue
        _move(field, state, piece, target)
        window = _window(state, schedule.aim, stiffness)
        moved += 1
        if state.sums[COST] < state.sums[BEST]:
            _record(state, schedule)
    return moved


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _on_border(field: Field, labels: Ints, unit: int) -> bool:
    for place in range(field.indptr[unit], field.indptr[unit + 1]):
        if labels[field.neighbour[place]] != labels[unit]:
            return True
    return False


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _window(state: State, aim: float, stiffness: float) -> Window:
    """Lay the window around the present mean. All work raises the mean, and the window with it."""
    mean = max(state.work.mean(), NO_WORK)
    high, low, rho = (1 + aim) * mean, (1 - aim) * mean, stiffness / mean
    pull = 0.0
    for r in range(len(state.work)):
        pull += (1 + aim) * max(0.0, state.over[r] + rho * (state.work[r] - high))
        pull -= (1 - aim) * max(0.0, state.under[r] + rho * (low - state.work[r]))
    return Window(high, low, rho, pull / len(state.work))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _charge(state: State, r: int, load: float, window: Window) -> float:
    """Give the charge for a platform with some load."""
    over = max(0.0, state.over[r] + window.rho * (load - window.high))
    under = max(0.0, state.under[r] + window.rho * (window.low - load))
    return float((over * over + under * under) / (2 * window.rho))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _amounts(field: Field, piece: Longs, r: int) -> tuple[float, float]:
    """Give the travel and the work of some units if they are one platform's."""
    travel, work = 0.0, 0.0
    for unit in piece:
        seconds = field.travel[unit, r]
        travel += field.weight[unit] * seconds
        work += field.calls[unit] * (field.handling[unit] + seconds)
    return travel, work


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _best_target(field: Field, state: State, piece: Longs, window: Window) -> tuple[float, int]:
    """Find the grid beside the first of some units to which they go at the least cost."""
    unit = piece[0]
    r = state.labels[unit]
    off_travel, off_work = _amounts(field, piece, r)
    left = _charge(state, r, state.work[r] - off_work, window)
    left -= _charge(state, r, state.work[r], window)
    best, target = np.inf, r
    for place in range(field.indptr[unit], field.indptr[unit + 1]):
        s = state.labels[field.neighbour[place]]
        if s == r:
            continue
        on_travel, on_work = _amounts(field, piece, s)
        gain = on_travel - off_travel - window.pull * (on_work - off_work) + left
        gain += _longer_borders(field, state.labels, piece, s)
        gain += _charge(state, s, state.work[s] + on_work, window)
        gain -= _charge(state, s, state.work[s], window)
        if gain < best:
            best, target = gain, s
    return best, target


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _longer_borders(field: Field, labels: Ints, piece: Longs, target: int) -> float:
    """Give the charge for the borders that there are more if some units go to another grid."""
    r, more = labels[piece[0]], 0.0
    if len(field.beside) == 0:
        return more
    for unit in piece:  # in neither grid meanwhile, so that borders within the piece do not count
        labels[unit] = -1
    for unit in piece:
        for place in range(field.beside_indptr[unit], field.beside_indptr[unit + 1]):
            there = labels[field.beside[place]]
            if there == r:
                more += field.charge[place]
            elif there == target:
                more -= field.charge[place]
    for unit in piece:
        labels[unit] = r
    return more


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _move(field: Field, state: State, piece: Longs, target: int) -> None:
    r = state.labels[piece[0]]
    off_travel, off_work = _amounts(field, piece, r)
    on_travel, on_work = _amounts(field, piece, target)
    borders = _longer_borders(field, state.labels, piece, target)
    for unit in piece:
        state.labels[unit] = target
    state.work[r] -= off_work
    state.work[target] += on_work
    state.sums[COST] += on_travel - off_travel + borders


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _record(state: State, schedule: Schedule) -> None:
    """Keep the present division if it is the best within the tolerance, or the most even."""
    mean = state.work.mean()
    spread = np.abs(state.work - mean).max() / mean if mean > 0 else 0.0
    if spread < state.sums[SPREAD]:
        state.sums[SPREAD] = spread
        state.even[:] = state.labels
    if spread <= schedule.tolerance and state.sums[COST] < state.sums[BEST]:
        state.sums[BEST] = state.sums[COST]
        state.best[:] = state.labels


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _learn(state: State, aim: float, learning: float) -> None:
    """Let the prices follow the loads."""
    mean = max(state.work.mean(), NO_WORK)
    for r in range(len(state.work)):
        share = state.work[r] / mean - 1
        state.over[r] = max(0.0, state.over[r] + learning * (share - aim))
        state.under[r] = max(0.0, state.under[r] - learning * (share + aim))


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _piece(field: Field, labels: Ints, unit: int, scratch: Scratch) -> int:
    """List a unit and what only it joins to the platform of its grid; return their number."""
    r = labels[unit]
    apart = 0
    for place in range(field.indptr[unit], field.indptr[unit + 1]):
        apart += labels[field.neighbour[place]] == r
    size = 1
    if apart <= 1:
        return size
    scratch.last[0] += 1
    scratch.stamp[unit] = scratch.last[0]
    is_home_known = False
    for place in range(field.indptr[unit], field.indptr[unit + 1]):
        start = field.neighbour[place]
        if labels[start] != r or scratch.stamp[start] == scratch.last[0]:
            continue
        count, apart, is_home = _explore(field, labels, start, unit, scratch, apart, is_home_known)
        is_home_known = is_home_known or is_home
        if not is_home:
            scratch.piece[size : size + count] = scratch.queue[:count]
            size += count
    return size


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _explore(
    field: Field,
    labels: Ints,
    start: int,
    unit: int,
    scratch: Scratch,
    apart: int,
    is_home_known: bool,
) -> tuple[int, int, bool]:
    """Walk through what is left of a grid without one unit, breadth first.

    The walk ends early when it has met the last neighbour of the unit: it is then in the only part
    left for the platform to be in.

    Returns
    -------
    Units walked, neighbours of the unit not yet met, and whether the platform is among them.
    """
    token = scratch.last[0]
    scratch.stamp[start] = token
    scratch.queue[0] = start
    head, tail = 0, 1
    apart -= 1
    is_home = False
    while head < tail:
        if apart == 0 and not is_home_known:
            return tail, apart, True
        here = scratch.queue[head]
        head += 1
        is_home = is_home or field.is_seed[here]
        for place in range(field.indptr[here], field.indptr[here + 1]):
            there = field.neighbour[place]
            if labels[there] == labels[unit] and scratch.stamp[there] != token:
                scratch.stamp[there] = token
                scratch.queue[tail] = there
                tail += 1
                apart -= _is_beside(field, there, unit)
    return tail, apart, is_home


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _is_beside(field: Field, there: int, unit: int) -> bool:
    for place in range(field.indptr[unit], field.indptr[unit + 1]):
        if field.neighbour[place] == there:
            return True
    return False
