"""Good p-median plans fast: best swaps, and iterated local search around the best plan.

A swap is valued by the gain of the site that comes, the loss of the platform that goes, and what
the pair of them share (Resende & Werneck 2007, doi:10.1007/s10479-006-0154-0). Only ways cheaper
than a point's second choice enter the tables, so the sorted lists are read at their beginning. A
point that no open site reaches costs more than any plan that reaches all. Work is counted, not
timed, so that the same seed gives the same plan on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Rules
from optimizer.siting.problem import Codes, Flags, Indices, Weights
from optimizer.siting.travel.ways import Ways

Table = npt.NDArray[np.float64]
PATIENCE = 60
ROUND_WORK = 1e7
ROUNDING = 1e-12
LARGEST_SHAKE = 5


class Choice(NamedTuple):
    """The state of a search: slot t holds site chosen[t].

    first, second: slots of the two cheapest open sites of each point, -1 where there is none, and
    their costs [n]; gain: cost a closed site would save [m]; loss: cost of closing slot t [p];
    pair: cost of closing slot t that site i would save besides [p, m]; kept: previous sites
    open [1].
    """

    chosen: Indices
    slot_of: Indices
    first: Codes
    second: Codes
    first_cost: Weights
    second_cost: Weights
    gain: Weights
    loss: Weights
    pair: Table
    kept: Indices


def exchange(
    ways: Ways,
    rules: Rules,
    fixed: Flags,
    start: Indices,
    *,
    seed: int,
    work: float,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Indices:
    """Swap sites while that saves; then shake the plan and swap again, keeping the best.

    Parameters
    ----------
    ways, rules
        The problem.
    fixed
        Sites that stay as they are: open in `start` or closed [m].
    start
        A plan that keeps every rule [p].
    seed
        Of the shaking.
    work
        Limit of table entries touched; the first descent is always finished, and the search also
        ends after `PATIENCE` shakes in vain.
    out_of_time
        Asked between rounds; where it says yes the best plan so far is returned.

    Returns
    -------
    The best plan found, sites ascending [p]. It may leave points unreached.
    """
    best = np.asarray(start, dtype=np.int64)
    rng = np.random.default_rng(seed)
    unreached = _cost_of_unreached(ways)
    rounds, stale = max(1, round(work / ROUND_WORK)), 0
    for _ in range(rounds):
        best, stale = _iterated_search(
            ways, rules, fixed, unreached, best, rng, work / rounds, stale
        )
        if stale >= PATIENCE or out_of_time():
            break
    return np.sort(best)


@compiled
def _cost_of_unreached(ways: Ways) -> float:
    """More than any plan costs that reaches every point."""
    total = 0.0
    for j in range(len(ways.point_ptr) - 1):
        if ways.point_ptr[j + 1] > ways.point_ptr[j]:
            total += ways.point_costs[ways.point_ptr[j + 1] - 1]
    return 2.0 * total if total > 0 else 1.0


@compiled
def _account(ways: Ways, choice: Choice, j: int, sign: float) -> float:
    """Enter point j into the tables, or take it out; return the entries touched."""
    t, near, next_near = choice.first[j], choice.first_cost[j], choice.second_cost[j]
    if t < 0:
        for k in range(ways.point_ptr[j], ways.point_ptr[j + 1]):
            choice.gain[ways.point_sites[k]] += sign * (near - ways.point_costs[k])
        return float(ways.point_ptr[j + 1] - ways.point_ptr[j])
    choice.loss[t] += sign * (next_near - near)
    row = choice.pair[t]
    k = ways.point_ptr[j]
    while k < ways.point_ptr[j + 1] and ways.point_costs[k] < next_near:
        i, cost = ways.point_sites[k], ways.point_costs[k]
        if cost < near:
            choice.gain[i] += sign * (near - cost)
            row[i] += sign * (next_near - near)
        else:
            row[i] += sign * (next_near - cost)
        k += 1
    return float(k - ways.point_ptr[j])


@compiled
def _find_two(ways: Ways, choice: Choice, unreached: float, j: int) -> None:
    """Find the two cheapest open sites of point j."""
    choice.first[j], choice.second[j] = -1, -1
    choice.first_cost[j] = choice.second_cost[j] = (
        unreached if ways.point_ptr[j + 1] > ways.point_ptr[j] else 0.0
    )
    for k in range(ways.point_ptr[j], ways.point_ptr[j + 1]):
        t = choice.slot_of[ways.point_sites[k]]
        if t < 0:
            continue
        if choice.first[j] < 0:
            choice.first[j], choice.first_cost[j] = t, ways.point_costs[k]
        else:
            choice.second[j], choice.second_cost[j] = t, ways.point_costs[k]
            break


@compiled
def _opening(ways: Ways, rules: Rules, unreached: float, start: Indices) -> Choice:
    """Build the tables of a plan."""
    m, n, p = len(ways.site_ptr) - 1, len(ways.point_ptr) - 1, len(start)
    choice = Choice(
        start.copy(),
        np.full(m, -1, dtype=np.int64),
        np.full(n, -1, dtype=np.int32),
        np.full(n, -1, dtype=np.int32),
        np.zeros(n),
        np.zeros(n),
        np.zeros(m),
        np.zeros(p),
        np.zeros((p, m)),
        np.zeros(1, dtype=np.int64),
    )
    for t in range(p):
        choice.slot_of[start[t]] = t
        choice.kept[0] += rules.previous[start[t]]
    for j in range(n):
        _find_two(ways, choice, unreached, j)
        _account(ways, choice, j, 1.0)
    return choice


@compiled
def _swap(ways: Ways, rules: Rules, choice: Choice, unreached: float, t: int, site: int) -> float:
    """Let a site take slot t; return the table entries touched."""
    work = float(len(choice.first))
    out = choice.chosen[t]
    choice.kept[0] += np.int64(rules.previous[site]) - np.int64(rules.previous[out])
    choice.slot_of[out] = -1
    for j in range(len(choice.first)):
        if choice.first[j] == t or choice.second[j] == t:
            work += _account(ways, choice, j, -1.0)
            _find_two(ways, choice, unreached, j)
            work += _account(ways, choice, j, 1.0)
    choice.chosen[t] = site
    choice.slot_of[site] = t
    for k in range(ways.site_ptr[site], ways.site_ptr[site + 1]):
        j, cost = ways.site_points[k], ways.site_costs[k]
        if cost >= choice.second_cost[j]:
            continue
        work += _account(ways, choice, j, -1.0)
        if cost < choice.first_cost[j]:
            choice.second[j], choice.second_cost[j] = choice.first[j], choice.first_cost[j]
            choice.first[j], choice.first_cost[j] = t, cost
        else:
            choice.second[j], choice.second_cost[j] = t, cost
        work += _account(ways, choice, j, 1.0)
    return work


@compiled
def _may_swap(rules: Rules, fixed: Flags, choice: Choice, t: int, site: int) -> bool:
    """Whether the rules let a closed site take slot t."""
    out = choice.chosen[t]
    if choice.slot_of[site] >= 0 or fixed[out] or fixed[site]:
        return False
    if rules.region[out] != rules.region[site]:
        return False
    return bool(
        rules.previous[site] or not rules.previous[out] or choice.kept[0] > rules.least_kept
    )


@compiled
def _descend(ways: Ways, rules: Rules, fixed: Flags, choice: Choice, unreached: float) -> float:
    """Take the best swap until none saves anything; return the work."""
    p, m = choice.pair.shape
    work = 0.0
    before, now = np.inf, choice.first_cost.sum()
    while now < before:
        best, slot, site = ROUNDING * unreached, -1, -1
        for t in range(p):
            for i in range(m):
                saved = choice.gain[i] + choice.pair[t, i] - choice.loss[t]
                if saved > best and _may_swap(rules, fixed, choice, t, i):
                    best, slot, site = saved, t, i
        work += p * m
        if slot < 0:
            break
        work += _swap(ways, rules, choice, unreached, slot, site)
        before, now = now, choice.first_cost.sum()
    return work


@compiled
def _shake(
    ways: Ways,
    rules: Rules,
    fixed: Flags,
    choice: Choice,
    unreached: float,
    rng: np.random.Generator,
) -> float:
    """Replace a few random platforms by sites that are good, but not always best."""
    p, m = choice.pair.shape
    work = 0.0
    for _ in range(min(p, 1 + rng.integers(0, LARGEST_SHAKE))):
        t = int(rng.integers(0, p))
        best, site = -1.0, -1
        for i in range(m):
            if _may_swap(rules, fixed, choice, t, i):
                value = (choice.gain[i] + choice.pair[t, i]) * (0.6 + 0.4 * rng.random())
                if value > best:
                    best, site = value, i
        work += m
        if site >= 0:
            work += _swap(ways, rules, choice, unreached, t, site)
    return work


@compiled
def _return_to(ways: Ways, rules: Rules, choice: Choice, unreached: float, plan: Indices) -> float:
    """Undo the swaps since `plan`: a site of it that moved to another slot counts as there."""
    work = 0.0
    opened = np.zeros(len(choice.slot_of), dtype=np.bool_)
    for site in plan:
        opened[site] = True
    t = 0
    for site in plan:
        if choice.slot_of[site] < 0:
            while opened[choice.chosen[t]]:
                t += 1
            work += _swap(ways, rules, choice, unreached, t, site)
    return work


@compiled
def _iterated_search(
    ways: Ways,
    rules: Rules,
    fixed: Flags,
    unreached: float,
    start: Indices,
    rng: np.random.Generator,
    limit: float,
    stale: int,
) -> tuple[Indices, int]:
    """Search from a plan after so many shakes in vain; the best plan, and their number now."""
    choice = _opening(ways, rules, unreached, start)
    work = _descend(ways, rules, fixed, choice, unreached)
    plan, best_plan = choice.chosen.copy(), choice.chosen.copy()
    value = best = choice.first_cost.sum()
    while work < limit and stale < PATIENCE and len(start) > 0:
        work += _shake(ways, rules, fixed, choice, unreached, rng)
        work += _descend(ways, rules, fixed, choice, unreached)
        stale += 1
        now = choice.first_cost.sum()
        if now <= value or now - value < 0.0005 * value * rng.random():
            plan[:] = choice.chosen
            value = now
        else:
            work += _return_to(ways, rules, choice, unreached, plan)
        if value < best:
            best, stale = value, 0
            best_plan[:] = plan
    return best_plan, stale
