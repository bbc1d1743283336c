"""The best rounds past a few targets, by dynamic programming over sets of visits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from optimizer.deployment.round_problem import RoundProblem

Longs = NDArray[np.int64]

MOST_VISITS = 12
"""With one more, time and memory double, and pairs of sets quadruple."""
NEVER = np.int64(2**40)


def exact_rounds(problem: RoundProblem, units: int) -> list[list[int]]:
    """Find rounds of most worth, then with the shortest longest round, then of least time together.

    Shortest rounds through every set of visits as Held & Karp (1962, doi:10.1137/0110015) found
    them, then sets shared out among the units: first for the longest round, then for the sum.

    Parameters
    ----------
    problem
        Of at most `MOST_VISITS` visits; for one unit, of a few more.

    Returns
    -------
    Visits of each unit that has any, in their order.
    """
    last, at_home = _shortest(problem)
    round_s = at_home.min(axis=1, initial=NEVER)
    round_s[round_s > problem.limit_s] = NEVER
    round_s[0] = 0
    longest, _ = _shared(round_s, units, np.maximum)
    longest[_twice(problem)] = NEVER
    best = int(np.lexsort([longest, -np.where(longest < NEVER, _worth(problem), -1)])[0])
    round_s[round_s > longest[best]] = NEVER
    _, parts = _shared(round_s, units, np.add)
    rounds = []
    for part in reversed(parts):
        own = int(part[best])
        best ^= own
        rounds.append(_order(problem, last, at_home, own))
    return [visits for visits in rounds if visits]


def _sets(visits: int) -> Longs:
    return np.arange(1 << visits, dtype=np.int64)


def _shortest(problem: RoundProblem) -> tuple[Longs, Longs]:
    """Time the shortest walk past each set that ends at each visit: so far, and with the way home.

    Returns
    -------
    Both of shape (2**v, v); `NEVER` where the visit is not in the set.
    """
    v, travel_s, service_s = len(problem.service_s), problem.travel_s, problem.service_s
    sets = _sets(v)
    size = np.bitwise_count(sets.astype(np.uint64))
    time = np.full((1 << v, v), NEVER)
    for visit in range(v):
        time[1 << visit, visit] = travel_s[0, visit + 1] + service_s[visit]
    for layer in range(1, v):
        for visit in range(v):
            without = sets[(size == layer) & (sets >> visit & 1 == 0)]
            walk = (time[without] + travel_s[1:, visit + 1]).min(axis=1)
            time[without | 1 << visit, visit] = np.minimum(walk + service_s[visit], NEVER)
    return time, time + travel_s[1:, 0]


def _twice(problem: RoundProblem) -> NDArray[np.bool_]:
    """Mark the sets that serve one target twice."""
    sets = _sets(len(problem.target))
    twice = np.zeros(len(sets), dtype=bool)
    for target in np.unique(problem.target).tolist():
        ways = sum(1 << int(visit) for visit in np.flatnonzero(problem.target == target))
        twice |= np.bitwise_count((sets & ways).astype(np.uint64)) > 1
    return twice


def _shared(round_s: Longs, units: int, join: np.ufunc) -> tuple[Longs, list[Longs]]:
    """Share every set out among the units at least time, joined: that time, each unit's part."""
    sets, total = np.arange(len(round_s)), round_s
    parts = [sets.copy()]
    for _ in range(units - 1):
        grown, part = total.copy(), np.zeros_like(sets)
        for own in np.flatnonzero(round_s < NEVER).tolist():
            rest = sets[sets & own == 0]
            time = join(total[rest], round_s[own])
            better = time < grown[rest | own]
            grown[rest[better] | own] = time[better]
            part[rest[better] | own] = own
        total = grown
        parts.append(part)
    return total, parts


def _worth(problem: RoundProblem) -> Longs:
    sets = _sets(len(problem.target))
    worth = np.zeros(len(sets), dtype=np.int64)
    for visit, target in enumerate(problem.target.tolist()):
        worth += (sets >> visit & 1) * problem.worth[target]
    return worth


def _order(problem: RoundProblem, time: Longs, at_home: Longs, own: int) -> list[int]:
    """Walk back from the last visit of a set to the first."""
    order: list[int] = []
    left = own
    while left:
        onward = at_home[left] if not order else time[left] + problem.travel_s[1:, order[-1] + 1]
        order.append(int(onward.argmin()))
        left ^= 1 << order[-1]
    return order[::-1]
