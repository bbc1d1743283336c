"""A proven bound on what few posts intercept: rows for routes, found as they are needed.

    max sum_g t_g;  t_g <= sum over the origins h of group g of w_h min(1, sum of y_c on route P_h)

for every choice of routes P_h within the tolerance of h; sum y_c <= count. The minimum is written
out as a row for the routes at hand (Benders 1962, doi:10.1007/BF01386316), each of them short in
posts and short enough in time: a search backwards from the exits by posts + price x seconds, at
several prices. Any set of rows gives a bound; more rows a better one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

import highspy
import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints.interception.escapes import SLACK_S, SitesPassed, sites_passed
from optimizer.checkpoints.interception.post_choice import PostChoice
from optimizer.checkpoints.streets.shortest_routes import shortest_routes
from optimizer.checkpoints.streets.street_graph import StreetGraph
from optimizer.solvers import run_interruptibly

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Verdicts = Mapping[int, bool]

GROUPS = 500
"""Groups into which origins are put, neighbours together: one row for each in every round."""
ALONE = 250
"""Of more origins than groups, the heaviest, which are groups of their own."""
PRICES = (0.01, 0.1, 0.3, 1.0, 3.0)
"""Prices of a route as long as the median tolerance, in posts."""
ENOUGH = 1e-5
"""A row that is violated by less than this share of its group's weight is not added."""
ROUNDING = 1e-7
"""Share of the weight by which a bound is raised, for what the solver rounds."""
STALE = 4
"""A row is dropped when it has not been tight for so many rounds."""


