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

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from optimizer.siting.compiled import compiled
from optimizer.siting.problem import Codes, Indices, Weights

Matrix = npt.NDArray[np.floating[Any]]
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


class State(NamedTuple):
    """Variables and prices on the way, or a change of them all.

    y [m], q and t [n], v [b] with the prices u of the points [n] and l of the side rules [b];
    low and high: prices of 0 <= y and of y <= 1 [m]. The price of t is u, that of q is w - u.
    """

    y: Weights
    q: Weights
    t: Weights
    v: Weights
    u: Weights
    prices: Weights
    low: Weights
    high: Weights


@compiled
def interior_point(program: Program, enough: float, tolerance: float, iterations: int) -> Point:
    """Solve until the bound is at most `enough`, or the gap is at most `tolerance` (weight)."""
    weight, level = program.weight, program.level
    now = _start(program)
    best, covered = np.inf, 0.0
    best_u, best_prices = now.u.copy(), now.prices.copy()
    system = np.zeros((program.site_count, program.site_count))
    still = _standstill(now)
    for _ in range(iterations):
        values = _site_values(program, now.u, now.prices)
        bound = float((weight - now.u).sum() - now.prices @ level + np.maximum(values, 0.0).sum())
        if bound < best:
            best, best_u, best_prices = bound, now.u.copy(), now.prices.copy()
        covered = float(weight @ np.minimum(_cover(program, now.y), 1.0))
        broken = _worst(level - _sides(program, now.y))
        if best <= enough or (best - covered <= tolerance and broken <= FEASIBLE):
            break
        d = 1.0 / (now.q / (weight - now.u) + now.t / now.u)
        diagonal = now.low / now.y + now.high / (1.0 - now.y)
        _assemble(program, d, now.prices / now.v, diagonal, system)
        try:
            factor = np.linalg.cholesky(system)
        except Exception:  # noqa: BLE001  the form that compiles: rounding has ended the progress
            break
        mean = _products(program, now, still, 0.0, 0.0)
        guess = _direction(program, now, factor, values, 0.0, still)
        primal, dual = _steps(program, now, guess)
        centred = mean * (_products(program, now, guess, primal, dual) / mean) ** 3
        move = _direction(program, now, factor, values, centred, guess)
        primal, dual = _steps(program, now, move)
        _advance(now, move, min(1.0, TO_THE_WALL * primal), min(1.0, TO_THE_WALL * dual))
    return Point(best, best_u, best_prices, now.y, covered)


@compiled
def _start(program: Program) -> State:
    """Spread the places evenly, leave half of every weight unpaid, charge what a site is worth."""
    weight, m = program.weight, program.site_count
    places = np.maximum(-program.level, 0.0).sum()
    y = np.full(m, min(0.5, max(0.9 * places / m, 1e-3)))
    short = 1.0 - _cover(program, y)
    q = np.maximum(short, 0.0) + 0.3
    v = np.maximum(_sides(program, y) - program.level, 0.5)
    u = 0.5 * weight
    values = _site_values(program, u, np.zeros(len(v)))
    usual = max(np.sort(values)[max(0, m - 1 - int(places))], 1e-3 * weight.mean())
    prices = np.where(program.sign < 0, usual, weight.mean())
    worth = _site_values(program, u, prices)
    low, high = np.maximum(-worth, 0.0) + 0.1 * usual, np.maximum(worth, 0.0) + 0.1 * usual
    return State(y, q, q - short, v, u, prices, low, high)


@compiled
def _standstill(now: State) -> State:
    m, n, b = len(now.y), len(now.u), len(now.v)
    return State(
        np.zeros(m), np.zeros(n), np.zeros(n), np.zeros(b),
        np.zeros(n), np.zeros(b), np.zeros(m), np.zeros(m),
    )  # fmt: skip


@compiled
def _products(program: Program, now: State, move: State, primal: float, dual: float) -> float:
    """Mean product of variables and their prices after steps of these lengths."""
    total = (now.q + primal * move.q) @ (program.weight - now.u - dual * move.u)
    total += (now.t + primal * move.t) @ (now.u + dual * move.u)
    total += (now.v + primal * move.v) @ (now.prices + dual * move.prices)
    total += (now.y + primal * move.y) @ (now.low + dual * move.low)
    total += (1.0 - now.y - primal * move.y) @ (now.high + dual * move.high)
    return float(total / (2 * len(now.q) + len(now.v) + 2 * len(now.y)))


@compiled
def _direction(
    program: Program, now: State, factor: Matrix, values: Weights, target: float, guess: State
) -> State:
    """Newton's step towards products equal to `target`, corrected for those of the guess."""
    zq, room = program.weight - now.u, 1.0 - now.y
    to_q = (target + guess.q * guess.u) / zq - now.q
    to_t = (target - guess.t * guess.u) / now.u - now.t
    to_v = (target - guess.v * guess.prices) / now.prices - now.v
    to_low = (target - guess.y * guess.low) / now.y - now.low
    to_high = (target + guess.y * guess.high) / room - now.high
    d, e = 1.0 / (now.q / zq + now.t / now.u), now.prices / now.v
    rows = 1.0 - _cover(program, now.y) - now.q + now.t - to_q + to_t
    sides = program.level - _sides(program, now.y) + now.v + to_v
    right = to_low - to_high + values - now.high + now.low
    y = _solve(factor, right + _site_values(program, d * rows, e * sides))
    u = d * (rows - _cover(program, y))
    prices = e * (sides - _sides(program, y))
    return State(
        y,
        to_q + now.q / zq * u,
        to_t - now.t / now.u * u,
        to_v - now.v / now.prices * prices,
        u,
        prices,
        to_low - now.low / now.y * y,
        to_high + now.high / room * y,
    )


@compiled
def _steps(program: Program, now: State, move: State) -> tuple[float, float]:
    """Longest steps of variables and of prices, at most 1, that keep all at least 0."""
    primal = min(_room(now.y, move.y), _room(1.0 - now.y, -move.y))
    primal = min(primal, _room(now.q, move.q), _room(now.t, move.t), _room(now.v, move.v))
    dual = min(_room(now.u, move.u), _room(program.weight - now.u, -move.u))
    dual = min(dual, _room(now.prices, move.prices), _room(now.low, move.low))
    return primal, min(dual, _room(now.high, move.high))


@compiled
def _advance(now: State, move: State, primal: float, dual: float) -> None:
    now.y[:] += primal * move.y
    now.q[:] += primal * move.q
    now.t[:] += primal * move.t
    now.v[:] += primal * move.v
    now.u[:] += dual * move.u
    now.prices[:] += dual * move.prices
    now.low[:] += dual * move.low
    now.high[:] += dual * move.high


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
