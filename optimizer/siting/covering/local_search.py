"""Good plans fast: greedy, best swaps, and iterated local search around the best plan.

The swap tables (gain of a site, loss of a platform, and what the pair of them share) are those of
the fast interchange of Resende & Werneck 2007, doi:10.1007/s10479-006-0154-0, carried over to
covering. All sums are over whole numbers held in double precision, so updating them never drifts,
and work is counted, not timed, so that the same seed gives the same plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover, Rules
from optimizer.siting.problem import Codes, Flags, Indices, Weights

Table = npt.NDArray[np.float64]
WHOLE_TOTAL = 2.0**44
ROUND_WORK = 1.25e8
PATIENCE = 500


class Tables(NamedTuple):
    """The state of a search: slot t holds site chosen[t].

    times and slots: for each point, how many slots cover it and the sum of their numbers [n];
    gain: weight a closed site would add [m]; loss: weight only slot t covers [p];
    pair: weight that only slot t covers and site j covers too [p, m];
    kept: previous sites open [1].
    """

    chosen: Indices
    slot_of: Indices
    times: Codes
    slots: Indices
    gain: Weights
    loss: Weights
    pair: Table
    kept: Indices


def greedy(cover: Cover, rules: Rules) -> Indices:
    """Open, one at a time, the site that adds most and still lets every rule be met.

    Within one region and without other rules it reaches at least 1 - 1/e of the best
    (Nemhauser, Wolsey & Fisher 1978, doi:10.1007/BF01588971).
    """
    return extend_greedily(cover, rules, np.zeros(0, dtype=np.int64))


def extend_greedily(cover: Cover, rules: Rules, start: Indices) -> Indices:
    """Open further sites after the given ones until every budget is spent."""
    return _extend(cover, rules, start, int(rules.budgets.sum()))


def improve(
    cover: Cover,
    rules: Rules,
    start: Indices,
    *,
    seed: int,
    work: float,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Indices:
    """Swap sites while that helps; then shake the plan and swap again, keeping the best.

    Parameters
    ----------
    cover, rules
        The reduced problem.
    start
        A plan that keeps every rule [p].
    seed
        Of the shaking.
    work
        Limit of table entries touched; the first descent is always finished, and a round also
        ends after `PATIENCE` shakes in vain.
    out_of_time
        Asked between rounds; where it says yes the best plan so far is returned.

    Returns
    -------
    The best plan found, sites ascending [p].
    """
    whole = cover._replace(weight=_whole_weights(cover.weight))
    best = np.asarray(start, dtype=np.int64)
    rng = np.random.default_rng(seed)
    rounds = max(1, round(work / ROUND_WORK))
    for _ in range(rounds):
        best = _iterated_search(whole, rules, best, rng, work / rounds)
        if out_of_time():
            break
    return np.sort(best)


def _whole_weights(weight: Weights) -> Weights:
    """Weights as whole numbers, exact where they already are whole and not astronomically large."""
    total = float(weight.sum())
    whole = np.rint(weight)
    if np.array_equal(whole, weight) and total < WHOLE_TOTAL:
        return whole
    return np.rint(weight * (WHOLE_TOTAL / max(total, np.finfo(float).tiny)))


@compiled
def _add(cover: Cover, row: Weights, i: int, weight: float) -> None:
    """Add to the entry of every site that covers point i."""
    for q in range(cover.point_ptr[i], cover.point_ptr[i + 1]):
        row[cover.point_sites[q]] += weight


@compiled
def _best_addition(
    rules: Rules, gain: Weights, opened: Flags, left: Indices, spare: Indices, owed: int
) -> int:
    """Find the site of greatest gain after which enough previous sites can still be opened.

    left: platforms still to place in each region; spare: previous sites still closed there;
    owed: previous sites still to open.
    """
    slack = -owed
    for r in range(len(left)):
        slack += min(left[r], spare[r])
    best = -1
    for j in range(len(gain)):
        r = rules.region[j]
        takes_a_place = not rules.previous[j] and left[r] <= spare[r]
        if opened[j] or left[r] == 0 or (owed > 0 and slack <= 0 and takes_a_place):
            continue
        if best < 0 or gain[j] > gain[best]:
            best = j
    return best


@compiled
def _extend(cover: Cover, rules: Rules, start: Indices, size: int) -> Indices:
    m, n = len(cover.site_ptr) - 1, len(cover.weight)
    covered = np.zeros(n, dtype=np.bool_)
    opened = np.zeros(m, dtype=np.bool_)
    gain = np.zeros(m)
    left = rules.budgets.copy()
    spare = np.zeros(len(left), dtype=np.int64)
    for j in range(m):
        spare[rules.region[j]] += rules.previous[j]
        for k in range(cover.site_ptr[j], cover.site_ptr[j + 1]):
            gain[j] += cover.weight[cover.site_points[k]]
    chosen = np.zeros(size, dtype=np.int64)
    owed = rules.least_kept
    for t in range(size):
        site = (
            start[t] if t < len(start) else _best_addition(rules, gain, opened, left, spare, owed)
        )
        chosen[t] = site
        opened[site] = True
        left[rules.region[site]] -= 1
        spare[rules.region[site]] -= rules.previous[site]
        owed -= rules.previous[site]
        for k in range(cover.site_ptr[site], cover.site_ptr[site + 1]):
            i = cover.site_points[k]
            if not covered[i]:
                covered[i] = True
                _add(cover, gain, i, -cover.weight[i])
    return chosen


@compiled
def _tables(cover: Cover, rules: Rules, start: Indices) -> Tables:
    m, n, p = len(cover.site_ptr) - 1, len(cover.weight), len(start)
    tables = Tables(
        np.full(p, -1, dtype=np.int64),
        np.full(m, -1, dtype=np.int64),
        np.zeros(n, dtype=np.int32),
        np.zeros(n, dtype=np.int64),
        np.zeros(m),
        np.zeros(p),
        np.zeros((p, m)),
        np.zeros(1, dtype=np.int64),
    )
    for j in range(m):
        for k in range(cover.site_ptr[j], cover.site_ptr[j + 1]):
            tables.gain[j] += cover.weight[cover.site_points[k]]
    for t in range(p):
        _enter(cover, rules, tables, t, start[t])
    return tables


@compiled
def _enter(cover: Cover, rules: Rules, tables: Tables, t: int, site: int) -> float:
    """Put a site into an empty slot; return the table entries touched."""
    work = 0.0
    tables.chosen[t] = site
    tables.slot_of[site] = t
    tables.kept[0] += rules.previous[site]
    for k in range(cover.site_ptr[site], cover.site_ptr[site + 1]):
        i = cover.site_points[k]
        weight = cover.weight[i]
        if tables.times[i] == 0:
            tables.loss[t] += weight
            _add(cover, tables.gain, i, -weight)
            _add(cover, tables.pair[t], i, weight)
            work += 2 * (cover.point_ptr[i + 1] - cover.point_ptr[i])
        elif tables.times[i] == 1:
            alone = tables.slots[i]
            tables.loss[alone] -= weight
            _add(cover, tables.pair[alone], i, -weight)
            work += cover.point_ptr[i + 1] - cover.point_ptr[i]
        tables.times[i] += 1
        tables.slots[i] += t
    return work


@compiled
def _leave(cover: Cover, rules: Rules, tables: Tables, t: int) -> float:
    """Empty a slot; return the table entries touched."""
    work = 0.0
    site = tables.chosen[t]
    tables.chosen[t] = -1
    tables.slot_of[site] = -1
    tables.kept[0] -= rules.previous[site]
    for k in range(cover.site_ptr[site], cover.site_ptr[site + 1]):
        i = cover.site_points[k]
        weight = cover.weight[i]
        tables.times[i] -= 1
        tables.slots[i] -= t
        if tables.times[i] == 0:
            tables.loss[t] -= weight
            _add(cover, tables.gain, i, weight)
            _add(cover, tables.pair[t], i, -weight)
            work += 2 * (cover.point_ptr[i + 1] - cover.point_ptr[i])
        elif tables.times[i] == 1:
            alone = tables.slots[i]
            tables.loss[alone] += weight
            _add(cover, tables.pair[alone], i, weight)
            work += cover.point_ptr[i + 1] - cover.point_ptr[i]
    return work


@compiled
def _may_swap(rules: Rules, tables: Tables, t: int, site: int) -> bool:
    """Whether the rules let a closed site take slot t."""
    out = tables.chosen[t]
    if tables.slot_of[site] >= 0 or rules.region[out] != rules.region[site]:
        return False
    return bool(
        rules.previous[site] or not rules.previous[out] or tables.kept[0] > rules.least_kept
    )


@compiled
def _descend(cover: Cover, rules: Rules, tables: Tables) -> tuple[float, float]:
    """Take the best swap until none helps; return the weight gained and the work."""
    p, m = tables.pair.shape
    gained, work = 0.0, 0.0
    while True:
        best, slot, site = 0.0, -1, -1
        for t in range(p):
            for j in range(m):
                change = tables.gain[j] + tables.pair[t, j] - tables.loss[t]
                if change > best and _may_swap(rules, tables, t, j):
                    best, slot, site = change, t, j
        work += p * m
        if slot < 0:
            return gained, work
        work += _leave(cover, rules, tables, slot)
        work += _enter(cover, rules, tables, slot, site)
        gained += best


@compiled
def _shake(
    cover: Cover, rules: Rules, tables: Tables, rng: np.random.Generator
) -> tuple[float, float]:
    """Replace a few random platforms by good but not always best sites."""
    p, m = tables.pair.shape
    gained, work = 0.0, 0.0
    for _ in range(min(p, 2 + rng.integers(0, 4))):
        t = int(rng.integers(0, p))
        best, site = -1.0, -1
        for j in range(m):
            if _may_swap(rules, tables, t, j):
                value = (tables.gain[j] + tables.pair[t, j]) * (0.6 + 0.4 * rng.random())
                if value > best:
                    best, site = value, j
        work += m
        if site >= 0:
            gained += tables.gain[site] + tables.pair[t, site] - tables.loss[t]
            work += _leave(cover, rules, tables, t)
            work += _enter(cover, rules, tables, t, site)
    return gained, work


@compiled
def _return_to(cover: Cover, rules: Rules, tables: Tables, plan: Indices) -> float:
    """Undo the swaps since `plan`."""
    work = 0.0
    for t in range(len(plan)):
        if tables.chosen[t] != plan[t]:
            work += _leave(cover, rules, tables, t)
    for t in range(len(plan)):
        if tables.chosen[t] < 0:
            work += _enter(cover, rules, tables, t, plan[t])
    return work


@compiled
def _iterated_search(
    cover: Cover, rules: Rules, start: Indices, rng: np.random.Generator, limit: float
) -> Indices:
    tables = _tables(cover, rules, start)
    _descend(cover, rules, tables)
    plan, best_plan = tables.chosen.copy(), tables.chosen.copy()
    value, best = 0.0, 0.0
    scale = tables.loss.sum()
    work, stale = 0.0, 0
    while work < limit and stale < PATIENCE and len(start) > 0:
        shaken, effort = _shake(cover, rules, tables, rng)
        gained, more = _descend(cover, rules, tables)
        work += effort + more
        stale += 1
        change = shaken + gained
        if change >= 0 or change > -0.0005 * scale * rng.random():
            plan[:] = tables.chosen
            value += change
        else:
            work += _return_to(cover, rules, tables, plan)
        if value > best:
            best, stale = value, 0
            best_plan[:] = plan
    return best_plan
