"""The linear program of maximal covering by an interior-point method that eliminates the demand.

minimise    sum_j w_j q_j                              q_j: share of point j left uncovered
subject to  sum_{i covers j} y_i + q_j - t_j = 1       for every demand point j          (price u_j)
            s_b (sum_{i in S_b} y_i) - v_b = g_b       for every side rule b, s_b = +-1  (price l_b)
            0 <= y <= 1;  q, t, v >= 0

Every variable but y belongs to one row, so the Newton system shrinks to one of the size of the
sites, A'DA + a diagonal, whatever the number of demand points; and 0 < u < w, l > 0 stay dual
feasible by themselves, so every iterate proves a bound. Predictor and corrector as in Mehrotra
1992, doi:10.1137/0802028.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.problem import Codes, Indices, Weights

Matrix = npt.NDArray[np.float64]
TO_THE_WALL = 0.995
FEASIBLE = 1e-4


class Program(NamedTuple):
    """The linear program: points by rows, and side rules s_b * (sum over S_b of y) >= g_b.

    point_ptr, point_sites: sites that cover each point, ascending; weight: of each point [n];
    rule_ptr, rule_sites: sites of each side rule, ascending; sign, level: s and g [b];
    site_count: m, at least 1.
    """

    point_ptr: Indices
    point_sites: Codes
    weight: Weights
    rule_ptr: Indices
    rule_sites: Codes
    sign: Weights
    level: Weights
    site_count: int


class Point(NamedTuple):
    """Where the method stopped: bound and prices of the best dual point, y of the last primal one.

    covered: weight that y covers, a lower bound on the optimum once the side rules hold.
    """

    bound: float
    point_prices: Weights
    rule_prices: Weights
    opened: Weights
    covered: float


@compiled
def interior_point(program: Program, enough: float, tolerance: float, iterations: int) -> Point:
    """Solve until the bound is at most `enough`, or the gap is at most `tolerance` (weight)."""
    weight, level, m = program.weight, program.level, program.site_count
    n, rules = len(weight), len(level)
    places = 0.0
    for b in range(rules):
        places += max(0.0, -level[b])
    y = np.full(m, min(0.5, max(0.9 * places / m, 1e-3)))
    short = 1.0 - _cover(program, y)
    q = np.maximum(short, 0.0) + 0.3
    t = q - short
    v = np.maximum(_sides(program, y) - level, 0.5)
    u = 0.5 * weight
    values = _site_values(program, u, np.zeros(rules))
    usual = max(np.sort(values)[max(0, m - 1 - int(places))], 1e-3 * weight.mean())
    prices = np.where(program.sign < 0, usual, weight.mean())
    values = _site_values(program, u, prices)
    low = np.maximum(-values, 0.0) + 0.1 * usual
    high = np.maximum(values, 0.0) + 0.1 * usual
    best, best_u, best_prices, covered = np.inf, u.copy(), prices.copy(), 0.0
    system = np.zeros((m, m))
    for _ in range(iterations):
        values = _site_values(program, u, prices)
        bound = (weight - u).sum() - prices @ level + np.maximum(values, 0.0).sum()
        if bound < best:
            best, best_u, best_prices = bound, u.copy(), prices.copy()
        reached = _cover(program, y)
        sides = _sides(program, y)
        covered = weight @ np.minimum(reached, 1.0)
        missed = level - sides + v
        if best <= enough or (best - covered <= tolerance and _worst(level - sides) <= FEASIBLE):
            break
        off = 1.0 - reached - q + t
        off_dual = high - low - values
        zq, r = weight - u, 1.0 - y
        pairs = 2 * n + rules + 2 * m
        mu = (q @ zq + t @ u + v @ prices + y @ low + r @ high) / pairs
        d, e = 1.0 / (q / zq + t / u), prices / v
        _assemble(program, d, e, low / y + high / r, system)
        factor = np.linalg.cholesky(system)
        target = 0.0
        fix_q, fix_t, fix_v = np.zeros(n), np.zeros(n), np.zeros(rules)
        fix_low, fix_high = np.zeros(m), np.zeros(m)
        for phase in range(2):
            to_q, to_t = (target - fix_q) / zq - q, (target - fix_t) / u - t
            to_v = (target - fix_v) / prices - v
            to_low, to_high = (target - fix_low) / y - low, (target - fix_high) / r - high
            rows, sides_right = off - to_q + to_t, missed + to_v
            right = to_low - to_high - off_dual
            right += _site_values(program, d * rows, e * sides_right)
            dy = _solve(factor, right)
            du = d * (rows - _cover(program, dy))
            dp = e * (sides_right - _sides(program, dy))
            dq, dt, dv = to_q + q / zq * du, to_t - t / u * du, to_v - v / prices * dp
            dlow, dhigh = to_low - low / y * dy, to_high + high / r * dy
            primal = min(
                min(_room(y, dy), _room(r, -dy)),
                min(min(_room(q, dq), _room(t, dt)), _room(v, dv)),
            )
            dual = min(
                min(_room(u, du), _room(zq, -du)),
                min(min(_room(prices, dp), _room(low, dlow)), _room(high, dhigh)),
            )
            if phase == 0:
                ahead = (q + primal * dq) @ (zq - dual * du) + (t + primal * dt) @ (u + dual * du)
                ahead += (v + primal * dv) @ (prices + dual * dp)
                ahead += (y + primal * dy) @ (low + dual * dlow)
                ahead += (r - primal * dy) @ (high + dual * dhigh)
                target = mu * (ahead / pairs / mu) ** 3
                fix_q, fix_t, fix_v = -dq * du, dt * du, dv * dp
                fix_low, fix_high = dy * dlow, -dy * dhigh
        primal, dual = min(1.0, TO_THE_WALL * primal), min(1.0, TO_THE_WALL * dual)
        y += primal * dy
        q += primal * dq
        t += primal * dt
        v += primal * dv
        u += dual * du
        prices += dual * dp
        low += dual * dlow
        high += dual * dhigh
    return Point(best, best_u, best_prices, y, covered)


@compiled
def _worst(values: Weights) -> float:
    """Greatest value; -inf where there is none."""
    worst = -np.inf
    for value in values:
        worst = max(worst, value)
    return float(worst)


@compiled
def _cover(program: Program, y: Weights) -> Weights:
    """How far each point is covered [n]."""
    reached = np.zeros(len(program.weight))
    for j in range(len(reached)):
        total = 0.0
        for k in range(program.point_ptr[j], program.point_ptr[j + 1]):
            total += y[program.point_sites[k]]
        reached[j] = total
    return reached


@compiled
def _sides(program: Program, y: Weights) -> Weights:
    """Left sides of the side rules [b]."""
    sides = np.zeros(len(program.level))
    for b in range(len(sides)):
        total = 0.0
        for k in range(program.rule_ptr[b], program.rule_ptr[b + 1]):
            total += y[program.rule_sites[k]]
        sides[b] = program.sign[b] * total
    return sides


@compiled
def _site_values(program: Program, u: Weights, prices: Weights) -> Weights:
    """Prices that each site collects from its points and side rules [m]."""
    values = np.zeros(program.site_count)
    for j in range(len(u)):
        for k in range(program.point_ptr[j], program.point_ptr[j + 1]):
            values[program.point_sites[k]] += u[j]
    for b in range(len(prices)):
        price = program.sign[b] * prices[b]
        for k in range(program.rule_ptr[b], program.rule_ptr[b + 1]):
            values[program.rule_sites[k]] += price
    return values


@compiled
def _assemble(program: Program, d: Weights, e: Weights, diagonal: Weights, system: Matrix) -> None:
    """Add up the lower half of A'DA + G'EG + the diagonal."""
    system[:, :] = 0.0
    for j in range(len(d)):
        first = program.point_ptr[j]
        for a in range(first, program.point_ptr[j + 1]):
            row = system[program.point_sites[a]]
            for b in range(first, a + 1):
                row[program.point_sites[b]] += d[j]
    for j in range(len(e)):
        first = program.rule_ptr[j]
        for a in range(first, program.rule_ptr[j + 1]):
            row = system[program.rule_sites[a]]
            for b in range(first, a + 1):
                row[program.rule_sites[b]] += e[j]
    for i in range(len(diagonal)):
        system[i, i] += diagonal[i] * (1 + 1e-12)


@compiled
def _solve(factor: Matrix, right: Weights) -> Weights:
    """Solve L L' x = right."""
    x = right.copy()
    for i in range(len(x)):
        total = x[i]
        for k in range(i):
            total -= factor[i, k] * x[k]
        x[i] = total / factor[i, i]
    for i in range(len(x) - 1, -1, -1):
        x[i] /= factor[i, i]
        for k in range(i):
            x[k] -= factor[i, k] * x[i]
    return x


@compiled
def _room(value: Weights, change: Weights) -> float:
    """Longest step of at most 1 that keeps all values at least 0."""
    step = 1.0
    for i in range(len(value)):
        if change[i] < 0 and -value[i] / change[i] < step:
            step = -value[i] / change[i]
    return step
