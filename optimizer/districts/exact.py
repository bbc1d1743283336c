"""The best connected, balanced division of a small ground, as an integer program.

x_ur: platform r owns unit u. Connectedness as Shirabe has it (2009,
doi:10.1111/j.1538-4632.2009.00760.x): each unit of r sends one piece of a flow through r's own
units to r's own place::

    min   sum c_u t_ru x_ur
    s.t.  sum_r x_ur = 1                                         for every unit
          (1 - tau) sum_s W_s <= p W_r <= (1 + tau) sum_s W_s    W_r = sum c_u (h_u + t_ru) x_ur
          flow out of u for r - flow into u for r = x_ur         u not r's place
          flow into u for r <= (U - p) x_ur
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from optimizer.districts.ground import Floats, Ground, Ints
from optimizer.districts.loads import ROUNDING
from optimizer.solvers import Backend, HighsBackend, Outcome, Status

SIZE = 500
"""Units times platforms up to which the program is asked."""
MOST_NODES = 100_000
"""Nodes of the search tree, times units, times platforms, after which the program ends."""


class Exact(NamedTuple):
    """What the program has shown: a division or None, and a bound on the travel of all, seconds."""

    labels: Ints | None
    status: Status
    bound_s: float | None


def is_small(ground: Ground) -> bool:
    """Whether the program is likely to end within seconds."""
    return ground.unit_count * ground.platform_count <= SIZE


def exact_division(ground: Ground, tolerance: float, start: Ints | None) -> Exact:
    """Solve the program for a ground of one group; its work is counted, not timed.

    Parameters
    ----------
    start
        A division that is known to do, or None.
    """
    backend = HighsBackend()
    own = [[backend.binary(f"x_{u}_{r}") for r in range(ground.platform_count)]
           for u in range(ground.unit_count)]  # fmt: skip
    for row in own:
        backend.require(backend.sum(row) == 1)
    for r, unit in enumerate(ground.seed.tolist()):
        backend.require(own[unit][r] == 1)
    travel = ground.calls * ground.travel_s
    work = travel + ground.calls * ground.handling_s
    _balance(backend, own, work, tolerance + ROUNDING)
    for r in range(ground.platform_count):
        _connect(backend, ground, own, r)
    scale = max(float(travel.max(initial=0.0)), 1e-9)
    flat = [variable for row in own for variable in row]
    backend.minimize(backend.weighted_sum(flat, (travel.T / scale).ravel().tolist()))
    if start is not None:
        backend.start_from({f"x_{u}_{r}": 1.0 for u, r in enumerate(start.tolist())})
    most_nodes = MOST_NODES // ground.travel_s.size
    outcome = backend.solve(gap=0.0, time_limit_s=math.inf, seed=0, most_nodes=most_nodes)
    bound_s = None if outcome.bound is None else outcome.bound * scale
    return Exact(_labels(outcome, ground), outcome.status, bound_s)


def _balance(backend: Backend, own: list[list[Any]], work: Floats, tolerance: float) -> None:
    p = len(work)
    scaled = work / max(float(work.max(initial=0.0)), 1e-9)
    flat = [variable for row in own for variable in row]
    for r in range(p):
        for side, share in ((1.0, 1 + tolerance), (-1.0, 1 - tolerance)):
            weights = -share * scaled.T
            weights[:, r] += p * scaled[r]
            backend.require(backend.weighted_sum(flat, (side * weights).ravel().tolist()) <= 0)


def _connect(backend: Backend, ground: Ground, own: list[list[Any]], r: int) -> None:
    """Let every unit of r send one piece to r's place, through units of r."""
    n, most = ground.unit_count, ground.unit_count - ground.platform_count
    tail = np.repeat(np.arange(n), np.diff(ground.indptr)).tolist()
    pairs = list(zip(tail, ground.neighbour.tolist(), strict=True))
    flow = {pair: backend.integer(f"f_{r}_{pair[0]}_{pair[1]}", most, implied=True)
            for pair in pairs}  # fmt: skip
    leaving: list[list[Any]] = [[] for _ in range(n)]
    entering: list[list[Any]] = [[] for _ in range(n)]
    for (one, other), amount in flow.items():
        leaving[one].append(amount)
        entering[other].append(amount)
    for unit in range(n):
        into = backend.sum(entering[unit])
        if unit != ground.seed[r]:
            backend.require(backend.sum(leaving[unit]) - into == own[unit][r])
            backend.require(into <= most * own[unit][r])


def _labels(outcome: Outcome, ground: Ground) -> Ints | None:
    if not outcome.values:
        return None
    chosen = np.array([[outcome.values.get(f"x_{u}_{r}", 0.0) for r in range(ground.platform_count)]
                       for u in range(ground.unit_count)])  # fmt: skip
    labels: Ints = chosen.argmax(axis=1).astype(np.int32)
    return labels
