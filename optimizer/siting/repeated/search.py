"""Good plans where a second and further units in reach count: greedy, best moves, and shaking.

Each slot in turn gives up its unit and takes the site that now adds most, until no slot can do
better; then a few slots are shaken. Gains are kept up to date for all sites (as in the fast
interchange of Resende & Werneck 2007, doi:10.1007/s10479-006-0154-0), and work is counted, not
timed, so that the same seed gives the same plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover
from optimizer.siting.formulations.repeated import Worth
from optimizer.siting.problem import Codes, Flags, Indices, Weights

ROUND_WORK = 1.25e8
PATIENCE = 500
WORTH_A_MOVE = 1e-11  # share of all worth; less may be rounding that has added up


class Stack(NamedTuple):
    """What compiled code works on.

    cover: who covers whom; worth: what the k-th unit in reach of a point adds [n, K]; least, most:
    units at each site [m]; region of each site [m]; budgets: units in each region [r]; previous:
    sites of the last plan [m]; least_kept: how many of these must stay.
    """

    cover: Cover
    worth: Worth
    least: Indices
    most: Indices
    region: Codes
    budgets: Indices
    previous: Flags
    least_kept: int


class State(NamedTuple):
    """Where a search stands.

    chosen: site of each slot, -1 where it is empty [p]; units at each site [m]; times each point is
    covered [n]; gain: what one more unit at a site adds [m]; kept: previous sites open [1].
    """

    chosen: Indices
    units: Indices
    times: Indices
    gain: Weights
    kept: Indices


def first_plan(stack: Stack) -> Indices:
    """Place required units, then previous sites that must stay, then always what adds most."""
    return np.sort(_filled(stack, np.zeros(0, dtype=np.int64)))


def improve(
    stack: Stack,
    plan: Indices,
    *,
    seed: int,
    work: float,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Indices:
    """Move units while that helps; then shake the plan and move again, keeping the best.

    Parameters
    ----------
    stack
        The problem.
    plan
        A plan that keeps every rule [p].
    seed
        Of the shaking.
    work
        Limit of table entries touched; the first descent is always finished, and a round also
        ends after `PATIENCE` shakes in vain.
    out_of_time
        Asked between rounds.
    """
    rng = np.random.default_rng(seed)
    rounds = max(1, round(work / ROUND_WORK))
    best = plan
    for _ in range(rounds):
        best = _searched(stack, best, rng, work / rounds)
        if out_of_time():
            break
    return np.sort(best)


@compiled
def _step(stack: Stack, state: State, i: int, by: int) -> int:
    """Put a unit at site i (by = 1) or take one away (by = -1); return the entries touched."""
    cover, work, levels = stack.cover, 0, stack.worth.shape[1]
    for a in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
        j = cover.site_points[a]
        before = state.times[j]
        after = before + by
        state.times[j] = after
        change = 0.0
        if after < levels:
            change += stack.worth[j, after]
        if before < levels:
            change -= stack.worth[j, before]
        if change != 0.0:
            work += cover.point_ptr[j + 1] - cover.point_ptr[j]
            for q in range(cover.point_ptr[j], cover.point_ptr[j + 1]):
                state.gain[cover.point_sites[q]] += change
    was_open = state.units[i] > 0
    state.units[i] += by
    state.kept[0] += stack.previous[i] * (int(state.units[i] > 0) - int(was_open))
    return work + int(cover.site_ptr[i + 1] - cover.site_ptr[i])


@compiled
def _empty(stack: Stack) -> State:
    m, n = len(stack.most), len(stack.worth)
    state = State(
        np.full(stack.budgets.sum(), -1, dtype=np.int64),
        np.zeros(m, dtype=np.int64),
        np.zeros(n, dtype=np.int64),
        np.zeros(m),
        np.zeros(1, dtype=np.int64),
    )
    for i in range(m):
        for a in range(stack.cover.site_ptr[i], stack.cover.site_ptr[i + 1]):
            state.gain[i] += stack.worth[stack.cover.site_points[a], 0]
    return state


@compiled
def _filled(stack: Stack, start: Indices) -> Indices:
    """Extend the units at `start` to a whole plan that keeps the rules."""
    state = _empty(stack)
    left = stack.budgets.copy()
    slot = 0
    m = len(stack.most)
    wanted = np.maximum(np.bincount(start, minlength=m)[:m], stack.least)
    for i in range(m):
        for _ in range(wanted[i]):
            _step(stack, state, i, 1)
            state.chosen[slot] = i
            left[stack.region[i]] -= 1
            slot += 1
    while slot < len(state.chosen):
        owed = stack.least_kept > state.kept[0]
        best = -1
        for i in range(m):
            fits = state.units[i] < stack.most[i] and left[stack.region[i]] > 0
            fits = fits and not (owed and (not stack.previous[i] or state.units[i] > 0))
            if fits and (best < 0 or state.gain[i] > state.gain[best]):
                best = i
        _step(stack, state, best, 1)
        state.chosen[slot] = best
        left[stack.region[best]] -= 1
        slot += 1
    return state.chosen


@compiled
def _best_site(
    stack: Stack, state: State, region: int, rng: np.random.Generator, spread: float
) -> int:
    """Find the site of greatest gain that may take an empty slot; gains are blurred by `spread`."""
    best, greatest = -1, -np.inf
    owed = state.kept[0] < stack.least_kept
    for i in range(len(stack.most)):
        if stack.region[i] != region or state.units[i] >= stack.most[i]:
            continue
        if owed and (not stack.previous[i] or state.units[i] > 0):
            continue
        gain = state.gain[i]
        if spread > 0:
            gain *= 1 - spread * rng.random()
        if gain > greatest:
            best, greatest = i, gain
    return best


@compiled
def _replace(
    stack: Stack, state: State, t: int, rng: np.random.Generator, spread: float, least: float
) -> tuple[float, int]:
    """Move the unit of a slot to the best site; return the gain and the work.

    Unless gains are blurred it stays where it is if that would gain no more than `least`.
    """
    out = state.chosen[t]
    if state.units[out] <= stack.least[out]:
        return 0.0, 1
    work = _step(stack, state, out, -1)
    lost = state.gain[out]
    into = _best_site(stack, state, stack.region[out], rng, spread)
    gained = state.gain[into] - lost
    if spread == 0 and gained <= least:
        into, gained = out, 0.0
    work += _step(stack, state, into, 1)
    state.chosen[t] = into
    return gained, work + len(stack.most)


@compiled
def _descend(
    stack: Stack, state: State, rng: np.random.Generator, least: float
) -> tuple[float, int]:
    """Move one unit after another until a whole turn has brought nothing."""
    total, work, idle, t = 0.0, 0, 0, 0
    while idle < len(state.chosen):
        gained, more = _replace(stack, state, t, rng, 0.0, least)
        work += more
        total += gained
        idle = 0 if gained > 0 else idle + 1
        t = (t + 1) % len(state.chosen)
    return total, work


@compiled
def _searched(stack: Stack, start: Indices, rng: np.random.Generator, limit: float) -> Indices:
    state = _empty(stack)
    least = WORTH_A_MOVE * stack.worth.sum()
    for t in range(len(start)):
        _step(stack, state, start[t], 1)
        state.chosen[t] = start[t]
    _descend(stack, state, rng, least)
    plan, best_plan = state.chosen.copy(), state.chosen.copy()
    value, best, work, stale = 0.0, 0.0, 0, 0
    while work < limit and stale < PATIENCE and len(start) > 0:
        change = 0.0
        for _ in range(2 + rng.integers(0, 4)):
            gained, more = _replace(stack, state, int(rng.integers(0, len(start))), rng, 0.4, 0.0)
            change += gained
            work += more
        gained, more = _descend(stack, state, rng, least)
        change += gained
        work += more
        stale += 1
        if change >= 0 or rng.random() < 0.02:
            value += change
            plan[:] = state.chosen
        else:
            work += _return_to(stack, state, plan)
        if value > best + least:
            best, stale = value, 0
            best_plan[:] = plan
    return best_plan


@compiled
def _return_to(stack: Stack, state: State, plan: Indices) -> int:
    """Undo the moves since `plan`."""
    work = 0
    for t in range(len(plan)):
        if state.chosen[t] != plan[t]:
            work += _step(stack, state, state.chosen[t], -1)
            work += _step(stack, state, plan[t], 1)
            state.chosen[t] = plan[t]
    return work
