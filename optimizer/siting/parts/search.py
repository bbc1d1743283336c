"""Covering that counts parts apart: reweight, search and bound in turn, then ask a solver.

A reward lambda_k for each unit of part k makes one maximal covering problem of it, with weights
w + lambda V: its bound, less what the floors cost, is a bound here (Lagrangian relaxation of the
floors, or of theta <= part k with rewards that add up to 1). The next rewards are those at which
the plans seen so far look worst (Kelley 1960, doi:10.1137/0108053), halfway from the best known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from scipy import optimize

from optimizer.siting.by_formulation import read_answer
from optimizer.siting.cover import Cover, rules_of
from optimizer.siting.covering.bounds import Bound, excluded_sites, first_prices, tighten
from optimizer.siting.covering.local_search import extend_greedily, greedy, improve
from optimizer.siting.covering.reduce import completed
from optimizer.siting.merging import added_up
from optimizer.siting.parts.swap import swap_and_shake
from optimizer.siting.parts.worth import PartsModel, parts_remainder
from optimizer.siting.problem import Indices, Weights
from optimizer.siting.proof import Proof
from optimizer.siting.solution import TOLERANCE
from optimizer.siting.wording import counted
from optimizer.solvers import Backend

SEARCH = "search and Lagrangian bound over parts"
CEILING = 4.0
STEEPEST = 1e6
WORTH_WHILE = 0.9
PATIENCE = 4
LEAST_PROGRESS = 0.02


@dataclasses.dataclass(frozen=True, slots=True)
class PartsEffort:
    """How hard each stage tries: counted, not timed.

    Parameters
    ----------
    passes, rounds
        Reductions of the problem at most, and prices tried before each.
    iterations
        Evaluations of the bound for each price.
    search_work
        Table entries that each search touches, doubled with each pass.
    solver_entries
        Entries of the reduced reach up to which a solver is asked.
    """

    passes: int = 6
    rounds: int = 60
    iterations: int = 60
    search_work: float = 1.5e7
    solver_entries: int = 400_000


DEFAULT_PARTS_EFFORT = PartsEffort()


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """What a search over prices knows: the best bound with its prices, and the plans seen."""

    bound: Bound
    prices: Weights
    offset: float
    worths: list[float]
    totals: list[Weights]


def search_parts(proof: Proof, model: PartsModel, seed: int, backend: Callable[[], Backend]) -> str:
    """Prove as much as time allows; return the names of the methods that were needed."""
    search = PartsSearch(proof, model, seed)
    search.run()
    return search.finish(backend, seed)


class PartsSearch:
    """A proof under way on one problem whose parts count.

    Parameters
    ----------
    proof
        Its model is a `PartsModel`.
    model
        The same model.
    seed, effort
        Of the search.
    """

    def __init__(
        self,
        proof: Proof,
        model: PartsModel,
        seed: int,
        effort: PartsEffort = DEFAULT_PARTS_EFFORT,
    ) -> None:
        self._proof, self._model, self._effort = proof, model, effort
        self._rng = np.random.default_rng(seed)
        parts = model.parts(proof.problem)
        self._floors = bool(len(parts.least))
        weight = proof.problem.weight if self._floors else parts.values.T @ (1 / parts.unit)
        self._left = parts_remainder(proof.problem, weight, parts)
        self._reward = self._first_reward()
        self._ceiling, self._work = CEILING, effort.search_work

    def run(self) -> None:
        """Search, bound and reduce in turn as long as that is worth while."""
        prices: Weights | None = None
        for _ in range(self._effort.passes):
            self._work *= 2
            size, gap = len(self._left.rest.problem.demand), self._proof.gap
            if self._settled():
                return
            known = self._rounds(prices)
            if self._proof.is_good() or self._proof.out_of_time() or not self._proof.found:
                return
            self._reward, prices = known.prices, self._reduced(known)
            self._proof.say(
                f"bound, {counted(self._left.rest.problem.site_count, 'site')} still open"
            )
            shrunk = len(self._left.rest.problem.demand) <= WORTH_WHILE * size
            if self._is_small() and not shrunk and self._proof.gap > WORTH_WHILE * gap:
                return

    def finish(self, backend: Callable[[], Backend], seed: int) -> str:
        """Hand what is left to a solver if it is small enough; return the names of the methods."""
        rest, parts = self._left.rest, self._left.parts
        done = self._proof.is_good() or self._proof.out_of_time() or rest.is_settled()
        if done or not self._is_small():
            return SEARCH
        solver = backend()
        written = self._model.write(rest.problem, rest.cover, parts, solver)
        base = rest.base if self._floors else 0.0
        if self._proof.found:
            mine = np.flatnonzero(np.isin(rest.sites, self._proof.sites))
            mine = extend_greedily(rest.cover, rules_of(rest.problem), mine)
            if not self._broken(mine):
                solver.start_from(written.start(mine))
        room = abs(self._proof.good_enough - self._proof.value) if self._proof.found else 0.0
        outcome = solver.solve(
            gap=room / max(self._proof.value - base, TOLERANCE) if room else 0.0,
            time_limit_s=self._proof.seconds_left(),
            seed=seed,
        )
        read_answer(self._proof, outcome, written, base=base, whole_plan=self._whole)
        self._proof.say(solver.name)
        return f"{SEARCH}, {solver.name}"

    def _is_small(self) -> bool:
        """Whether a solver has a chance on what is left."""
        return len(self._left.rest.problem.demand) <= self._effort.solver_entries

    def _first_reward(self) -> Weights:
        k = len(self._left.parts.base)
        return np.zeros(k) if self._floors else np.full(k, 1.0 / k)

    def _settled(self) -> bool:
        rest = self._left.rest
        if not rest.is_settled():
            return False
        self._take(np.zeros(0, dtype=np.int64))
        if self._proof.found:
            self._proof.settle()
        return True

    def _whole(self, plan: Indices) -> Indices:
        rest, problem = self._left.rest, self._proof.problem
        return completed(problem, np.concatenate([rest.opened, rest.sites[plan]]), problem.budgets)

    def _broken(self, plan: Indices) -> bool:
        return bool(self._model.broken_rules(self._proof.problem, self._whole(plan)))

    def _take(self, plan: Indices) -> None:
        """Offer a plan that keeps the floors; one that does not is of use to the prices only."""
        if not self._broken(plan):
            self._proof.offer(self._whole(plan))

    def _rewarded(self, reward: Weights) -> tuple[Cover, float]:
        """Maximal covering at these rewards for parts, and what is added to its value."""
        cover, parts = self._left.rest.cover, self._left.parts
        weight = np.asarray(parts.values.T @ (reward / parts.unit)) + (
            cover.weight if self._floors else 0.0
        )
        weight.setflags(write=False)
        worth = parts.base / parts.unit - (parts.least if self._floors else 0.0)
        base = self._left.rest.base if self._floors else 0.0
        return cover._replace(weight=weight), base + float(reward @ worth)

    def _rounds(self, prices: Weights | None) -> Priced:
        """Try prices for the parts until the bound no longer falls."""
        rest, proof = self._left.rest, self._proof
        plan = greedy(rest.cover, rules_of(rest.problem))
        first = first_prices(rest.cover, plan) if prices is None else prices
        known, plan, latest = self._tried(None, self._reward, plan, first)
        gap, idle = proof.gap, 0
        for _ in range(self._effort.rounds - 1):
            if proof.is_good() or proof.out_of_time() or idle == PATIENCE:
                break
            reward = self._next_reward(known)
            first = self._rescaled(latest, reward)
            known, plan, latest = self._tried(known, reward, plan, first)
            idle = 0 if proof.gap < (1 - LEAST_PROGRESS) * gap else idle + 1
            gap = proof.gap if idle == 0 else gap
        proof.say("search and bound")
        return known

    def _tried(
        self, known: Priced | None, reward: Weights, plan: Indices, prices: Weights
    ) -> tuple[Priced, Indices, Priced]:
        """Search and bound at one reward: what is known then, the plan, and this trial alone."""
        rest, effort, proof = self._left.rest, self._effort, self._proof
        rules = rules_of(rest.problem)
        cover, offset = self._rewarded(reward)
        seed = int(self._rng.integers(2**31))
        plan = improve(
            cover,
            rules,
            plan,
            seed=seed,
            work=self._work,
            out_of_time=proof.out_of_time,
        )
        self._take(plan)
        better = swap_and_shake(
            rest.cover,
            rules,
            self._left.parts,
            plan,
            rng=self._rng,
            work=self._work,
            out_of_time=proof.out_of_time,
        )
        self._take(better)
        value = float(cover.weight[rest.problem.covered_by(plan)].sum())
        bound = tighten(
            cover,
            rules,
            np.minimum(prices, cover.weight),
            target=value,
            enough=max(value, proof.good_enough - offset if proof.found else 0.0),
            iterations=effort.iterations,
            out_of_time=proof.out_of_time,
        )
        proof.limit(offset + bound.value)
        latest = Priced(bound, reward, offset, [], [])
        if known is None:
            known = latest
        elif offset + bound.value < known.offset + known.bound.value:
            known = dataclasses.replace(known, bound=bound, prices=reward, offset=offset)
        self._remember(known, plan, better)
        return known, plan, latest

    def _rescaled(self, latest: Priced, reward: Weights) -> Weights:
        """Point prices for another reward: the same share of each weight."""
        before, after = self._rewarded(latest.prices)[0].weight, self._rewarded(reward)[0].weight
        share = np.divide(latest.bound.prices, before, out=np.zeros_like(before), where=before > 0)
        return share * after

    def _remember(self, known: Priced, *plans: Indices) -> None:
        rest, parts = self._left.rest, self._left.parts
        for plan in plans:
            covered = rest.problem.covered_by(plan)
            totals = parts.totals(covered)
            known.totals.append(totals - parts.least if self._floors else totals)
            worth = rest.base + float(rest.problem.weight[covered].sum())
            known.worths.append(worth if self._floors else 0.0)

    def _next_reward(self, known: Priced) -> Weights:
        """Find the rewards at which the best plan seen is worst; go halfway."""
        k = len(known.prices)
        table = np.column_stack([np.array(known.totals), -np.ones(len(known.totals))])
        adds_up = None if self._floors else np.append(np.ones(k), 0.0)[None, :]
        answer = optimize.linprog(
            np.append(np.zeros(k), 1.0),
            A_ub=table,
            b_ub=-np.array(known.worths),
            A_eq=adds_up,
            b_eq=None if adds_up is None else [1.0],
            bounds=[(0, self._ceiling if self._floors else 1)] * k + [(None, None)],
        )
        if answer.x is None:
            return known.prices
        reward: Weights = np.maximum(0.0, answer.x[:k])
        if self._floors and reward.max() >= self._ceiling and self._ceiling < STEEPEST:
            self._ceiling *= 4.0
        middle: Weights = 0.5 * (known.prices + reward)
        return middle

    def _reduced(self, known: Priced) -> Weights:
        """Fix the sites that no better plan uses; the prices of the points that are left."""
        rest, below = self._left.rest, self._proof.better - known.offset
        rules = rules_of(rest.problem)
        mine = np.isin(rest.sites, self._proof.sites)
        opened, closed = excluded_sites(rules, known.bound, below)
        self._left, labels = self._left.fixed(opened & mine, closed & ~mine, mine)
        return added_up(known.bound.prices, labels, self._left.rest.problem.point_count)
