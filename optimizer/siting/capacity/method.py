"""Covering within capacities: plain covering first, then bound, search and fix, then a solver.

Where capacities do not bind at a good plain plan, its covering problem is solved in full, for its
bound is then the one that counts.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from optimizer.siting.by_formulation import read_answer
from optimizer.siting.capacity.bound import Knapsacks, excluded_sites, tighten
from optimizer.siting.capacity.workload import assign, work_of
from optimizer.siting.cover import rules_of
from optimizer.siting.covering.bounds import first_prices
from optimizer.siting.covering.bounds import tighten as tighten_plain
from optimizer.siting.covering.local_search import greedy, improve
from optimizer.siting.covering.method import cover_most
from optimizer.siting.covering.reduce import completed, remainder_of
from optimizer.siting.formulations.capacitated import CapacitatedCovering
from optimizer.siting.formulations.mclp import MaximalCovering
from optimizer.siting.problem import Indices, SitingProblem
from optimizer.siting.proof import Proof
from optimizer.siting.solution import TOLERANCE
from optimizer.solvers import Backend

SEARCH = "search and Lagrangian bound over capacities"
SHARE_FOR_PLAIN = 0.5
PLAIN_WORK = 2e7
ITERATIONS = 300
NEIGHBOURS = 5
SHAKES = 10
SHAKEN = 3
ROUNDS = 3
SOLVER_ENTRIES = 100_000


def cover_within_capacity(
    proof: Proof,
    model: CapacitatedCovering,
    seed: int,
    backend: Callable[[], Backend],
) -> str:
    """Prove as much as time allows; return the names of the methods that were needed."""
    _cover_plainly(proof, seed)
    proof.say("covering without capacities")
    if _is_slack(proof) and not (proof.is_good() or proof.out_of_time()):
        plain = proof.on(proof.problem, MaximalCovering(), share=SHARE_FOR_PLAIN)
        cover_most(plain, seed)
        proof.offer(plain.sites)
        proof.limit(plain.bound)
        proof.say("covering without capacities, to the end")
    problem, rng = proof.problem, np.random.default_rng(seed)
    for _ in range(ROUNDS):
        if proof.is_good() or proof.out_of_time():
            return SEARCH
        smaller = _Search(proof, model, problem, rng).bound_and_fix()
        shrunk = smaller.forbidden.sum() > problem.forbidden.sum()
        problem = smaller
        if not shrunk:
            break
    return _finish(proof, model, problem, seed, backend)


def _cover_plainly(proof: Proof, seed: int) -> None:
    """Offer a plan that covers much, and bound what any plan can serve by what it can cover."""
    rest = remainder_of(proof.problem)
    rules = rules_of(rest.problem)
    plan = greedy(rest.cover, rules)
    if not rest.is_settled():
        plan = improve(
            rest.cover, rules, plan, seed=seed, work=PLAIN_WORK, out_of_time=proof.out_of_time
        )
    sites = np.concatenate([rest.opened, rest.sites[plan]])
    proof.offer(completed(proof.problem, sites, proof.problem.budgets))
    value = rest.problem.covered_weight(plan)
    if rest.is_settled():
        proof.limit(rest.base + value)
        return
    bound = tighten_plain(
        rest.cover,
        rules,
        first_prices(rest.cover, plan),
        target=value,
        enough=max(value, proof.good_enough - rest.base),
        iterations=ITERATIONS,
        out_of_time=proof.out_of_time,
    )
    proof.limit(rest.base + bound.value)


def _is_slack(proof: Proof) -> bool:
    """Whether the plan at hand serves all that it covers."""
    covered = proof.problem.covered_weight(proof.sites)
    return proof.value >= (1 - TOLERANCE) * covered


def _finish(
    proof: Proof,
    model: CapacitatedCovering,
    problem: SitingProblem,
    seed: int,
    backend: Callable[[], Backend],
) -> str:
    """Hand what is left to a solver if it is small enough."""
    if proof.is_good() or proof.out_of_time() or not _is_small(problem):
        return SEARCH
    solver = backend()
    written = model.formulate(problem, solver)
    solver.start_from(written.start(proof.sites))
    room = proof.good_enough - proof.value
    outcome = solver.solve(
        gap=room / max(proof.value, TOLERANCE), time_limit_s=proof.seconds_left(), seed=seed
    )
    read_answer(proof, outcome, written)
    proof.say(solver.name)
    return f"{SEARCH}, {solver.name}"


def _is_small(problem: SitingProblem) -> bool:
    """Whether a solver has a chance on what is left."""
    return int(np.diff(problem.indptr)[~problem.forbidden].sum()) <= SOLVER_ENTRIES


class _Search:
    """One round: the bound of what is left, and plans suggested by it."""

    def __init__(
        self,
        proof: Proof,
        model: CapacitatedCovering,
        problem: SitingProblem,
        rng: np.random.Generator,
    ) -> None:
        work = work_of(problem, model.workload_h, ~problem.forbidden)
        self._proof, self._model, self._problem, self._work = proof, model, problem, work
        self._rng = rng
        self._sacks = Knapsacks(
            work.rows.indptr.astype(np.int64),
            work.rows.indices.astype(np.int32),
            work.hours,
            work.weight,
            model.capacity_h,
            problem.region,
            problem.budgets,
            problem.keep,
            problem.forbidden,
        )

    def bound_and_fix(self) -> SitingProblem:
        """Search, tighten the bound, and fix what no better plan changes."""
        proof = self._proof
        plan, value = self._swapped(proof.sites)
        other, reached = self._swapped(self._grown(np.flatnonzero(self._problem.keep)))
        bound = tighten(
            self._sacks,
            target=proof.value,
            enough=proof.good_enough,
            iterations=ITERATIONS,
            out_of_time=proof.out_of_time,
        )
        proof.limit(bound.value)
        if not _is_small(self._problem):
            self._shake(plan if value > reached else other)
        opened, closed = excluded_sites(self._sacks, bound, proof.better)
        mine = np.isin(np.arange(self._problem.site_count), proof.sites)
        proof.say("search and bound over capacities")
        return self._problem.replace(
            keep=self._problem.keep | (opened & mine),
            forbidden=self._problem.forbidden | (closed & ~mine),
        )

    def _offered(self, sites: Indices) -> float:
        """Weight that a plan serves, which is offered; nothing where it breaks a rule."""
        if self._model.broken_rules(self._proof.problem, sites):
            return -np.inf
        served = assign(self._work, self._model.capacity_h, sites).served
        if served > self._proof.value:
            self._proof.offer(sites)
        return served

    def _shake(self, plan: Indices) -> None:
        """Move some sites of the best plan at random and swap again."""
        value = self._offered(plan)
        for _ in range(SHAKES):
            if self._proof.is_good() or self._proof.out_of_time():
                break
            stay = self._rng.permutation(plan)[: max(0, len(plan) - SHAKEN)]
            stay = np.union1d(stay, np.flatnonzero(self._problem.keep))
            trial, reached = self._swapped(self._grown(stay, noise=1.0))
            if reached >= value:
                plan, value = trial, reached

    def _swapped(self, plan: Indices) -> tuple[Indices, float]:
        """Put another site in the place of each in turn until nothing helps."""
        value, idle, turn = self._offered(plan), 0, 0
        while idle < len(plan) and not self._proof.out_of_time():
            leaving = plan[turn % len(plan)]
            turn, idle = turn + 1, idle + 1
            if self._problem.keep[leaving]:
                continue
            rest = plan[plan != leaving]
            for entering in self._candidates(rest)[:NEIGHBOURS]:
                if self._proof.out_of_time():
                    break
                reached = self._offered(np.append(rest, entering))
                if reached > value * (1 + TOLERANCE):
                    plan, value, idle = np.append(rest, entering), reached, 0
                    break
        return plan, value

    def _grown(self, plan: Indices, noise: float = 0.0) -> Indices:
        """Open one site after another, each where most is still unserved."""
        while len(plan) < self._problem.count and not self._proof.out_of_time():
            best = self._candidates(plan, noise)
            plan = np.append(plan, best[0])
        return plan

    def _candidates(self, plan: Indices, noise: float = 0.0) -> Indices:
        """Sites that may join a plan, first those with most unserved demand in reach."""
        problem, work = self._problem, self._work
        spent = np.bincount(problem.region[plan], minlength=len(problem.budgets))
        may = ~problem.forbidden & (spent < problem.budgets)[problem.region]
        may[plan] = False
        unserved = 1.0 - assign(work, self._model.capacity_h, plan).share
        hours = np.asarray(work.columns.T @ (work.hours * unserved))
        weight = np.asarray(work.columns.T @ (work.weight * unserved))
        room = np.divide(
            self._model.capacity_h, hours, out=np.full(len(hours), np.inf), where=hours > 0
        )
        gain = weight * np.minimum(1.0, room) * (1 + noise * self._rng.random(len(hours)))
        sites = np.flatnonzero(may)
        return sites[np.argsort(-gain[sites], kind="stable")]
