"""The linear relaxation of one part of the plans: its bound, exact to the last unit.

A part is what is left after branching: sites opened, sites closed, and sets of sites of which one
at least must open. Its linear program is solved over a working set of sites, which grows by those
whose value at the prices found is positive. The bound that counts is worked out again from prices
rounded to 1 / 65535 of the weights, over all sites, in numbers that doubles hold exactly.
"""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from optimizer.siting.compiled import compiled
from optimizer.siting.cover import Cover, Rules
from optimizer.siting.covering.bounds import site_values, times_covered
from optimizer.siting.covering.certificate import PRICE_STEPS
from optimizer.siting.covering.interior_point import Program, interior_point
from optimizer.siting.merging import merged_points
from optimizer.siting.problem import Codes, Flags, Indices, Weights

Prices = npt.NDArray[np.uint16]
SMALL = 400
COLUMNS = 300
FRACTIONAL = 1e-3
MOST_NEW_SITES = 100
ITERATIONS = 60


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some of the plans of a reduced problem.

    Parameters
    ----------
    opened, closed
        Flags of the sites that all of them open, and that none does [m].
    one_of
        Sets of sites, one of each of which at least is open.
    columns
        Sites to begin the relaxation with [m].
    """

    opened: Flags
    closed: Flags
    one_of: tuple[Indices, ...]
    columns: Flags

    @property
    def free(self) -> Flags:
        """Sites that may open or not [m]."""
        return ~(self.opened | self.closed)


class Pains(NamedTuple):
    """How exactly to solve a relaxation.

    rounds: times that the working set may grow, plus one; tolerance: distance from the optimum of
    a linear program at which to stop; missed: worth of sites outside the working set that does not
    matter (both in units of weight).
    """

    rounds: int
    tolerance: float
    missed: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """What the relaxation of a part shows.

    Parameters
    ----------
    bound
        No plan of the part covers more.
    prices
        Of each point, in 65535ths of its weight [n].
    rule_prices
        Of the side rules, in whole numbers of 1 / scale of a unit of weight: a platform of each
        region, the rule on previous sites (if any), each set of `one_of`.
    values
        What each site is worth at these prices [m], in units of weight.
    degrees
        How far the relaxation opens each site [m].
    columns
        Working set of sites, those added that it lacked in the end [m].
    estimate
        Bound of the linear program over the working set alone: near what more rounds would reach.
    """

    bound: float
    estimate: float
    prices: Prices
    rule_prices: Weights
    values: Weights
    degrees: Weights
    columns: Flags

    def fixed(self, part: Part, limit: float) -> tuple[Flags, Flags]:
        """Sites that every plan of the part worth more than `limit` opens, and that none does."""
        opened = part.free & (self.bound - np.maximum(self.values, 0.0) <= limit)
        closed = part.free & (self.bound + np.minimum(self.values, 0.0) <= limit)
        return opened, closed & ~opened

    def narrowed(self, part: Part) -> Flags:
        """Working set for the parts of this one: sites that are open in part, and the next best."""
        ranked = np.argsort(-np.where(part.free, self.values, -np.inf), kind="stable")
        columns = self.degrees > FRACTIONAL
        columns[ranked[:COLUMNS]] = True
        return columns & part.free


class Restricted(NamedTuple):
    """A linear program over some sites: its points, the row of each, and its side rules."""

    program: Program
    points: Indices
    rows: Indices
    needed: Indices


class SideRules:
    """The rules beside covering that hold in a part, over all sites: signs, levels and members."""

    def __init__(self, rules: Rules, part: Part) -> None:
        regions = range(len(rules.budgets))
        sets = [np.flatnonzero(rules.region == r) for r in regions]
        signs, levels = [-1.0 for _ in regions], [-float(b) for b in rules.budgets]
        if rules.least_kept:
            sets.append(np.flatnonzero(rules.previous))
            signs.append(1.0)
            levels.append(float(rules.least_kept))
        sets.extend(part.one_of)
        signs.extend(1.0 for _ in part.one_of)
        levels.extend(1.0 for _ in part.one_of)
        self.sets, self.sign, self.level = sets, np.array(signs), np.array(levels)

    def levels_left(self, part: Part) -> Weights:
        """Levels that the free sites still have to meet."""
        opened = np.array([int(part.opened[row].sum()) for row in self.sets])
        left: Weights = self.level - self.sign * opened
        return left

    def _reachable(self, k: int, part: Part) -> int:
        """How far the free sites can go against a rule: it binds if that is beyond its level."""
        return int(part.free[self.sets[k]].sum()) if self.sign[k] < 0 else 0

    def broken(self, part: Part) -> int | None:
        """Find a rule that no plan of the part can keep, if there is one."""
        level = self.levels_left(part)
        for k, row in enumerate(self.sets):
            if level[k] > (0 if self.sign[k] < 0 else int(part.free[row].sum())):
                return k
        return None

    def program(self, cover: Cover, part: Part, columns: Flags) -> Restricted:
        """Write the linear program of a part over a working set of sites."""
        number = np.full(len(columns), -1, dtype=np.int64)
        sites = np.flatnonzero(columns)
        number[sites] = np.arange(len(sites))
        pointer, members, points = _rows(cover, np.flatnonzero(part.opened), number)
        inside = [number[row[columns[row]]] for row in self.sets]
        level = self.levels_left(part)
        needed = [k for k in range(len(inside)) if level[k] > -self._reachable(k, part)]
        rows = sparse.csr_matrix(
            (np.ones(len(members), dtype=np.int8), members, pointer),
            shape=(len(points), len(sites)),
        )
        labels, firsts = merged_points(rows)
        merged = rows[firsts]
        program = Program(
            merged.indptr.astype(np.int64),
            merged.indices.astype(np.int32),
            np.bincount(labels, cover.weight[points]).astype(np.float64),
            np.concatenate(([0], np.cumsum([len(inside[k]) for k in needed], dtype=np.int64))),
            np.concatenate([np.zeros(0), *(inside[k] for k in needed)]).astype(np.int32),
            self.sign[needed],
            level[needed],
            len(sites),
        )
        return Restricted(program, points, labels, np.array(needed, dtype=np.int64))


def relax(
    cover: Cover, rules: Rules, part: Part, *, scale: float, enough: float, pains: Pains
) -> Relaxed:
    """Bound the plans of a part from above.

    Parameters
    ----------
    cover, rules
        The reduced problem.
    part
        Which of its plans.
    scale
        Rule prices are rounded to 1 / scale of a unit of weight.
    enough
        A bound this low needs no more work.
    pains
        How exactly.
    """
    sides, free = SideRules(rules, part), part.free
    columns = _first_columns(rules, part)
    covered = times_covered(cover, part.opened) > 0
    goal = enough - float(cover.weight[covered].sum())
    outset = np.where(covered, 0, PRICE_STEPS).astype(np.uint16)
    rule_prices, degrees = np.zeros(len(sides.level)), np.zeros(len(free))
    dearest = np.ceil(cover.weight.sum() * scale) + 1  # at this price nobody breaks a rule
    broken = sides.broken(part)
    if broken is not None:
        rule_prices[broken] = dearest
        columns = np.zeros_like(free)
    bound, values = _bound_at(cover, sides, part, outset, rule_prices / scale * PRICE_STEPS)
    best = Relaxed(bound, bound, outset, rule_prices, values, degrees, columns)
    for _ in range(pains.rounds if columns.any() else 0):
        program, points, rows, needed = sides.program(cover, part, columns)
        if not len(points):
            if (columns == free).all():
                break
            columns = free
            continue
        point = interior_point(program, goal, pains.tolerance, ITERATIONS)
        prices, rule_prices = outset.copy(), np.zeros(len(sides.level))
        prices[points] = np.rint(PRICE_STEPS * (point.point_prices / program.weight)[rows])
        rule_prices[needed] = np.minimum(np.floor(point.rule_prices * scale), dearest)
        bound, values = _bound_at(cover, sides, part, prices, rule_prices / scale * PRICE_STEPS)
        degrees = np.zeros(len(free))
        degrees[columns] = point.opened
        wanted = np.flatnonzero(free & ~columns & (values > 0))
        missed = values[wanted].sum()
        wanted = wanted[np.argsort(-values[wanted], kind="stable")[:MOST_NEW_SITES]]
        columns = columns.copy()
        columns[wanted] = True
        estimate = point.bound - goal + enough
        if bound < best.bound:
            best = Relaxed(bound, estimate, prices, rule_prices, values, degrees, columns)
        else:
            best = dataclasses.replace(best, estimate=estimate, degrees=degrees, columns=columns)
        if best.bound <= enough or missed <= pains.missed:
            break
    return best


def _first_columns(rules: Rules, part: Part) -> Flags:
    """Begin with the sites of the part, all that a rule asks for, or all where they are few."""
    free = part.free
    if free.sum() <= SMALL:
        return free
    columns = part.columns.copy()
    for row in part.one_of:
        columns[row] = True
    if rules.least_kept:
        columns |= rules.previous
    return columns & free


def _bound_at(
    cover: Cover, sides: SideRules, part: Part, prices: Prices, rule_prices: Weights
) -> tuple[float, Weights]:
    """Evaluate the Lagrangian at whole prices; rule prices in 65535ths too."""
    charged = cover.weight * prices
    values = site_values(cover, charged)
    for row, sign, price in zip(sides.sets, sides.sign, rule_prices, strict=True):
        values[row] += sign * price
    total = (cover.weight * PRICE_STEPS - charged).sum() - rule_prices @ sides.level
    total += values[part.opened].sum() + np.maximum(values[part.free], 0.0).sum()
    return float(total) / PRICE_STEPS, values / PRICE_STEPS


@compiled
def _rows(cover: Cover, opened: Indices, number: Indices) -> tuple[Indices, Codes, Indices]:
    """Rows of the points that opened sites leave to the numbered ones: pointer, sites, points."""
    n = len(cover.weight)
    done = np.zeros(n, dtype=np.bool_)
    for i in opened:
        for k in range(cover.site_ptr[i], cover.site_ptr[i + 1]):
            done[cover.site_points[k]] = True
    pointer = np.zeros(n + 1, dtype=np.int64)
    points = np.zeros(n, dtype=np.int64)
    members = np.zeros(len(cover.point_sites), dtype=np.int32)
    rows, size = 0, 0
    for j in range(n):
        if done[j]:
            continue
        start = size
        for k in range(cover.point_ptr[j], cover.point_ptr[j + 1]):
            if number[cover.point_sites[k]] >= 0:
                members[size] = number[cover.point_sites[k]]
                size += 1
        if size > start:
            points[rows] = j
            rows += 1
            pointer[rows] = size
    return pointer[: rows + 1].copy(), members[:size].copy(), points[:rows].copy()
