"""Covering in which further units count: merge, search, bound and fix in turn, then a solver."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from optimizer.siting.by_formulation import read_answer, solve_formulation
from optimizer.siting.cover import Cover
from optimizer.siting.formulations.repeated import RepeatedCovering, point_rows
from optimizer.siting.merging import merged_points
from optimizer.siting.problem import Flags, Indices, Weights
from optimizer.siting.proof import Proof
from optimizer.siting.repeated.bound import RepeatedBound, decided, first_prices, tighten
from optimizer.siting.repeated.search import Stack, first_plan, improve
from optimizer.siting.set_covering.method import fewest_beside_kept
from optimizer.siting.solution import TOLERANCE
from optimizer.siting.wording import counted
from optimizer.solvers import Backend

SEARCH = "local search and Lagrangian bound"
ROUNDS, PRICE_STEPS = 8, 300
SEARCH_WORK = 2e8
WORTH_WHILE = 0.2


def cover_repeatedly(
    proof: Proof, model: RepeatedCovering, seed: int, backend: Callable[[], Backend]
) -> str:
    """Prove as much as time allows; return the names of the methods that were needed."""
    search = _Search(proof, model)
    search.look(seed, SEARCH_WORK)
    if not proof.found:
        search.start_from_fewest(seed)
    proof.say("search")
    for turn in range(ROUNDS if proof.found else 0):
        size, gap = search.size, proof.gap
        search.bound_and_fix(PRICE_STEPS)
        if proof.is_good() or proof.out_of_time():
            return SEARCH
        search.look(seed + turn + 1, SEARCH_WORK / 4)
        shrunk = search.size <= (1 - WORTH_WHILE) * size
        if not shrunk and proof.gap > (1 - WORTH_WHILE) * gap:
            break
    if proof.is_good() or proof.out_of_time():
        return SEARCH
    return f"{SEARCH}, {search.solve(seed, backend())}"


class _Search:
    """One proof under way: what is still open, and the prices of the bound."""

    def __init__(self, proof: Proof, model: RepeatedCovering) -> None:
        problem = proof.problem
        self._proof, self._excess = proof, model.excess(problem)
        most = np.where(problem.forbidden, 0, np.minimum(model.most_units(problem), problem.count))
        self._stack = Stack(
            cover=_cover(point_rows(problem)),
            worth=model.worth(problem),
            least=problem.keep.astype(np.int64),
            most=most.astype(np.int64),
            region=problem.region,
            budgets=problem.budgets,
            previous=problem.previous,
            least_kept=problem.least_kept_previous,
        )
        self._prices = np.zeros(problem.point_count)
        self._has_prices = False
        self._close(problem.forbidden)

    @property
    def size(self) -> int:
        """Pairs of a site that is open to choice and a point that it covers."""
        return len(self._stack.cover.site_points)

    def look(self, seed: int, work: float) -> None:
        """Search from the best plan at hand."""
        proof = self._proof
        plan = proof.sites if proof.found else first_plan(self._stack)
        self._offer(plan)
        self._offer(improve(self._stack, plan, seed=seed, work=work, out_of_time=proof.out_of_time))

    def start_from_fewest(self, seed: int) -> None:
        """Search from a plan that leaves nobody out, where greed found none."""
        problem = self._proof.problem
        seconds = self._proof.seconds_left()
        sites, _ = fewest_beside_kept(
            problem, at_most=problem.count, seed=seed, time_limit_s=seconds
        )
        if sites is not None and len(problem.budgets) == 1 and not problem.least_kept_previous:
            self._offer(first_plan(self._stack._replace(least=_units(sites, problem.site_count))))
            self.look(seed, 0.0)

    def _offer(self, plan: Indices) -> None:
        """Offer a plan unless it leaves out somebody whom the model wants covered."""
        if not self._proof.model.broken_rules(self._proof.problem, plan):
            self._proof.offer(plan)

    def bound_and_fix(self, iterations: int) -> None:
        """Lower the bound, then fix what no better plan has otherwise."""
        proof, stack = self._proof, self._stack
        mine = _units(proof.sites, len(stack.most))
        bound = tighten(
            stack,
            self._prices if self._has_prices else first_prices(stack, self._times(mine)),
            target=proof.value + self._excess,
            enough=proof.good_enough + self._excess,
            iterations=iterations,
            out_of_time=proof.out_of_time,
        )
        self._prices, self._has_prices = bound.prices, True
        proof.limit(bound.value - self._excess)
        self._fix(bound, mine)
        proof.say(f"bound, {counted(int((self._stack.most > 0).sum()), 'site')} still open")

    def _times(self, units: Indices) -> Indices:
        return np.asarray(_rows(self._stack.cover) @ units)

    def _fix(self, bound: RepeatedBound, mine: Indices) -> None:
        least, closed = decided(self._stack, bound, self._proof.better + self._excess)
        self._stack = self._stack._replace(least=np.minimum(least, mine))
        self._close(closed & (mine == 0))

    def _close(self, closed: Flags) -> None:
        """Close sites for good and merge the points that only they told apart."""
        rows = _rows(self._stack.cover) @ sparse.diags(~closed, dtype=np.int8)
        rows = sparse.csr_matrix(rows)
        rows.eliminate_zeros()
        labels, firsts = merged_points(rows)
        gather = _gather(labels, len(firsts))
        self._prices = np.asarray(gather @ self._prices)
        self._stack = self._stack._replace(
            cover=_cover(rows[firsts]),
            worth=np.ascontiguousarray(gather @ self._stack.worth),
            most=np.where(closed, 0, self._stack.most),
        )

    def solve(self, seed: int, backend: Backend) -> str:
        """Hand what is open to a solver, with the plan as its start; return its name."""
        proof, stack = self._proof, self._stack
        if not proof.found:
            return solve_formulation(proof, seed, backend)
        rest = proof.problem.replace(forbidden=stack.most == 0, keep=stack.least > 0)
        written = proof.model.formulate(rest, backend)
        backend.start_from(written.start(proof.sites))
        allowed = abs(proof.good_enough - proof.value)
        outcome = backend.solve(
            gap=allowed / max(abs(proof.value), TOLERANCE),
            time_limit_s=proof.seconds_left(),
            seed=seed,
        )
        read_answer(proof, outcome, written)
        proof.say(backend.name)
        return backend.name


def _units(sites: Indices, m: int) -> Indices:
    return np.bincount(sites, minlength=m).astype(np.int64)


def _gather(labels: Indices, groups: int) -> sparse.csr_matrix:
    """Matrix that adds points up by group; label -1 went nowhere [groups, n]."""
    found = np.flatnonzero(labels >= 0)
    shape = (groups, len(labels))
    return sparse.csr_matrix((np.ones(len(found)), (labels[found], found)), shape=shape)


def _rows(cover: Cover) -> sparse.csr_matrix:
    shape = (len(cover.point_ptr) - 1, len(cover.site_ptr) - 1)
    ones = np.ones(len(cover.point_sites), dtype=np.int8)
    return sparse.csr_matrix((ones, cover.point_sites, cover.point_ptr), shape=shape)


def _cover(rows: sparse.csr_matrix) -> Cover:
    columns = rows.tocsc()
    weight: Weights = np.zeros(rows.shape[0])
    return Cover(
        columns.indptr.astype(np.int64),
        columns.indices.astype(np.int32),
        rows.indptr.astype(np.int64),
        rows.indices.astype(np.int32),
        weight,
    )
