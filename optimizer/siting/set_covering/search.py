"""Small covers fast: greedy, then a local search that gives weight to points left over.

Once all points are covered a site closes; then one site at a time is exchanged so that the weight
left uncovered falls, and each point that stays uncovered gains weight, until all are covered again.

Source: Gao, Yao, Weise & Li 2015, An efficient local search heuristic with row weighting for the
unicost set covering problem, doi:10.1016/j.ejor.2015.05.038.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover
from optimizer.siting.problem import Flags, Indices

Counts = npt.NDArray[np.int64]


class State(NamedTuple):
    """Where a search stands.

    opened: flags of the open sites [m]; times, total: how many open sites cover each point and the
    sum of their numbers [n]; weight of each point [n]; score: weight that a closed site would cover
    anew, or that only this open one covers [m]; since: step of its last move [m]; allowed: whether
    anything in reach of a site has changed since it closed [m]; left, place, size: the uncovered
    points, where each stands in that list [n], and their number [1].
    """

    opened: Flags
    times: Counts
    total: Counts
    weight: Counts
    score: Counts
    since: Counts
    allowed: Flags
    left: Counts
    place: Counts
    size: Counts


def greedy_cover(cover: Cover) -> Indices:
    """Open the site that covers most of what is left, until nothing is; close what is not needed.

    Every point must have a site that covers it.
    """
    state = _state(cover)
    _fill(cover, state)
    return np.flatnonzero(state.opened)


def fewer_sites(cover: Cover, plan: Indices, *, target: int, seed: int, work: float) -> Indices:
    """Look for a smaller cover until it has `target` sites or `work` table entries were touched.

    Parameters
    ----------
    cover
        Who covers whom; its weights are not read.
    plan
        A cover to start from.
    target
        Number of sites below which none need be looked for.
    seed
        Of the choice of the next point to cover.
    work
        Counted, not timed, so that the same seed gives the same cover everywhere.
    """
    if len(plan) <= target:
        return plan
    return np.flatnonzero(_search(cover, plan, target, np.random.default_rng(seed), work))


@compiled
def _state(cover: Cover) -> State:
    m, n = len(cover.site_ptr) - 1, len(cover.point_ptr) - 1
    return State(
        np.zeros(m, dtype=np.bool_),
        np.zeros(n, dtype=np.int64),
        np.zeros(n, dtype=np.int64),
        np.ones(n, dtype=np.int64),
        cover.site_ptr[1:] - cover.site_ptr[:-1],
        np.zeros(m, dtype=np.int64),
        np.ones(m, dtype=np.bool_),
        np.arange(n),
        np.arange(n),
        np.full(1, n),
    )


@compiled
def _tell(cover: Cover, state: State, j: int, weight: int) -> int:
    """Add to the score of every site that covers point j; return how many do."""
    for q in range(cover.point_ptr[j], cover.point_ptr[j + 1]):
        state.score[cover.point_sites[q]] += weight
        state.allowed[cover.point_sites[q]] = True
    return int(cover.point_ptr[j + 1] - cover.point_ptr[j])


@compiled
def _open(cover: Cover, state: State, site: int, step: int) -> int:
    """Open a site; return the table entries touched."""
    work = cover.site_ptr[site + 1] - cover.site_ptr[site]
    needed = state.score[site]
    for k in range(cover.site_ptr[site], cover.site_ptr[site + 1]):
        j = cover.site_points[k]
        if state.times[j] == 0:
            work += _tell(cover, state, j, -state.weight[j])
            last = state.left[state.size[0] - 1]
            state.left[state.place[j]] = last
            state.place[last] = state.place[j]
            state.size[0] -= 1
        elif state.times[j] == 1:
            state.score[state.total[j]] -= state.weight[j]
        state.times[j] += 1
        state.total[j] += site
    state.opened[site] = True
    state.since[site] = step
    state.score[site] = needed
    return int(work)


@compiled
def _close(cover: Cover, state: State, site: int, step: int) -> int:
    """Close a site; return the table entries touched."""
    work = cover.site_ptr[site + 1] - cover.site_ptr[site]
    needed = state.score[site]
    for k in range(cover.site_ptr[site], cover.site_ptr[site + 1]):
        j = cover.site_points[k]
        state.times[j] -= 1
        state.total[j] -= site
        if state.times[j] == 0:
            work += _tell(cover, state, j, state.weight[j])
            state.place[j] = state.size[0]
            state.left[state.size[0]] = j
            state.size[0] += 1
        elif state.times[j] == 1:
            state.score[state.total[j]] += state.weight[j]
    state.opened[site] = False
    state.since[site] = step
    state.score[site] = needed
    state.allowed[site] = False
    return int(work)


@compiled
def _fill(cover: Cover, state: State) -> None:
    """Cover everything greedily, then close each open site that nothing needs."""
    while state.size[0] > 0:
        best = -1
        for i in range(len(state.score)):
            if not state.opened[i] and (best < 0 or state.score[i] > state.score[best]):
                best = i
        _open(cover, state, best, 0)
    for i in range(len(state.score)):
        if state.opened[i] and state.score[i] == 0:
            _close(cover, state, i, 0)


@compiled
def _cheapest_open(state: State, chosen: Indices, size: int, tabu: int) -> int:
    """Find the place in the plan whose site is missed least (ties: the one longest in place)."""
    best = -1
    for t in range(size):
        i = chosen[t]
        if i == tabu:
            continue
        b = chosen[best] if best >= 0 else -1
        if (
            best < 0
            or state.score[i] < state.score[b]
            or (state.score[i] == state.score[b] and state.since[i] < state.since[b])
        ):
            best = t
    return best


@compiled
def _best_for(cover: Cover, state: State, j: int) -> int:
    """Find the allowed site of greatest gain that covers a point; -1: there is none."""
    best = -1
    for q in range(cover.point_ptr[j], cover.point_ptr[j + 1]):
        i = cover.point_sites[q]
        if state.allowed[i] and (
            best < 0
            or state.score[i] > state.score[best]
            or (state.score[i] == state.score[best] and state.since[i] < state.since[best])
        ):
            best = i
    return best


@compiled
def _press(cover: Cover, state: State) -> int:
    """Give each uncovered point one more weight."""
    work = 0
    for a in range(state.size[0]):
        j = state.left[a]
        state.weight[j] += 1
        work += cover.point_ptr[j + 1] - cover.point_ptr[j]
        for q in range(cover.point_ptr[j], cover.point_ptr[j + 1]):
            state.score[cover.point_sites[q]] += 1
    return work


@compiled
def _search(
    cover: Cover, plan: Indices, target: int, rng: np.random.Generator, limit: float
) -> Flags:
    state = _state(cover)
    for i in plan:
        _open(cover, state, i, 0)
    chosen, size = plan.copy(), len(plan)
    best = state.opened.copy()
    work, step, tabu = 0, 0, -1
    while work < limit:
        step += 1
        all_covered = state.size[0] == 0
        if all_covered:
            best[:] = state.opened
            if size <= target:
                break
        t = _cheapest_open(state, chosen, size, -1 if all_covered else tabu)
        if t >= 0:
            work += _close(cover, state, chosen[t], step)
            size -= 1
            chosen[t] = chosen[size]
        if not all_covered:
            missed = state.left[rng.integers(0, state.size[0])]
            site = _best_for(cover, state, missed)
            work += cover.point_ptr[missed + 1] - cover.point_ptr[missed]
            if site >= 0:
                work += _open(cover, state, site, step)
                chosen[size] = site
                size += 1
                tabu = site
        work += _press(cover, state) + size
    return best