class RouteRows:
    """The relaxation of one choice of posts, which learns routes.

    Parameters
    ----------
    choice
        What is to be bounded.
    seed
        For the solver.

    Attributes
    ----------
    bound
        On every plan, by the relaxation.
    reached
        Bound of what was solved last: the relaxation, or the whole plans among some sites.
    degree
        How far each site is open in what was solved last, shape (n + r,).
    """

    def __init__(self, choice: PostChoice, seed: int) -> None:
        self._choice = choice
        contested = np.flatnonzero(choice.contested)
        self._origins = choice.escapes.origins[contested]
        self._weight = choice.escapes.weight[contested]
        self._limit_s = choice.limit_s[contested]
        typical_s = np.where(np.isfinite(self._limit_s), self._limit_s,
                             choice.escapes.free_s[contested])  # fmt: skip
        self._prices = np.array(PRICES) / max(float(np.median(typical_s)), SLACK_S)
        self._group = _grouped(self._weight)
        groups = self._groups = int(self._group.max()) + 1
        self._group_weight = np.bincount(self._group, weights=self._weight)
        self._total = float(self._group_weight.sum())
        self._sites = np.empty(0, dtype=np.int64)
        self._share = np.ones(groups)
        self._idle = np.empty(0, dtype=np.int64)
        self._upper = np.empty(0)
        self._relaxed, self._reduced = choice.most, np.empty(0)
        self._highs = _empty_model(self._group_weight / self._total, choice.count, seed)
        self._whole = False
        self.bound = self.reached = choice.most
        self.degree = np.zeros(len(choice.allowed))

    def tighten(self, rounds: int, until: float) -> None:
        """Solve and learn in turn, until routes give nothing new or the time is up."""
        self._set_columns(highspy.HighsVarType.kContinuous, np.ones(len(self._sites)))
        for _ in range(rounds):
            self._solve(until)
            self._relaxed = self.reached
            self.bound = min(self.bound, self.reached)
            self._reduced = np.abs(np.array(self._highs.getSolution().col_dual)[self._groups :])
            self._forget()
            if time.monotonic() > until or not self.learn(self.degree):
                break

    @property
    def doubt(self) -> Floats:
        """Weight at which a group of one origin is neither held nor given up, shape (g,)."""
        alone = np.bincount(self._group) == 1
        return np.asarray(alone * self._group_weight * np.minimum(self._share, 1 - self._share))

    def within(self, verdicts: Verdicts, rounds: int, until: float, enough: float) -> float:
        """Bound the plans that hold some origins and give up others.

        Parameters
        ----------
        verdicts
            Groups of one origin -> held or given up.
        rounds
            Of solving and learning, at most.
        enough
            Stop where the bound is no more than this.

        Returns
        -------
        The bound; minus infinity where there is no such plan.
        """
        self._decide(verdicts)
        self._set_columns(highspy.HighsVarType.kContinuous, np.ones(len(self._sites)))
        bound = math.inf
        for _ in range(rounds):
            self._solve(until)
            bound = min(bound, self.reached)
            if bound <= enough or time.monotonic() > until or not self.learn(self.degree):
                break
        self._decide({})
        return bound

    def whole_within(
        self, verdicts: Verdicts, nodes: int, until: float
    ) -> tuple[tuple[int, ...], float]:
        """Find the best whole plan that holds some origins, that the rows at hand allow.

        Returns
        -------
        Its sites, and a bound on such plans.
        """
        self._decide(verdicts)
        known = np.zeros(len(self.degree), dtype=bool)
        known[self._sites] = True
        found = self.search(known, nodes, until)
        self._decide({})
        return found, self.reached

    def _decide(self, verdicts: Verdicts) -> None:
        lower, upper = np.zeros(self._groups), np.ones(self._groups)
        for group, held in verdicts.items():
            lower[group] = upper[group] = float(held)
        columns = np.arange(self._groups, dtype=np.int32)
        self._highs.changeColsBounds(self._groups, columns, lower, upper)

    def search(self, among: Mask, nodes: int, until: float) -> tuple[int, ...]:
        """Find the best whole plan among some sites, shape (n + r,), that the rows at hand allow.

        Parameters
        ----------
        among
            Sites that may be opened.
        nodes
            Nodes of the search tree, at most.

        Returns
        -------
        Its sites; ``reached`` is a bound on the plans among these sites.
        """
        self._know(np.flatnonzero(among))
        self._set_columns(highspy.HighsVarType.kInteger, among[self._sites].astype(np.float64))
        self._highs.setOptionValue("mip_max_nodes", nodes)
        self._solve(until)
        return tuple(np.flatnonzero(self.degree > 0.5).tolist())

    def promising(self, weight: float) -> Mask:
        """Mark the sites known that a better plan may use, by their reduced costs, shape (n + r,).

        Parameters
        ----------
        weight
            What a known plan intercepts.
        """
        room = max(self._relaxed - weight, 0.0) / self._total + ROUNDING
        mask = np.zeros(len(self.degree), dtype=bool)
        mask[self._sites] = True
        known = self._sites[: len(self._reduced)]
        mask[known[(self._reduced > room) & (self.degree[known] == 0)]] = False
        return mask

    def _set_columns(self, kind: highspy.HighsVarType, upper: Floats) -> None:
        self._whole = kind == highspy.HighsVarType.kInteger
        count = len(self._sites)
        columns = np.arange(self._groups, self._groups + count, dtype=np.int32)
        self._highs.changeColsIntegrality(count, columns, np.full(count, kind))
        self._highs.changeColsBounds(count, columns, np.zeros(count), upper)

    def learn(self, degree: Floats, *, for_good: bool = False) -> int:
        """Add a row for each group whose share is too high for a set of posts, shape (n + r,).

        Parameters
        ----------
        for_good
            Keep these rows even when they are not tight for long.

        Returns
        -------
        Number of rows added.
        """
        best = np.ones(len(self._origins))
        by = np.full(len(self._origins), -1)
        tried = [self._short_in_posts(degree, price) for price in self._prices]
        for number, (index, passed) in enumerate(tried):
            posts = passed.sums(degree)
            better = (passed.seconds <= self._limit_s[index]) & (posts < best[index] - 1e-9)
            best[index[better]], by[index[better]] = posts[better], number
        share = np.bincount(self._group, weights=self._weight * best) / self._group_weight
        added = np.flatnonzero(self._share > share + ENOUGH)
        keys, parts = [], []
        for number, (index, passed) in enumerate(tried):
            used = (by[index] == number) & np.isin(self._group[index], added)
            sizes = np.diff(passed.indptr)
            part = (self._weight / self._group_weight[self._group])[index]
            at = np.repeat(used, sizes) & self._choice.allowed[passed.sites]
            keys.append(np.repeat(self._group[index], sizes)[at] * len(degree) + passed.sites[at])
            parts.append(np.repeat(part, sizes)[at])
        left = np.bincount(self._group, weights=self._weight * (by < 0)) / self._group_weight
        self._add(added, left[added], np.concatenate(keys), np.concatenate(parts))
        self._idle = np.append(self._idle, np.full(len(added), -(10**9) if for_good else 0))
        return len(added)

    def _short_in_posts(self, degree: Floats, price: float) -> tuple[Longs, SitesPassed]:
        """Find the way out of each origin that is best by posts + price x seconds."""
        escapes = self._choice.escapes
        back, n = escapes.backward, escapes.graph.node_count
        cost = degree[back.head] + degree[n + back.road] + price * back.travel_s
        priced = StreetGraph(n, back.tail, back.head, cost, back.road)
        ways = shortest_routes(priced, escapes.exits, start_s=degree[escapes.exits],
                               posts=self._choice.standing)  # fmt: skip
        index = np.flatnonzero(np.isfinite(ways.travel_s[self._origins]))
        return index, sites_passed(escapes, ways, self._origins[index])

    def _add(self, groups: Longs, left: Floats, keys: Longs, parts: Floats) -> None:
        """Write t_g - sum of parts x y <= what is left of the group, for several groups."""
        key, place = np.unique(keys, return_inverse=True)
        part = np.bincount(place, weights=parts, minlength=len(key))
        group, site = np.divmod(key, len(self.degree))
        self._know(site)
        column = np.full(len(self.degree), -1, dtype=np.int64)
        column[self._sites] = self._groups + np.arange(len(self._sites))
        for g, upper in zip(groups.tolist(), left.tolist(), strict=True):
            here = group == g
            columns = np.concatenate([[g], column[site[here]]]).astype(np.int32)
            values = np.concatenate([[1.0], -part[here]])
            self._highs.addRow(-math.inf, upper, len(columns), columns, values)
        self._upper = np.concatenate([self._upper, left])

    def _know(self, sites: Longs) -> None:
        """Add a column for each site met for the first time."""
        for site in np.setdiff1d(sites, self._sites):
            self._highs.addCol(0.0, 0.0, 1.0, 1, np.zeros(1, np.int32), np.ones(1))
            self._sites = np.append(self._sites, site)

    def _solve(self, until: float) -> None:
        # HiGHS's clock runs on from one linear program to the next; for whole plans it starts anew.
        spent_s = 0.0 if self._whole else self._highs.getRunTime()
        self._highs.setOptionValue("time_limit", spent_s + max(until - time.monotonic(), 0.1))
        run_interruptibly(self._highs)
        info, status = self._highs.getInfo(), self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            self.reached = -math.inf
            return
        proven = info.mip_dual_bound if info.mip_node_count >= 0 else (
            info.objective_function_value
            if status == highspy.HighsModelStatus.kOptimal else math.inf
        )  # fmt: skip
        self.reached = self._choice.secured + self._total * (proven + ROUNDING)
        values = np.array(self._highs.getSolution().col_value)
        if len(values) == self._groups + len(self._sites):
            self._share = values[: self._groups]
            self.degree = np.zeros(len(self.degree))
            self.degree[self._sites] = np.clip(values[self._groups :], 0, 1)

    def _forget(self) -> None:
        """Drop the rows that have not been tight for long; the first row is the number of posts."""
        value = np.array(self._highs.getSolution().row_value)[1:]
        self._idle = np.where(value < self._upper - 1e-6, self._idle + 1, np.minimum(self._idle, 0))
        stale = np.flatnonzero(self._idle > STALE)
        if len(stale):
            self._highs.deleteRows(len(stale), (stale + 1).astype(np.int32))
            self._idle, self._upper = np.delete(self._idle, stale), np.delete(self._upper, stale)


def _grouped(weight: Floats) -> Longs:
    """Put each origin, shape (k,), into a group; where there are many, the heaviest alone."""
    count = len(weight)
    group = np.arange(count)
    if count > GROUPS:
        alone = np.argsort(-weight, kind="stable")[:ALONE]
        others = np.setdiff1d(group, alone)
        group[np.sort(alone)] = np.arange(ALONE)
        group[others] = ALONE + np.arange(len(others)) * (GROUPS - ALONE) // len(others)
    return group


def _empty_model(worth: Floats, count: int, seed: int) -> highspy.Highs:
    """Make a model of shares of groups, worth so much each, and of no posts as yet."""
    groups = len(worth)
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("mip_rel_gap", 1e-7)
    highs.setOptionValue("random_seed", seed % 2**31)
    highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
    highs.addVars(groups, np.zeros(groups), np.ones(groups))
    highs.changeColsCost(groups, np.arange(groups, dtype=np.int32), worth)
    highs.addRow(-math.inf, float(count), 0, np.empty(0, np.int32), np.empty(0))
    return highs
