"""Swaps that help the whole and its parts: the least part, or the total once every floor is met.

A plan is judged by its merit: with floors the covered weight less a heavy fine for every unit that
a part lacks; without, the least part and, to tell ties apart, a little of the mean.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover, Rules
from optimizer.siting.parts.worth import Parts
from optimizer.siting.problem import Codes, Flags, Indices, Weights

FINE = 1e3
TIE = 1e-3
ROUNDING = 1e-9
PATIENCE = 20


class Ledger(NamedTuple):
    """The parts laid out by point: part_ptr[j]:part_ptr[j + 1] are the rows and values of point j.

    `base` starts with the covered weight, 0; then comes one entry for each part.
    """

    part_ptr: Indices
    part_row: Codes
    part_value: Weights
    base: Weights
    least: Weights


def ledger_of(parts: Parts) -> Ledger:
    """Lay the parts out for compiled code."""
    columns = parts.values.tocsc()
    return Ledger(
        columns.indptr.astype(np.int64),
        columns.indices.astype(np.int32),
        columns.data / parts.unit[columns.indices],
        np.concatenate(([0.0], parts.base / parts.unit)),
        np.array(parts.least, dtype=np.float64),
    )


def swap_and_shake(
    cover: Cover,
    rules: Rules,
    parts: Parts,
    plan: Indices,
    *,
    rng: np.random.Generator,
    work: float,
    out_of_time: Callable[[], bool] = lambda: False,
) -> Indices:
    """Swap until nothing helps; then move two sites at random and swap again, keeping the best.

    `work` limits the table entries touched, and `PATIENCE` the shakes in vain; the first descent
    is always finished.
    """
    ledger = ledger_of(parts)
    best, merit, spent = _descend(cover, rules, ledger, np.array(plan, dtype=np.int64))
    idle = 0
    while spent < work and idle < PATIENCE and 0 < len(plan) < len(rules.region):
        trial, reached, effort = _descend(cover, rules, ledger, _shaken(rules, best, rng))
        spent = np.inf if out_of_time() else spent + effort
        idle = 0 if reached > merit else idle + 1
        if reached >= merit:
            best, merit = trial, reached
    return np.sort(best)


def _shaken(rules: Rules, plan: Indices, rng: np.random.Generator) -> Indices:
    """Move two sites to others of their region that are previous ones if they were."""
    shaken = plan.copy()
    for t in rng.permutation(len(plan))[:2]:
        site = shaken[t]
        others = rules.region == rules.region[site]
        if rules.previous[site]:
            others &= rules.previous
        others[shaken] = False
        choices = np.flatnonzero(others)
        if len(choices):
            shaken[t] = rng.choice(choices)
    return shaken


@compiled
def _merit(ledger: Ledger, totals: Weights) -> float:
    """Judge a plan; entry 0 of the totals is the covered weight, the others are the parts."""
    if len(ledger.least):
        fine = 0.0
        for k in range(len(ledger.least)):
            fine += max(0.0, ledger.least[k] - totals[k + 1])
        return float(totals[0] - FINE * fine)
    return float(totals[1:].min() + TIE * totals[1:].mean())


@compiled
def _add(
    cover: Cover, ledger: Ledger, times: Codes, site: int, sign: float, totals: Weights
) -> None:
    """Add what the site alone covers to the totals."""
    for a in range(cover.site_ptr[site], cover.site_ptr[site + 1]):
        j = cover.site_points[a]
        if times[j] == 0:
            totals[0] += sign * cover.weight[j]
            for b in range(ledger.part_ptr[j], ledger.part_ptr[j + 1]):
                totals[ledger.part_row[b] + 1] += sign * ledger.part_value[b]


@compiled
def _count(cover: Cover, times: Codes, site: int, step: int) -> None:
    for a in range(cover.site_ptr[site], cover.site_ptr[site + 1]):
        times[cover.site_points[a]] += step


@compiled
def _best_for(
    cover: Cover,
    ledger: Ledger,
    times: Codes,
    allowed: Flags,
    leaving: int,
    totals: Weights,
) -> tuple[int, float]:
    """Find the site that fills the place of `leaving` best, which stays where none is better."""
    trial = totals.copy()
    _add(cover, ledger, times, leaving, 1.0, trial)
    best, merit = leaving, _merit(ledger, trial)
    threshold = merit + ROUNDING * (ROUNDING + abs(merit))
    for i in range(len(allowed)):
        if not allowed[i]:
            continue
        trial[:] = totals
        _add(cover, ledger, times, i, 1.0, trial)
        reached = _merit(ledger, trial)
        if reached > threshold:
            best, merit, threshold = i, reached, reached
    return best, merit


@compiled
def _descend(
    cover: Cover, rules: Rules, ledger: Ledger, plan: Indices
) -> tuple[Indices, float, float]:
    """Swap until no swap helps: the plan, its merit, and the table entries touched."""
    times = np.zeros(len(cover.weight), dtype=np.int32)
    opened = np.zeros(len(rules.region), dtype=np.bool_)
    totals, kept, work = ledger.base.copy(), 0, 0.0
    for site in plan:
        _add(cover, ledger, times, site, 1.0, totals)
        _count(cover, times, site, 1)
        opened[site] = True
        kept += rules.previous[site]
    merit, idle, t = _merit(ledger, totals), 0, 0
    while idle < len(plan):
        site = plan[t]
        _count(cover, times, site, -1)
        _add(cover, ledger, times, site, -1.0, totals)
        allowed = ~opened & (rules.region == rules.region[site])
        if rules.previous[site] and kept <= rules.least_kept:
            allowed &= rules.previous
        other, merit = _best_for(cover, ledger, times, allowed, site, totals)
        work += len(cover.site_points)
        idle = idle + 1 if other == site else 0
        _add(cover, ledger, times, other, 1.0, totals)
        _count(cover, times, other, 1)
        opened[site] = False
        opened[other] = True
        kept += int(rules.previous[other]) - int(rules.previous[site])
        plan[t] = other
        t = (t + 1) % len(plan)
    return plan, merit, work
